"""A sweep's file: every fault is a line of its own, before anything is played."""

from __future__ import annotations

import json

import pytest
from sweeping import CHANCE, told
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import Problems
from sim.experiment.sweeps.sweep import load_sweep

HEAD = 'question = "Q?"\nscenario = "no_mission"\n'
FAULTS = {
    "unknown key": ('seed = 4\n', "seed", "did you mean 'seeds'"),
    "unknown table": ("[choice]\nweeks = [3, 4]\n", "choice", "did you mean 'choices'"),
    "key in a table": ("[design]\nsample = 4\n", "design", "did you mean 'samples'"),
    "value of a choice": ('[choices]\n"weeks" = [3, -4]\n', "choices.weeks", "-4"),
    "path of a choice": ('[choices]\n"weekz" = [3, 4]\n', "choices", "did you mean 'weeks'"),
    "values that repeat": ('[choices]\n"weeks" = [3, 3]\n', "choices.weeks", "differ"),
    "no list": ('[choices]\n"weeks" = 3\n', "choices.weeks", "list"),
    "no path": ('[unknowns]\n"parameters.response.base_chanse" = [0, 1]\n', "unknowns.parameters", "base_chance'"),
    "upside down": (f'[unknowns]\n"{CHANCE}" = [0.9, 0.1]\n', f"unknowns.{CHANCE}", "least < most"),
    "one number": (f'[unknowns]\n"{CHANCE}" = [0.9]\n', f"unknowns.{CHANCE}", "least < most"),
    "beyond what is allowed": (f'[unknowns]\n"{CHANCE}" = [0.1, 7.0]\n', CHANCE, "7.0"),
    "no plausible range": ('[unknowns]\n"weeks" = "plausible"\n', "unknowns.weeks", "no plausible range is known"),
    "no number": ('[unknowns]\n"world.generator" = [0, 1]\n', "unknowns.world.generator", "number"),
    "decided and unknown": ('[choices]\n"weeks" = [3, 4]\n[unknowns]\n"weeks" = [3, 9]\n', "unknowns.weeks", "choice"),
    "Sobol": (f'[unknowns]\n"{CHANCE}" = [0.1, 0.4]\n[design]\nmethod = "sobol"\nsamples = 12\n', "design.samples",
              "8 or 16"),
    "method": ('[design]\nmethod = "sobel"\n', "design.method", "did you mean 'sobol'"),
    "table to keep": ('keep = ["week"]\n', "keep", "did you mean 'weeks'"),
    "seeds": ("seeds = 0\n", "seeds", "1"),
    "limit": ("[limits]\nseconds = -1\n", "limits.seconds", "-1"),
    "set": ('[set]\n"world.plazes" = 3\n', "set.world", "did you mean 'places'"),
}  # fmt: skip


@pytest.fixture
def sim(workplace):
    def call(*words, code=0):
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return call


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_with_its_place_and_what_is_allowed(sim, workplace, fault):
    text, place, hint = FAULTS[fault]
    (workplace / "mine.toml").write_text(HEAD + text)
    said = sim("sweep", "mine.toml", "--dry-run", code=2).stderr.strip()
    assert len(said.splitlines()) == 1 and place in said and hint in said and "Traceback" not in said
    assert not (workplace / "outputs").exists()


def test_all_faults_come_at_once(sim, workplace):
    (workplace / "mine.toml").write_text(HEAD + 'seed = 4\nseeds = 0\n[choices]\n"weeks" = [3, 3]\n')
    assert len(sim("sweep", "mine.toml", code=2).stderr.strip().splitlines()) == 3
    text = 'seeds = 0\n[choices]\n"weeks" = [3, -4]\n[unknowns]\n"parameters.none" = [1, 2]\n'
    (workplace / "mine.toml").write_text(HEAD + text)
    said = sim("check", "mine.toml", code=2).stderr.strip().splitlines()
    assert len(said) == 3 and all(
        word in line for word, line in zip(("seeds", "choices", "unknowns"), said, strict=True)
    )


def test_a_key_that_was_refused_is_not_missed_as_well(sim, workplace):
    (workplace / "mine.toml").write_text('question = 4\nscenario = 5\n[choices]\n"weekz" = [3, 4]\n')
    assert len(sim("check", "mine.toml", code=2).stderr.strip().splitlines()) == 2


def test_a_sweep_without_choices_or_unknowns_is_checked_as_one(sim, workplace):
    (workplace / "mine.toml").write_text(HEAD + "seeds = 2\n[set]\nweeks = 3\n")
    assert "loads" in sim("check", "mine.toml").stdout


def test_a_file_a_scenario_or_toml_that_is_not_there_is_said(sim, workplace):
    assert "did you mean 'smallest'" in sim("sweep", "smalest", code=2).stderr
    (workplace / "mine.toml").write_text('question = "Q?"\nscenario = "no_misson"\n')
    said = sim("sweep", "mine.toml", code=2).stderr.strip()
    assert "scenario" in said and "did you mean 'no_mission'" in said and len(said.splitlines()) == 1
    (workplace / "mine.toml").write_text("question = \n")
    assert len(sim("sweep", "mine.toml", code=2).stderr.strip().splitlines()) == 1


def test_an_end_that_an_arm_refuses_is_said_before_anything_is_played():
    upto = {"missions.UN.care": [0.2, 0.8]}
    with pytest.raises(Problems, match=r"unknowns\.missions\.UN\.care"):
        load_sweep(told(unknowns=upto))


def test_a_dry_run_of_a_small_file_counts_its_runs(sim, workplace):
    small = 'weeks = 2\nspin_up = 0\n"world.grid" = [6, 6]\n"world.places" = 20\n'
    appeal = '"parameters.recruitment.appeal" = [0.1, 0.2]\n'
    chance = f'"{CHANCE}" = [0.1, 0.4]\n'
    text = f"seeds = 3\n[set]\n{small}[choices]\n{appeal}[unknowns]\n{chance}[design]\nsamples = 5\n"
    (workplace / "mine.toml").write_text(HEAD + text)
    rows = json.loads(sim("sweep", "mine.toml", "--dry-run", "--json").stdout)
    assert [row["runs"] for row in rows] == [15, 15, 30] and not (workplace / "outputs").exists()
