"""What a run recorded, as data frames: the tables that people script against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.actors.acts import KINDS, MISSION_HARM, UCDP
from sim.actors.contingent import contributors_of
from sim.actors.staff import KINDS as UNIT_KINDS
from sim.ledger import PERCEPTIONS
from sim.metrics.metric import METRICS

if TYPE_CHECKING:
    from sim.model import Model


def tables(m: Model) -> dict[str, pd.DataFrame]:
    """Return all tables that were kept, `scenario` and `seed` first."""
    make = {
        "weeks": weeks, "actors": actors, "perceptions": perceptions, "summary": summary,
        "events": events, "units": units, "ledger": ledger, "communities": communities,
    }  # fmt: skip
    return {name: _signed(m, make[name](m)) for name in make if name in m.keep_tables}


def _signed(m: Model, table: pd.DataFrame) -> pd.DataFrame:
    """Put scenario and seed first."""
    table.insert(0, "scenario", pd.Categorical([m.setup.name] * len(table)))
    table.insert(1, "seed", np.full(len(table), m.run_seed, np.int64))
    return table


def total(values: np.ndarray) -> np.ndarray:
    """Add up the last axis one actor at a time, so that an actor with nothing changes no bit."""
    out = np.zeros(values.shape[:-1])
    for k in range(values.shape[-1]):
        out = out + np.nan_to_num(values[..., k])
    return out


def weeks(m: Model) -> pd.DataFrame:
    """Return a row for each week: scalar metrics, and totals of those that add up over one key."""
    n, columns = m.week + 1, {"week": np.arange(m.week + 1)}
    for metric in m.log.weekly:
        if not metric.by:
            columns[metric.name] = m.log.values[metric.name][:n, 0]
        elif metric.adds_up:
            columns[metric.name] = total(m.log.values[metric.name][:n])
    return pd.DataFrame(columns)


def actors(m: Model) -> pd.DataFrame:
    """Return a row for each week, metric and actor (or pair of keys): value."""
    n, parts = m.week + 1, []
    for metric in m.log.weekly:
        keys = m.log.keys[metric.name]
        if metric.by and keys:
            parts.append((metric.name, np.repeat(np.arange(n), len(keys)), np.tile(np.arange(len(keys)), n), keys,
                          m.log.values[metric.name][:n].ravel()))  # fmt: skip
    names = sorted({k for part in parts for k in part[3]})
    code = {name: i for i, name in enumerate(names)}
    coded = [np.array([code[k] for k in part[3]])[part[2]] for part in parts]
    which = [np.full(part[1].size, i) for i, part in enumerate(parts)]
    return pd.DataFrame({
        "week": np.concatenate([part[1] for part in parts]),
        "metric": pd.Categorical.from_codes(np.concatenate(which), [part[0] for part in parts]),
        "actor": pd.Categorical.from_codes(np.concatenate(coded), names),
        "value": np.concatenate([part[4] for part in parts]),
    })  # fmt: skip


def perceptions(m: Model) -> pd.DataFrame:
    """Return a row for each week, audience and actor: the three perceptions, the share without opinion, the people."""
    who, names = m.ledger.audiences.names, m.actors.names
    n = len(m.log.views)
    views = np.stack([v[0] for v in m.log.views]) if n else np.zeros((0, 3, len(names), len(who)))
    unmet = np.stack([v[1] for v in m.log.views]) if n else np.zeros((0, len(names), len(who)))
    people = np.stack([v[2] for v in m.log.views]) if n else np.zeros((0, len(who)))
    size = len(names) * len(who)
    columns = {
        "week": np.repeat(np.arange(n), size),
        "audience": pd.Categorical.from_codes(np.tile(np.arange(len(who)), n * len(names)), list(who)),
        "actor": pd.Categorical.from_codes(np.tile(np.repeat(np.arange(len(names)), len(who)), n), list(names)),
    }
    columns |= {name: views[:, q].ravel() for q, name in enumerate(PERCEPTIONS)}
    columns |= {"no_opinion": unmet.ravel(), "people": np.repeat(people, len(names), axis=0).ravel()}
    return pd.DataFrame(columns)


def summary(m: Model) -> pd.DataFrame:
    """Return one row: each metric over the run, `metric:actor` for those by actor, totals under the bare name."""
    row: dict[str, float] = {}
    for metric in METRICS.values():
        values = m.log.over_run(metric, m)
        if metric.over_run == "ratio":
            row |= {f"{metric.name}_of{':' * bool(k)}{k}": float(of) for k, of in denominators(m, metric.name)}
        if not metric.by:
            row[metric.name] = float(values[0])
            continue
        if metric.adds_up:
            row[metric.name] = float(total(values))
        row |= {f"{metric.name}:{key}": float(v) for key, v in zip(m.log.keys[metric.name], values, strict=True)}
        if metric.over_run == "wait":
            ended = np.nansum(m.log.values[metric.name][: m.week + 1], axis=0) > 0
            row |= {
                f"{metric.name}_ended:{key}": float(e) for key, e in zip(m.log.keys[metric.name], ended, strict=True)
            }
    return pd.DataFrame([row])


def denominators(m: Model, name: str) -> Iterator[tuple[str, float]]:
    """Go through the denominators of a ratio over the run by key, so that comparisons can pool ratios of sums."""
    return zip(m.log.keys[name], m.log.ratios[name].sum(axis=1)[1], strict=True)


def events(m: Model) -> pd.DataFrame:
    """Return a row for each act: what a coder would write down, and what the model knows besides."""
    chunks = m.log.events
    if not chunks:
        return pd.DataFrame({name: [] for name in EVENT_COLUMNS})
    c = {k: np.concatenate([chunk[k] for chunk in chunks], axis=-1) for k in chunks[0]}
    w, doers = m.world, np.array(m.doers, dtype=object)
    start = np.datetime64(m.setup.start, "D")
    kinds = np.array(KINDS, dtype=object)
    table = {
        "week": c["week"],
        "event": np.arange(c["week"].size),
        "date": (start + (c["week"] * 7 + c["day"]).astype("timedelta64[D]")).astype("datetime64[s]"),
        "cell": np.array(m.space.names, dtype=object)[c["cell"]],
        "x": w.x[c["cell"]],
        "y": w.y[c["cell"]],
    }
    if w.lon is not None and w.lat is not None:
        table |= {"lon": w.lon[c["cell"]], "lat": w.lat[c["cell"]]}
    table |= {
        "host": np.array(w.host_names, dtype=object)[w.host[c["cell"]]],
        "kind": kinds[c["kind"]],
        "ucdp_type": np.array([UCDP.get(k, "none") for k in range(len(KINDS))], dtype=object)[c["kind"]],
        "perpetrator": doers[c["perpetrator"]],
        "target": targets(m, c),
        "taken_for": doers[c["taken_for"]],
        "deaths": c["deaths"],
        "civilians": c["civilians"],
        "potential_deaths": c["potential"],
    }
    for column, flag in (("known", "known"), ("in_reach", "in_reach"), ("answered_by", "answered")):
        table[column] = joined(m.actors.missions, c[flag])
    table["observed"] = c["observed"].astype(bool)
    table["recorded_cell"] = np.array(m.space.names, dtype=object)[c["recorded_cell"]]
    table |= {"recorded_x": w.x[c["recorded_cell"]], "recorded_y": w.y[c["recorded_cell"]]}
    return pd.DataFrame(table)


EVENT_COLUMNS = (
    "week", "event", "date", "cell", "x", "y", "host", "kind", "ucdp_type", "perpetrator", "target", "taken_for",
    "deaths", "civilians", "potential_deaths", "known", "in_reach", "answered_by", "observed",
    "recorded_cell", "recorded_x", "recorded_y",
)  # fmt: skip


def targets(m: Model, c: dict[str, np.ndarray]) -> np.ndarray:
    """Return whom each act was aimed at: the identity group hit, or the opponent in a battle."""
    groups = np.array([*m.world.group_names, ""], dtype=object)
    hit = groups[np.append(m.communities.group, -1)[c["community"]]]
    against = np.array([*m.actors.names, ""], dtype=object)[c["opponent"]]
    return np.where((c["opponent"] >= 0) & (c["kind"] != MISSION_HARM), against, hit)


def joined(names: tuple[str, ...], flags: np.ndarray) -> np.ndarray:
    """Join the names whose flag is set, in sorted order; flags: (names, rows)."""
    out = np.full(flags.shape[1], "", dtype=object)
    for name, row in zip(names, flags, strict=True):
        out[row] = [f"{old};{name}" if old else name for old in out[row]]
    return out


def units(m: Model) -> pd.DataFrame:
    """Return a row for each week and unit in the field: whose it is, its kind, cell, people, badge and contributor."""
    log, u = m.log.units, m.units
    rows = np.concatenate([r for _, r, _, _ in log] or [np.zeros(0, np.int64)])
    names = np.array(m.actors.missions, dtype=object)
    badges = np.array([m.setup.missions[n].badge for n in m.actors.missions], dtype=object)
    sent_by = [name for mission in m.actors.missions for name, _ in contributors_of(m.setup, mission)]
    cells = np.concatenate([c for _, _, c, _ in log] or [np.zeros(0, np.int64)])
    return pd.DataFrame({
        "week": np.repeat([w for w, _, _, _ in log], [r.size for _, r, _, _ in log]).astype(np.int64),
        "unit": np.array(m.unit_names, dtype=object)[rows],
        "actor": names[u.mission[rows]] if rows.size else np.array([], dtype=object),
        "kind": np.array(UNIT_KINDS, dtype=object)[u.kind[rows]],
        "cell": np.array(m.space.names, dtype=object)[cells],
        "people": np.concatenate([p for _, _, _, p in log] or [np.zeros(0, np.int64)]),
        "badge": badges[u.mission[rows]] if rows.size else np.array([], dtype=object),
        "contributor": np.array([*sent_by, ""], dtype=object)[u.contributor[rows]],
    })  # fmt: skip


def ledger(m: Model) -> pd.DataFrame:
    """Return a row for each weekly entry: rule, quantity, actor, audience, cause, change, the three top cells."""
    return pd.DataFrame(m.ledger.weekly(m.space.names))


def communities(m: Model) -> pd.DataFrame:
    """Return a row for each week and community: where it is, who it is, its people and its perceptions by actor."""
    c, log = m.communities, m.log.communities
    n = c.rows
    table = {
        "week": np.repeat(np.arange(len(log)), n),
        "community": np.tile(np.arange(n), len(log)),
        "cell": np.tile(np.array(m.space.names, dtype=object)[c.cell], len(log)),
        "group": np.tile(np.array(m.world.group_names, dtype=object)[c.group], len(log)),
    }
    for name in ("residents", "displaced", "refugees", "dead", "recruited"):
        table[name] = np.concatenate([week[name] for week in log])
    for a, actor in enumerate(m.actors.names):
        for q, quantity in enumerate(PERCEPTIONS if a < m.actors.judged else PERCEPTIONS[:1]):
            values = [np.where(week["met"][a], week["perceptions"][q, a], np.nan) for week in log]
            table[f"{quantity}:{actor}"] = np.concatenate(values)
    return pd.DataFrame(table)


def monday(m: Model, week: int) -> str:
    """Return the date of a week's Monday."""
    return (m.setup.start + timedelta(weeks=int(week))).isoformat()
