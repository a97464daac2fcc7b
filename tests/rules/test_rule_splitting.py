"""The rule `splitting`: a group that lost heavily may break, and its faction takes fighters and capacity with it."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import RULES, before, column, played, small, tables, total, without

from sim.errors import SimError
from sim.rules.splitting import going

FACTION = {"armed_groups.breakaway": {"motive": "territorial", "splits_from": "rebels"}, "weeks": 40}
AT_ONCE = FACTION | {"parameters.splitting.after_losses": 1.0, "parameters.splitting.loss_scale": 0.001}
CALM = {"parameters.battles.base": 0.0, "parameters.attacks.base": 0.0}


def on_the_brink(changes=None, lost: float = 0.5, seed: int = 0):
    """Return a country just before the rule in a week in which the rebels have lost a share of their fighters."""
    m = before("splitting", small(AT_ONCE | CALM | (changes or {})), 3, seed)
    m.bands.lost[m.band_spans[m.actors.groups.index("rebels")]] = lost
    return m


def by_group(m, column_name: str) -> dict[str, float]:
    """Return a column of groups, or the fighters of each group, by name."""
    if column_name == "fighters":
        return {g: int(m.bands.fighters[rows].sum()) for g, rows in zip(m.actors.groups, m.band_spans, strict=True)}
    return dict(zip(m.actors.groups, column(m, column_name).tolist(), strict=True))


def test_a_faction_does_nothing_before_it_splits_off():
    """Nothing but its own rows: no fighter, no act, and no other actor's numbers move."""
    with_it, without_it = tables(small(FACTION)), tables(small(weeks=40))
    mine = with_it["actors"].query("metric == 'fighters' and actor == 'breakaway'")
    assert (mine.value == 0).all()
    assert with_it["events"].drop(columns="scenario").equals(without_it["events"].drop(columns="scenario"))


def test_after_heavy_losses_a_group_breaks_and_nobody_is_lost():
    m = on_the_brink()
    was, whole = by_group(m, "fighters"), by_group(m, "groups.capacity")
    RULES["splitting"](m)
    now, capacity = by_group(m, "fighters"), by_group(m, "groups.capacity")
    assert now["breakaway"] > 0.2 * was["rebels"] and now["breakaway"] + now["rebels"] == was["rebels"]
    assert capacity["breakaway"] + capacity["rebels"] == pytest.approx(whole["rebels"])
    assert now["militia"] == was["militia"] and total(m, "splitting", "fighters") == 0


def test_its_bands_stand_where_their_parents_stood_and_remember():
    m = on_the_brink()
    mine, theirs = (m.band_rows[m.actors.groups.index(name)] for name in ("breakaway", "rebels"))
    m.bands.revenge[theirs] = 2.0
    RULES["splitting"](m)
    alive = mine[m.bands.fighters[mine] > 0]
    assert alive.size and set(m.bands.cell[alive]) <= set(m.bands.cell[theirs])
    assert (m.bands.lost[alive] == 0.5).all() and (m.bands.revenge[alive] == 2.0).all()
    home = by_group(m, "groups.home")
    assert home["breakaway"] == home["rebels"]


def test_without_losses_it_stays_whole_and_it_breaks_once():
    m = on_the_brink(lost=0.0)
    RULES["splitting"](m)
    assert by_group(m, "fighters")["breakaway"] == 0
    m = on_the_brink()
    RULES["splitting"](m)
    before_again = by_group(m, "groups.capacity")
    RULES["splitting"](m)
    assert by_group(m, "groups.capacity") == before_again


def test_the_parts_grow_no_further_than_the_whole():
    grown = []
    for names in ((), ("splitting",)):
        m = without(on_the_brink(), *names)
        if not names:
            RULES["splitting"](m)
        for _ in range(30):
            m.step()
        grown.append(sum(n for group, n in by_group(m, "fighters").items() if group != "militia"))
    assert grown[0] < 1.1 * grown[1]


CASES = [([10, 30], 20, [5, 15]), ([10, 30], 90, [10, 30]), ([], 9, [])]


@pytest.mark.parametrize(("fighters", "wanted", "gone"), CASES)
def test_they_go_in_proportion_and_no_more_than_there_are(fighters, wanted, gone):
    assert going(np.array(fighters, int), wanted).tolist() == gone


@pytest.mark.parametrize(
    ("faction", "told"),
    [
        ({"motive": "ethnic", "splits_from": "rebel"}, "rebels"),
        ({"motive": "ethnic", "splits_from": "breakaway"}, "splits_from"),
        ({"motive": "ethnic", "splits_from": "rebels", "fighters": 50}, "fighters"),
    ],
    ids=["unknown", "itself", "with fighters"],
)
def test_a_faction_of_nobody_of_itself_or_with_fighters_is_refused(faction, told):
    with pytest.raises(SimError, match=told):
        small({"armed_groups.breakaway": faction})


def test_it_happens_in_a_run():
    assert by_group(played(small(AT_ONCE)), "fighters")["breakaway"] > 0


def test_a_truce_that_some_reject_can_break_a_group():
    """Certain to break while the truce is new, never without one; the faction is not bound by it."""
    always = {"parameters.splitting.after_losses": 0.0, "parameters.splitting.after_truce": 1.0}
    faction = {"armed_groups.breakaway": {"motive": "territorial", "splits_from": "rebels"}}
    truce = {"truce": {"week": 2, "event": "ceasefire", "group": "rebels", "host": "host", "duration": 20}}
    for timeline, broken in (({}, False), (truce, True)):
        m = played(small(always | faction, timeline=timeline), 8)
        k = m.actors.groups.index("breakaway")
        assert (m.groups.capacity[k] > 0) == broken and not m.groups.truce[:, k].any()
