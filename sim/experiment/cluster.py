"""Playing on a Dask cluster that is there already: only its scheduler's address is needed, and no shared files."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from uuid import uuid4

import cloudpickle

from sim.errors import Problem, Problems, SimError
from sim.experiment.extras import need
from sim.experiment.manifest import PROJECT
from sim.experiment.process import Died
from sim.experiment.remote import made_with

Item = TypeVar("Item")
PATIENCE = 10
"""Seconds in which the scheduler must answer."""
JOINING = 60
"""Seconds in which a first worker must join."""
COUNTING = 5.0
"""Seconds after which the workers are counted again."""


class Cluster:
    """Plays items on the workers of a Dask cluster, with a short queue before them.

    A worker that is lost, or leaves, costs nothing: Dask plays its items on another. One whose project, Python or
    packages are other than here is refused before the first item, and with its first item if it joins later.
    """

    def __init__(self, address: str, seconds: Callable[[Any], float | None] | None = None) -> None:
        """Remember the scheduler's address, and how long an item may take (None: as long as it likes).

        Raises SimError where Dask is not installed.
        """
        self._dask = need("distributed", "sweep")
        self.address, self.seconds, self.jobs = address, seconds, 1
        self._name, self._carried, self._counted = f"sweep-{uuid4().hex}", _carried(), 0.0

    def __enter__(self) -> Cluster:
        """Join the cluster, and look at its workers.

        Raises Problems if no scheduler is at the address, SimError if no worker joins or one is other than here.
        """
        self._log_level = logging.getLogger("distributed").level
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it would say, the errors say in one line
        try:
            self._client = self._dask.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            self._quiet_no_more()
            why = f"the address of a Dask scheduler that runs, such as tcp://host:8786 ({_said(error)})"
            raise Problems([Problem("scheduler", self.address, why)]) from None
        try:
            with self._there():
                self._look()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Leave nothing on the cluster: what waits is dropped, what plays is stopped."""
        with suppress(OSError, ValueError, CancelledError):  # a scheduler that has gone needs no farewell
            if self._client.status == "running":
                self._client.run(self._carried, "end", made_with(), self._name, on_error="ignore")
        with suppress(OSError, CancelledError):
            self._client.close(timeout=PATIENCE)
        self._quiet_no_more()

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item) or Died) as they finish.

        Raises SimError if the scheduler goes away, or a worker is other than here.
        """
        flight: dict[Any, Item] = {}
        coming, done = iter(items), self._dask.as_completed(loop=self._client.loop)
        while True:
            while len(flight) < 2 * self.jobs and (item := next(coming, flight)) is not flight:
                with self._there():
                    future = self._start(function, item)  # type: ignore[arg-type]
                flight[future] = item  # type: ignore[assignment]
                done.add(future)
            if not flight:
                return
            with self._there():
                future = next(done)
                found = self._found(future)
                self._count()
            yield flight.pop(future), found

    def _start(self, function: Callable[[Item], Any], item: Item) -> Any:
        """Give an item to the cluster."""
        most = None if self.seconds is None else self.seconds(item)
        told = (self._name, cloudpickle.dumps((function, item)), most)
        return self._client.submit(
            self._carried, "work", made_with(), *told, key=f"{self._name}-{uuid4().hex}", pure=False, retries=0
        )

    def _found(self, future: Any) -> Any:
        """Return what came of an item, or Died if one worker after the other ended while it played there."""
        try:
            address, other, found = future.result()
        except self._dask.KilledWorker as error:
            return Died(f"{error.allowed_failures + 1} workers of the cluster ended with it")
        if other is not None:
            raise SimError(_stranger(address, other))
        return found

    def _look(self) -> None:
        """Wait for a first worker, and refuse those that are other than here."""
        try:
            self._client.wait_for_workers(1, timeout=JOINING)
        except TimeoutError:
            raise SimError(f"{self.address}: no worker has joined this cluster in {JOINING} s") from None
        seen = self._client.get_versions()["workers"]
        pythons = {worker: told["packages"]["python"] for worker, told in seen.items()}
        others = {w: {"python": p} for w, p in pythons.items() if not p.startswith(f"{platform.python_version()}.")}
        if not others:  # what is carried to another Python may not run there
            answers = self._client.run(self._carried, "made_with", made_with())
            others = {worker: other for worker, (_, other, _) in answers.items() if other is not None}
        if others:
            raise SimError("\n".join(_stranger(worker, other) for worker, other in sorted(others.items())))
        self._count()

    def _count(self) -> None:
        """Count, from time to time, how many items the cluster plays at once."""
        if time.monotonic() > self._counted + COUNTING:
            self.jobs = max(1, sum(self._client.nthreads().values()))
            self._counted = time.monotonic()

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Say in one line that the scheduler has gone, and that nothing is lost."""
        try:
            yield
        except (OSError, CancelledError, TimeoutError):
            raise SimError(
                f"{self.address}: the scheduler of the cluster has gone; what is finished is kept, "
                "the same command goes on from there"
            ) from None

    def _quiet_no_more(self) -> None:
        """Let Dask say again what it says."""
        logging.getLogger("distributed").setLevel(self._log_level)


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
