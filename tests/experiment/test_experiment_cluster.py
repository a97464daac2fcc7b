"""Sweeps on a real Dask cluster: the same bytes as here, whatever is killed, and no worker of another version."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import cloudpickle
import pytest
from dasking import HERE, Loopback, dask_workers, living, playing, until
from sweeping import Ending, Greedy, Late, Turned, digests, kept, told

from sim.errors import Problems, SimError
from sim.experiment import cluster as cluster_module
from sim.experiment import remote
from sim.experiment.cluster import Cluster
from sim.experiment.engine import Died
from sim.experiment.manifest import PACKAGE, PROJECT
from sim.experiment.process import opened
from sim.experiment.sweeps.play import sweep

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see processes")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A cluster of two workers, one of them with two threads; nothing of it is alive afterwards."""
    with Loopback(tmp_path_factory.mktemp("dask")) as made:
        made.join(1), made.join(2)
        sessions = [p.pid for p in (made.scheduler, *made.workers)]
        yield made
    assert until(lambda: not any(living(session) for session in sessions), 10)


def on(address: str, out: Path, model: type = Turned, **more):
    """Play the small sweep on a cluster."""
    return sweep(told(keep=["weeks"], **more), out, scheduler=address, progress=False, _model=model)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> dict[str, str]:
    """The parts of the small sweep as this process makes them."""
    out = tmp_path_factory.mktemp("alone")
    sweep(told(keep=["weeks"]), out, 1, progress=False, _model=Turned)
    return digests(out)


def soon(what, do) -> threading.Thread:
    """Do something in the midst, as soon as something is so."""
    thread = threading.Thread(target=lambda: until(what) and do())
    thread.start()
    return thread


def begun(out: Path):
    """Return what says that the first part is there."""
    return lambda: any((out / "runs").glob("part-*.parquet"))


SWEEP = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from sim.errors import SimError
from sim.experiment.sweeps.play import sweep
from sweeping import Holding, told
try:
    sweep(told(keep=["weeks"]), sys.argv[2], scheduler=sys.argv[1], progress=False, _model=Holding)
except SimError as error:
    sys.exit(str(error))
"""


def endless(address: str, out: Path) -> subprocess.Popen:
    """Begin the small sweep in a process of its own, with runs that never end, and wait until some parts are there."""
    process = subprocess.Popen([sys.executable, "-c", SWEEP, address, out], stderr=subprocess.PIPE, text=True)
    assert until(begun(out))
    return process


def none_plays(*workers: subprocess.Popen) -> bool:
    """Wait until no process of some workers plays, not even one with nothing to do; say whether it came to be."""
    return until(lambda: not any(playing(worker.pid) for worker in workers), remote.IDLE_SECONDS + 4)


def own_process(seconds: float) -> tuple[int, int]:
    """Return who plays, and who its parent is."""
    time.sleep(seconds)
    return os.getpid(), os.getppid()


def test_the_same_bytes_as_here(here, alone, tmp_path):
    on(here.address, tmp_path)
    assert len(alone) == 12
    assert digests(tmp_path) == alone


def test_runs_that_take_their_process_or_too_much_are_recorded(here, tmp_path):
    for model, limits, words in ((Ending, {}, "died twice"), (Greedy, {"memory_mb": 500}, "MemoryError")):
        few = {"choices": {"weeks": [3]}, "design": {"samples": 1}, "seeds": 3}
        on(here.address, tmp_path / words, model, limits=limits, **few)
        rows = kept(tmp_path / words)
        assert len(rows) == 3
        assert set(rows[rows["error"].notna()]["seed"]) == {2}
        assert rows["error"].dropna().str.contains(words).all()


def test_a_killed_worker_costs_nothing(here, alone, tmp_path):
    victim = dask_workers(here.workers[0].pid)[0]
    killing = soon(begun(tmp_path), lambda: os.kill(victim, signal.SIGKILL))
    on(here.address, tmp_path, Late)
    killing.join()
    assert victim not in living(here.workers[0].pid)
    assert digests(tmp_path) == alone


def test_an_item_that_no_worker_survives_is_died(here):
    with Cluster(here.address) as engine:
        killed = distributed.KilledWorker("key", None, 3)
        future = type("Future", (), {"result": lambda self, timeout: (_ for _ in ()).throw(killed)})()
        assert engine._found(future) == Died("4 workers of the cluster ended with it")


def test_every_thread_plays_in_a_process_of_its_own_and_an_interrupt_leaves_none(here):
    with pytest.raises(KeyboardInterrupt), Cluster(here.address) as engine:
        assert until(lambda: engine._look() or engine.jobs == 3)  # the one that was killed is started anew
        found = {pids for _, pids in engine.play(own_process, [0.5] * 9)}
        assert (len({pid for pid, _ in found}), len({parent for _, parent in found})) == (3, 2)
        for _ in engine.play(own_process, [0.01, *[600.0] * 20]):
            raise KeyboardInterrupt
    assert until(lambda: not any(playing(worker.pid) for worker in here.workers), 10)
    with distributed.Client(here.address, set_as_default=False) as client:
        assert until(lambda: client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0, 10)


def test_without_a_scheduler(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster_module, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(Problems, match=re.escape(f"scheduler: got '{address}'; allowed: the address of a Dask")):
            on(address, tmp_path)


def test_a_cluster_plays_on_the_workers_that_it_has(here, tmp_path):
    with pytest.raises(Problems, match=r"^jobs: got 2; allowed: left out beside a scheduler"):
        sweep(told(), tmp_path, 2, here.address, progress=False, _model=Turned)


def test_who_waits_for_workers_says_so(tmp_path, capsys):
    def heard(words: str) -> bool:
        said.append(capsys.readouterr().err)
        return words in "".join(said)

    said: list[str] = []
    with Loopback(tmp_path) as made:
        joining = soon(lambda: heard(f"{made.address}: no worker has joined yet"), made.join)
        with Cluster(made.address) as engine:
            joining.join()
            os.killpg(made.workers[0].pid, signal.SIGKILL)
            joining = soon(lambda: heard(f"{made.address}: no worker is left; waiting"), made.join)
            assert [item for item, _ in engine.play(own_process, [0.0, 0.1])] in ([0.0, 0.1], [0.1, 0.0])
            joining.join()
    assert "".join(said).count("no worker is left") == 1


def test_a_killed_scheduler_loses_nothing_and_nobody_plays_on(alone, tmp_path):
    (tmp_path / "dask").mkdir()
    out = tmp_path / "out"
    with Loopback(tmp_path / "dask") as made:
        worker = made.join()
        process = endless(made.address, out)
        made.scheduler.kill()
        assert none_plays(worker)
        said = process.communicate(timeout=30)[1]
        assert said.startswith(f"{made.address}: the scheduler of the cluster has gone; what is finished is kept")
        assert said.count("\n") == 1
    assert begun(out)() and digests(out).items() < alone.items()
    sweep(told(keep=["weeks"]), out, 1, progress=False, _model=Turned)
    assert digests(out) == alone


def test_a_killed_main_process_leaves_nobody_playing(here, alone, tmp_path):
    process = endless(here.address, tmp_path)
    process.kill()
    process.wait()
    assert none_plays(*here.workers)
    on(here.address, tmp_path)
    assert digests(tmp_path) == alone


def noted(place: Path) -> int:
    """Leave the name of the worker in a folder, take a while, and return it."""
    (place / str(os.getppid())).touch()
    time.sleep(1)
    return os.getppid()


def test_a_worker_that_is_told_to_end_with_all_its_processes_is_no_death_of_a_run(here, tmp_path):
    ending = soon(
        lambda: any(tmp_path.iterdir()),
        lambda: os.killpg(os.getsid(int(next(tmp_path.iterdir()).name)), signal.SIGTERM),
    )
    with Cluster(here.address) as engine:
        ((_, found),) = engine.play(noted, [tmp_path])
    ending.join()
    assert {str(found)} < {file.name for file in tmp_path.iterdir()}


def wrong(error: type[Exception]) -> None:
    raise error("not so\nand more of it")


@pytest.mark.parametrize("error", [ValueError, FileNotFoundError, TimeoutError])
def test_what_goes_wrong_on_a_worker_is_told_in_one_line(here, error):
    with Cluster(here.address) as engine, pytest.raises(SimError) as told:
        list(engine.play(wrong, [error]))
    assert str(told.value).startswith(f"{here.address}: a worker failed: {error.__name__}: not so; what is finished")
    assert "\n" not in str(told.value)


def other_project(folder: Path, whole: bool) -> Path:
    """Make a folder with the project in other code, or with something else of its name."""
    if whole:
        shutil.copytree(PACKAGE, folder / "sim", ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    (folder / "sim").mkdir(parents=True, exist_ok=True)
    with (folder / "sim" / "__init__.py").open("a") as file:
        file.write("\n")
    return folder


def test_a_worker_that_lacks_the_project_says_so(tmp_path):
    with Loopback(tmp_path) as made:
        made.join(project=other_project(tmp_path / "without", whole=False))
        words = rf"^worker tcp://127\S+: {PROJECT} \S+, which cannot be used: No module named .* \(here \S+\); install"
        with pytest.raises(SimError, match=words):
            on(made.address, tmp_path / "out")
    assert not (tmp_path / "out" / "runs").exists()


def test_a_worker_of_other_code_that_joins_later_says_so(here, tmp_path):
    late = other_project(tmp_path / "other", whole=True)
    code = remote.made_with()["code"]
    with Cluster(here.address) as engine:
        stranger = here.join(project=late)
        with pytest.raises(SimError, match=rf"^worker tcp://127\S+: code (?!{code})\w+ \(here {code}\); install there"):
            for _ in engine.play(own_process, (0.1 for _ in range(2000))):
                pass
    with pytest.raises(SimError, match=f"here {code}"):
        on(here.address, tmp_path / "out")
    os.killpg(stranger.pid, signal.SIGKILL)


def test_processes_end_where_no_more_work_comes_or_nobody_waits(monkeypatch):
    monkeypatch.setattr(remote, "IDLE_SECONDS", 0.2)
    crew = remote.Crew()

    def play(seconds: float, waiting: object = True):
        return opened(crew.answer(cloudpickle.dumps((own_process, seconds)), None, waiting))

    first, _ = play(0.0)
    assert until(lambda: not Path(f"/proc/{first}").exists(), 10)
    assert play(0.0)[0] != first
    assert play(600.0, ()) == Died("it ended by signal 9, perhaps for lack of memory")
