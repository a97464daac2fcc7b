"""The model: built from a scenario and a seed; each step plays one week of the schedule."""

from __future__ import annotations

from pathlib import Path

import mesa
import numpy as np
import pandas as pd

from sim import world as worlds
from sim.actors.acts import Acts
from sim.actors.armed_group import ArmedGroup, Band, armed_groups, bands
from sim.actors.community import Community, audiences, communities
from sim.actors.contingent import contingents
from sim.actors.happening import happenings
from sim.actors.host import HostGovernment, StateForce, forces, hosts
from sim.actors.layers import LAYERS
from sim.actors.link import links
from sim.actors.lookups import Lookups, present, slots_of
from sim.actors.mission import Mission, MissionUnit, missions, units
from sim.actors.presence import refresh
from sim.actors.roster import CLASSES, CRIMINALS, Roster
from sim.actors.staff import COMPONENTS
from sim.actors.table import Row, Table, all_finite, guarded
from sim.errors import Problems, SimError
from sim.ledger import Ledger
from sim.ledger.opinions import mean_views
from sim.luck import Luck
from sim.metrics.log import Log
from sim.rules.blame import Blame
from sim.rules.shelter import log_reachable
from sim.scenario import Scenario, load
from sim.scenario.impossible import unknown_areas
from sim.schedule import WEEK
from sim.seeds import checked_seed
from sim.tables import tables
from sim.world.space import Space

KEPT = frozenset({"weeks", "actors", "perceptions", "summary", "events", "units", "ledger"})
FALSE_SLOTS = 12
MESA_SEED = "rng" if tuple(map(int, mesa.__version__.split(".")[:2])) >= (3, 5) else "seed"  # renamed in 3.5


class Model(Lookups, mesa.Model):
    """A country, its armed actors and the missions in it, week by week.

    `setup` is the scenario, its name or path, `seed` the run's luck, `keep` the tables to record (default: all but
    communities). Building includes the spin-up; `step()` plays one week, the first is week 0. State lives in tables of
    NumPy columns (`communities`, `groups`, `bands`, `hosts`, `forces`, `missions`, `units`, `links`, `cells`, `items`,
    `happenings`, `contingents`), a row per agent or thing; the Mesa agents are handles on the rows. Raises SimError
    where the scenario's world cannot be built or state breaks.
    """

    def __init__(
        self, setup: Scenario | str | Path, seed: int = 0, *, keep: frozenset[str] | set[str] | None = None
    ) -> None:
        setup, seed = load(setup), checked_seed(seed)
        super().__init__(**{MESA_SEED: seed})  # Mesa's own randomness, which no rule uses
        self.setup, self.run_seed, self.p = setup, seed, setup.parameters
        missions, hosts, groups = (tuple(sorted(part)) for part in (setup.missions, setup.hosts, setup.armed_groups))
        self.actors = Roster(missions, hosts, groups)
        self.world = worlds.build(setup.world, self.actors.hosts, self.run_seed, self.p)
        if unknown := unknown_areas(setup, self.world.area_names):
            raise Problems(unknown)
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
        self.happenings, self.contingents = happenings(setup), contingents(setup, a)
        self.links = links(setup, a)
        layers = {name: np.zeros(w.cells) for name in LAYERS}
        layers |= {"memory": np.zeros((len(CLASSES), w.cells)), "rivals": np.full((2, w.cells), -1)}
        layers["abuse_by"] = np.zeros((len(a.hosts), w.cells))
        self.cells = Table(w.cells, layers)
        n, b = len(a.missions), self.bands.rows
        self.items = Table(n, {
            "told": np.zeros((n, b), bool), "seen": np.zeros((n, b), bool), "place": np.zeros((n, b), np.int64),
            "false": np.full((n, FALSE_SLOTS), -1, np.int64),
        })  # fmt: skip
        self.near, self.reach = np.zeros((3, a.judged, w.cells)), np.zeros((3, a.judged, w.cells))
        self.able = self.near[0]  # armed people in reach, by what they are willing and able to do
        if self.contingents.rows:
            self.able = np.zeros(self.near[0].shape)
        self.on_call = self.near
        self.at_work: list[int] = []  # missions that act, by number
        self.in_field = np.zeros((n, len(COMPONENTS)), np.int64)
        self.acts, self.past = Acts(n), Acts(n)
        self.blame: Blame | None = None
        self._views: np.ndarray | None = None
        self.mandates = [setup.missions[name].mandate for name in a.missions]
        self.strengths = [[list(getattr(setup.missions[name], c)) for c in COMPONENTS] for name in a.missions]
        self.open_to = np.ones((n, w.cells))
        self.bounded = [False] * n  # missions to which some ground may be closed
        self.abuse_size: np.ndarray | None = None
        self.ready: tuple[tuple, np.ndarray] | None = None
        who = audiences(self.communities, w.group_names)
        kept = self.communities.ledger
        self.ledger = Ledger(kept["perceptions"], kept["met"], a.names, who)
        self.opinion = guarded(self.ledger.opinion)

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
        self.people_in, self.band_count = present(
            c.residents, c.displaced, w.places, w.cells, self.bands.cell, self.bands.fighters
        )
        self.log_reachable, self.abuse_size = log_reachable(self), None
        total = max(float(np.add.reduce(c.home)), 1.0)
        self.credibility = [
            float(np.add.reduce(c.home * self.opinion[2, k])) / total for k in range(len(self.actors.missions))
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
        return slots_of(doer, source, self._slot_start, self._slots_of, self._slots_upto)

    def rows_in_cell(self, cell: int) -> np.ndarray:
        """Return the rows of the communities in a cell."""
        rows = self.community_of[:, cell]
        return rows[rows >= 0]

    def partners(self, mission: int) -> list[tuple[int, int]]:
        """Return (link, other actor) for each partnership of a mission."""
        return self.partners_of[mission]

    def exchanges(self) -> list[tuple[int, int, int]]:
        """Return (link, giver, taker) both ways for each partnership of two missions that are at work."""
        found = [(k, a, b) for k, (a, b) in enumerate(self.link_ends) if a in self.at_work and b in self.at_work]
        return [way for k, a, b in found for way in ((k, a, b), (k, b, a))]

    def link_between(self, one: int, other: int) -> int | None:
        """Return the partnership of two actors, if there is one."""
        for k, ends in enumerate(self.link_ends):
            if ends in ((one, other), (other, one)):
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
            mean_views(
                c.perceptions, c.met, who.weight, who.displaced, who.start, self.actors.judged, views, self._unmet
            )
            self._views = views
        return self._views

    def unmet(self) -> np.ndarray:
        """Return the share of each audience that holds no opinion of each actor; (actors, audiences)."""
        self.views()
        return self._unmet

    def check(self) -> None:
        """Fail the run if anything in its state is not a number."""
        t, c, b = self.missions, self.cells, self.bands
        if not all_finite(
            self.communities.perceptions, (t.risk.T, t.picture.T, c.memory, b.belief),
            (self.groups.grievance, b.lost, c.vacuum, c.aid, t.guarding),
        ):  # fmt: skip
            raise SimError(f"{self.setup.name}, seed {self.run_seed}, week {self.week}: state holds NaN or infinity")

    def dispose(self) -> None:
        """Free the model, at once when the last name for it goes: it plays no more after this.

        Mesa 3.3.1 keeps every model alive in a class variable, and each model holds what holds it: methods bound to
        itself and, in 3.5, a scenario and generators of events.
        """
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.remove_all_agents()
        for name in [name for name, value in vars(self).items() if self._is_held_by(value)]:
            delattr(self, name)

    def _is_held_by(self, value: object) -> bool:
        """Say whether something that a model holds, or something in a set of them, holds the model."""
        if isinstance(value, set):
            return any(self._is_held_by(each) for each in value)
        return getattr(value, "__self__", None) is self or getattr(value, "model", None) is self

    def state(self) -> dict[str, np.ndarray]:
        """Return every column of state by `table.column`, for tests that watch what a rule changes."""
        found = {f"{name}.{column}": values for name in TABLES for column, values in getattr(self, name).columns()}
        return found | {"near": self.near, "reach": self.reach, "open_to": self.open_to}


AGENTS: tuple[type[Row], ...] = (Community, ArmedGroup, Band, HostGovernment, StateForce, Mission, MissionUnit)
TABLES = (
    "communities", "groups", "bands", "hosts", "forces", "missions", "units", "links", "cells", "items", "happenings",
    "contingents",
)  # fmt: skip
