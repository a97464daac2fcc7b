"""A careless partner's miss costs the UN impartiality only if people confuse the two, or see them together.

Evidence: B-M72 (attribution), B-M73 (association), S-H5 (contagion), S-H7 (complicity).
"""

from __future__ import annotations

import pytest
from helpers import AU, HERE, LINK, UN, moved, played, small

NEIGHBOUR = AU | HERE | {"tempo": 0.0}
MISS = {"week": 6, "event": "massacre", "by": "AU", "deaths": 8, "title": "An operation misses and hits a market"}
CLOSE = {"partnerships.l": LINK | {"delineation": 0.0, "shared_communications": 0.0, "form": "joint"}}


def cost(confused: bool, linked: bool) -> float:
    """Return what the UN lost for what its neighbour did, by mistake and by closeness together."""
    changes = {"parameters.attribution.blur": float(confused), "weeks": 7} | (CLOSE if linked else {})
    m = played(small(changes, missions={"UN": UN | HERE, "AU": NEIGHBOUR}, timeline={"miss": MISS}))
    assert m.tables()["summary"]["civilians_killed:AU"].item() > 0
    return -sum(moved(m, rule, "impartiality", "UN", cause="AU") for rule in ("attribution", "complicity"))


def test_told_apart_and_on_its_own_the_un_loses_nothing():
    assert cost(confused=False, linked=False) == 0


@pytest.mark.parametrize(("confused", "linked"), [(True, False), (False, True)], ids=["confused", "close"])
def test_confusion_and_closeness_cost_each_by_itself(confused, linked):
    assert 0 < cost(confused, linked) < cost(confused=True, linked=True)
