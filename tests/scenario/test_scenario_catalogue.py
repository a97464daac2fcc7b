"""The catalogues as one adds to them: an entry without its evidence is refused by its place, a sound one is there."""

from __future__ import annotations

import shutil

import pytest

from sim.errors import Problems, SimError
from sim.scenario import catalogue, load

WORD = 'basis = "assumption", source = "a thought" }'
SOUND = f"""
[watch]
meaning = "Watches, and nothing else."
use_of_force = {{ value = "self_defence", {WORD}
covers = {{ value = [], {WORD}
area = {{ value = "all", {WORD}
executive = {{ value = false, {WORD}
review = {{ value = 26, {WORD}
tasks.presence = {{ value = 1.0, {WORD}
"""


@pytest.fixture
def added(tmp_path, monkeypatch):
    """Add text to a catalogue in a copy of the data; the catalogues are read anew before and after."""

    def add(name, text):
        with (tmp_path / "data" / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    shutil.copytree(catalogue.DATA, tmp_path / "data")
    monkeypatch.setattr(catalogue, "DATA", tmp_path / "data")
    catalogue.table.cache_clear()
    yield add
    catalogue.table.cache_clear()


def test_a_mandate_is_one_entry(added):
    added("mandates", SOUND)
    mandate = load("un_alone").but({"missions.UN.mandate": "watch"}).missions["UN"].mandate
    assert dict(mandate.tasks) == {"presence": 1.0} and mandate.review == 26


@pytest.mark.parametrize(("name", "text", "told"), [
    ("mandates", '[x]\ntasks = { presence = 1.0 }', ["mandates.toml: x.meaning: got nothing"]),
    ("mandates", '[x]\nmeaning = "m"', ["mandates.toml: x.tasks: got nothing; allowed: a table [x.tasks]"]),
    ("mandates", '[x]\nmeaning = "m"\nreview = 26\n[x.tasks]\npresense = 1.0',
     ["did you mean 'presence'?", "x.review: got 26; allowed: { value", "x.tasks.presense: got 1.0; allowed: { value"]),
    ("profiles", '[x]\nmeaning = "m"\ncare = 0.4', ["profiles.toml: x.care: got 0.4; allowed: { value"]),
    ("forms", '[x]\nmeaning = "m"\nled = true\ntrust = { value = 1 }', ["forms.toml: x.trust: got {'value': 1}"]),
])  # fmt: skip
def test_an_entry_without_its_evidence_is_refused_by_its_place(added, name, text, told):
    added(name, f"\n{text}\n")
    with pytest.raises(Problems) as caught:
        catalogue.table(name)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(told) and all(word in line for word, line in zip(told, lines, strict=True))


def test_a_catalogue_that_is_no_toml_says_which_file_and_where(added):
    added("profiles", "\n[x\n")
    with pytest.raises(SimError, match=r"profiles\.toml: .*line") as caught:
        load("un_alone")
    assert "\n" not in str(caught.value)
