"""A placebo: missions are sited and recorded, and no other rule sees them."""

from __future__ import annotations

from helpers import LINK, SIX, UN, assert_same, plain, small, tables

SEEN_ONLY = ["known", "in_reach", "answered_by"]


def test_no_rule_but_siting_and_record_sees_a_placebo():
    joint = small({"placebo": True, "partnerships.UN-AU": LINK | {"support_level": 1.0}}, missions=SIX)
    none, placebo = tables(small()), tables(joint)
    assert len(none["events"]) > 20
    recorded = placebo["events"].observed
    assert (recorded | ~none["events"].observed).all()  # more comes to be known near its rights staff
    none["events"], placebo["events"] = (t["events"].drop(columns="observed") for t in (none, placebo))
    assert_same(none, placebo, ["events", "ledger", "perceptions"], drop=list(SIX))
    assert (placebo["events"][SEEN_ONLY] == "").all().all()


def test_a_placebo_is_sited_and_recorded():
    found = tables(small({"placebo": True}, missions={"UN": UN}))
    assert set(found["units"].actor.astype(str)) == {"UN"} and found["units"].week.min() == UN["arrives"]
    coverage = found["actors"].query("metric == 'coverage' and actor == 'UN'").value
    assert coverage.iloc[-1] > 0


def test_a_placebo_spreads_its_units_as_a_mission_does():
    crowded, spread = (
        plain(tables(small({"placebo": True, "parameters.siting.crowding": c}, missions={"UN": UN}))["units"])
        for c in (0.0, 6.0)
    )
    assert not crowded.equals(spread), "a placebo mission does not know where its own units stand"
