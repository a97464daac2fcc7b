"""What a Dask worker does for a sweep: it gives each batch to a process of its own, where all limits of a run hold.

Dask plays in threads: there no alarm may be set, a limit of memory would be the whole worker's, and two batches would
share one process. So each thread has a worker process such as local sweeps use. It ends as soon as nobody waits any
more for what it plays: the main process has gone, or the scheduler has, or the Dask worker closes.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Any

from sim.experiment.manifest import PROJECT, about_here
from sim.experiment.process import Died, WorkerProcess

IDLE_SECONDS = 5.0
"""How long a process with nothing to do stays ready."""
WATCH_SECONDS = 0.5
"""How often it is looked whether anybody waits."""


class Waiting:
    """Somebody who waits for the task that this thread plays for Dask: true as long as there is anybody."""

    def __init__(self, worker: Any) -> None:
        """Remember the Dask worker and the key of its task."""
        self._worker, self._key = worker, worker.get_current_task()

    def __bool__(self) -> bool:
        """Say whether the worker stays and its task is still wanted."""
        task = self._worker.state.tasks.get(self._key)
        stays = self._worker.status.name in ("running", "paused", "closing_gracefully")
        return stays and task is not None and task.state == "executing"


class Crew:
    """The processes of a Dask worker, as many as it has threads that play, and a thread that watches over them."""

    def __init__(self) -> None:
        """Start nothing yet: processes come with the first batch."""
        self._busy: dict[WorkerProcess, Any] = {}
        self._idle: dict[WorkerProcess, float] = {}
        self._lock, self._watched = threading.Lock(), False

    def answer(self, parcel: bytes, seconds: float | None, waiting: Any) -> bytes | Died:
        """Return, packed, what comes of a parcel, or Died if its process ends before or takes longer than it may.

        waiting: true as long as anybody waits; after that the process is ended.
        """
        process = self._taken(waiting)
        try:
            return process.answer(parcel, seconds)
        finally:
            with self._lock:
                kept = process in self._busy
                if kept:
                    del self._busy[process]
                    self._idle[process] = time.monotonic()
            if not kept:  # the watch ended it, and it starts no more
                process.bury()

    def _taken(self, waiting: Any) -> WorkerProcess:
        """Return a process that has nothing to do, and let it be watched."""
        with self._lock:
            process = self._idle.popitem()[0] if self._idle else WorkerProcess()
            self._busy[process] = waiting
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, daemon=True).start()
        return process

    def _watch(self) -> None:
        """End processes for which nobody waits, or that had nothing to do for a while, until none is left."""
        over = False
        while not over:
            time.sleep(WATCH_SECONDS)
            with self._lock:
                late = time.monotonic() - IDLE_SECONDS
                unwanted = [process for process, waiting in self._busy.items() if not waiting]
                unused = [process for process, since in self._idle.items() if since < late]
                self._busy = {process: w for process, w in self._busy.items() if process not in unwanted}
                self._idle = {process: s for process, s in self._idle.items() if process not in unused}
                over = not (self._busy or self._idle)
                self._watched = not over
            for process in unwanted:  # the thread that waits for it buries it
                process.end()
            for process in unused:
                process.end()
                process.bury()


_crew = Crew()


def work(parcel: bytes, seconds: float | None) -> bytes | Died:
    """Return, packed, what comes of a parcel, or Died if its process ended or took longer than it may.

    Raises Reschedule, which is for Dask alone, if the process was ended because this worker closes.
    """
    from distributed import Reschedule, get_worker

    waiting = Waiting(get_worker())
    answer = _crew.answer(parcel, seconds, waiting)
    if not waiting:
        raise Reschedule
    return answer


@cache
def made_with() -> dict[str, str | None]:
    """Return with what runs are made in this process: versions of the project, its code, Python and packages."""
    about = about_here(())
    return {PROJECT: about["project"]["version"], "code": about["project"]["code"][:12], **about["versions"]}
