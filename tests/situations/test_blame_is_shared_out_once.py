"""What happened, and who is thought to have done it: each act's blame is split once, in shares that add to one.

Evidence: B-M69, B-M72, S-H5.
"""

from __future__ import annotations

import numpy as np
from helpers import LINK, SIX, Model, small

ACTIVE = {name: mission | {"tempo": 4.0, "care": 0.0} for name, mission in SIX.items()}


def test_in_every_week_all_blame_for_an_actor_s_acts_goes_somewhere():
    m = Model(small({"partnerships.l": LINK, "parameters.attribution.blur": 2.0}, missions=ACTIVE))
    doers = set()
    for _ in range(m.setup.weeks):
        m.step()
        for doer, heard in m.blame.heard.items():
            wrong = sum(felt for (a, _), felt in m.blame.mistaken.items() if a == doer)
            assert np.allclose(m.blame.own[doer] + wrong, heard, rtol=1e-12, atol=1e-12)
            assert (m.blame.own[doer] >= 0).all() and heard.max() > 0
            doers.add(doer)
    assert len(doers) >= 4


def test_nobody_is_blamed_whom_people_have_never_met():
    m = Model(small({"parameters.attribution.blur": 2.0}, missions=ACTIVE))
    blamed = 0
    for _ in range(m.setup.weeks):
        m.step()
        for (_, other), felt in m.blame.mistaken.items():
            assert (felt[~m.communities.met[other]] == 0).all()
            blamed += 1
    assert blamed > 0
