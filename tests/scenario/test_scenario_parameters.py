"""Parameters: declared with all that stands behind them, checked, read as attributes."""

from __future__ import annotations

import pickle

import pytest

from sim.errors import Problems
from sim.scenario.parameters import Parameters, declared, read

GOOD = """
[a.x]
value = 0.5
range = [0, 1]
plausible = [0.2, 0.8]
unit = "share"
basis = "assumption"
source = "none"
meaning = "A number."
"""


def change(old, new=""):
    return GOOD.replace(old, new)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.toml").write_text(GOOD)
    return tmp_path


def test_a_declared_parameter_has_all_its_fields(folder):
    (found,) = read(folder).values()
    assert (found.path, found.value, found.range, found.plausible) == ("a.x", 0.5, (0, 1), (0.2, 0.8))


def test_a_switch_needs_no_ranges_and_is_0_or_1(folder):
    (folder / "two.toml").write_text(
        '[a.s]\nkind = "switch"\nvalue = 1\nbasis = "assumption"\nsource = "s"\nmeaning = "On or off."\n'
    )
    switch = read(folder)["a.s"]
    assert switch.accepts(0) and switch.accepts(1) and not switch.accepts(0.5) and switch.allowed == "0 or 1"


@pytest.mark.parametrize(("old", "new", "told"), [
    ('unit = "share"\n', "", "a.x.unit: got nothing"),
    ('source = "none"', 'source = ""', "a.x.source: got ''"),
    ('meaning = "A number."\n', "", "a.x.meaning: got nothing"),
    ('"assumption"', '"guess"', "a.x.basis: got 'guess'; allowed: one of literature, calibrated, assumption"),
    ("plausible = [0.2, 0.8]", "plausible = [0.6, 0.8]", "a.x.plausible: got [0.6, 0.8]; allowed: inside range"),
    ("plausible = [0.2, 0.8]", "plausible = [0.2, 1.8]", "a.x.plausible"),
    ("value = 0.5", 'value = "half"', "a.x.value: got 'half'; allowed: a number"),
    ("value = 0.5", "value = 0.5\ninteger = true", "a.x.value: got 0.5; allowed: a whole number"),
    ("value = 0.5", "value = 0.5\nvalu = 3", "did you mean 'value'?"),
])  # fmt: skip
def test_a_faulty_entry_is_told_with_file_and_field(folder, old, new, told):
    (folder / "one.toml").write_text(change(old, new))
    with pytest.raises(Problems) as error:
        read(folder)
    assert str(error.value).startswith("one.toml: a.x") and told in str(error.value)


def test_one_parameter_in_two_files_is_refused(folder):
    (folder / "two.toml").write_text(GOOD)
    with pytest.raises(Problems, match=r"one\.toml"):
        read(folder)


def test_values_are_attributes_and_changes_are_kept_apart():
    first = next(p for p in declared().values() if p.kind == "number" and not p.integer)
    group, name = first.path.split(".")
    changed = Parameters({first.path: first.range[0]})
    assert getattr(getattr(Parameters(), group), name) == first.value
    assert getattr(getattr(changed, group), name) == changed[first.path] == first.range[0]
    assert changed != Parameters() and changed == pickle.loads(pickle.dumps(changed))
    assert len(changed) == len(declared()) == len(list(changed))


def test_what_ships_is_sound():
    for path, p in declared().items():
        assert p.path == path and p.accepts(p.value) and len(p.meaning) > 10, path
