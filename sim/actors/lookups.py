"""What rules look up all the time, worked out once when a model is built: rows, distances, ranges, looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.armed_group import border_share, range_log_weight
from sim.actors.community import kin
from sim.actors.link import command_share, likeness, staff_share, unity
from sim.actors.mission import area_hosts
from sim.actors.presence import deterrence_kernel, unit_reach_km
from sim.actors.roster import COMMUNAL, Roster, spans
from sim.actors.staff import MOBILE, OBSERVER
from sim.scenario.catalogue import badge_family
from sim.world.space import Space, hops

if TYPE_CHECKING:
    from sim.actors.table import Table
    from sim.scenario import Event, Scenario
    from sim.scenario.parameters import Parameters
    from sim.world import World


class Lookups:
    """The part of a model that does not change once it is laid out."""

    setup: Scenario
    p: Parameters
    actors: Roster
    world: World
    space: Space
    doers: tuple[str, ...]
    communities: Table
    groups: Table
    bands: Table
    forces: Table
    units: Table
    links: Table
    happenings: Table
    contingents: Table
    week: int

    def today(self, kind: str) -> list[Event]:
        """Return the events of a kind that happen this week, by date or because their condition has come."""
        weeks = self.happenings.week
        return [event for row, event in self.events_of.get(kind, ()) if weeks[row] == self.week]

    def lasting(self, kind: str) -> list[tuple[Event, int]]:
        """Return the events of a kind that have happened by now, and the weeks since."""
        weeks = self.happenings.week
        return [(event, self.week - int(weeks[row])) for row, event in self.events_of.get(kind, ())
                if weeks[row] <= self.week]  # fmt: skip

    def _index(self) -> None:
        """Work out once what rules look up all the time: who owns which rows, distances, constants."""
        a, slots = self.actors, int(self.p.violence.slots)
        self.band_spans = spans(self.bands.group, len(a.groups))
        self.band_start = np.searchsorted(self.bands.group, np.arange(len(a.groups) + 1))
        self.band_slots = _slots(a.groups, self.band_spans)
        self.all_bands = np.arange(self.bands.rows)
        self.band_rows = [np.arange(s.start, s.stop) for s in self.band_spans]
        self.force_spans = spans(self.forces.host, len(a.hosts))
        self.force_names = [f"{a.hosts[h]}/{k - self.force_spans[h].start}" for k, h in enumerate(self.forces.host)]
        self.unit_spans = spans(self.units.mission, len(a.missions))
        self.unit_slots = _slots(a.missions, self.unit_spans)
        self.unit_names = [f"{a.missions[m]}/{k - self.unit_spans[m].start}" for k, m in enumerate(self.units.mission)]
        self.unit_rows = [self._by_component(s) for s in self.unit_spans]
        self._index_events()
        self._number_slots(slots)
        self._index_land()
        self._index_looks()

    def _index_events(self) -> None:
        """Work out once which events there are of each kind, and which of them wait for a condition."""
        timeline = list(enumerate(self.setup.timeline))
        self.event_rows = {event.name: row for row, event in timeline}
        self.conditional = [(row, event, event.when) for row, event in timeline if event.when is not None]
        self.events_of: dict[str, list[tuple[int, Event]]] = {}
        for row, event in timeline:
            self.events_of.setdefault(event.event, []).append((row, event))

    def _index_land(self) -> None:
        """Work out once where people and authorities are, and what distance does."""
        w, a, p = self.world, self.actors, self.p
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
        self._index_borders()
        self.kernel = deterrence_kernel(p.restraint.radius_km, w.side_km)
        self.unit_km = unit_reach_km(p.units.base_reach_km, p.units.mobile_reach_km)
        mobile = np.isin(self.units.kind, (MOBILE, OBSERVER))
        self.restless = np.where(mobile, p.siting.move_mobile, p.siting.move_base)  # each unit's chance to move
        self._index_contingents()
        self.land = (w.row, w.col, w.cell_at, float(w.side_km))

    def _index_borders(self) -> None:
        """Work out once what the scenario says of each host: who comes to its land, which groups it leaves alone.

        sent, follows: missions x hosts; tolerance, backing: hosts x groups; beat: where each army may be, by
        cell, and those of its cells where people live; at_home: which of these are its own land.
        """
        s, a = self.setup, self.actors
        missions, states = [s.missions[n] for n in a.missions], [s.hosts[n] for n in a.hosts]
        shape = (len(missions), len(states))
        self.sent = np.array([[x.hosts == "all" or h in x.hosts for h in a.hosts] for x in missions]).reshape(shape)
        self.follows = np.array([[h in x.pursuit for h in a.hosts] for x in missions], bool).reshape(shape)
        self.tolerance = np.array([[x.tolerates.get(g, 0.0) for g in a.groups] for x in states], float)
        self.backing = np.array([[x.backs.get(g, 0.0) for g in a.groups] for x in states], float)
        self.belts: dict[tuple[bytes, bytes], np.ndarray] = {}
        beyond = [np.array([other in x.pursuit for other in a.hosts], bool) for x in states]
        self.beat = [self.world.host == h for h in range(len(states))]
        for h, follows in enumerate(beyond):
            if follows.any():
                near = self.space.from_land(self.beat[h]) <= self.p.borders.pursuit_km
                self.beat[h] = self.beat[h] | (near & follows[self.world.host])
        self.beat_cells = [np.flatnonzero(own) for own in self.beat]
        self.beat_places = [self.world.places[own[self.world.places]] for own in self.beat]
        self.at_home = [(self.world.host[cells] == h).astype(float) for h, cells in enumerate(self.beat_places)]
        self.pursuing = bool(np.array(beyond).any())  # whether any army may cross a border

    def _index_contingents(self) -> None:
        """Work out once who belongs to which contingent, and what each unit's people count for in a fight.

        Caveats hold units at their posts [F-M135].
        """
        c, sender = self.contingents, self.units.contributor
        self.sent_by = [(c.mission == k).nonzero()[0].tolist() for k in range(len(self.actors.missions))]
        if c.rows:
            free = np.append(1 - c.caveats, 1.0)[sender]
            self.restless = self.restless * free
            self.worth = free * np.append(c.quality, 1.0)[sender]

    def _index_looks(self) -> None:
        """Work out once whose violence is whose, who looks like whom, and what partnerships are like."""
        w, a, p = self.world, self.actors, self.p
        self.suspects = range(a.judged)
        armed = [-1 if (kind := a.kind(k)) is None else kind for k in range(len(a.names))]
        self.kind_of = np.array([*armed, *[COMMUNAL] * len(w.group_names), -1])
        badges = {
            s.badge for part in (self.setup.missions, self.setup.hosts, self.setup.armed_groups) for s in part.values()
        }
        self.likeness = likeness(self.setup, a, {b: badge_family(b) for b in badges})
        x, links = self.links, range(self.links.rows)
        self.link_ends = list(zip(x.a.tolist(), x.b.tolist(), strict=True))
        ends = list(enumerate(self.link_ends))
        self.partners_of = [
            [(k, b) for k, (a, b) in ends if a == one] + [(k, a) for k, (a, b) in ends if b == one]
            for one in range(len(a.missions))
        ]
        self.link_staff = [staff_share(p, x, k) for k in links]
        self.command_staff = [command_share(p, x, k) for k in links]
        missions = range(len(a.missions))
        self.unity_of = {k: unity(p, x, k) for k in links if x.chains[k] > 1 and {x.a[k], x.b[k]} <= {*missions}}
        vetted = {int(x.recipient[k]) for k in links if x.conditional[k] and x.support_level[k] > 0}
        self.vetted = sorted(vetted & {*missions})
        self.one_map = bool(x.joint_analysis.any())

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
        self.called_for: dict[int, tuple] = {}  # by mission: mandate, components, what its tasks call for
        pull = np.zeros((self.groups.rows, w.cells))
        self.drawn = np.full(self.groups.rows, -1), pull  # by group: focus of its campaign, how much that draws bands
        self.reach_of_group = np.exp(self.range_log[:, self.communities.cell])
        self.pull = np.ascontiguousarray(self.range_share[:, self.communities.cell])
        self.border_near = np.exp(-w.edge_km / self.p.borders.km)
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
        self.share_abroad = p.abroad * np.exp(-w.edge_km / p.border_km)
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


def _slots(names: tuple[str, ...], rows: list[slice]) -> list[tuple[str, int]]:
    """Return each owner's name and how many rows are its own."""
    return [(name, own.stop - own.start) for name, own in zip(names, rows, strict=True)]


@njit(cache=True, nogil=True)
def slots_of(doer, source, first, slots, upto):
    """Return the number, among the slots of all actors, of that from which each act came; see `Model.slot_of`.

    first, slots, upto: by actor, its first source, how many slots it has, and how many those before it have.
    """
    out = np.empty(doer.size, np.int64)
    for j in range(out.size):
        out[j] = upto[doer[j]] + max(source[j] - first[doer[j]], 0) % slots[doer[j]]
    return out


@njit(cache=True, nogil=True)
def present(residents, displaced, places, cells, band_cell, fighters):
    """Count the people of all groups and the bands that have fighters in each cell."""
    people, bands = np.zeros(cells), np.zeros(cells, np.int64)
    for g in range(0, residents.size, max(places.size, 1)):
        for i in range(places.size):
            people[places[i]] += residents[g + i] + displaced[g + i]
    for b in range(band_cell.size):
        if fighters[b] > 0:
            bands[band_cell[b]] += 1
    return people, bands
