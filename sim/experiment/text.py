"""How results, comparisons and explanations read, as text and as HTML."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.about import GROUPS, about
from sim.experiment.manifest import basis
from sim.experiment.paired_metrics import PAIRED
from sim.experiment.statistics import spread

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.results import Results
    from sim.experiment.why import Why
    from sim.scenario import Scenario

Grid = Sequence[Sequence[str]]
SHOWN_MOVES = 6
WORTH_TELLING = 0.02
LONG_NAME, WIDTH, FEW = 16, 110, 60
"""From how many letters on a scenario's name is a letter in the head of a table; how wide notes are as text; how many
metrics are few enough to be told whole."""
UNPAIRED = ("weeks", "start", "spin_up", "world")
BASES = {"literature": "literature", "calibrated": "calibration", "assumption": "assumption"}
NOT_A_FORECAST = "Exploratory, not a forecast."


def number(x: float, sign: bool = False) -> str:
    """Return a number with about three figures, a true minus sign, and a dash for none."""
    if math.isnan(x):
        return "–"
    if math.isinf(x):
        return "−∞" if x < 0 else "∞"
    size = abs(x)
    digits = 0 if size >= 100 or (size >= 10 and size == round(size)) else 1 if size >= 10 else 2 if size >= 0.1 else 3
    told = f"{size:,.{digits}f}"
    told = told.rstrip("0").rstrip(".") if size == round(size) and "." in told else told
    nothing = not any(c in "123456789" for c in told)
    return ("" if nothing else "−" if x < 0 else "+" if sign else "") + told


def percent(x: float) -> str:
    """Return a share in per cent, a dash for none."""
    return "–" if math.isnan(x) else f"{100 * x:.0f} %"


def counted(n: int, what: str) -> str:
    """Return a number with its noun: 1 seed, 20 seeds."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def aligned(rows: Grid) -> str:
    """Return rows with their columns aligned, the first left and the others right; a lone cell is a heading."""
    full = [row for row in rows if len(row) > 1]
    widths = [max((len(row[k]) for row in full if k < len(row)), default=0) for k in range(max(map(len, rows)))]
    return "\n".join(row[0] if len(row) == 1 else _line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return one aligned row."""
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False))]
    return "  ".join(cells).rstrip()


def as_html(rows: Grid) -> str:
    """Return rows as an HTML table; the first row and lone cells are headings."""
    body = "".join(_html_row(row, "th" if k == 0 or len(row) == 1 else "td") for k, row in enumerate(rows))
    return f"<table>{body}</table>"


def _html_row(row: Sequence[str], tag: str) -> str:
    """Return one row of an HTML table."""
    span = ' colspan="20"' if len(row) == 1 else ""
    style = [f"text-align:{'left' if k == 0 else 'right'};white-space:nowrap" for k in range(len(row))]
    cells = (f'<{tag}{span} style="{look}">{html.escape(c)}</{tag}>' for look, c in zip(style, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def headings(labels: Sequence[str]) -> dict[str, str]:
    """Return what scenarios are called in the head of a table: letters as in figures if some have long names."""
    if max(map(len, labels)) <= LONG_NAME:
        return {label: label for label in labels}
    return {label: chr(ord("A") + k) if k < 26 else str(k + 1) for k, label in enumerate(labels)}


def _named(labels: Sequence[str]) -> list[str]:
    """Say which letter is which scenario, a line each; nothing where names stand in the head."""
    return [f"{head}  {label}" for label, head in headings(labels).items() if head != label]


def wrapped(notes: Iterable[str]) -> list[str]:
    """Break notes into lines that a terminal holds."""
    return [textwrap.fill(note, WIDTH, subsequent_indent="  ") for note in notes]


def _page(head: str, names: Sequence[str], grids: Iterable[Grid], notes: Iterable[str]) -> str:
    """Return a small page of HTML: head, names, tables, notes."""
    told = "".join(f"<br>{html.escape(line)}" for line in names)
    small = "".join(f'<p style="font-size:85%;margin:0.2em 0">{html.escape(line)}</p>' for line in notes)
    return f"<p><b>{html.escape(head)}</b>{told}</p>{''.join(map(as_html, grids))}{small}"


def preformatted(told: str) -> str:
    """Return text as it stands, for a notebook."""
    return f"<pre>{html.escape(told)}</pre>"


def headline(columns: Iterable[str], missions: Iterable[str]) -> dict[str, list[str]]:
    """Return the headline columns by group, in reading order; opinions are those of everybody on missions."""
    columns, missions = list(columns), set(missions)
    found = {}
    for group, patterns in GROUPS.items():
        mine = [c for p in patterns for c in columns if fnmatchcase(c, p) and _is_headline(c, missions)]
        if mine:
            found[group] = mine
    return found


def grouped(columns: Iterable[str], missions: Iterable[str]) -> dict[str, list[str]]:
    """Return the headline columns by group; where few columns were asked for also all others, under `Others`."""
    columns = list(columns)
    found = headline(columns, missions)
    others = [c for c in columns if c not in {c for group in found.values() for c in group}]
    if len(columns) > FEW or not others:
        return found
    return {**found, "Others": others} if found else {"": others}


def _is_headline(column: str, missions: set[str]) -> bool:
    """Say whether an actor's column belongs in the headline: opinions only of missions."""
    _, arrow, judged = about(column).key.partition("->")
    return judged in missions if arrow else True


def _missions(setups: Mapping[str, Scenario]) -> set[str]:
    """Return every mission of the scenarios."""
    return {name for setup in setups.values() for name in setup.missions}


def assumptions(setups: Iterable[Scenario]) -> str:
    """Say on what the parameters rest."""
    count = basis(next(iter(setups)))
    parts = ", ".join(f"{count.get(key, 0)} on {word}" for key, word in BASES.items())
    total = sum(count.get(key, 0) for key in BASES)
    return f"An argument made precise, not a measurement: of {total} parameters {parts}."


def results(r: Results) -> str:
    """Return results as text: what was run, tables, headline metrics with median and spread."""
    told = aligned(_result_rows(r)) if len(r) else "no run has finished"
    return "\n".join([_ran(r), *_named(r.scenarios), told, *wrapped(_result_notes(r))])


def results_html(r: Results) -> str:
    """Return results as HTML."""
    return _page(_ran(r), _named(r.scenarios), [_result_rows(r)] if len(r) else [], _result_notes(r))


def _ran(r: Results) -> str:
    """Say what was run."""
    weeks = sorted({setup.weeks for setup in r.setups.values()})
    asked, done = len(r.setups) * len(r.seeds), len(r)
    short = "" if done == asked else f", {done} of {asked} finished"
    span = f"{weeks[0]} weeks" if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]} weeks"
    return f"Results: {counted(len(r.setups), 'scenario')}, {counted(len(r.seeds), 'seed')}, {span}{short}"


def _result_rows(r: Results) -> list[list[str]]:
    """Return the headline metrics of each scenario: median and 5-95 % spread over seeds."""
    rows = [["median [5–95 % of seeds]", *headings(r.scenarios).values()]]
    for group, columns in headline(r.summary.columns, _missions(r.setups)).items():
        told = [c for c in columns if r.summary[c].fillna(0).ne(0).any()]
        rows += [[group]] if told else []
        rows += [[f"  {about(c).label}", *(_spread(r.summary, label, c) for label in r.scenarios)] for c in told]
    return rows


def _spread(summary: pd.DataFrame, label: str, column: str) -> str:
    """Return a metric's median and spread over seeds in one scenario."""
    values = summary.loc[summary["scenario"] == label, column].dropna().to_numpy(float)
    if len(values) == 0:
        return "–"
    low, high = spread(values)
    return f"{number(float(pd.Series(values).median()))} [{number(low)}–{number(high)}]"


def _result_notes(r: Results) -> list[str]:
    """Return what stands below the results: tables, place, failures, and what they are not."""
    failed = [f"{counted(len(r.failed), 'run')} failed: see .failed"] if len(r.failed) else []
    place = [f"in {r.folder}"] if r.folder else []
    return [f"Tables: {', '.join(r.tables)}", *place, *failed, f"{NOT_A_FORECAST} {assumptions(r.setups.values())}"]


def comparison(c: Comparison) -> str:
    """Return a comparison as text."""
    grids = (f"\n{aligned(rows)}" for rows in _comparison_grids(c))
    cautions = wrapped(_cautions(c))
    return "\n".join(
        [_against(c), *cautions, *_named((c.baseline, *c.arms)), *grids, "", *wrapped(_comparison_notes(c))]
    )


def comparison_html(c: Comparison) -> str:
    """Return a comparison as HTML."""
    heads = [*_cautions(c), *_named((c.baseline, *c.arms))]
    return _page(_against(c), heads, _comparison_grids(c), _comparison_notes(c))


def _against(c: Comparison) -> str:
    """Say what is compared with what."""
    arms = counted(len(c.arms) + 1, "arm")
    heads = headings((c.baseline, *c.arms))
    who = f"{', '.join(heads[arm] for arm in c.arms)} against {heads[c.baseline]}"
    return f"{who}: {counted(c.seeds, 'paired seed')}, {arms} run"


def _comparison_grids(c: Comparison) -> list[list[list[str]]]:
    """Return a grid of rows for each arm."""
    return [_comparison_rows(c, arm) for arm in c.arms]


def _comparison_rows(c: Comparison, arm: str) -> list[list[str]]:
    """Return the headline rows of one arm, or all rows where few metrics were asked for."""
    table = c.table[c.table["arm"] == arm].set_index("metric", drop=False)
    groups = grouped(table.index, _missions(c.setups))
    level = "95 % interval" if not c.corrected else "corrected interval"
    heads = headings((c.baseline, *c.arms))
    rows = [
        ["means over seeds", heads[c.baseline], heads[arm], f"difference [{level}]", "seeds agree", "ratio [95 %]", ""]
    ]
    for group, columns in groups.items():
        told = [_comparison_row(table.loc[column]) for column in columns if _has_something(table.loc[column])]
        rows += [[group]] if group and told else []
        rows += told
    return rows


def _has_something(row: pd.Series) -> bool:
    """Say whether either arm has any of a metric; a ratio that cannot be told is named below the table."""
    if _untold(row):
        return False
    return any(value != 0 and not math.isnan(value) for value in (row["mean_a"], row["mean_b"]))


def _untold(row: pd.Series) -> bool:
    """Say whether it is a ratio of means over seeds that cannot be told from these runs."""
    return bool(row["n"]) and row["verdict"] == "not estimable" and _is_quotient(row["metric"])


def _is_quotient(column: str) -> bool:
    """Say whether a metric is a ratio of means of several arms."""
    name = about(column).name
    return name in PAIRED and PAIRED[name].quotient


def _comparison_row(row: pd.Series) -> list[str]:
    """Return one metric of one arm as cells."""
    what = about(row["metric"])
    unit = f" ({what.unit})" if what.unit and not what.is_share else ""
    if row["n"] == 0:
        return [f"  {what.label}{unit}", number(row["mean_a"]), number(row["mean_b"]), "", "", "", "in one arm only"]
    ratio = f"{number(row['ratio'])} [{number(row['ratio_low'])}, {number(row['ratio_high'])}]"
    return [
        f"  {what.label}{unit}", number(row["mean_a"]), number(row["mean_b"]),
        f"{number(row['difference'], sign=True)} [{number(row['low'])}, {number(row['high'])}]",
        percent(row["agree"]), ratio if not math.isnan(row["ratio"]) else "", told_verdict(row),
    ]  # fmt: skip


def told_verdict(row: pd.Series) -> str:
    """Return the verdict in words, with its power where nothing was seen."""
    if row["verdict"] not in ("flat", "open"):
        return row["verdict"]
    smallest, base = row["detectable"], abs(row["mean_a"])
    if not math.isfinite(smallest) or smallest == 0:
        return row["verdict"]
    shown = number(smallest) if about(row["metric"]).is_share or base == 0 else percent(smallest / base)
    return f"{row['verdict']}; below {shown} unseen"


def _cautions(c: Comparison) -> list[str]:
    """Say of arms whose runs are no pairs: another country, another length."""
    base = c.setups[c.baseline].to_dict()
    odd = {arm: [k for k in UNPAIRED if c.setups[arm].to_dict()[k] != base[k]] for arm in c.arms}
    return [f"Caution: {arm} and {c.baseline} differ in {' and '.join(keys)}; their runs are no pairs."
            for arm, keys in odd.items() if keys]  # fmt: skip


def _comparison_notes(c: Comparison) -> list[str]:
    """Return how to read the comparison, and what it is not."""
    holm = [f"{len(c.arms)} arms meet one baseline: intervals are widened by Holm's correction."] if c.corrected else []
    untold = [about(row["metric"]).label for _, row in c.table.iterrows() if _untold(row)]
    missing = [f"Ratios that are not estimable from these runs: {', '.join(dict.fromkeys(untold))}."] if untold else []
    return [
        *missing,
        *holm,
        "higher, lower: the interval excludes zero, 70 % of seeds agree and the effect is at least 0.2 of the spread "
        "between runs; slightly: the null holds as well.",
        "flat: a null holds (90 % interval of the ratio inside 0.87 to 1.15, of a share's difference inside 0.03); "
        "open: neither. `below 6 % unseen`: a change below 6 % could not have been seen with so many seeds; where that "
        "is more than 13 %, flat needs more seeds too.",
        "One setting of the parameters: how often a sign holds over plausible parameters was not run here.",
        f"{NOT_A_FORECAST} {assumptions(c.setups.values())}",
    ]


def why(w: Why) -> str:
    """Return an explanation as sentences, a paragraph for each scenario."""
    return "\n\n".join(_why_one(w, balance) for _, balance in w.balance.iterrows())


def _why_one(w: Why, balance: pd.Series) -> str:
    """Return the sentences of one scenario."""
    moves = w.table[w.table["scenario"] == balance["scenario"]]
    moved, seeds = balance["moved"], counted(balance["seeds"], "seed")
    who = f" in the eyes of {w.audience}" if w.audience else ""
    went = "did not move" if not moved else f"{'rose' if moved > 0 else 'fell'} {number(abs(moved))}"
    opening, closing = number(balance["opening"]), number(balance["closing"])
    levels = "" if math.isnan(balance["closing"]) else f" from {opening} to {closing}"
    head = f"{balance['scenario']}: {w.actor} {w.quantity}{who} {went}{levels} (mean of {seeds}), moved by"
    rest = moves.iloc[SHOWN_MOVES:]
    tail = [f"  {number(rest['net'].sum(), sign=True)} {counted(len(rest), 'smaller move')}"] if len(rest) else []
    return "\n".join([head, *(_move(m) for _, m in moves.head(SHOWN_MOVES).iterrows()), *tail])


def _move(move: pd.Series) -> str:
    """Return one move as a line: net, rule and cause, gross where it went both ways, seeds."""
    both_ways = min(move["gains"], -move["losses"]) > WORTH_TELLING * abs(move["net"])
    gross = f", {number(move['gains'], sign=True)} and {number(move['losses'])}" if both_ways else ""
    cause = f" ({move['cause']})" if move["cause"] else ""
    return f"  {number(move['net'], sign=True)} {move['rule']}{cause}{gross}, in {percent(move['agree'])} of seeds"
