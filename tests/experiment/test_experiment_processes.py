"""Whole processes: no guard, no network, interrupted, killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toy import Toy, scenario

from sim.experiment.results import run
from sim.experiment.store import Store
from sim.experiment.sweeps.play import read

HERE = Path(__file__).parent

GUARD_FREE = """
import socket
class Blocked(socket.socket):
    def connect(self, *to):
        raise OSError("no network here")
    bind = connect_ex = connect
socket.socket = Blocked
import sim
tiny = sim.load("no_mission").but({"weeks": 2, "spin_up": 0, "world.grid": [6, 6], "world.places": 20})
runs = sim.run([tiny.named("a"), tiny.named("b")], seeds=2, jobs=2)
print(len(runs), runs.weeks.shape[0])
"""

STUDY = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
sys.path.insert(0, {here!r})
from toy import Slow, scenario
from sim.experiment.results import run
run([scenario("a"), scenario("b")], 10, 2, out={out!r}, _model=Slow)
"""


def python(*words, **how):
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([sys.executable, *words], text=True, **pipes, **how)


def test_it_runs_as_a_script_without_guard_with_dash_c_and_from_standard_input(tmp_path):
    (tmp_path / "script.py").write_text(GUARD_FREE)
    calls = [python(str(tmp_path / "script.py")), python("-c", GUARD_FREE), python("-")]
    for process, text in zip(calls, (None, None, GUARD_FREE), strict=True):
        out, err = process.communicate(text, timeout=120)
        assert out.split() == ["4", "8"], err


def alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be counted out does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pids: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(alive(int(p.name)) for p in pids.iterdir()):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def started(tmp_path):
    """Start a slow study, and return it when a few of its 20 runs are finished."""
    (tmp_path / "pids").mkdir(exist_ok=True)
    code = STUDY.format(here=str(HERE), out=str(tmp_path / "x"))
    process = python("-c", code, env={**os.environ, "TOY_PIDS": str(tmp_path / "pids")}, start_new_session=True)
    end = time.monotonic() + 60
    while len(list((tmp_path / "x" / "runs").glob("part-*"))) < 3:
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.05)
    return process


def digests(folder):
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (folder / "runs").glob("part-*.parquet")}


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")


@linux
def test_an_interrupt_keeps_what_is_finished_says_so_and_leaves_no_worker(tmp_path):
    process = started(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode != 0 and "runs are kept in" in err and "the same call goes on from there" in err
    assert gone(tmp_path / "pids", 5) and len(list((tmp_path / "pids").iterdir())) == 2
    kept = read(tmp_path / "x")
    assert 3 <= len(kept) < 20 and len(kept.weeks) == 6 * len(kept) and f"{len(kept)} of 20 finished" in str(kept)


@linux
def test_a_study_whose_parent_was_killed_loses_its_workers_and_resumes_to_the_same_bytes(tmp_path):
    process = started(tmp_path)
    process.kill()
    process.communicate()
    assert gone(tmp_path / "pids", 5)
    done = len(Store(tmp_path / "x").done())
    both = [scenario("a"), scenario("b")]
    whole = run(both, 10, 1, out=tmp_path / "x", progress=False, _model=Toy)
    run(both, 10, 1, out=tmp_path / "y", progress=False, _model=Toy)
    assert 3 <= done < 20 and len(whole) == 20 and digests(tmp_path / "x") == digests(tmp_path / "y")


def test_an_interrupt_without_a_folder_says_that_nothing_is_kept(monkeypatch):
    def stopped(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Toy, "run", stopped)
    with pytest.raises(KeyboardInterrupt, match="nothing is kept without a folder"):
        run(scenario(), 2, 1, progress=False, _model=Toy)
