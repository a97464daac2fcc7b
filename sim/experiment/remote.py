"""What a Dask worker does for a sweep: it gives each batch to a process of its own, where all limits of a run hold.

Dask plays in threads: there no alarm may be set, a limit of memory would be the whole worker's, and two batches would
share one process. So each thread has a worker process such as local sweeps use, which ends with the Dask worker.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from sim.experiment.manifest import PROJECT, about_here
from sim.experiment.process import Died, WorkerProcess

IDLE_SECONDS = 60
"""How long processes stay whose sweep sends nothing: its main process may have been killed."""


class Crew:
    """The worker processes of one sweep in this Dask worker: as many as it has threads that play."""

    def __init__(self) -> None:
        """Start nothing yet: processes come with the first batch."""
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._lock, self._clock, self._over = threading.Lock(), threading.Timer(0, self.rest), False

    def do(self, parcel: bytes, seconds: float | None) -> Any:
        """Return what comes of a parcel, or Died if its process ends before or is stopped after so many seconds."""
        with self._lock:
            if self._over:
                return Died("it was stopped")
            self._clock.cancel()
            worker = self._idle.pop() if self._idle else WorkerProcess()
            self._busy.add(worker)
        try:
            return worker.do(parcel, seconds)
        finally:
            with self._lock:
                self._busy.discard(worker)
                self._idle.append(worker)
                self._wind()

    def _wind(self) -> None:
        """Let the processes rest when nothing comes for some time."""
        self._clock.cancel()
        self._clock = threading.Timer(IDLE_SECONDS, self.rest)
        self._clock.daemon = True
        self._clock.start()

    def rest(self) -> None:
        """End the processes that have nothing to do; more work starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        _ended(idle)

    def end(self) -> None:
        """End all processes, whatever they do, and start no more."""
        with self._lock:
            self._over = True
            self._clock.cancel()
            busy = list(self._busy)
        for worker in busy:  # the thread that waits for it buries it
            worker.end()
        self.rest()


def _ended(workers: list[WorkerProcess]) -> None:
    """Kill and bury some processes."""
    for worker in workers:
        worker.end()
        worker.bury()


_crews: dict[str, Crew] = {}
_crews_lock = threading.Lock()


def crew(sweep: str) -> Crew:
    """Return the crew of a sweep, made when it is first asked for."""
    with _crews_lock:
        return _crews.setdefault(sweep, Crew())


def work(sweep: str, parcel: bytes, seconds: float | None) -> Any:
    """Return what comes of a parcel of a sweep, or Died if its process ended."""
    return crew(sweep).do(parcel, seconds)


def end(sweep: str) -> None:
    """End all that is here of a sweep; what of it still waits is not begun."""
    crew(sweep).end()


@cache
def made_with() -> dict[str, str | None]:
    """Return with what runs are made in this process: versions of the project, its code, Python and packages."""
    about = about_here(())
    return {PROJECT: about["project"]["version"], "code": about["project"]["code"][:12], **about["versions"]}
