"""Write the tables of docs/odd.md, dials.md and evidence.md from the code; all outside the markers is written by hand.

python docs/make.py      after a change to a rule, a parameter, a metric, a task or an agent; a test holds you to it.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sim import schedule
from sim.actors import dials as turned
from sim.experiment.paired_metrics import PAIRED
from sim.metrics import METRICS
from sim.model import AGENTS
from sim.scenario import catalogue
from sim.scenario.parameters import declared
from sim.scenario.schema import MODELS
from sim.schedule import JUDGEMENT, WEEK

DOCS = Path(__file__).resolve().parent
MARK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
TAG = re.compile(r"\b(?:[BSFQ]-[A-Z]\d+|[ES]\d+[a-h]?)\b")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), ["---"] * len(list(head)), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    """Return a value as one cell: on one line, no bar that would end it."""
    return " ".join(str(value).split()).replace("|", "\\|")


def _first(doc: str) -> str:
    """Return the first line of a docstring."""
    return doc.strip().splitlines()[0]


def agents() -> str:
    """Return the agents and what each keeps, from their classes."""
    rows = []
    for kind in AGENTS:
        head, _, rest = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")
        rows.append((f"`{kind.__name__}`", head, rest or "as said"))
    return table(("agent", "is", "keeps"), rows)


def week() -> str:
    """Return the week in order, each rule with what the schedule says of it."""
    source = inspect.getsource(schedule)
    said = dict(re.findall(r"^    (\w+),  # (.+)$", source, re.MULTILINE))
    return "\n".join(f"{k}. `{rule.name}`: {said[rule.name]}" for k, rule in enumerate(WEEK, 1)) + "\n"


def rules() -> str:
    """Return the rules of the week in order, with what they read and write and on what they rest."""
    rows = [(f"`{r.name}`", _first(r.doc), ", ".join(r.reads), ", ".join(r.writes), r.source, r.basis) for r in WEEK]
    return table(("rule", "says", "reads", "writes", "source", "basis"), rows)


def judgement() -> str:
    """Return the rules that read opinions as the week began."""
    return ", ".join(f"`{rule.name}`" for rule in JUDGEMENT) + "\n"


def parameters() -> str:
    """Return every parameter with all that stands behind it."""
    head = ("parameter", "value", "plausible", "unit", "basis", "source", "meaning")
    return table(head, ((f"`{path}`", f"{p.value:g}", f"{p.plausible[0]:g} to {p.plausible[1]:g}", p.unit, p.basis,
                         p.source, p.meaning) for path, p in sorted(declared().items())))  # fmt: skip


def basis() -> str:
    """Return on what the parameters rest, counted."""
    count = Counter(p.basis for p in declared().values())
    words = {"literature": "literature", "calibrated": "calibration", "assumption": "assumption"}
    told = ", ".join(f"{count[key]} on {word}" for key, word in words.items())
    return f"Of {sum(count.values())} parameters {told}.\n"


def metrics() -> str:
    """Return every metric: those of one run, then those that need several."""
    rows = [(f"`{m.name}`", ", ".join(m.by), m.unit, m.better, m.over_run, m.source, _first(m.doc))
            for m in sorted(METRICS.values(), key=lambda m: m.name)]  # fmt: skip
    pairs = [(f"`{m.name}`", m.by, m.unit, m.better, "paired: " + ", ".join(m.arms), m.source, _first(m.doc))
             for m in sorted(PAIRED.values(), key=lambda m: m.name)]  # fmt: skip
    return table(("metric", "by", "unit", "better", "over a run", "source", "says"), [*rows, *pairs])


def tasks() -> str:
    """Return the tasks: staff, rules, what moves without them, the activities under them."""
    rows = []
    for name, entry in catalogue.table("tasks").items():
        moved = catalogue.shown(name)
        seen = f"`{moved[0]}` {moved[1]}" if moved else f"delivery only: {entry['delivery_only']}"
        staff = ", ".join(f"{share:g} of {who}" for who, share in entry["staff"].items())
        under = "; ".join(catalogue.activities(name)) or "none of the report's"
        rows.append((f"`{name}`", entry["meaning"], staff, ", ".join(entry["rules"]), seen, under))
    return table(("task", "is", "calls for", "rules", "without it", "activities"), rows)


def dials() -> str:
    """Return every dial of missions, partnerships, hosts and armed groups, and the rules that it touches."""
    rows = [(f"`{dial}`", _meaning(dial), ", ".join(touched(dial)) or turned.FOR_BUILDING.get(dial, "nothing"))
            for dial in turned.dials()]  # fmt: skip
    return table(("dial", "says", "read by"), rows)


def touched(dial: str) -> list[str]:
    """Return the rules that declare to read what becomes of a dial, in the order of the week."""
    return [f"`{rule.name}`" for rule in WEEK if set(rule.reads) & set(turned.columns(dial))]


def _meaning(dial: str) -> str:
    """Return what the schema says of a dial."""
    section, key = dial.split(".")
    return MODELS[section].model_fields[key].description or ""


def forms() -> str:
    """Return the forms of partnership and the dials that each gives."""
    names, given = catalogue.forms(), {name: catalogue.form(name) for name in catalogue.forms()}
    told = [("meaning", *(catalogue.table("forms")[name]["meaning"] for name in names))]
    told += [(f"`{dial}`", *(_value(given[name][dial]) for name in names)) for dial in given[names[0]]]
    return table(("", *(f"`{name}`" for name in names)), told)


def _value(value: object) -> str:
    """Return a dial's value as a scenario file would write it."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def evidence() -> str:
    """Return for each entry of the evidence what rests on it."""
    used: dict[str, list[str]] = {}
    for what, source in _sources():
        for tag in dict.fromkeys(TAG.findall(source)):
            used.setdefault(tag, []).append(what)
    return table(("entry", "used by"), ((tag, ", ".join(used[tag])) for tag in sorted(used, key=_order)))


def references() -> str:
    """Return the documents that entries of the evidence come from."""
    rows = catalogue.table("references").items()
    return table(("entries", "document", "link"), ((f"{tag}-" if len(tag) == 1 else tag, told["reference"],
                                                   told.get("link", "")) for tag, told in rows))  # fmt: skip


def contested() -> str:
    """Return the disputed parameters of the evidence with both sides."""
    head = ("parameter", "plausible", "question", "one side", "the other")
    rows = ((f"`{path}`", "{:g} to {:g}".format(*declared()[path].plausible), entry["question"],
             *(f"{entry[side]} {', '.join(entry[f'{side}_sources'])}" for side in ("one", "other")))
            for path, entry in catalogue.table("contested").items())  # fmt: skip
    return table(head, rows)


def _sources() -> Iterator[tuple[str, str]]:
    """Go through everything that names its evidence."""
    yield from ((f"rule `{r.name}`", f"{r.doc} {r.source} {r.basis}") for r in WEEK)
    yield from ((f"`{path}`", p.source) for path, p in declared().items())
    yield from ((f"metric `{m.name}`", m.source) for m in (*METRICS.values(), *PAIRED.values()))
    yield from ((f"contested `{path}`", " ".join(entry["one_sources"] + entry["other_sources"]))
                for path, entry in catalogue.table("contested").items())  # fmt: skip
    yield from ((f"task `{name}`", entry["source"]) for name, entry in catalogue.table("tasks").items())
    for file in ("mandates", "profiles", "forms"):
        for name, entry in catalogue.table(file).items():
            told = " ".join(about.get("source", "") for about in entry.values() if isinstance(about, dict))
            yield f"{file[:-1]} `{name}`", told


def _order(tag: str) -> tuple[str, int, str]:
    """Sort tags by family and number."""
    family, number, rest = re.match(r"(\D+)(\d+)(.*)", tag).groups()  # type: ignore[union-attr]
    return family, int(number), rest


MADE = (
    agents,
    week,
    rules,
    judgement,
    parameters,
    basis,
    metrics,
    tasks,
    dials,
    forms,
    evidence,
    references,
    contested,
)
TABLES: dict[str, Callable[[], str]] = {f.__name__: f for f in MADE}


def filled(text: str) -> str:
    """Return a document with its tables made anew."""
    return MARK.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def main() -> None:
    """Fill all documents."""
    for path in (DOCS / "odd.md", DOCS / "dials.md", DOCS / "evidence.md"):
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
