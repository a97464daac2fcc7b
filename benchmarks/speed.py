"""How fast: rules against their per-agent form, whole runs against Mesa's own example, memory, scaling, the ledger.

python benchmarks/speed.py      log: benchmarks/logs/speed.txt
CPU time; everything in one sitting on one machine, so ratios count and seconds do not.
"""

from __future__ import annotations

import math
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from numba import njit
from study import Log

import sim
from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.ledger import Ledger, on_grid
from sim.model import Model
from sim.scenario.names import RULES

RUNS = 3


def crowded() -> sim.Scenario:
    """Return the benchmark's scenario: 600 places and about 260 moving agents."""
    base = sim.load("un_au_parallel")
    return base.but({"weeks": 260, "missions.UN.arrives": 0, "missions.AU.arrives": 0} | {
        f"armed_groups.{name}.bands": 36 for name in base.armed_groups
    })  # fmt: skip


# -- the same rules as loops over Mesa agents: they work out the same quantities and change nothing ------------------------


def attacks_by_agent(m: Model) -> float:
    """Work out each band's attack rate and draw its slots, one agent at a time."""
    p, total, u = m.p, 0.0, m.band_luck("attacks", "", int(m.p.violence.slots), 3)
    season = 1 - p.violence.season * math.sin(2 * math.pi * m.week / 52)
    for band in m.agents_by_type[AGENT["Band"]]:
        cell, group = band.cell, m.groups
        memory = m.cells.memory[0, cell]
        boost = 1 + p.violence.near_repeat * memory / (1 + memory / p.violence.memory_scale)
        focus = group.focus[band.group]
        km = math.hypot(m.world.x[focus] - m.world.x[cell], m.world.y[focus] - m.world.y[cell])
        tempo = math.exp(group.tempo[band.group] + m.hosts.tempo[m.world.host[cell]] - m.tempo_mean)
        rate = p.attacks.base * band.fighters / p.violence.band_fighters * m.disposition[cell] * boost * tempo * season
        rate *= 1 + p.violence.focus * math.exp(-km / p.violence.focus_km)
        desperate = p.attacks.desperation_size * (1 - math.exp(-band.lost / p.attacks.desperation_loss))
        local, effort, unmet = 1.0, 0.0, 1.0
        for k in m.at_work:
            over = 1 - math.exp(-m.near[2, k, cell] / (100 * p.restraint.hundreds))
            belief = band.belief[k]
            local *= 1 - min(0.95, p.restraint.watch * m.missions.hears[k] + p.restraint.act * belief) * over
            unmet *= 1 - belief * over
            uniformed = (m.missions.deployed[0, k] + m.missions.deployed[1, k]) / 1000 * 5e6 / m.residents_at_start
            effort += uniformed * m.missions.cover[0, k] * m.credibility[k] * m.missions.informed[k]
        rate *= 1 + desperate + p.attacks.revenge_size * band.revenge / (1 + band.revenge) * unmet
        rate *= local * math.exp(-p.restraint.beta * effort)
        rate = p.violence.cap * -math.expm1(-rate / p.violence.cap)
        for slot in range(int(p.violence.slots)):
            total += u[band.row, slot, 0] < -math.expm1(-rate / p.violence.slots)
    return total


def response_by_agent(m: Model) -> float:
    """Let each unit see which attacks lie in its reach and decide; let each band learn; one agent at a time."""
    p, answered = m.p, 0.0
    attacks = [(int(c), int(k)) for c, k in zip(m.acts.cell, m.acts.kind, strict=True) if k in (ATTACK, ABUSE)]
    for k in m.at_work:
        for cell, _ in attacks:
            able = 0.0
            for unit in m.agents_by_type[AGENT["MissionUnit"]]:
                if unit.mission == k and unit.cell >= 0:
                    far = max(
                        abs(m.world.row[unit.cell] - m.world.row[cell]), abs(m.world.col[unit.cell] - m.world.col[cell])
                    )
                    if far * m.world.side_km <= p.units.mobile_reach_km:
                        able += unit.people * (1 - m.missions.force_protection[k])
            chance = p.response.base_chance * m.missions.cover[0, k] * m.missions.risk_tolerance[k]
            answered += chance * (1 - math.exp(-able / p.response.strength_people))
        means: dict[int, list[float]] = {}
        for band in m.agents_by_type[AGENT["Band"]]:
            means.setdefault(band.group, []).append(band.belief[k])
        for band in m.agents_by_type[AGENT["Band"]]:
            cell, spared = band.cell, 0.0
            spared += band.belief[k] + p.belief.spread * (statistics.fmean(means[band.group]) - band.belief[k])
            able = m.near[0, k, cell] * (1 - m.missions.force_protection[k])
            answered += 0.0 * spared * (1 - math.exp(-able / p.response.strength_people))
    return answered


def harm_by_agent(m: Model) -> float:
    """Let each community hear of each deadly act and lower its opinion of who did it, one agent at a time."""
    p, moved = m.p, 0.0
    kinds = (ATTACK, ABUSE, MISSION_HARM)
    deadly = [j for j in range(m.acts.size) if m.acts.civilians[j] > 0 and m.acts.community[j] >= 0]
    deadly = [j for j in deadly if m.acts.kind[j] in kinds]
    for community in m.agents_by_type[AGENT["Community"]]:
        for j in deadly:
            cell = int(m.acts.cell[j])
            km = math.hypot(m.world.x[community.cell] - m.world.x[cell], m.world.y[community.cell] - m.world.y[cell])
            felt = min(m.acts.civilians[j], p.harm.most_dead) / p.harm.dead_unit
            felt *= 1.0 if km == 0 else p.harm.news * math.exp(-km / p.harm.news_km)
            felt *= 1.0 if m.communities.group[m.acts.community[j]] == community.group else p.harm.other_group
            doer = int(m.acts.perpetrator[j])
            moved += p.harm.cap * -math.expm1(-p.harm.loss * felt / p.harm.cap) * community.legitimacy[doer]
    return moved


def decay_by_agent(m: Model) -> float:
    """Let each community's perceptions return towards what it thought at first, one agent at a time."""
    moved, rate = 0.0, m.p.perceptions.decay
    for community in m.agents_by_type[AGENT["Community"]]:
        views, prior = community.perceptions, m.communities.prior[:, :, community.row]
        for a in range(len(m.actors.names)):
            for q in range(3 if a < m.actors.judged else 1):
                moved += rate * (prior[q, a] - views._values[q, a])
    return moved


BY_AGENT = {
    "attacks": attacks_by_agent,
    "response": response_by_agent,
    "harm_seen": harm_by_agent,
    "decay": decay_by_agent,
}
AGENT = {}


def rules_against_agents(log: Log) -> None:
    """Time four rules in the course of a run, each beside its form as a loop over agents."""
    m = Model(crowded(), 0, keep={"summary"})
    AGENT.update({type(a).__name__: type(a) for a in m.agents})
    spent = dict.fromkeys(BY_AGENT, 0.0)
    loops = dict.fromkeys(BY_AGENT, 0.0)
    rules = m.rules
    m.rules = tuple(_timed(r, spent, loops) if r.name in BY_AGENT else r for r in rules)
    for _ in range(60):
        m.step()
    log(f"\nRules over 60 weeks, {m.communities.rows} communities, {m.bands.rows} bands (asked: at most a tenth)")
    for name in BY_AGENT:
        log(
            f"  {name:10s} {1e6 * spent[name] / 60:7.0f} us a week; by agent {1e6 * loops[name] / 60:9.0f} us: {spent[name] / loops[name]:.3f}"
        )
    whole, by_agent = sum(spent.values()), sum(loops.values())
    log(
        f"  together   {1e6 * whole / 60:7.0f} us a week; by agent {1e6 * by_agent / 60:9.0f} us: {whole / by_agent:.3f}"
    )
    m.dispose()


def _timed(rule, spent: dict[str, float], loops: dict[str, float]):
    """Return a rule that also times itself, after its form by agent on the same state."""

    def play(m: Model) -> None:
        start = time.process_time()
        BY_AGENT[rule.name](m)
        middle = time.process_time()
        rule(m)
        if m.week > 5:
            loops[rule.name] += middle - start
            spent[rule.name] += time.process_time() - middle

    play.name = rule.name
    return play


FIRST = (
    "timeline", "authority", "arrival", "reports", "picture", "siting", "campaigns", "band_moves", "state_moves", "battles",
    "attacks", "state_abuse", "response", "offensives", "revenge", "recruitment", "attribution", "complicity",
    "protection_seen", "harm_seen", "inaction", "speaking_out", "contact", "decay", "record",
)  # fmt: skip
"""The rules of the model's first form; all metrics are measured with them too."""


def whole_runs(log: Log) -> None:
    """A run with ledger and metrics against Mesa's Epstein civil-violence example, interleaved: all rules, and the first."""
    few = crowded().but({"disable": sorted(set(RULES) - set(FIRST))})
    ours, first, theirs = [], [], []
    Model(crowded(), 0).step()
    for k in range(RUNS):
        for setup, times in ((crowded(), ours), (few, first)):
            m = Model(setup, k)
            times.append(_steps(m, 260))
            movers = m.bands.rows + m.forces.rows + m.units.rows
            m.dispose()
        theirs.append(_steps(_epstein(k), 260))
    a, c, b = (statistics.median(x) for x in (ours, first, theirs))
    log(
        f"\nA run of 600 places, {movers} moving agents, 260 weeks, all rules: {a:.2f} s; Mesa's Epstein example {b:.2f} s: {b / a:.1f} times (asked: 5)"
    )
    log(f"  with the {len(FIRST)} rules of the first form: {c:.2f} s: {b / c:.1f} times (asked: 10)")


def _steps(model, weeks: int) -> float:
    """Return the CPU time of so many steps."""
    start = time.process_time()
    for _ in range(weeks):
        model.step()
    return time.process_time() - start


def _epstein(seed: int):
    """Return Mesa's example in the constructor of 3.3 or of 3.5."""
    from mesa.examples.advanced.epstein_civil_violence import model as epstein

    size = {"citizen_density": 0.65, "cop_density": 0.05, "citizen_vision": 7, "cop_vision": 7, "max_iters": 10**6}
    if hasattr(epstein, "EpsteinScenario"):
        return epstein.EpsteinCivilViolence(width=36, height=36, scenario=epstein.EpsteinScenario(rng=seed, **size))
    return epstein.EpsteinCivilViolence(width=36, height=36, seed=seed, **size)


def scaling(log: Log) -> None:
    """Time with places, all else fixed."""
    base = sim.load("un_au_parallel").but({"weeks": 40, "world.grid": [170, 170], "world.side_km": 10.0, "spin_up": 4})
    seconds = {}
    for places in (2_000, 20_000, 2_000, 20_000):
        m = Model(base.but({"world.places": places}), 0, keep={"weeks", "summary"})
        m.step()
        seconds[places] = min(seconds.get(places, np.inf), _steps(m, 39))
        m.dispose()
    log(
        f"\nScaling: 2,000 places {seconds[2_000]:.2f} s, 20,000 places {seconds[20_000]:.2f} s: x {seconds[20_000] / seconds[2_000]:.1f} (asked: at most 11)"
    )


@njit(cache=True, nogil=True)
def move(values, opinion, rate, target, met, start):
    """Move one perception towards a target where it is known, rounded, and book nothing."""
    for g in range(start.size - 1):
        for i in range(start[g], start[g + 1]):
            if met[i]:
                r = rate[0 if rate.size == 1 else i if rate.size == start[-1] else i - start[g]]
                t = target[0 if target.size == 1 else i if target.size == start[-1] else i - start[g]]
                values[i] += np.rint(r * (t - opinion[i]) * 2.0**32) * 2.0**-32


@njit(cache=True, nogil=True)
def move_each(values, opinion, actors, quantities, rate, target, met, start):
    """Move some perceptions of some actors; rate and target: one row serves all along either of the first two axes."""
    for n in range(actors.size):
        for i in range(quantities.size):
            a, q = actors[n], quantities[i]
            r = rate[min(n, rate.shape[0] - 1), min(i, rate.shape[1] - 1)]
            t = target[min(n, target.shape[0] - 1), min(i, target.shape[1] - 1)]
            move(values[q, a], opinion[q, a], r, t, met[a], start)


class Bare(Ledger):
    """A ledger that moves stocks and books nothing, to see what booking costs."""

    def perceive_each(self, rule, quantities, actors, rate, target, cause="") -> None:
        """Move perceptions, rounded, where they are known."""
        who = np.array(actors, np.int64), np.array(quantities, np.int64)
        move_each(self._perceptions, self.opinion, *who, rate, target, self._met, self.audiences.start)

    def share(self, rule, quantity, stock, at, delta, actor, audience="", cause="") -> None:
        """Move a share."""
        stock[at] += float(on_grid(delta))

    def people(self, rule, quantity, stock, at, number, actor="", audience="", cause="") -> None:
        """Move people."""
        stock[at] += number

    def people_by_cause(self, rule, quantity, stock, start, owners, causes, moves) -> None:
        """Move people for several causes."""
        for number in moves:
            stock += number

    def people_by_group(self, rule, stocks) -> None:
        """Move people between stocks."""
        for stock, number in stocks.values():
            stock += number


def ledger_cost(log: Log) -> None:
    """The share of a run that the ledger takes."""
    with_it, without = [], []
    for k in range(RUNS):
        for kind, times in ((Ledger, with_it), (Bare, without)):
            m = Model(crowded(), k)
            m.ledger.__class__ = kind
            times.append(_steps(m, 200))
            m.dispose()
    a, b = statistics.median(with_it), statistics.median(without)
    log(
        f"\nLedger: {a:.2f} s with, {b:.2f} s with stocks moved and nothing booked: {max(0.0, 1 - b / a):.0%} of run time (asked: under 20 %)"
    )


def memory(log: Log) -> None:
    """A worker's size above its imports, over ten runs."""
    code = (
        "import sim\nfrom sim.model import Model\ns = sim.load('un_au_parallel').but({'weeks': 260})\n"
        "m = Model(s.but({'weeks': 2}), 0).run(); m.tables(); m.dispose(); del m\n"
        "size = lambda: next(int(x.split()[1]) / 1024 for x in open('/proc/self/status') if x.startswith('VmHWM'))\nbefore = size()\n"
        "for k in range(10):\n    m = Model(s, k).run(); t = m.tables(); m.dispose(); del m, t\nprint(size() - before, before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    grown, before = map(float, done.stdout.split())
    log(
        f"\nMemory: ten runs of 260 weeks raise the peak by {grown:.0f} MB above {before:.0f} MB after imports (asked: at most 150)"
    )


def main() -> None:
    log = Log("speed")
    rules_against_agents(log)
    whole_runs(log)
    ledger_cost(log)
    scaling(log)
    memory(log)
    log(f"\npeak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    log.close()


if __name__ == "__main__":
    main()
