"""A scenario as a page that a person can read: its question, who is there and how they stand, what happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.scenario import catalogue
from sim.scenario.describing import extra
from sim.scenario.fill import COMPONENTS
from sim.scenario.names import NOBODY
from sim.scenario.parameters import declared
from sim.scenario.words import amount, condition, how_much, list_of, spoken, yes_no

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import ArmedGroup, Event, Host, Mandate, Mission, Partnership

WIDE, INDENT = 100, 14
FORCE = {"self_defence": "force in self-defence alone", "protection": "force to protect",
         "enforcement": "force to impose"}  # fmt: skip
WHOSE = {"armed_groups": "armed groups", "host": "the host", "communal": "communities"}
NO_FORECAST = "Exploratory, not a forecast: no scenario predicts what happened or will happen there."


def page(s: Scenario) -> str:
    """Return the page of a scenario."""
    parts = [
        [s.name + (f": {s.title}" if s.title else ""), *wrap(s.question, WIDE)],
        [*_about(s)],
        [*section("Missions", (line for m in s.missions.values() for line in _mission(m)), "nobody is sent")],
        [*section("Partnerships", (x for p in s.partnerships.values() for x in _partnership(p, s)), "none")],
        [*section("Hosts", (line for h in s.hosts.values() for line in _host(h)), "")],
        [*section("Armed groups", (line for g in s.armed_groups.values() for line in _group(g)), "none")],
        [*section("What happens", _timeline(s), "nothing beyond the rules")],
        [*section("Differs from the usual", _own(s), "")],
        [*field("Sources", ", ".join(s.sources)), *field("Digest", s.digest)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def field(name: str, text: str) -> list[str]:
    """Return a named paragraph, hanging; nothing if there is no text."""
    lines = wrap(text, WIDE - INDENT)
    return [f"{name if k == 0 else '':<{INDENT}}{line}" for k, line in enumerate(lines)]


def section(title: str, lines: Iterable[str], none: str) -> list[str]:
    """Return a heading and its lines; what to say if there are none, nothing at all if that is empty."""
    found = list(lines)
    return [title, *found] if found else [f"{title}: {none}"] if none else []


def entry(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of something named, the first behind its name, each hanging."""
    for k, text in enumerate(line for line in lines if line):
        for j, part in enumerate(wrap(text, WIDE - INDENT - 4)):
            lead = name if k == 0 and j == 0 else ""
            if len(lead) > INDENT - 4:
                yield f"  {lead}"
                lead = ""
            yield f"  {lead:<{INDENT - 2}}{'  ' if j else ''}{part}"


def _about(s: Scenario) -> Iterator[str]:
    """Yield what it is modelled on, how long it runs, and the country."""
    yield from field("Modelled on", (f"{'; '.join(s.based_on)}. " if s.based_on else "") + NO_FORECAST)
    before = f", after {s.spin_up} weeks without missions" if s.spin_up else ""
    yield from field("Length", f"{s.weeks} weeks from {s.start.day} {s.start:%B %Y}{before}")
    w = s.world
    drawn = f"ground from {w.file}" if w.file else f"drawn from seed {w.seed}"
    size = f"{w.grid[0]} x {w.grid[1]} cells of {w.side_km:g} km, {w.places:,} of them populated"
    land = f"{w.people:,} people in {w.groups} identity groups; {size}"
    yield from field("Country", f"fictional, {drawn}" + ("" if w.file else f": {land}"))


def _mission(m: Mission) -> Iterator[str]:
    """Yield a mission: organisation, profile, strength, mandate, what is its own."""
    kind = catalogue.table("org_types")[m.org_type]["title"]
    profile = catalogue.table("profiles")[m.profile]["meaning"].rstrip(".")
    yield from entry(m.name, (
        f"{m.title or kind}{'' if m.title in ('', kind) else f' ({kind})'}, badge {m.badge}",
        f"profile {m.profile}: {profile}",
        f"strength: {_strength(m)}; {_comes(m)}",
        *_mandate(m.mandate),
        _where(m),
        *_behind(m),
        _own_dials(m),
    ))  # fmt: skip


def _strength(m: Mission) -> str:
    """Say how many people of each component are authorised, and from when."""
    told = [f"{_steps(getattr(m, part), m.mandated)} {spoken(part)}" for part in COMPONENTS if getattr(m, part)]
    return list_of(told) or "nobody"


def _steps(steps: tuple[tuple[int, int], ...], mandated: int) -> str:
    """Say a strength over time: `3,000, from week 52 7,000`."""
    first, *later = steps
    start = "" if first[0] <= mandated else f"from week {first[0]} "
    return ", ".join([f"{start}{first[1]:,}", *(f"from week {week} {people:,}" for week, people in later)])


def _comes(m: Mission) -> str:
    """Say when a mission is mandated, arrives and is whole."""
    if m.on_expulsion_of:
        return f"comes {m.delay} weeks after {m.on_expulsion_of} is sent out, in full strength {m.ramp} weeks later"
    if m.on_event:
        return f"comes {m.delay} weeks after the event {m.on_event}, in full strength {m.ramp} weeks later"
    first = f"mandated in week {m.mandated}, there from week {m.arrives}"
    return f"{first}, in full strength {m.ramp} weeks later"


def _mandate(mandate: Mandate) -> Iterator[str]:
    """Yield what a mandate lets a mission do."""
    known = catalogue.table("mandates").get(mandate.name)
    named = f" {mandate.name}: {known['meaning'].rstrip('.')}" if known else f" {mandate.name}" if mandate.name else ""
    if not mandate.tasks:
        yield f"mandate{named}: no task, so that it does nothing"
        return
    whose = f"against violence by {list_of(WHOSE[c] for c in mandate.covers)}" if mandate.covers else "covers nobody"
    where = "" if mandate.area == "all" else f", in {list_of(mandate.area)} only"
    yield f"mandate{named}; {FORCE[mandate.use_of_force]}, {whose}{where}"
    tasks = sorted(mandate.tasks.items(), key=lambda pair: -pair[1])
    yield "tasks by priority: " + ", ".join(f"{spoken(task)} {weight:g}" for task, weight in tasks)


def _where(m: Mission) -> str:
    """Say in whose land a mission may stand and where it may follow, if not wherever hosts consent."""
    stands = "" if m.hosts == "all" else f"stands in the land of {list_of(m.hosts)} only"
    follows = f"may follow armed groups a short way into the land of {list_of(m.pursuit)}" if m.pursuit else ""
    return "; ".join(x for x in (stands, follows) if x)


def _behind(m: Mission) -> Iterator[str]:
    """Yield who pays for a mission and who sends its people, where the scenario says so."""
    if m.funding is not None:
        parts = [f"{getattr(m.funding, part):.0%} {part}" for part in ("assessed", "voluntary", "donor")]
        yield f"its budget: {', '.join(parts)}; the rest nobody pays"
    for name, c in (m.contributors or {}).items():
        yield f"{name} sends {c.share:.0%} of its soldiers and police: caveats {c.caveats:g}, quality {c.quality:g}"


def _own_dials(m: Mission) -> str:
    """Say which dials of its profile a mission has otherwise."""
    usual = catalogue.profile(m.profile)
    own = [f"{spoken(k)} {getattr(m, k):g} (profile {v:g})" for k, v in usual.items() if getattr(m, k) != v]
    own += [f"siting {spoken(m.siting)}"] * (m.siting != "hot_spot")
    own += [f"cuts {m.cuts}"] * (m.cuts != "uniform")
    return "its own: " + ", ".join(own) if own else ""


def _partnership(p: Partnership, s: Scenario) -> Iterator[str]:
    """Yield how two stand to each other, dials in words."""
    giver = next(name for name in p.between if name != p.recipient)
    told = {"coordination": how_much, "delineation": amount, "shared_communications": amount}
    known = {"coordination": "information crosses", "delineation": "told apart", "shared_communications": "one voice"}
    dials = (f"{known[k]}: {say(getattr(p, k))} ({getattr(p, k):g})" for k, say in told.items())
    rows = [f"{spoken(p.form)}; {'; '.join(dials)}"]
    if p.support_level:
        terms = f"under conditions, vetting {p.vetting:g}" if p.conditional else "without conditions"
        rows.append(f"{giver} supports {p.recipient} {amount(p.support_level)} ({p.support_level:g}), {terms}")
    elif set(p.between) & set(s.hosts):
        rows.append(f"no support flows; vetting {p.vetting:g}")
    lead = f"{p.lead} leads" if p.lead and p.lead != NOBODY else "nobody leads"
    rows.append(f"{lead}; joint analysis: {yes_no(p.joint_analysis)}; trust at the start {p.trust:g}")
    rows.append(f"{p.chains} chains of command: orders need both" if p.chains > 1 else "")
    yield from entry(" and ".join(p.between), rows)


def _host(h: Host) -> Iterator[str]:
    """Yield a host government."""
    dials = ("capacity", "abusiveness", "inclusiveness", "dependence")
    told = ", ".join(f"{name} {getattr(h, name):g}" for name in dials)
    consent = ", ".join(f"{name} {share:g}" for name, share in h.consent.items())
    yield from entry(h.name, (
        f"{h.title or h.name}: {told}; {h.forces} army and police units of {h.force_size:,}",
        f"consent at the start: {consent}" if consent else "",
        *_terms(h),
    ))  # fmt: skip


def _terms(h: Host) -> Iterator[str]:
    """Yield how a host deals with missions and armed groups beyond giving consent."""
    if h.obstruction or h.bargaining:
        yield f"obstruction {h.obstruction:g}, bargaining {h.bargaining:g}"
    for word, told in (("tolerates", h.tolerates), ("backs", h.backs)):
        if told:
            yield f"{word} " + ", ".join(f"{name} ({share:g})" for name, share in told.items())
    if h.pursuit:
        yield f"its forces may follow armed groups into the land of {list_of(h.pursuit)}"


def _group(g: ArmedGroup) -> Iterator[str]:
    """Yield an armed group."""
    size = f"may split off from {g.splits_from}" if g.splits_from else f"{g.fighters:,} fighters in {g.bands} bands"
    traits = ("reliance", "willingness", "sanctuary")
    words = {"reliance": "relies on civilians", "willingness": "willing to bargain", "sanctuary": "safe abroad"}
    told = ", ".join(f"{words[t]} {getattr(g, t):g}" for t in traits)
    yield from entry(g.name, [f"{g.title or g.name}, {spoken(g.motive)}: {size}; {told}"])


def _timeline(s: Scenario) -> Iterator[str]:
    """Yield arrivals and what the scenario makes happen, week by week."""
    told = [
        (m.arrives, f"{m.title or m.name} arrives")
        for m in s.missions.values()
        if not m.on_expulsion_of and not m.on_event
    ]
    told += [(e.week, _event(e)) for e in s.timeline if e.week is not None]
    for week, text in sorted(told, key=lambda pair: pair[0]):
        when = s.start + timedelta(weeks=week)
        yield from entry(f"week {week}", [f"{when:%b %Y}: {text}"])
    for e in s.timeline:
        if e.when is not None:
            comes = [m.title or m.name for m in s.missions.values() if m.on_event == e.name]
            yield from entry(
                e.name, [f"when {condition(e.when)}: {_event(e)}", f"then comes {list_of(comes)}" * bool(comes)]
            )


def _event(e: Event) -> str:
    """Say what an event does."""
    kind = catalogue.table("events")[e.event]
    given: dict[str, Any] = {k: getattr(e, k) for k in (*kind["needs"], *kind["takes"]) if getattr(e, k) is not None}
    told = ", ".join(f"{spoken(k)}: {v.name if k == 'mandate' else _number(v)}{_unit(e, k)}" for k, v in given.items())
    head = f"{e.title} ({spoken(e.event)})" if e.title else spoken(e.event)
    return f"{head}; {told}" + ("" if e.title else f". {kind['meaning']}")


def _unit(e: Event, key: str) -> str:
    """Return the unit of an event's value, where it says something."""
    unit = extra(type(e).model_fields[key], "unit")
    return f" {unit}" if unit and unit != "share" else ""


def _number(value: Any) -> str:
    """Return a value as a person writes it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def _own(s: Scenario) -> Iterator[str]:
    """Yield parameters that are not the usual ones, rules that are knocked out, and placebo."""
    for path, value in s.parameters.changed.items():
        usual = declared()[path]
        if value != usual.value:
            yield from entry("", [f"{path} = {value:g} (usually {usual.value:g}): {usual.meaning}"])
    if s.disable:
        yield from entry("", [f"rules knocked out: {list_of(sorted(s.disable))}"])
    if s.placebo:
        yield from entry("", ["placebo: missions are sited and recorded, and no other rule sees them"])
