"""What tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("house", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("house")


def shared(*parts: str) -> Path:
    """Return a path among what the project shares with others, beside the repository; skip the test without it."""
    path = ROOT.parent / "shared" / Path(*parts)
    if not path.exists():
        pytest.skip(f"needs ../shared/{'/'.join(parts)} beside the repository")
    return path


def shared_data(*parts: str) -> Path:
    """Return a path among the shared data sets; skip the test without them."""
    return shared("data", *parts)


LONGEST = ("test_notebooks", "test_validate_contrasts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no test process is left alone with one at the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """Work in an empty folder, with a `scenarios` folder of its own."""
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    os.chdir(ROOT)
