"""What stands in a sweep's manifest, and whether a folder's manifest is that of a sweep in hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.experiment.manifest import about_here, basis
from sim.experiment.sweeps.file import SweepFile, checked
from sim.experiment.sweeps.sweep import Arm, Sweep, Unknown
from sim.scenario import Scenario
from sim.scenario.paths import plain

FREE = ("question", "sources", "limits")
"""What may differ between two calls for one folder: it moves no result of a run that ends."""


def described(sweep: Sweep, columns: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return all that is needed to say what a sweep is, to read it, and to play any run of it again."""
    return {
        **about_here(sweep.keep),
        "sweep": {"name": sweep.name, "file": plain(sweep.about.model_dump(mode="json", exclude_none=True))},
        "arms": [_arm(arm, folder) for arm in sweep.arms],
        "unknowns": {path: list(unknown) for path, unknown in sweep.unknowns.items()},
        "seeds": {"first": sweep.about.seeds, "most": sweep.stages[-1].last, "own_luck": sweep.about.design.own_luck},
        "runs": {"most": sweep.most_runs, "batch": sweep.batch_size},
        "parameters": {arm.setup.name: basis(arm.setup) for arm in sweep.arms},
        "columns": dict(columns),
    }


def _arm(arm: Arm, folder: Path) -> dict[str, Any]:
    """Return an arm as plain values; a world file's place is told from the study's folder."""
    setup = arm.setup
    entry = {"name": setup.name, "digest": setup.digest, "choices": dict(arm.choices), "scenario": setup.to_dict()}
    if setup.world.path:
        entry["folder"] = os.path.relpath(Path(setup.world.path).parent, folder)
    return entry


def sweep_from(told: Mapping[str, Any], folder: Path) -> Sweep:
    """Return the sweep that a manifest describes.

    Raises SimError where it is not one of ours.
    """
    try:
        about: SweepFile = checked(told["sweep"]["file"], "manifest.json")
        arms = tuple(Arm(k, _setup(entry, folder), tuple(entry["choices"].items())) for k, entry in
                     enumerate(told["arms"]))  # fmt: skip
        unknowns = {path: Unknown(*values) for path, values in told["unknowns"].items()}
        return Sweep(told["sweep"]["name"], about, arms, unknowns)
    except (KeyError, TypeError, AttributeError):
        raise SimError(f"{folder}: manifest.json is not that of a sweep") from None


def _setup(entry: Mapping[str, Any], folder: Path) -> Scenario:
    """Return the scenario of an arm."""
    home = str((folder / entry["folder"]).resolve()) if "folder" in entry else ""
    return Scenario.from_dict(entry["scenario"], entry["name"], folder=home)


def differences(told: Mapping[str, Any], sweep: Sweep) -> str:
    """Return why runs of a sweep may not be added to what a manifest describes; an empty string if they may."""
    if "sweep" not in told:
        return "it holds other runs, not those of a sweep"
    before, now = told["sweep"]["file"], plain(sweep.about.model_dump(mode="json", exclude_none=True))
    keys = sorted(k for k in {*before, *now} if k not in FREE and before.get(k) != now.get(k))
    if keys:
        return "it was begun with another " + ", ".join(keys)
    if told["unknowns"] != {path: list(unknown) for path, unknown in sweep.unknowns.items()}:
        return "the ranges of its unknowns were others"
    arms = {entry["name"]: entry["digest"] for entry in told["arms"]}
    moved = [arm.setup.name for arm in sweep.arms if arms.get(arm.setup.name) != arm.setup.digest]
    return f"the scenario {moved[0]} has changed since" if moved else ""
