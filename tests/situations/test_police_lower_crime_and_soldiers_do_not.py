"""Police lower crime, above all with courts; as many soldiers do not, and their garrisons raise it a little.

Evidence: E34 (large military deployments go with more homicide, police moderate it), B-M130, F-M166 (courts).
Crimes expected, before luck; the same seeds in all arms; units stand where people live.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import COUNTRY, HERE, UN, over_seeds, small

WEEKS = {"weeks": 30, "world": COUNTRY | {"places": 20}, "parameters.crime.base": 5.0}
NOBODY_ELSE = {"troops": 0, "police": 0, "observers": 0, "civilians": 50, "siting": "random"}
FORCE = UN | HERE | NOBODY_ELSE | {"unit_size": 100, "mandate": {"tasks": {"policing": 1.0, "presence": 0.5}}}
COURTS = {"mandate": {"tasks": {"policing": 1.0, "presence": 0.5, "rule_of_law": 1.0}}}
ARMS = {"police": {"police": 1400}, "soldiers": {"troops": 1400}, "police and courts": {"police": 1400} | COURTS}


@cache
def crimes(arm: str) -> np.ndarray:
    """Return the crimes expected over the run by seed."""
    missions = {"UN": FORCE | ARMS[arm]} if arm in ARMS else {}
    return over_seeds(small(WEEKS, missions=missions), "crime_expected", seeds=12)


def test_police_lower_crime():
    assert crimes("police").sum() < 0.9 * crimes("nobody").sum() and (crimes("police") < crimes("nobody")).all()


def test_police_with_courts_lower_it_more():
    assert crimes("police and courts").sum() < 0.95 * crimes("police").sum()


def test_as_many_soldiers_do_not():
    assert crimes("soldiers").sum() >= crimes("nobody").sum()
