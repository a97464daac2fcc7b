"""The fixed vocabulary of a scenario: names of rules, forms, motives, sections."""

from __future__ import annotations

import re

RULES = (
    "timeline", "authority", "funding", "arrival", "reports", "picture", "siting", "band_moves", "state_moves",
    "campaigns", "battles", "attacks", "state_abuse", "communal", "crime", "attacks_on_peacekeepers", "attacks_on_aid",
    "response", "offensives", "revenge", "relapse", "services", "mediation", "flight", "return_home", "recruitment",
    "splitting", "attribution", "complicity", "protection_seen", "harm_seen", "inaction", "expectation", "conduct",
    "speaking_out", "contact", "coverage_by_group", "decay", "talk", "disinformation", "consent", "host_conduct",
    "protest", "expulsion", "contributors", "partner_trust", "peace", "record",
)  # fmt: skip
"""Every rule name that `disable` accepts (definitions.md 6); which of them are in force is the schedule's to say."""

SECTIONS = ("missions", "partnerships", "hosts", "armed_groups", "timeline")
"""The tables keyed by a user's own names."""

TABLES = ("world", *SECTIONS, "parameters")
"""Everything in a scenario file that is a table."""

NOBODY = "nobody"
"""Who leads where a form of partnership has a lead and this one has not."""

RESERVED = ("all", "displaced", "criminals", NOBODY)
"""Names of audiences, of those who do crimes, and of none, which no actor may carry."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}\Z")
"""What a name looks like: it is part of dotted paths, of columns and of luck's keys."""

NAME_RULE = "a name of letters, digits, _ and -, beginning with a letter, at most 40 long"
