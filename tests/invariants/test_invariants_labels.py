"""No rule knows what kind of organisation a mission is: exchanged labels change labels only."""

from __future__ import annotations

from helpers import LINK, UN, assert_same, fingerprint, small, tables

TWINS = {
    "ALPHA": UN | {"title": "Blue helmets", "badge": "un", "tempo": 0.5, "mandate": "intervention_brigade"},
    "BRAVO": UN | {"org_type": "regional", "title": "Neighbours", "badge": "regional", "tempo": 0.5}
    | {"mandate": "intervention_brigade"},
}  # fmt: skip

MANY_ANSWERS = {"parameters.response.base_chance": 1.0, "parameters.response.strength_people": 20.0,
                "parameters.attacks.base": 0.1}  # fmt: skip


def test_exchanged_labels_change_labels_only():
    links = {"partnerships.one": LINK | {"between": ["ALPHA", "BRAVO"]}} | MANY_ANSWERS
    swapped = links | {
        "missions.ALPHA.org_type": "regional", "missions.ALPHA.title": "Neighbours",
        "missions.BRAVO.org_type": "un", "missions.BRAVO.title": "Blue helmets",
    }  # fmt: skip
    one, other = (tables(small(changes, missions=TWINS)) for changes in (links, swapped))
    assert len(one["events"]) > 20 and one["events"].answered_by.ne("").any()
    assert fingerprint(one) == fingerprint(other)


def test_titles_of_hosts_and_groups_move_nothing():
    plainly = small(missions=TWINS)
    titled = plainly.but({"hosts.host.title": "Republic", "armed_groups.rebels.title": "Movement"})
    assert fingerprint(tables(plainly)) == fingerprint(tables(titled))


def test_a_badge_is_no_label_for_people_confuse_those_who_look_alike():
    apart = small({"parameters.attribution.clarity": 0.0}, missions=TWINS)
    alike = apart.but({"missions.BRAVO.badge": "un"})
    assert fingerprint(tables(apart)) != fingerprint(tables(alike))


def test_what_a_mission_is_lies_in_its_dials_and_not_in_its_kind():
    """The UN's profile under another's badge, title and kind behaves as the UN does, but for who is taken for whom."""
    same_name = {"UN": UN}
    other = {"UN": UN | {"org_type": "private", "title": "Contractors", "badge": "contractor"}}
    clear = {"parameters.attribution.blur": 0.0}
    one, two = (tables(small(clear, missions=m)) for m in (same_name, other))
    assert_same(one, two, ("events", "perceptions", "ledger", "actors"))
    assert one["units"].badge.unique() != two["units"].badge.unique()
