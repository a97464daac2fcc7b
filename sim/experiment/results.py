"""Results: what came of running scenarios, as data frames that compare, explain, draw and save themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from sim.errors import Problem, Problems, SimError, nearest
from sim.experiment import text
from sim.experiment.attribution import Attribution, attribute, sent
from sim.experiment.comparison import Comparison, compare
from sim.experiment.drawing import Figures
from sim.experiment.engine import as_jobs
from sim.experiment.plan import Plan, Scenarios, Seeds, as_seeds, as_setups
from sim.experiment.sources import Memory
from sim.experiment.study import Study, open_study, saved_study
from sim.experiment.tables import TABLES, as_keep, to_frame
from sim.experiment.why import Why, why
from sim.experiment.worker import Failure

if TYPE_CHECKING:
    from sim.report.offline import Page
    from sim.scenario import Scenario
    from sim.scenario.scene import Scene

TOLD = 3


class Table:
    """A table of the results, put together when it is first asked for."""

    def __init__(self, rows: str) -> None:
        """Say what a row is."""
        self.__doc__ = f"A data frame with a row per scenario, seed{rows}; texts are categorical."

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name under which the table stands."""
        self.name = name

    @overload
    def __get__(self, results: None, owner: type) -> Table: ...
    @overload
    def __get__(self, results: Results, owner: type) -> pd.DataFrame: ...
    def __get__(self, results: Results | None, owner: type) -> Table | pd.DataFrame:
        """Return the data frame."""
        if results is None:
            return self
        frame = results.__dict__[self.name] = results._frame(self.name)
        return frame


class Results:
    """What came of running scenarios over seeds.

    Tables are data frames whose first columns are `scenario` and `seed`. `setups` holds the scenarios by label, `seeds`
    what was asked for, `plan` the whole plan, `folder` the place on disk or None.
    """

    weeks = Table(", week: a column per metric")
    actors = Table(", week, metric, actor: value")
    perceptions = Table(", week, audience, actor: legitimacy, impartiality, credibility (0-1), no_opinion, people")
    summary = Table(": a column per metric over the run, `metric:actor` for those by actor")
    events = Table(", week, event")
    units = Table(", week, unit")
    ledger = Table(", week, rule, quantity, actor, audience, cause: change")
    communities = Table(", week, community")

    def __init__(self, study: Study, scenarios: Iterable[str], seeds: Sequence[int]) -> None:
        """Look at some scenarios and seeds of a study."""
        self.study = study
        self.setups: Mapping[str, Scenario] = {label: study.plan.setups[label] for label in scenarios}
        self.seeds = tuple(seeds)

    @property
    def plan(self) -> Plan:
        """The plan of the whole study."""
        return self.study.plan

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The labels of the scenarios, in order."""
        return tuple(self.setups)

    @property
    def folder(self) -> Path | None:
        """Where the results are on disk, or None."""
        return self.study.folder

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that were kept."""
        return self.study.keep

    @property
    def plot(self) -> Figures:
        """Figures of these results: `results.plot.<name>()`, Matplotlib axes in and out."""
        return Figures(self)

    @cached_property
    def _runs(self) -> pd.DataFrame:
        """A row per run: id, scenario, seed, error, summary."""
        return to_frame(self.study.source.read("runs"), self.scenarios, self.seeds)

    @cached_property
    def failed(self) -> pd.DataFrame:
        """The runs that raised: id, scenario, seed, error."""
        runs = self._runs
        return runs.loc[runs["error"].notna(), ["id", "scenario", "seed", "error"]].reset_index(drop=True)

    def _frame(self, name: str) -> pd.DataFrame:
        """Return a table as a data frame.

        Raises SimError if it was not kept.
        """
        if name not in self.tables:
            raise SimError(f"the table {name!r} was not kept: run again with keep={[*self.tables, name]!r}")
        if name == "summary":
            played = self._runs[self._runs["error"].isna()]
            return played.drop(columns=["id", "error"]).reset_index(drop=True)
        return to_frame(self.study.source.read(name), self.scenarios, self.seeds)

    def compare(self, baseline: str | Scenario, metrics: str | Iterable[str] | None = None) -> Comparison:
        """Return paired differences from a baseline on the same seeds, with intervals.

        baseline: a label, or a scenario of these results. metrics: names (`civilians_killed`, which takes its actors
        along, or `civilians_killed:rebels`); all if not said. Raises SimError for unknown names or a single scenario.
        """
        return compare(self, baseline, metrics)

    def why(
        self, quantity: str, actor: str, audience: str = "all", scenario: str | None = None, seeds: Seeds | None = None
    ) -> Why:
        """Return what moved a quantity, from the ledger: rules and causes, summed over weeks, means over seeds.

        quantity: `legitimacy`, `impartiality`, `credibility`, or another that the ledger keeps. audience: whose
        opinion; `all`, a group, or `displaced`. scenario: one label, or all. Raises SimError for names not there.
        """
        chosen = self.scenarios if scenario is None else (self.label(scenario),)
        wanted = self.seeds if seeds is None else as_seeds(seeds)
        return why(self, quantity, actor, audience, chosen, wanted)

    def attribute(
        self, scenario: str | None = None, jobs: int | None = None, progress: bool | None = None
    ) -> Attribution:
        """Return who of the missions of one scenario averted how much harm, on the seeds of these results.

        scenario: a label; if not said the last with missions. Arms that are not among these results are played and not
        kept. Raises SimError where nobody is sent.
        """
        label = sent(self) if scenario is None else self.label(scenario)
        return attribute(self.setups[label], self.seeds, jobs, progress=progress, given=self)

    def shown(self, metric: str = "civilians_killed", scenario: str | None = None) -> int:
        """Return the seed of the median run: nearest to the median of the metric, in all scenarios together.

        Distances are in units of run-to-run spread; of equals the lowest seed. Raises SimError for unknown names.
        """
        chosen = self.scenarios if scenario is None else (self.label(scenario),)
        if metric not in self.summary:
            raise SimError(str(Problem("metric", metric, "a column of summary", nearest(metric, self.summary.columns))))
        wide = self.summary.pivot(index="seed", columns="scenario", values=metric)[list(chosen)].dropna()
        if wide.empty:
            raise SimError(f"{metric}: no seed has a value in every scenario")
        distance = ((wide - wide.median()).abs() / wide.std().replace(0, 1).fillna(1)).sum(axis=1)
        return int(distance.round(9).sort_index().idxmin())

    def page(self, scene: str | Scene | None = None, worlds: int = 12, jobs: int | None = None) -> Page:
        """Return the trainer's offline page of the first two scenarios, A and B; `.save("page.html")` writes it.

        scene: a training scene or its name, for its words and metrics. worlds: how many plausible worlds are tried,
        each played in both arms. Raises Problems where the two do not share weeks, start and country.
        """
        from sim.experiment.scenes import scene as load_scene
        from sim.report.offline import page

        return page(self, load_scene(scene) if isinstance(scene, str) else scene, worlds=worlds, jobs=jobs)

    def more(self, seeds: Seeds, jobs: int | None = None, progress: bool | None = None) -> Results:
        """Return these results with further seeds, playing only those that are new.

        seeds: a number n for the next n, or a list. In a folder, the folder grows as well.
        """
        first = max(self.seeds) + 1
        wanted = as_seeds(seeds)
        new = tuple(first + s for s in wanted) if isinstance(seeds, int) else wanted
        source = self.study.source
        held = Memory(source.batches) if isinstance(source, Memory) else source
        study = Study(self.plan, held, self.tables, self.study.model)
        return play(study, self.setups, tuple(dict.fromkeys((*self.seeds, *new))), jobs, progress)

    def save(self, folder: str | Path) -> Results:
        """Write everything to a new folder and return the results as they are there (also by `sim.read`).

        Raises SimError if the folder holds a study already.
        """
        return Results(self.study.saved(folder), self.scenarios, self.seeds)

    def label(self, scenario: str | Scenario) -> str:
        """Return the label of a scenario of these results.

        Raises Problems with the nearest label otherwise.
        """
        label = scenario if isinstance(scenario, str) else scenario.name
        if label not in self.setups:
            allowed = "one of " + ", ".join(self.scenarios)
            raise Problems([Problem("scenario", label, allowed, nearest(label, self.scenarios))])
        return label

    def __len__(self) -> int:
        """Return the number of finished runs."""
        return len(self.summary)

    def __repr__(self) -> str:
        """Read as what was run and the headline metrics."""
        return text.results(self)

    def _repr_html_(self) -> str:
        """Read as a small page in a notebook."""
        return text.results_html(self)

    def __dir__(self) -> list[str]:
        """Offer the tables that were kept."""
        return [n for n in super().__dir__() if n not in TABLES or n in self.tables]


class RunsFailed(SimError):
    """Some runs raised; the others are in `results`, and `failures` says which failed and why."""

    def __init__(self, failures: Sequence[Failure], results: Results, runs: int) -> None:
        """Say how many failed, and show the first few."""
        self.failures, self.results = tuple(failures), results
        told = [f"{f.run.scenario}, seed {f.run.seed}: {f.error}\n{f.tail}".rstrip() for f in failures[:TOLD]]
        more = [f"and {len(failures) - TOLD} more"] if len(failures) > TOLD else []
        kept = [f"the others are kept in {results.folder}"] if results.folder and len(failures) < runs else []
        super().__init__("\n".join([f"{len(failures)} of {runs} runs failed", *told, *more, *kept]))


def play(
    study: Study, setups: Mapping[str, Scenario], seeds: Sequence[int], jobs: int | None, progress: bool | None
) -> Results:
    """Play what a study lacks of these scenarios and seeds, and return their results.

    Raises RunsFailed, after all others have finished, if runs raise.
    """
    study = study.with_plan(study.plan.extended(setups, seeds))
    wanted = [(label, seed) for label in setups for seed in seeds]
    failures = study.finish(wanted, as_jobs(jobs), progress)
    results = Results(study, setups, seeds)
    if failures:
        raise RunsFailed(failures, results, len(wanted))
    return results


def run(
    scenarios: Scenarios,
    seeds: Seeds = 30,
    jobs: int | None = None,
    keep: Iterable[str] | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
    _model: type | None = None,
) -> Results:
    """Run every scenario with every seed and return tidy results; the same for any number of processes.

    scenarios: one or several scenarios, names or paths. seeds: a number n for 0 .. n-1, or a list. jobs: processes, by
    default all cores this process may use; 1 plays here. keep: the tables to keep, `summary` always among them; all but
    `communities` if not said. out: a folder to write to (nothing is written without); runs that it holds already are
    not played again. progress: False for silence.

    Raises SimError for bad arguments and two scenarios of one label; RunsFailed, which has the others' results, if runs
    raise; Interrupted (a KeyboardInterrupt) if the user stops it, what is finished being kept in `out`.
    """
    setups, wanted, jobs = as_setups(scenarios), as_seeds(seeds), as_jobs(jobs)
    return play(open_study(out, as_keep(keep), _model), setups, wanted, jobs, progress)


def read(folder: str | Path) -> Results:
    """Return the results that were saved in a folder, with the same methods.

    Raises SimError if there is no study.
    """
    study = saved_study(folder)
    seeds: dict[int, Any] = dict.fromkeys(seed for label in study.plan.setups for seed in study.plan.seeds(label))
    return Results(study, study.plan.setups, tuple(seeds))
