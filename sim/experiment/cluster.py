"""Playing on a Dask cluster that is there already: only its scheduler's address is needed, and no shared files."""

from __future__ import annotations

import logging
import platform
import sys
import time
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import cloudpickle

from sim.errors import Problem, Problems, SimError
from sim.experiment.extras import need
from sim.experiment.manifest import PROJECT
from sim.experiment.process import Died, opened
from sim.experiment.remote import made_with

Item = TypeVar("Item")
PATIENCE = 10
"""Seconds in which the scheduler must answer."""
JOINING = 60
"""Seconds in which a first worker must join."""
LOOKING = 1.0
"""Seconds after which the workers are counted again, and those that are new looked at."""
LONG = 60
"""Seconds in which a result must come over the line, unless its worker was lost."""
LOGGERS = ("distributed", "distributed.client")
KEPT = "what is finished is kept, the same command goes on from there"


class Cluster:
    """Plays items on the workers of a Dask cluster, with a short queue before them.

    A worker that is lost, or leaves, costs nothing: Dask plays its items on another. One whose project, Python or
    packages are other than here is refused: before the first item, or as soon as it joins.
    """

    def __init__(self, address: str, seconds: Callable[[Any], float | None] | None = None) -> None:
        """Remember the scheduler's address, and how long an item may take (None: as long as it likes).

        Raises SimError where Dask is not installed.
        """
        self._dask = need("distributed", "sweep")
        self.address, self.seconds, self.jobs = address, seconds, 1
        self._carried, self._known, self._looked = _carried(), set[str](), 0.0

    def __enter__(self) -> Cluster:
        """Join the cluster, and look at its workers.

        Raises Problems if no scheduler is at the address, SimError if no worker joins or one is other than here.
        """
        self._levels = [logging.getLogger(name).level for name in LOGGERS]
        _set_levels([logging.CRITICAL + 1] * len(LOGGERS))  # what they would say, the errors say in one line
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._client = self._dask.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            _set_levels(self._levels)
            why = f"the address of a Dask scheduler that runs, such as tcp://host:8786 ({_said(error)})"
            raise Problems([Problem("scheduler", self.address, why)]) from None
        try:
            self._wait()
            self._look()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Leave: the scheduler drops what waits for us, and workers end what they play of it."""
        with suppress(OSError, CancelledError):
            self._client.close(timeout=PATIENCE)
        _set_levels(self._levels)

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item) or Died) as they finish.

        Raises SimError if the scheduler goes away, a worker is other than here, or what it plays raises.
        """
        flight: dict[str, Item] = {}
        coming, done = iter(items), SimpleQueue[Any]()
        while True:
            self._look()
            while len(flight) < 2 * self.jobs and (item := next(coming, flight)) is not flight:
                future = self._start(function, item)  # type: ignore[arg-type]
                flight[future.key] = item  # type: ignore[assignment]
                future.add_done_callback(done.put)
            if not flight:
                return
            with suppress(Empty):
                future = done.get(timeout=LOOKING)
                yield flight.pop(future.key), self._found(future)

    def _start(self, function: Callable[[Item], Any], item: Item) -> Any:
        """Give an item to the cluster."""
        most = None if self.seconds is None else self.seconds(item)
        told = ("work", made_with(), cloudpickle.dumps((function, item)), most)
        with self._there():
            return self._client.submit(self._carried, *told, pure=False, retries=0)

    def _found(self, future: Any) -> Any:
        """Return what came of an item, or Died if one worker after the other ended while it played there."""
        try:
            address, other, answer = self._result(future)
            if other is not None:
                raise SimError(_stranger(address, other))
            return opened(answer)
        except self._dask.KilledWorker as error:
            return Died(f"{error.allowed_failures + 1} workers of the cluster ended with it")
        except SimError:
            raise
        except Exception as error:
            self._check(self._threads())  # a worker that is other than here fails in its own ways
            what = f"{type(error).__name__}: {_said(error)}".removesuffix(f": {type(error).__name__}")
            raise SimError(f"{self.address}: a worker failed: {what}; {KEPT}") from error

    def _result(self, future: Any) -> Any:
        """Return what a worker answered, or raise what went wrong there."""
        while True:
            try:
                return future.result(timeout=LONG)
            except TimeoutError:  # its worker was lost with the result: it is played again
                if future.status == "error":
                    raise
                self._threads()
            except (OSError, CancelledError):
                if future.status == "error":
                    raise
                raise self._gone() from None

    def _wait(self) -> None:
        """Wait for a first worker."""
        if not self._threads():
            _tell(f"{self.address}: no worker has joined yet; waiting at most {JOINING} s")
        try:
            self._client.wait_for_workers(1, timeout=JOINING)
        except TimeoutError:
            raise SimError(f"{self.address}: no worker has joined this cluster in {JOINING} s") from None
        except (OSError, CancelledError):
            raise self._gone() from None

    def _look(self) -> None:
        """Count, from time to time, how many items the cluster plays at once, and look at workers that are new."""
        if time.monotonic() < self._looked + LOOKING:
            return
        threads = self._threads()
        if self._known and not threads:
            _tell(f"{self.address}: no worker is left; waiting until one joins")
        self._check(threads.keys() - self._known)
        self._known, self.jobs = set(threads), max(1, sum(threads.values()))
        self._looked = time.monotonic()

    def _threads(self) -> dict[str, int]:
        """Return how many threads each worker has by its address."""
        with self._there():
            return self._client.nthreads()

    def _check(self, workers: Collection[str]) -> None:
        """Refuse workers that are other than here: the first is named."""
        if not workers:
            return
        with self._there():
            seen = self._client.get_versions()["workers"]
            pythons = {w: told["packages"]["python"] for w, told in seen.items() if w in workers and told}
            others = {w: {"python": p} for w, p in pythons.items() if not p.startswith(f"{platform.python_version()}.")}
            if not others and pythons:  # what is carried to another Python may not run there
                asked = {"workers": list(pythons), "on_error": "ignore"}  # one that has left since says nothing
                answers = self._client.run(self._carried, "made_with", made_with(), **asked)
                others = {worker: other for worker, (_, other, _) in answers.items() if other is not None}
        if others:
            more = f" (so it is with {len(others) - 1} more)" if len(others) > 1 else ""
            raise SimError(_stranger(*min(others.items())) + more)

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Say in one line that the scheduler has gone, and that nothing is lost."""
        if self._client.status != "running":
            raise self._gone()
        try:
            yield
        except (OSError, CancelledError):
            raise self._gone() from None

    def _gone(self) -> SimError:
        """Return the error that says so."""
        return SimError(f"{self.address}: the scheduler of the cluster has gone; {KEPT}")


def _tell(what: str) -> None:
    """Say in a line on standard error what a cluster waits for."""
    print(what, file=sys.stderr, flush=True)


def _set_levels(levels: list[int]) -> None:
    """Let Dask's loggers say what is of these levels and above."""
    for name, level in zip(LOGGERS, levels, strict=True):
        logging.getLogger(name).setLevel(level)


def _carried() -> Callable[..., tuple[str, Any, Any]]:
    """Return a function that does something of `sim.experiment.remote` on a worker.

    It is carried there whole, since a worker may lack the project. It returns the worker's address, in what the worker
    is other than here (None: in nothing; words where it cannot import the project), and what was asked for.
    """
    project = PROJECT

    def do(name: str, here: Mapping[str, str | None], *told: Any, dask_worker: Any = None) -> tuple[str, Any, Any]:
        import importlib.metadata

        import distributed

        address = (dask_worker or distributed.get_worker()).address
        try:
            remote = importlib.import_module("sim.experiment.remote")
        except ImportError as error:
            versions = [d.version for d in importlib.metadata.distributions(name=project)]
            return address, f"{' '.join(versions[:1]) or 'none'}, which cannot be used: {error}", None
        there = remote.made_with()
        return (address, there, None) if there != here else (address, None, getattr(remote, name)(*told))

    return do


def _stranger(worker: str, other: Mapping[str, str | None] | str) -> str:
    """Say in one line in what a worker is other than here, and what to do."""
    here = made_with()
    if isinstance(other, str):
        what = f"{PROJECT} {other} (here {here[PROJECT]})"
    else:
        what = ", ".join(f"{k} {v} (here {here.get(k)})" for k, v in other.items() if v != here.get(k))
    return f"worker {worker}: {what}; install there what is here and start that worker anew"


def _said(error: Exception) -> str:
    """Return an error's first line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
