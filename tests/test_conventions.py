"""What holds for every file: imports point one way, no rule reads a label, every rule and number has its source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT, shared
from helpers import RULES

from sim import schedule
from sim.metrics import METRICS
from sim.scenario import Partnership, catalogue
from sim.scenario.describing import words as choices
from sim.scenario.names import RULES as NAMES
from sim.scenario.parameters import declared

ORDER = (
    "errors", "seeds", "scenario", "luck", "ledger", "world", "actors", "metrics", "rules", "schedule", "tables",
    "model", "experiment", "validate", "report", "app", "cli",
)  # fmt: skip
"""Architecture: each package imports only from those before it."""
LAZY = {("experiment", "report")}  # the one by which `.plot` of a result reaches the figures


@cache
def tracked(*endings: str) -> tuple[Path, ...]:
    """Return the project's files: those that git tracks, or all where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = [n for n in listed.stdout.split("\0") if n] if listed.returncode == 0 else []
    found = [ROOT / n for n in names] or [p for d in ("sim", "tests", "benchmarks") for p in (ROOT / d).rglob("*.*")]
    return tuple(p for p in found if p.is_file() and p.name.endswith(endings))


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def code(*folders: str) -> list[Path]:
    """Return the Python files of some folders of the project."""
    return [p for p in tracked(".py") if p.relative_to(ROOT).parts[0] in folders]


def room(path: Path) -> str:
    """Return the package of the project in which a module lives: `sim/rules/siting.py` is of `rules`."""
    part = path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")
    return "cli" if part.startswith("cli_") else part


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Go through what a module imports of the project, and whether it does so inside a function."""
    hidden = {id(n) for block in ast.walk(tree(path)) if _type_checking(block) for n in ast.walk(block)}
    inside = {id(n) for f in ast.walk(tree(path)) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree(path)):
        if id(node) not in hidden:
            for name in _imported(node):
                yield name.split(".")[1], id(node) in inside


def _type_checking(node: ast.AST) -> bool:
    """Say whether a block is for type checkers only."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _imported(node: ast.AST) -> list[str]:
    """Return the project's modules that one statement imports, as `sim.rules.siting`."""
    if isinstance(node, ast.Import):
        return [a.name for a in node.names if a.name.startswith("sim.")]
    if isinstance(node, ast.ImportFrom) and node.module == "sim":
        return [f"sim.{a.name}" for a in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.") else []


def test_imports_point_one_way():
    wrong = []
    for path in code("sim"):
        here = room(path)
        for there, lazily in imports(path) if here != "__init__" else ():
            there = "cli" if there.startswith("cli_") else there
            late = here != there and ORDER.index(there) >= ORDER.index(here)
            if late and not (lazily and (here, there) in LAZY):
                wrong.append(f"{path.relative_to(ROOT)} imports {there}")
    assert not wrong


def test_every_module_has_its_place_in_the_order():
    assert {room(p) for p in code("sim")} - {"__init__"} <= set(ORDER)


HEAVY = ("mesa", "pandas", "pyarrow", "matplotlib")


def test_importing_sim_loads_nothing_heavy():
    ask = f"import sim, sys; print([n for n in {HEAVY} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


LABELS = ("org_type", "title", "profile", "form", "question", "based_on")


def shipped_files() -> dict[str, dict]:
    """Return the content of every scenario, scene and world that ships, by its file's name."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "scenarios").rglob("*.toml")}


def names_of_missions_and_scenarios() -> set[str]:
    """Return every name that a shipped scenario gives itself, its missions and its partnerships; profiles and kinds.

    Not among them: scenarios called like a kind of event or a form of partnership, which rules may read.
    """
    files = shipped_files()
    found = {*files, *catalogue.profiles(), *catalogue.org_types()}
    found -= {*catalogue.events(), *choices(Partnership.model_fields["form"])}
    found -= {path.stem for path in (ROOT / "scenarios" / "sweeps").glob("*.toml")}  # no scenario bears their names
    for content in files.values():
        found |= {*content.get("missions", {}), *content.get("partnerships", {})}
    return found


def words(path: Path) -> Iterator[str]:
    """Go through the names and texts that a module's code uses; what it says in docstrings does not count."""
    spoken = {id(n.value) for n in ast.walk(tree(path)) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


@pytest.mark.parametrize("path", [p for p in code("sim") if room(p) in ("rules", "actors")], ids=lambda p: p.stem)
def test_no_rule_and_no_state_reads_a_label(path):
    forbidden = {*LABELS, *names_of_missions_and_scenarios()}
    assert not {w for w in words(path) if w in forbidden}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.name)
def test_no_rule_declares_a_label(rule):
    declared_words = {word for name in (*rule.reads, *rule.writes) for word in name.split(".")}
    assert not declared_words & {*LABELS, "name", *names_of_missions_and_scenarios()}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.name)
def test_every_rule_says_what_it_does_and_on_what_evidence(rule):
    assert rule.doc.splitlines()[0].endswith(".") and rule.source
    assert re.match("literature|calibrated|assumption", rule.basis), rule.basis
    assert rule.reads and rule.writes


def test_the_schedule_is_in_the_vocabulary_and_each_rule_stands_in_it_once():
    names = [rule.name for rule in schedule.WEEK]
    assert len(set(names)) == len(names) and set(names) <= set(NAMES)
    assert names[0] == "timeline" and names[-1] == "record"
    assert {rule.name for rule in schedule.JUDGEMENT} <= set(names)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_own_test(name):
    assert (ROOT / "tests" / "rules" / f"test_rule_{name}.py").exists()


EVIDENCE = {"B": "berlin-2025.md", "S": "sipri-2024.md", "F": "forums-2015-2021.md", "": "empirics.md"}
TAG = re.compile(r"\b(?:([BSF])-([A-Z]\d+)|([ES]\d+[a-h]?))\b")


def sourced() -> dict[str, str]:
    """Return what every rule, metric, parameter, contradiction and shipped scenario gives as its source."""
    found = {f"rule {r.name}": f"{r.source} {r.basis}" for r in RULES.values()}
    found |= {f"metric {m.name}": m.source for m in METRICS.values()}
    found |= {f"scenario {n}": " ".join(c["sources"]) for n, c in shipped_files().items() if "sources" in c}
    found |= {f"contested {path}": " ".join(entry["one_sources"] + entry["other_sources"])
              for path, entry in catalogue.table("contested").items()}  # fmt: skip
    return found | {f"parameter {p.path}": p.source for p in declared().values()}


def test_everything_has_a_source():
    assert not [what for what, source in sourced().items() if not source.strip()]


def test_tags_of_evidence_exist():
    texts = {key: shared("evidence", name).read_text(encoding="utf-8") for key, name in EVIDENCE.items()}
    wrong = []
    for what, source in sourced().items():
        for family, tag, own in TAG.findall(source):
            if not re.search(rf"\b{tag or own}\b", texts[family]):
                wrong.append(f"{what}: {family}-{tag}{own}")
    assert not wrong


def used() -> tuple[list[set[str]], list[str]]:
    """Return the names that each module of sim/ uses, and the beginnings of names that it puts together."""
    files, beginnings = [], []
    for path in code("sim"):
        files.append(set(words(path)))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.append(str(node.values[0].value))
    return files, beginnings


def test_every_parameter_is_read_somewhere():
    files, beginnings = used()
    composed = tuple(b for b in beginnings if b.endswith("_"))
    unread = []
    for path in declared():
        group, name = path.split(".")
        read = any({group, name} <= words for words in files) or (composed and name.startswith(composed))
        if not read:
            unread.append(path)
    assert not unread


def test_no_function_is_over_45_lines_and_no_file_over_400():
    long = [f"{p.relative_to(ROOT)}: {n} lines" for p in tracked(".py") if (n := p.read_text().count("\n")) > 400]
    for path in tracked(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno > 45:
                long.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not long


PLACES = re.compile(r"/(?:work|farm|home|root|Users)/|/tmp/house|[.]library\b")
HOSTS = re.compile("|".join(("py" + r"pi\.org", "pythonhosted" + r"\.org", r"conda\.anaconda" + r"\.org")))


def test_no_file_names_a_machine_s_path_or_a_package_registry():
    mine, wrong = Path(__file__).resolve(), []
    for path in tracked(".py", ".toml", ".md", ".ipynb", ".txt", ".cfg", ".yml", ".json", ".html", ".csv", "run"):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if path.resolve() != mine and (PLACES.search(line) or HOSTS.search(line)):
                wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert not wrong


def test_no_work_is_left_for_later():
    unfinished = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|NotImplemented" + "Error")
    found = [f"{p.relative_to(ROOT)}: {m.group()}" for p in tracked(".py") if (m := unfinished.search(p.read_text()))]
    assert not found
