"""Small countries in which much happens in few weeks, and ways to look at what a week did."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from sim.actors.acts import FLAGS, WHOLE
from sim.ledger import PERCEPTIONS
from sim.model import Model
from sim.rules.rule import Rule
from sim.scenario import Scenario
from sim.schedule import WEEK

RULES: dict[str, Rule] = {rule.name: rule for rule in WEEK}

UN = {
    "org_type": "un", "profile": "un_multidimensional", "mandate": "poc", "arrives": 3, "ramp": 4,
    "troops": 2000, "police": 140, "civilians": 200, "observers": 50,
}  # fmt: skip
AU = {"org_type": "regional", "profile": "regional_enforcement", "mandate": "enforcement", "arrives": 3, "troops": 1500}
CT = {"org_type": "bilateral", "profile": "bilateral_ct", "mandate": "enforcement", "arrives": 4, "troops": 900}
EU = {"org_type": "eu", "profile": "eu_short", "mandate": "bridging", "arrives": 2, "troops": 600, "civilians": 50}
OBS = {"org_type": "un", "profile": "un_observers", "mandate": "observe", "arrives": 1, "troops": 50, "observers": 75}
PMC = {"org_type": "private", "profile": "private_company", "mandate": "enforcement", "arrives": 5, "troops": 400}
for _mission in (UN, AU, CT, EU, OBS, PMC):
    _mission["casualty_tolerance"] = 1000.0  # in a country as lively as this, contributors bear more
SIX = {"AU": AU, "CT": CT, "EU": EU, "OBS": OBS, "PMC": PMC, "UN": UN}
"""Six missions at work; their names, profiles and links are as different as the language allows."""

HERE = {"arrives": 0, "ramp": 1}
"""Dials of a mission that stands in the country in full strength from the first week."""

LINK = {"between": ["UN", "AU"], "coordination": 0.6, "delineation": 0.3, "shared_communications": 0.3}
IDLE = {"org_type": "un", "profile": "political", "troops": 2000, "mandate": {"tasks": []}}
"""A mission without a task: 2,000 people who change nothing but their own rows."""

COUNTRY = {"generator": "country", "seed": 7, "grid": [10, 10], "people": 600_000, "groups": 2, "places": 40}
VILLAGE = {"generator": "country", "seed": 7, "grid": [1, 1], "people": 20_000, "groups": 2, "places": 1}
"""A country of one cell: everybody is in reach of everybody."""

LIVELY = {"battles.base": 0.006, "attacks.base": 0.01, "state_abuse.base": 0.03}
"""Rates at which a country of 40 places sees in a week what a real one sees in months."""
ON_HELPERS = ("attacks_on_peacekeepers.base", "attacks_on_aid.base")

AMONG_PEOPLE = {"communal.base": 0.02, "crime.base": 1.2}
"""The same for clashes between identity groups and for crime."""

QUIET = {f"parameters.{rate}": 0.0 for rate in (*LIVELY, *AMONG_PEOPLE, *ON_HELPERS)}
"""Changes that let nobody strike anybody, but for what a test makes happen."""

BASE: dict[str, Any] = {
    "weeks": 20,
    "spin_up": 8,
    "world": COUNTRY,
    "armed_groups": {
        "militia": {"motive": "ethnic", "fighters": 200},
        "rebels": {"motive": "territorial", "fighters": 400},
    },
    "hosts": {"host": {"abusiveness": 0.4, "forces": 12}},
    "parameters": LIVELY | AMONG_PEOPLE,
}


def small(changes: Mapping[str, Any] | None = None, **top: Any) -> Scenario:
    """Return a small, lively country without missions, changed at dotted paths (None takes away) and at the top."""
    flat = {f"{key}.{name}": v for key in ("missions", "timeline") for name, v in top.pop(key, {}).items()}
    peopled = Scenario.from_dict(BASE, "small").but(flat)
    return peopled.but(dict(top) | dict(changes or {})).named("small")


def village(changes: Mapping[str, Any] | None = None, **top: Any) -> Scenario:
    """Return a country of one cell, where nothing happens but what the test makes happen."""
    return small({"world": VILLAGE, "armed_groups.militia": None} | QUIET | dict(changes or {}), **top)


def played(setup: Scenario, weeks: int | None = None, seed: int = 0, **keep: Any) -> Model:
    """Return a model after so many weeks (all of them if not said)."""
    model = Model(setup, seed, **keep)
    for _ in range(setup.weeks if weeks is None else weeks):
        model.step()
    return model


def before(rule: str, setup: Scenario, week: int, seed: int = 0) -> Model:
    """Return a model that stands in a week just before a rule: all earlier rules of the week have acted."""
    model = played(setup, week, seed)
    whole = model.rules
    model.rules = tuple(r for r in whole if list(RULES).index(r.name) < list(RULES).index(rule))
    model.step()
    model.rules = whole
    return model


def after(rule: str, setup: Scenario, week: int, seed: int = 0) -> Model:
    """Return a model that stands in a week just after a rule: no later rule of the week has acted."""
    model = before(rule, setup, week, seed)
    RULES[rule](model)
    return model


def without(model: Model, *rules: str) -> Model:
    """Take rules out of a model's week from now on."""
    model.rules = tuple(r for r in model.rules if r.name not in rules)
    return model


def column(model: Model, name: str) -> np.ndarray:
    """Return a copy of a column of state, by `table.column`."""
    return model.state()[name].copy()


def tables(setup: Scenario, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Play a scenario and return its tables."""
    return Model(setup, seed).run().tables()


def over_seeds(setup: Scenario, metric: str, seeds: int = 8) -> np.ndarray:
    """Return a metric over the run for each of several seeds."""
    return np.array([tables(setup, seed)["summary"][metric].item() for seed in range(seeds)])


def part(table: pd.DataFrame, drop: Sequence[str] = (), until: int | None = None) -> pd.DataFrame:
    """Return a table without its scenario's name, the rows about some actors, and weeks from `until` on."""
    out = table.drop(columns="scenario")
    out = out[out.week < until] if until is not None else out
    for key in ("actor", "cause"):
        if key in out:
            named = out[key].astype(str).str.split("->|:", regex=True)
            out = out[[not set(names) & set(drop) for names in named]]
    return plain(out)


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with words for categories and rows numbered anew, so that `equals` compares content."""
    words = {name: table[name].astype(str) for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)}
    return table.assign(**words).reset_index(drop=True)


def assert_same(
    one: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame], names: Sequence[str], **kept: Any
) -> None:
    """Assert that tables of two runs hold the same, to the last bit, but for the scenario's name."""
    for name in names:
        pd.testing.assert_frame_equal(part(one[name], **kept), part(other[name], **kept), check_exact=True, obj=name)


def fingerprint(found: Mapping[str, pd.DataFrame]) -> str:
    """Return a hash of all tables, to the last bit, without the scenario's name."""
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(plain(found[name].drop(columns="scenario")).to_csv(float_format=float.hex).encode())
    return digest.hexdigest()


def total(model: Model, rule: str, quantity: str, cause: str | None = None) -> float:
    """Return what the ledger says that a rule moved a stock of numbers by, over all actors and audiences."""
    moves = model.ledger.totals.items()
    return sum(n for k, n in moves if k[:2] == (rule, quantity) and cause in (None, k[4]))


def moved(model: Model, rule: str, quantity: str, actor: str, cause: str | None = None) -> float:
    """Return what the ledger says that a rule moved a perception by, as a mean over communities since week 0."""
    keys = [i for i, k in enumerate(model.ledger.keys) if k[:3] == (rule, quantity, actor) and cause in (None, k[4])]
    return float(sum(model.ledger.running[i].mean() for i in keys if i in model.ledger.running))


def view(model: Model, quantity: str, actor: str, audience: str = "all") -> float:
    """Return an audience's mean perception of an actor now."""
    who = model.ledger.audiences.names.index(audience)
    return float(model.views()[PERCEPTIONS.index(quantity), model.actors.index[actor], who])


VIEWS = {f"communities.{name}" for name in PERCEPTIONS}  # parts of communities.perceptions
ACTS = tuple(f"acts.{name}" for name in (*WHOLE, *FLAGS))


def snapshot(model: Model) -> dict[str, Any]:
    """Return a copy of all that a rule could change: columns, acts, and what passes between rules and weeks."""
    found: dict[str, Any] = {name: v.copy() for name, v in model.state().items() if name not in VIEWS}
    found["opinion"] = model.opinion.copy()
    found |= {name: getattr(model.acts, name.split(".")[1]).copy() for name in ACTS}
    found["past"] = [getattr(model.past, name).tobytes() for name in (*WHOLE, *FLAGS)]
    found |= {"mandates": repr(model.mandates), "strengths": repr(model.strengths), "blame": _blame(model)}
    found["log"] = _log(model)
    return found


def _blame(model: Model) -> list[tuple]:
    """Return the week's blame as it stands, as plain values."""
    fields = {} if model.blame is None else vars(model.blame)
    return sorted((name, str(key), v.tobytes()) for name, by in fields.items() for key, v in by.items())


def _log(model: Model) -> list:
    """Return how much has been recorded so far, as plain values."""
    log = vars(model.log)
    arrays = [(n, v.tobytes()) for n, v in sorted(log.items()) if isinstance(v, np.ndarray)]
    lists = [(n, len(v)) for n, v in sorted(log.items()) if isinstance(v, list)]
    books = [(n, k, v.tobytes()) for n, by in log.items() if isinstance(by, dict) for k, v in by.items()
             if isinstance(v, np.ndarray)]  # fmt: skip
    return arrays + lists + books


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Return the names under which two snapshots differ."""
    return {name for name in old if not _equal(old[name], new[name])}


def _equal(a: Any, b: Any) -> bool:
    """Compare two values of a snapshot to the last bit."""
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.tobytes() == b.tobytes()
    return a == b


Pick = Callable[[Sequence[Any]], Any]


def chooser(seed: int) -> Pick:
    """Return a function that picks from lists by a seed."""
    rng = np.random.default_rng(seed)
    return lambda options: options[int(rng.integers(len(options)))]


def random_setup(pick: Pick, weeks: int = 10) -> Scenario:
    """Return a random small scenario; `pick` chooses from a list."""
    names = [name for name in SIX if pick([True, False, True])]
    missions = {name: _random_mission(name, pick) for name in names}
    if "PMC" in names and len(names) > 1 and pick([True, False]) and names[-1] != "PMC":
        missions["PMC"]["on_expulsion_of"] = names[0]
    hosts = {name: {"abusiveness": pick([0.0, 0.5, 1.0]), "dependence": pick([0.0, 1.0]), "forces": pick([0, 4, 20]),
                    "consent": pick([0.1, 0.8])}
             for name in pick([["host"], ["host", "other"]])}  # fmt: skip
    groups = {name: {"motive": pick(["territorial", "criminal"]), "fighters": pick([0, 40, 400])}
              for name in pick([["rebels"], ["rebels", "zealots"], ["gang", "militia", "rebels"]])}  # fmt: skip
    world = COUNTRY | {"grid": pick([[6, 6], [10, 10]]), "places": pick([5, 20]), "groups": pick([1, 3])}
    tree = {
        "weeks": weeks, "spin_up": pick([0, 4]), "world": world | {"people": pick([400, 60_000])},
        "missions": missions, "hosts": hosts, "armed_groups": groups,
        "partnerships": _random_links(names, pick), "timeline": _random_events(names, groups, weeks, pick),
        "parameters": {k: v * pick([2, 8]) for k, v in LIVELY.items()} | {"attribution.blur": pick([0.0, 1.0, 3.0])}
        | {"picture.sight": pick([0.006, 0.5]), "response.base_chance": 1.0}
        | {"protest.threshold": pick([0.35, 0.9]), "expulsion.weeks": pick([1, 8])}
        | {"expulsion.restored": pick([0.1, 0.5])}
        | {k: 10 * v for k, v in AMONG_PEOPLE.items()} | {"disarmament.rate": 1.0, "disarmament.anyway": 1.0}
        | {"flight.rate": pick([0.12, 2.0]), "return_home.calm": pick([0.003, 0.5]), "return_home.every": pick([1, 4])},
    }  # fmt: skip
    _fragile(tree, pick)
    if "other" in hosts:
        _borders(tree, names, [*groups], pick)
    return Scenario.from_dict(tree, "random")


def _fragile(tree: dict[str, Any], pick: Pick) -> None:
    """Let bands strike at whoever is there, missions strike back, and the rebels break."""
    striker = {"mandate": "intervention_brigade", "tempo": 10.0, "care": 0.0, "mandated": 0, "arrives": 1}
    eager = {
        "attacks.base": 0.03, "attacks.none": 0.0, "attacks_on_peacekeepers.base": 0.1, "attacks_on_aid.base": 0.2,
        "battles.base": 0.02,
        "informants.found_out": 0.5, "moves.stay": 0.2, "picture.sight": 0.5, "recruitment.by_harm": 2.0,
        "relapse.held_from": pick([0.2, 1.0]), "relapse.weeks": 1, "response.attacker_loss": 0.5,
        "response.base_chance": 1.0, "response.deaths_left": 0.0, "splitting.after_losses": 0.7,
        "splitting.loss_scale": 0.3,
    }  # fmt: skip
    if pick([False, True]):
        tree["armed_groups"]["rebels"]["fighters"] = 400
        tree["armed_groups"]["breakaway"] = {"motive": "territorial", "splits_from": "rebels", "bands": 30}
        tree["parameters"] |= eager
        for mission in tree["missions"].values():
            mission |= striker


def _borders(tree: dict[str, Any], names: Sequence[str], groups: Sequence[str], pick: Pick) -> None:
    """Limit some missions to one of two hosts, with or without a right of pursuit; let hosts take sides."""
    for mission in tree["missions"].values():
        mission |= pick([{}, {"hosts": ["host"]}, {"hosts": ["other"], "pursuit": ["host"]}])
    tree["hosts"]["other"] |= {"tolerates": {groups[0]: pick([0.0, 1.0])}, "backs": {groups[0]: pick([0.0, 1.0])}}
    tree["hosts"]["host"] |= {"pursuit": pick([[], ["other"]])}
    if names:
        tree["timeline"]["barred"] = {"week": 3, "event": "expulsion", "mission": pick(names), "host": "other"}


def _random_mission(name: str, pick: Pick) -> dict[str, Any]:
    """Return one of the six missions with some of its dials turned."""
    dials = {
        "mandated": pick([0, 2]),
        "arrives": pick([2, 3, 5]),
        "siting": pick(["hot_spot", "random"]),
        "assured": pick([0.1, 1.0]),
        "reserve": pick([0.0, 8.0]),
        "casualty_tolerance": pick([0.1, 10.0]),
        "cuts": pick(["uniform", "prioritised"]),
        "care": pick([0.0, 0.5, 1.0]),
    }
    dials |= {"liaison": pick([0.0, 1.0]), "oversight": pick([0.0, 1.0]), "tempo": pick([0.0, 1.0, 3.0])}
    dials |= {"conduct": pick([0.0, 1.0])}
    if name == "UN":
        weak = {"share": 0.4, "caveats": 0.5, "quality": 0.6, "conduct": 0.2, "casualty_tolerance": 0.1}
        dials |= {"contributors": {"A": weak, "B": {"share": 0.6}}}
    if name == "CT":
        dials |= {"funding": {"assessed": 0.5, "voluntary": 0.2, "donor": 0.3}}
        del dials["assured"]
    return SIX[name] | dials | {"mandate": pick([SIX[name]["mandate"], "poc", "intervention_brigade"])}


def _random_links(names: Sequence[str], pick: Pick) -> dict[str, Any]:
    """Return partnerships between neighbours in the list of missions, and of the first with the host."""
    pairs = [*pairwise(names), *((name, "host") for name in names[:1])]
    dials = ("coordination", "delineation", "shared_communications", "support_level", "trust")
    forms = ["parallel", "support_package", "joint", "hybrid", "re_hatted"]
    links = {f"{a}-{b}": {"between": [a, b], "form": pick(forms[: 3 if b == "host" else None])}
             | {dial: pick([0.0, 0.5, 1.0]) for dial in dials} for a, b in pairs if pick([True, False])}  # fmt: skip
    for link in links.values():
        link |= {"vetting": link["delineation"], "lead": [*link["between"], "nobody"][int(2 * link["coordination"])]}
    return links


def _random_events(names: Sequence[str], groups: Mapping[str, Any], weeks: int, pick: Pick) -> dict[str, Any]:
    """Return a timeline with every kind of event in force, in random weeks."""
    doers = [*groups, "host", *names]
    events: dict[str, Any] = {
        f"massacre{k}": {"event": "massacre", "by": pick(doers), "deaths": pick([3, 40, 900])} for k in range(3)
    }
    events["offer"] = {"event": "rival_offer", "host": "host", "duration": pick([2, 40])}
    events["arms"] = {"event": "arms_inflow", "group": next(iter(groups)), "fighters": 37}
    events["truce"] = {"event": "ceasefire", "group": pick([*groups]), "duration": pick([2, 40])}
    if names:
        mission = pick(names)
        events["rumour"] = {"event": "rumour", "mission": mission, "share": 0.7}
        events["more"] = {"event": "reinforcement", "mission": mission, "troops": 600, "civilians": 40}
        events["less"] = {"event": "withdrawal", "mission": pick(names), "share": 0.5, "duration": 3}
        events["change"] = {"event": "mandate_change", "mission": pick(names), "mandate": pick(["presence", "poc"])}
        events["cut"] = {"event": "funding_cut", "mission": mission, "share": 0.6, "duration": pick([1, 4])}
        events["gone"] = {"event": "contributor_exit", "mission": mission, "share": 0.3}
        if len(names) > 1:
            events["over"] = {"event": "handover", "mission": names[0], "to": names[-1], "share": pick([0.5, 1.0])}
        events["out"] = {"event": "expulsion", "mission": pick(names)}
        events["scandal"] = {"event": "scandal", "mission": pick(names)}
        events["lies"] = {"event": "disinformation", "mission": pick(names), "duration": 6, "share": 1.0}
    drawn = {name: event | {"week": pick(list(range(weeks)))} for name, event in events.items()}
    if "over" in drawn:
        drawn["over"]["week"] = pick([6, 7])  # when somebody is there to be handed over
    return drawn | _hardship(names) | _on_condition(names)


def _on_condition(names: Sequence[str]) -> dict[str, Any]:
    """Return events that wait for a condition: one for deaths, and early ones that come at once and call back."""
    grim = {"measure": "civilian_deaths", "above": 1.0, "weeks": 2}
    events: dict[str, Any] = {"grim": {"event": "massacre", "by": "host", "deaths": 3, "when": grim}}
    if len(names) > 1:
        early = {"measure": "paid", "above": 0.0, "weeks": 1}
        events["soon"] = {"event": "handover", "mission": names[0], "to": names[-1], "share": 0.1, "when": early}
        back = {"follows": "less", "weeks": 1}
        events["back"] = {"event": "reentry", "mission": names[-1], "when": back, "troops": 300}
    return events


def _hardship(names: Sequence[str]) -> dict[str, Any]:
    """Return a drought and a disease, and a mission sent to close the trade that feeds armed groups."""
    events: dict[str, Any] = {
        "drought": {"week": 1, "event": "climate_shock", "share": 0.6, "duration": 3},
        "cholera": {"week": 2, "event": "epidemic", "share": 0.3, "duration": 2},
    }
    if names:
        events["trade"] = {"week": 3, "event": "mandate_change", "mission": names[0], "mandate": "policing"}
        tasks = {"logistics_support": 1.0, "protect_sites": 1.0, "disarmament": 1.0, "quick_impact_projects": 1.0}
        events["sites"] = {"week": 1, "event": "mandate_change", "mission": names[-1], "mandate": {"tasks": tasks}}
        events["support"] = events["sites"] | {"mission": names[0]}
    return events
