"""The model: built from a scenario and a seed; each step plays one week of the schedule."""

from __future__ import annotations

from math import isfinite

import mesa
import numpy as np
import pandas as pd
from numba import njit

from sim import world as worlds
from sim.actors.acts import Acts
from sim.actors.armed_group import ArmedGroup, Band, armed_groups, bands, border_share, range_log_weight
from sim.actors.community import Community, audiences, communities, kin
from sim.actors.host import HostGovernment, StateForce, forces, hosts
from sim.actors.link import likeness, links, staff_share
from sim.actors.mission import COMPONENTS, MOBILE, OBSERVER, Mission, MissionUnit, area_hosts, missions, units
from sim.actors.presence import deterrence_kernel, refresh, unit_reach_km
from sim.actors.roster import CLASSES, COMMUNAL, CRIMINALS, Roster, spans
from sim.actors.table import Row, Table, guarded
from sim.errors import SimError
from sim.ledger import Ledger
from sim.luck import Luck
from sim.metrics.log import Log
from sim.rules.blame import Blame
from sim.rules.shelter import log_reachable
from sim.scenario import Scenario
from sim.scenario.catalogue import badge_family
from sim.schedule import WEEK
from sim.tables import tables
from sim.world.space import Space, hops

KEPT = frozenset({"weeks", "actors", "perceptions", "summary", "events", "units", "ledger"})
FALSE_SLOTS = 12
MESA_SEED = "rng" if tuple(map(int, mesa.__version__.split(".")[:2])) >= (3, 5) else "seed"  # renamed in 3.5


class Model(mesa.Model):
    """A country, its armed actors and the missions in it, week by week.

    `setup` is the scenario, `seed` the run's luck, `keep` the tables to record (default: all but communities).
    Building includes the spin-up; `step()` plays one week, the first is week 0. State lives in tables of NumPy
    columns (`communities`, `groups`, `bands`, `hosts`, `forces`, `missions`, `units`, `links`, `cells`, `items`), a
    row per agent; the Mesa agents are handles on the rows. Raises SimError where the scenario's world cannot be built
    or state breaks.
    """

    def __init__(self, setup: Scenario, seed: int = 0, *, keep: frozenset[str] | set[str] | None = None) -> None:
        super().__init__(**{MESA_SEED: int(seed)})  # Mesa's own randomness, which no rule uses
        self.setup, self.run_seed, self.p = setup, int(seed), setup.parameters
        missions, hosts, groups = (tuple(sorted(part)) for part in (setup.missions, setup.hosts, setup.armed_groups))
        self.actors = Roster(missions, hosts, groups)
        self.world = worlds.build(setup.world, self.actors.hosts, self.run_seed, self.p)
        self.luck, self.space = Luck(self.run_seed), Space(self.world)
        self.doers = (*self.actors.names, *self.world.group_names, CRIMINALS)  # whose doing an act can be
        self.keep_tables = KEPT if keep is None else frozenset(keep)
        if "record" in setup.disable:
            raise SimError("disable: `record` cannot be knocked out, for nothing would be written down")
        self.rules = tuple(r for r in WEEK if r.name not in setup.disable)
        self._lay_out()
        self._index()
        self._index_flight()
        self._enlist()
        self._spin_up()

    def _lay_out(self) -> None:
        """Lay out all state: tables of agents, layers of cells, and what passes between rules within a week."""
        setup, w, a = self.setup, self.world, self.actors
        country = Luck(self.run_seed if setup.world.seed == "run" else setup.world.seed)  # the same in every run
        self.communities = communities(setup, w, a, country)
        self.groups = armed_groups(setup, w, a, country)
        self.bands = bands(setup, a, self.groups)
        self.hosts, self.forces = hosts(setup, a, w.capital), forces(setup, w, a, country)
        self.missions, self.units = missions(setup, w, a), units(setup, a)
        self.links = links(setup, a)
        layers = {name: np.zeros(w.cells) for name in CELL_LAYERS}
        layers |= {"memory": np.zeros((len(CLASSES), w.cells)), "rivals": np.full((2, w.cells), -1)}
        self.cells = Table(w.cells, layers)
        n, b = len(a.missions), self.bands.rows
        self.items = Table(n, {
            "told": np.zeros((n, b), bool), "seen": np.zeros((n, b), bool), "place": np.zeros((n, b), np.int64),
            "false": np.full((n, FALSE_SLOTS), -1, np.int64),
        })  # fmt: skip
        self.near, self.reach = np.zeros((3, a.judged, w.cells)), np.zeros((3, a.judged, w.cells))
        self.at_work: list[int] = []  # missions that act, by number
        self.in_field = np.zeros((n, len(COMPONENTS)), np.int64)
        self.acts, self.past = Acts(n), Acts(n)
        self.blame: Blame | None = None
        self._views: np.ndarray | None = None
        self.mandates = [setup.missions[name].mandate for name in a.missions]
        self.strengths = [[list(getattr(setup.missions[name], c)) for c in COMPONENTS] for name in a.missions]
        self.open_to = np.ones((n, w.cells))
        who = audiences(self.communities, w.group_names)
        kept = self.communities.ledger
        self.ledger = Ledger(kept["perceptions"], kept["met"], a.names, who)
        self.opinion = guarded(self.ledger.opinion)

    def _index(self) -> None:
        """Work out once what rules look up all the time: who owns which rows, distances, constants."""
        w, a, p = self.world, self.actors, self.p
        slots = int(p.violence.slots)
        self.band_spans = spans(self.bands.group, len(a.groups))
        self.band_start = np.searchsorted(self.bands.group, np.arange(len(a.groups) + 1))
        self.band_slots = _slots(a.groups, self.band_spans)
        self.band_rows = [np.arange(s.start, s.stop) for s in self.band_spans]
        self.force_spans = spans(self.forces.host, len(a.hosts))
        self.force_names = [f"{a.hosts[h]}/{k - self.force_spans[h].start}" for k, h in enumerate(self.forces.host)]
        self.unit_spans = spans(self.units.mission, len(a.missions))
        self.unit_slots = _slots(a.missions, self.unit_spans)
        self.unit_names = [f"{a.missions[m]}/{k - self.unit_spans[m].start}" for k, m in enumerate(self.units.mission)]
        self.unit_rows = [self._by_component(s) for s in self.unit_spans]
        self._number_slots(slots)
        self.everybody = np.ones(self.communities.rows, bool)
        self.all_cells = np.arange(w.cells)
        self.area_host = area_hosts(w)
        self.town_rows = np.where(w.people[w.towns] > 0, self._community_of()[:, w.towns], -1)
        self.host_cells = [np.flatnonzero(w.host == h) for h in range(len(a.hosts))]
        self.community_of = self._community_of()
        self.place_of = np.full(w.cells, -1)
        self.place_of[w.places] = np.arange(w.places.size)
        self.kin = kin(self.space.neighbours, self.community_of, self.communities)
        self.residents_at_start = int(w.people.sum())
        self.log_people = np.log(np.maximum(w.people, 1.0))
        lasting = np.exp(p.violence.disposition * w.propensity)
        self.disposition = lasting / max(lasting[w.places].mean(), 1e-12) if w.places.size else lasting
        self.tempo_mean = 0.5 * (p.campaigns.tempo_sd**2 + p.campaigns.country_sd**2)
        self._index_ranges()
        self.hops = hops(w.side_km, p.moves.furthest_km)
        self.kernel = deterrence_kernel(p.restraint.radius_km, w.side_km)
        self.unit_km = unit_reach_km(p.units.base_reach_km, p.units.mobile_reach_km)
        mobile = np.isin(self.units.kind, (MOBILE, OBSERVER))
        self.restless = np.where(mobile, p.siting.move_mobile, p.siting.move_base)  # each unit's chance to move
        self.land = (w.row, w.col, w.cell_at, float(w.side_km))
        self.suspects = range(a.judged)
        armed = [-1 if (kind := a.kind(k)) is None else kind for k in range(len(a.names))]
        self.kind_of = np.array([*armed, *[COMMUNAL] * len(w.group_names), -1])
        badges = {
            s.badge for part in (self.setup.missions, self.setup.hosts, self.setup.armed_groups) for s in part.values()
        }
        self.likeness = likeness(self.setup, a, {b: badge_family(b) for b in badges})
        self.forms = [self.setup.partnerships[name].form for name in sorted(self.setup.partnerships)]
        self.form_weight = [getattr(p.complicity, f"form_{form}") for form in self.forms]
        self.link_staff = [staff_share(self.setup, name) for name in sorted(self.setup.partnerships)]

    def _number_slots(self, slots: int) -> None:
        """Number the slots from which each actor's acts come, one actor after the other."""
        a = self.actors
        number = [64] * len(a.missions) + [int(self.p.state_abuse.slots)] * len(a.hosts)
        number += [max(1, (s.stop - s.start) * slots) for s in self.band_spans]
        number += [64] * (len(self.doers) - len(a.names))
        self.act_slots = list(zip(self.doers, number, strict=True))
        self._slots_of, self._slots_upto = np.array(number), np.cumsum(number) - number
        start = [0] * a.first_group + [s.start * slots for s in self.band_spans]
        self._slot_start = np.array(start + [0] * (len(self.doers) - len(a.names)))

    def _index_ranges(self) -> None:
        """Work out once how strongly each armed group's range reaches each cell and community, and its trade there."""
        w = self.world
        self.range_log = range_log_weight(w, self.groups, self.p.campaigns.range_km)
        inhabited = np.exp(self.range_log) * (w.people > 0)
        self.range_share = inhabited / np.maximum(inhabited.sum(axis=1, keepdims=True), 1e-300)
        traded = self.range_share * w.resource
        self.trade_share = traded / np.maximum(traded.sum(axis=1, keepdims=True), 1e-300)
        self.range_wish = self.p.moves.range_weight * self.range_log + self.p.moves.risk_weight * w.propensity
        self.drawn: dict[int, np.ndarray] = {}  # by focus of a campaign: how much it draws bands to each cell
        self.reach_of_group = np.exp(self.range_log[:, self.communities.cell])
        self.pull = np.ascontiguousarray(self.range_share[:, self.communities.cell])
        self.border_near = np.exp(-w.border_km / self.p.borders.km)
        self.border_share = border_share(self.range_share, self.border_near)

    def _index_flight(self) -> None:
        """Work out once where people can flee to.

        Steps (to stay is the first), the pull of one's own group, and the share that crosses the border.
        """
        w, p, c = self.world, self.p.flight, self.communities
        far = hops(w.side_km, p.furthest_km)
        steps = (np.append(0, far.rows), np.append(0, far.cols), np.exp(-np.append(0.0, far.km) / p.km))
        self.ways = (*steps, w.row, w.col, w.cell_at)
        own = c.residents / np.maximum(w.people[c.cell], 1)
        self.own_share = p.strangers + (1 - p.strangers) * own
        self.share_abroad = p.abroad * np.exp(-w.border_km / p.border_km)
        self.community_slots = [(name, w.places.size) for name in w.group_names]

    def _by_component(self, rows: slice) -> list[np.ndarray]:
        """Return a mission's unit rows by component: troops, police, civilians, observers."""
        kind, all_rows = self.units.kind[rows], np.arange(rows.start, rows.stop)
        return [all_rows[np.isin(kind, kinds)] for kinds in ((0, 1), (2,), (3,), (4,))]

    def _community_of(self) -> np.ndarray:
        """Return the community row of each identity group in each cell, -1 where nobody lives; (groups, cells)."""
        w = self.world
        rows = np.full((len(w.group_names), w.cells), -1, np.int64)
        for g in range(rows.shape[0]):
            rows[g, w.places] = g * w.places.size + np.arange(w.places.size)
        return rows

    def _enlist(self) -> None:
        """Make the Mesa agents: a handle on each row of each table of agents."""
        for kind in AGENTS:
            for row in range(getattr(self, kind.kind).rows):
                kind(self, row)

    def _spin_up(self) -> None:
        """Let the country live without missions, with luck of its own, then open the books."""
        self.ledger.keep, self.luck.era = False, "spin_up/"
        self.week = -self.setup.spin_up
        refresh(self)
        for week in range(self.setup.spin_up):
            self.week, self.luck.week = week - self.setup.spin_up, week
            self._play()
        self.communities.home[:] = self.communities.residents
        self.week, self.luck.era = -1, ""
        self.luck.forget()
        self.ledger.keep = "ledger" in self.keep_tables
        self.ledger.open_books()
        self.opening = {"perceptions": self.communities.perceptions.copy(), "met": self.communities.met.copy()}
        self.opening |= {"fighters": self.bands.fighters.copy(), "residents": self.communities.residents.copy()}
        self.opening["views"] = self.views().copy()
        self.log = Log(self, self.keep_tables)

    @property
    def grid(self):
        """The country as a Mesa grid with its layers as they stand now, made when asked for; no rule uses it."""
        from sim.actors.grid import mesa_grid

        return mesa_grid(self)

    def step(self) -> None:
        """Play one week: every rule of the schedule once, in its order. Raises SimError after the last week."""
        if self.week + 1 >= self.setup.weeks:
            raise SimError(
                f"{self.setup.name}: the run ends after week {self.setup.weeks - 1}; there is no week {self.week + 1}"
            )
        self.week += 1
        self.luck.week = self.week
        self._play()

    def _play(self) -> None:
        """Set the week's slate clean, then let each rule act."""
        self.acts, self.past = self.past, self.acts
        self.acts.clear()
        self.blame, self._views = None, None
        self.ledger.begin(self.week)
        self.missions.operations[:] = 0
        self.missions.hits[:] = 0
        self.missions.heard_of[:] = 0
        self.missions.expected_operations[:] = 0
        self.recount()
        for rule in self.rules:
            rule(self)

    def recount(self) -> None:
        """Count anew what several rules read.

        People and bands by cell, how many can be hit there, and each mission's credibility with everybody.
        """
        c, w = self.communities, self.world
        here = (c.residents + c.displaced).reshape(len(w.group_names), -1).sum(axis=0) if w.places.size else 0
        self.people_in = np.zeros(w.cells)
        self.people_in[w.places] = here
        self.log_reachable = log_reachable(self)
        self.band_count = np.bincount(self.bands.cell[self.bands.fighters > 0], minlength=w.cells)
        total = max(c.home.sum(), 1.0)
        self.credibility = [
            float((c.home * self.opinion[2, k]).sum()) / total for k in range(len(self.actors.missions))
        ]

    def run(self) -> Model:
        """Play all weeks that are left; returns the model."""
        for _ in range(self.week + 1, self.setup.weeks):
            self.step()
        return self

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what was recorded as data frames, by table (definitions: weeks, actors, summary, events ...)."""
        return tables(self)

    def band_luck(self, rule: str, by: str, *tail: int) -> np.ndarray:
        """Return uniforms for each band slot, by group (and a mission, if the draw is between the two).

        (bands, *tail).
        """
        return self.luck.of_slots(rule, f"{by}<" if by else "", self.band_slots, tail)

    def unit_luck(self, rule: str) -> np.ndarray:
        """Return a uniform for each unit slot of each mission; shape (units,)."""
        return self.luck.of_slots(rule, "", self.unit_slots)

    def band_of(self, source: np.ndarray) -> np.ndarray:
        """Return the band an attack or battle came from, -1 for none."""
        return np.where(source >= 0, source // int(self.p.violence.slots), -1)

    def slot_of(self, doer: np.ndarray, source: np.ndarray) -> np.ndarray:
        """Return the number, among the slots of all actors, of that from which each act came."""
        own = np.maximum(source - self._slot_start[doer], 0) % self._slots_of[doer]
        return self._slots_upto[doer] + own

    def rows_in_cell(self, cell: int) -> np.ndarray:
        """Return the rows of the communities in a cell."""
        rows = self.community_of[:, cell]
        return rows[rows >= 0]

    def partners(self, mission: int) -> list[tuple[int, int]]:
        """Return (link, other actor) for each partnership of a mission."""
        found = [(k, int(self.links.b[k])) for k in range(self.links.rows) if self.links.a[k] == mission]
        return found + [(k, int(self.links.a[k])) for k in range(self.links.rows) if self.links.b[k] == mission]

    def exchanges(self) -> list[tuple[int, int, int]]:
        """Return (link, giver, taker) both ways for each partnership of two missions that are at work."""
        pairs = zip(self.links.a.tolist(), self.links.b.tolist(), strict=True)
        found = [(k, a, b) for k, (a, b) in enumerate(pairs) if a in self.at_work and b in self.at_work]
        return [way for k, a, b in found for way in ((k, a, b), (k, b, a))]

    def link_between(self, one: int, other: int) -> int | None:
        """Return the partnership of two actors, if there is one."""
        for k in range(self.links.rows):
            if {one, other} == {int(self.links.a[k]), int(self.links.b[k])}:
                return k
        return None

    def views(self) -> np.ndarray:
        """Return each audience's mean of each perception of each actor, NaN without an opinion.

        (3, actors, audiences).
        """
        if self._views is None:
            c, who = self.communities, self.ledger.audiences
            views = np.empty((3, len(self.actors.names), len(who.names)))
            self._unmet = np.empty(views.shape[1:])
            _means(c.perceptions, c.met, who.weight, who.displaced, who.start, self.actors.judged, views, self._unmet)
            self._views = views
        return self._views

    def unmet(self) -> np.ndarray:
        """Return the share of each audience that holds no opinion of each actor; (actors, audiences)."""
        self.views()
        return self._unmet

    def check(self) -> None:
        """Fail the run if anything in its state is not a number."""
        c = self.communities
        sums = (c.perceptions.sum(), self.missions.risk.sum(), self.missions.picture.sum(), self.groups.grievance.sum(),
                self.cells.memory.sum(), self.bands.lost.sum(), self.bands.belief.sum(), self.cells.vacuum.sum(),
                self.cells.aid.sum(), self.missions.guarding.sum())  # fmt: skip
        if not isfinite(sum(sums)):
            raise SimError(f"{self.setup.name}, seed {self.run_seed}, week {self.week}: state holds NaN or infinity")

    def dispose(self) -> None:
        """Free the model: Mesa 3.3.1 keeps every model alive in a class variable."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.remove_all_agents()

    def state(self) -> dict[str, np.ndarray]:
        """Return every column of state by `table.column`, for tests that watch what a rule changes."""
        found = {f"{name}.{column}": values for name in TABLES for column, values in getattr(self, name).columns()}
        return found | {"near": self.near, "reach": self.reach, "open_to": self.open_to}


def _slots(names: tuple[str, ...], rows: list[slice]) -> list[tuple[str, int]]:
    """Return each owner's name and how many rows are its own."""
    return [(name, own.stop - own.start) for name, own in zip(names, rows, strict=True)]


@njit(cache=True, nogil=True)
def _means(values, met, weight, displaced, start, judged, means, unmet):
    """Average perceptions by actor and audience over those who have met the actor; and the share who have not.

    The last two audiences are the displaced and everybody. Only the first `judged` actors have all three perceptions.
    """
    groups = start.size - 1
    people = _people(weight, displaced, start)
    hosting = np.flatnonzero(displaced > 0)
    sums, known = np.zeros((3, groups + 2)), np.zeros(groups + 2)
    for a in range(values.shape[1]):
        said = 3 if a < judged else 1
        sums[:], known[:] = 0.0, 0.0
        for g in range(groups):
            own = slice(start[g], start[g + 1])
            known[g] = _add_up(values[:said, a, own], met[a, own], weight[own], sums[:, g])
            known[groups + 1] += known[g]
            sums[:, groups + 1] += sums[:, g]
        known[groups] = _add_up_some(hosting, values[:said, a], met[a], displaced, sums[:, groups])
        for who in range(groups + 2):
            unmet[a, who] = 1 - known[who] / people[who] if people[who] > 0 else np.nan
            for q in range(3):
                means[q, a, who] = sums[q, who] / known[who] if known[who] > 0 and q < said else np.nan


@njit(cache=True, nogil=True)
def _people(weight, displaced, start):
    """Count the people of each audience."""
    groups = start.size - 1
    people = np.zeros(groups + 2)
    for g in range(groups):
        for i in range(start[g], start[g + 1]):
            people[g] += weight[i]
            people[groups] += displaced[i]
        people[groups + 1] += people[g]
    return people


@njit(cache=True, nogil=True)
def _add_up(values, met, weight, sums):
    """Add up one group's opinions of an actor by people; return the people who hold one."""
    known, first, second, third = 0.0, 0.0, 0.0, 0.0
    three = values.shape[0] == 3
    for i in range(weight.size):
        here = weight[i] if met[i] else 0.0
        known += here
        first += here * values[0, i]
        if three:
            second += here * values[1, i]
            third += here * values[2, i]
    sums[0], sums[1], sums[2] = first, second, third
    return known


@njit(cache=True, nogil=True)
def _add_up_some(rows, values, met, number, sums):
    """Add up the opinions of an actor in some communities by a number of people there; return those who hold one."""
    known = 0.0
    for i in rows:
        if met[i]:
            known += number[i]
            for q in range(values.shape[0]):
                sums[q] += number[i] * values[q, i]
    return known


AGENTS: tuple[type[Row], ...] = (Community, ArmedGroup, Band, HostGovernment, StateForce, Mission, MissionUnit)
TABLES = ("communities", "groups", "bands", "hosts", "forces", "missions", "units", "links", "cells", "items")
CELL_LAYERS = (
    "fear", "threat", "expected_attacks", "expected_battles", "expected_abuse", "expected_abuse_deaths", "scarcity",
    "mixing", "dispute", "feud_pull", "expected_communal", "policed", "expected_crimes", "projects", "sickness",
    "exposed", "aid", "aid_risk", "escorted", "fought", "held", "vacuum", "settled", "calm", "alarm", "unease",
    "sheltered", "secured",
)  # fmt: skip
"""Layers of cells. exposed: known to have informed, 0-1; aid: presence of aid, 0-1, aid_risk: memory of attacks on it,
escorted: how far missions open it to aid; fought: weeks for which a battle near still counts; held: how firmly missions
held it last week, vacuum: ground that nobody holds since; settled: weeks a band has stayed on cleared ground, calm:
weeks since the last attack there; alarm, unease:
recent violence there and next door, as felt at once and as it makes people leave; sheltered: displaced people inside a
mission's site; secured: share of the displaced whom nobody can reach there."""
