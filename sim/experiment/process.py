"""One worker process and the lines to it, which no other process shares: its death, at any moment, touches no other."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import traceback
from multiprocessing import current_process
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import cloudpickle
from loky.backend.context import LokyContext
from loky.backend.process import LokyProcess

from sim.errors import SimError
from sim.experiment.worker import last_places, prepare

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM")}
STARTS = 3
"""How often a process that ends before it is ready is started anew."""

_starting = threading.Lock()


class Died(NamedTuple):
    """What comes in place of a result where the process of an item ended before it: how, and where it was then."""

    why: str
    tail: str = ""


class OneThread(LokyProcess):
    """A process whose libraries calculate on one thread each."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Begin like any other, with the environment that says so."""
        super().__init__(*args, env=ONE_THREAD, **more)

    def start(self) -> None:
        """Start it, also from a daemon, as Dask's workers are, which may have no children: this one ends with it."""
        config = current_process()._config  # type: ignore[attr-defined]
        with _starting:
            daemon = config.get("daemon")
            config["daemon"] = False
            try:
                super().start()
            finally:
                config["daemon"] = daemon


class Fresh(LokyContext):
    """Starts processes afresh: nothing is inherited, and no `__main__` guard is needed."""

    Process = OneThread


class WorkerProcess:
    """A process that does one thing after another; it starts with the first, and anew after its death."""

    _line: Connection
    _trace: Connection

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: LokyProcess | None = None
        self._closed, self._lock = False, threading.Lock()

    def answer(self, parcel: bytes, seconds: float | None) -> bytes | Died:
        """Return, packed, what comes of a parcel or what it raises; `opened` tells.

        Died if the process ends before, or is stopped after so many seconds. Raises SimError if none can be started.
        """
        try:
            self._send(parcel)
            if not self._line.poll(seconds):
                self.bury()
                return Died(f"it was stopped, no end after {seconds:.0f} s")
            return self._line.recv_bytes()
        except (EOFError, OSError):
            return self.bury(patience=1)

    def end(self) -> None:
        """Kill the process, whatever it does; none is started any more."""
        with self._lock:
            self._closed = True
            _kill(self._process)

    def bury(self, patience: float = 0) -> Died:
        """Make sure that the process has ended, after so many seconds by force, and return how and where it did."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return Died("it was stopped")
        process.join(patience)
        _kill(process)
        process.join()
        dump = os.read(self._trace.fileno(), 1 << 16) if os.name == "posix" and self._trace.poll(0) else b""
        self._line.close()
        self._trace.close()
        return Died(f"it ended {_how(process.exitcode)}", last_places(dump.decode(errors="replace")))

    def _send(self, parcel: bytes) -> None:
        """Send a parcel to the process; one that has died since its last is replaced before."""
        if self._process is not None:
            try:
                return self._line.send_bytes(parcel)
            except OSError:
                self.bury()
        self._start()
        self._line.send_bytes(parcel)

    def _start(self) -> None:
        """Start a process and wait until it is ready."""
        for _ in range(STARTS):
            try:
                with self._lock:
                    if self._closed:
                        raise EOFError
                    self._launch()
                self._line.recv_bytes()
                return
            except (EOFError, OSError) as error:
                how = self.bury(patience=1).why if self._process else str(error)
        if not self._closed:
            raise SimError(f"no worker process can be started: {how}")
        raise EOFError

    def _launch(self) -> None:
        """Launch a process with lines of its own."""
        context = Fresh()
        self._line, line = context.Pipe()
        self._trace, trace = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(line, trace, os.getpid()), daemon=True)
        try:
            process.start()
        finally:
            line.close()
            trace.close()
        self._process = process


def opened(answer: bytes | Died) -> Any:
    """Return what a packed answer holds, or Died; raises what it holds if that was raised."""
    if isinstance(answer, Died):
        return answer
    found, trace = cloudpickle.loads(answer)
    if trace:
        found.add_note(trace)
        raise found
    return found


def _kill(process: LokyProcess | None) -> None:
    """Kill a process that is still there."""
    if process is not None and process.is_alive():
        if os.name == "posix":
            os.kill(process.pid, signal.SIGKILL)
        else:
            process.terminate()


def _how(code: int | None) -> str:
    """Say how a process ended: by which signal, or with which code."""
    if code is None or code >= 0:
        return f"with code {code}"
    if os.name == "posix" and -code == signal.SIGALRM:
        return "when its time was over, for it did not listen"
    return f"by signal {-code}" + (", perhaps for lack of memory" if code == -9 else "")


def _serve(line: Connection, trace: Connection, parent: int) -> None:
    """Do what comes over a line until it closes; where the process is when it is ended goes over the other."""
    prepare(parent, trace.fileno())
    with contextlib.suppress(EOFError, OSError):
        line.send_bytes(b"ready")
        while True:
            line.send_bytes(_answer(line.recv_bytes()))


def _answer(parcel: bytes) -> bytes:
    """Return, packed, what a parcel's function returns; or what it raises, and the places it came through."""
    try:
        function, item = cloudpickle.loads(parcel)
        return cloudpickle.dumps((function(item), ""))
    except Exception as error:
        return _packed(error, traceback.format_exc())


def _packed(error: Exception, trace: str) -> bytes:
    """Return an error packed; one that would not survive the way is told in words."""
    try:
        told = cloudpickle.dumps((error, trace))
        pickle.loads(told)
    except Exception:
        return cloudpickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return told
