"""What becomes of a scenario's dials: the columns of state by which rules come to know of them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import MODELS

TABLES = {"missions": "missions", "partnerships": "links", "hosts": "hosts", "armed_groups": "groups"}
"""The table of state that holds the rows of each section of a scenario."""

BECOMES: dict[str, tuple[str, ...]] = {
    "missions.delay": ("missions.comes",),
    "missions.arrives": ("missions.comes",),
    "missions.on_expulsion_of": ("missions.comes",),
    "missions.on_event": ("missions.comes",),
    "missions.contributors": ("contingents.left", "units.contributor"),
    "missions.unit_size": ("units.size",),
    "missions.mobile_share": ("units.kind",),
    "missions.force_protection": ("missions.guarding",),
    "missions.risk_tolerance": ("missions.boldness",),
    "missions.reserve": ("missions.cash",),
    "missions.mandate": ("mandates",),
    **dict.fromkeys((f"missions.{part}" for part in ("troops", "police", "civilians", "observers")), ("strengths",)),
    "partnerships.support_level": ("links.support_now",),
    "partnerships.trust": ("links.trust_at_first",),
    "partnerships.chains": ("missions.unity",),
    "hosts.capacity": ("hosts.started",),
    "hosts.consent": ("missions.area_consent",),
    "hosts.forces": ("forces.cell", "forces.people"),
    "hosts.force_size": ("forces.people",),
    "armed_groups.host": ("groups.home",),
    "armed_groups.fighters": ("bands.fighters", "groups.capacity"),
    "armed_groups.bands": ("bands.cell",),
    "armed_groups.motive": ("groups.trade",),
    "armed_groups.splits_from": ("groups.parent",),
}
"""Columns that hold what a dial says, beside the one of its own name where there is one."""

FOR_BUILDING = {
    "missions.org_type": "for display",
    "missions.title": "for display",
    "missions.profile": "gives the dials of a mission their values",
    "partnerships.between": "says whose partnership it is",
    "partnerships.form": "gives the dials of a partnership their values",
    "hosts.title": "for display",
    "armed_groups.title": "for display",
}
"""Keys that no rule reads: they are for display, or give other dials their values."""


def columns(dial: str) -> tuple[str, ...]:
    """Return what rules may declare that they read when they read a dial, such as `missions.care`."""
    section, key = dial.split(".")
    return (f"{TABLES[section]}.{key}", f"scenario.{dial}", *BECOMES.get(dial, ()))


def dials() -> Iterator[str]:
    """Go through the dials of missions, partnerships, hosts and armed groups, such as `missions.care`."""
    for section in TABLES:
        yield from (f"{section}.{key}" for key in MODELS[section].model_fields if key != "name")
