"""The manifest of a study: with which code, versions and machine it was made, and what its parameters rest on."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.experiment.plan import Plan, blocks_from
from sim.scenario import Scenario

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = "partnership-peacekeeping"
PACKAGES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def manifest(plan: Plan, keep: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Return all that is needed to say what a study is, and to play it again."""
    return {
        **about_here(keep),
        "plan": plan.to_dict(),
        "parameters": {label: basis(setup) for label, setup in plan.setups.items()},
        "scenarios": {label: _entry(setup, folder) for label, setup in plan.setups.items()},
    }


def about_here(keep: tuple[str, ...]) -> dict[str, Any]:
    """Return with what runs are made now: code, versions, machine, and the tables that are kept."""
    return {
        "project": {"name": PROJECT, "version": _version(PROJECT), "commit": commit(), "code": code()},
        "versions": {"python": platform.python_version(), **{p: _version(p) for p in PACKAGES}},
        "machine": machine(),
        "keep": list(keep),
    }


def plan_from(told: Mapping[str, Any], folder: Path) -> Plan:
    """Return the plan that a manifest describes.

    Raises SimError where the manifest is not one of ours, or a scenario's world file has gone.
    """
    try:
        setups = {label: _setup(label, entry, folder) for label, entry in told["scenarios"].items()}
        return Plan(setups, blocks_from(told["plan"]))
    except (KeyError, TypeError, AttributeError):
        raise SimError(f"{folder}: manifest.json is not that of a study") from None


def misfit(told: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return why runs made now may not be added to a study, or an empty string if they may."""
    if told.get("project", {}).get("code") != now["project"]["code"]:
        return "it was made with other code"
    before, after = told.get("versions", {}), now["versions"]
    moved = [f"{k} {before.get(k)} (here {v})" for k, v in after.items() if before.get(k) != v]
    if moved:
        return "it was made with " + ", ".join(moved)
    if told.get("keep") != now["keep"]:
        return f"it keeps the tables {', '.join(told.get('keep', []))}"
    return ""


def basis(setup: Scenario) -> dict[str, int]:
    """Return how many parameters rest on literature, calibration and assumption, and how many this scenario sets."""
    count = Counter(p.basis for p in setup.parameters)
    return {**dict(sorted(count.items())), "set by the scenario": len(setup.parameters.changed)}


@cache
def code() -> str:
    """Return the sha256 of the package's own files: two studies with one code differ in luck and scenarios alone."""
    digest = hashlib.sha256()
    for file in sorted(f for f in PACKAGE.rglob("*") if f.suffix in (".py", ".toml") and "shipped" not in f.parts):
        digest.update(str(file.relative_to(PACKAGE)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def commit() -> str | None:
    """Return the git commit, with `+` where files differ from it; None outside a checkout."""
    if _git("rev-parse", "--show-toplevel") != str(PACKAGE.parent):
        return None
    head, changed = _git("rev-parse", "HEAD"), _git("status", "--porcelain", "--untracked-files=no")
    return head and head + ("+" if changed else "")


def _git(*words: str) -> str | None:
    """Return what git says about the checkout, or None without git or checkout."""
    try:
        done = subprocess.run(["git", "-C", str(PACKAGE.parent), *words], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def machine() -> dict[str, Any]:
    """Return what of the machine can move the last bit of a number: system, processor and its features."""
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})  # type: ignore[union-attr, call-overload]
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "features": [*simd.get("baseline", []), *simd.get("found", [])],
    }


def _version(package: str) -> str | None:
    """Return the installed version of a package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _entry(setup: Scenario, folder: Path) -> dict[str, Any]:
    """Return a scenario as plain values; a world file's place is told from the study's folder."""
    entry = {"digest": setup.digest, "scenario": setup.to_dict()}
    if setup.world.path:
        entry["folder"] = os.path.relpath(Path(setup.world.path).parent, folder)
    return entry


def _setup(label: str, entry: Mapping[str, Any], folder: Path) -> Scenario:
    """Return the scenario of an entry."""
    home = str((folder / entry["folder"]).resolve()) if "folder" in entry else ""
    return Scenario.from_dict(entry["scenario"], label, folder=home)
