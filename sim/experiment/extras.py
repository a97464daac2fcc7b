"""Packages that only some work needs: imported when it starts, and named with their extra where they are missing."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

from sim.errors import SimError

PROJECT = "partnership-peacekeeping"


def need(module: str, extra: str) -> ModuleType:
    """Return a module of an optional package, its warnings at import kept quiet.

    Raises SimError that says which extra to install where the package, or one that it needs, is missing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = (error.name or module).partition(".")[0]
        raise SimError(f"this needs {missing}, which is not installed: pip install '{PROJECT}[{extra}]'") from None
