"""Worker processes and sweeps that are killed at any moment: no other worker is touched, nothing lost, nobody left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sweeping import digests, played

from sim.errors import Problem, Problems, SimError
from sim.experiment.engine import Died, Workers

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")


def state(pid: int) -> tuple[str, int, int]:
    """Return the state, the parent and the session of a process."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return told[0], int(told[1]), int(told[3])


def living(session: int) -> list[int]:
    """Return the processes of a session that are not dead."""
    found = []
    for pid in (int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()):
        try:
            if state(pid)[2] == session and state(pid)[0] != "Z":
                found.append(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def workers_of(parent: int) -> list[int]:
    """Return the worker processes of a process."""
    found = []
    for pid in living(os.getsid(parent)):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if state(pid)[1] == parent and b"loky.backend.popen_loky_posix" in words:
            found.append(pid)
    return found


def until(what, seconds: float = 60) -> bool:
    """Wait until something is so, and say whether it came to be."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def brief(x: int) -> int:
    time.sleep(0.1)
    return x


def killed_at_once(x: int) -> int:
    """Let the first worker that comes be killed before it has done anything."""

    def kill() -> None:
        me, seen = os.getpid(), []
        until(lambda: seen.extend(workers_of(me)) or seen)
        os.kill(seen[0], signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    return x


def test_a_worker_that_is_killed_before_its_first_item_is_replaced():
    killed_at_once(0)
    with Workers(2) as workers:
        assert sorted(workers.play(brief, range(6))) == [(k, k) for k in range(6)]


def mute(x: int) -> int:
    """Be killed, while its result goes over the line and is not whole yet."""
    if x == 1:
        line = sys._getframe(2).f_locals["line"]
        os.write(line.fileno(), b"\x00\x10\x00\x00half of it")
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def test_half_a_result_is_a_death_and_the_rest_goes_on():
    with Workers(2) as workers:
        found = dict(workers.play(mute, range(6)))
    assert isinstance(found.pop(1), Died) and found == {k: k for k in (0, 2, 3, 4, 5)}


def test_a_worker_that_is_killed_between_two_calls_is_replaced():
    for _ in range(2):
        with Workers(2) as workers:
            assert sorted(workers.play(brief, range(4))) == [(k, k) for k in range(4)]
        for pid in workers_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: not workers_of(os.getpid()))
        time.sleep(0.3)  # the last of their threads


def wrong(x: int) -> int:
    raise Problems([Problem("x", x, "another")])


class Unpacked(Exception):
    """Cannot be made anew from what it holds."""

    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")


def odd(x: int) -> int:
    raise Unpacked(x, x)


def test_an_error_comes_through_and_ends_all_workers():
    with pytest.raises(Problems, match="x: got 5; allowed: another") as error, Workers(2) as workers:
        list(workers.play(wrong, [5]))
    assert "in wrong" in error.value.__notes__[0]
    with pytest.raises(RuntimeError, match="Unpacked: 1 and 1"), Workers(2) as workers:
        list(workers.play(odd, [1]))
    assert not workers_of(os.getpid())


def useless(line, trace, parent):
    os._exit(3)


def test_where_no_process_can_be_started_nothing_is_recorded_as_failed(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.experiment.process._serve", useless)
    with pytest.raises(SimError, match="no worker process can be started: it ended with code 3"):
        played(tmp_path, jobs=2)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_process_that_is_frozen_is_stopped_from_outside():
    with Workers(2, lambda item: 1.0 if item == 2 else None) as workers:
        found = dict(workers.play(frozen, range(4)))
    assert found.pop(2) == Died("it was stopped, no end after 1 s") and found == {k: k for k in (0, 1, 3)}


def frozen(x: int) -> int:
    if x == 2:
        os.kill(os.getpid(), signal.SIGSTOP)
    return x


SWEEP = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
import sys
sys.path.insert(0, {str(HERE)!r})
from sweeping import Holding, Late, played
if __name__ == "__main__":
    played(sys.argv[1], {{}}, 2, keep=["weeks"])
"""


def begun(out: Path, model: str = "Late", **how) -> subprocess.Popen:
    """Start the small sweep on two workers, in a session of its own."""
    return subprocess.Popen([sys.executable, "-c", SWEEP.format(model), out], start_new_session=True, **how)


def parts(out: Path) -> int:
    return len(list((out / "runs").glob("part-*.parquet")))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return digests(played(tmp_path_factory.mktemp("whole") / "x", keep=["weeks"]).folder)


@pytest.mark.parametrize("seed", range(2))
def test_the_main_process_is_killed_and_the_same_call_goes_on(tmp_path, whole, seed):
    luck = random.Random(seed)
    out, process = tmp_path / "x", begun(tmp_path / "x")
    assert until(lambda: parts(out) >= luck.choice((1, 2, 3)))
    time.sleep(luck.uniform(0, 0.1))
    process.kill()
    process.wait()
    held = parts(out)
    assert 0 < held < 6 and until(lambda: not living(process.pid), 5)
    assert played(out, keep=["weeks"]).failed.empty
    assert digests(out) == whole and not list(out.rglob("*.tmp"))


@pytest.mark.parametrize("seed", range(2))
def test_a_worker_is_killed_and_the_sweep_ends_as_if_nothing_had_been(tmp_path, whole, seed):
    luck = random.Random(seed)
    out, process = tmp_path / "x", begun(tmp_path / "x")
    assert until(lambda: parts(out) >= luck.choice((0, 1, 2)) and workers_of(process.pid))
    time.sleep(luck.uniform(0, 0.2))
    os.kill(luck.choice(workers_of(process.pid)), signal.SIGKILL)
    assert process.wait(60) == 0 and digests(out) == whole
    assert until(lambda: not living(process.pid), 5)


def test_an_interrupt_keeps_what_is_finished_and_says_how_to_go_on(tmp_path, whole):
    out = tmp_path / "x"
    process = begun(out, stderr=subprocess.PIPE, text=True)
    assert until(lambda: parts(out) >= 1)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert f"runs are kept in {out}; the same call goes on from there" in said
    assert until(lambda: not living(process.pid), 5) and digests(out).items() < whole.items()


def test_a_worker_that_lets_nothing_run_ends_with_its_parent_all_the_same(tmp_path):
    process = begun(tmp_path / "x", "Holding")
    assert until(lambda: parts(tmp_path / "x") >= 1)
    time.sleep(0.5)
    process.kill()
    process.wait()
    assert until(lambda: not living(process.pid), 5)
