"""Replace each rule by one that does nothing, and see that its own test then fails: a test that passes tests nothing.

python benchmarks/neutralise.py [RULE ...] prints a table and exits with 1 if some rule's test still passes.
log, where all rules are walked: benchmarks/logs/neutralise.txt
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sim.rules.rule import Rule
from sim.schedule import WEEK

TESTS = Path(__file__).resolve().parents[1] / "tests" / "rules"


class Tally:
    """Counts what a run of tests came to."""

    def __init__(self) -> None:
        self.passed, self.failed = 0, 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count each test once: as failed if any of its phases did."""
        if report.failed:
            self.failed += 1
        elif report.when == "call" and report.passed:
            self.passed += 1


@contextlib.contextmanager
def neutralised(rule: Rule) -> Iterator[None]:
    """Let a rule do nothing for a while, wherever it is held."""
    act = rule.act
    object.__setattr__(rule, "act", lambda m: None)
    try:
        yield
    finally:
        object.__setattr__(rule, "act", act)


def own_test(rule: Rule) -> tuple[int, int]:
    """Run a rule's own test; return how many tests passed and how many failed."""
    tally, path = Tally(), TESTS / f"test_rule_{rule.name}.py"
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:warnings", "--tb=no", str(path)], plugins=[tally])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SystemExit(f"{path.name} could not be run (pytest said {code!r})")
    return tally.passed, tally.failed


def blind(rules: Sequence[Rule], say: Callable[[str], None] = print) -> list[str]:
    """Say how each rule's test fares with and without its rule; return the rules whose test notices nothing."""
    say(f"{'rule':<24}{'with it':>12}{'without it':>24}")
    found = []
    for rule in rules:
        whole = own_test(rule)
        with neutralised(rule):
            lacking = own_test(rule)
        sound = whole[1] == 0 and whole[0] > 0 and lacking[1] > 0
        told = f"{lacking[1]} of {sum(lacking)} fail"
        say(f"{rule.name:<24}{f'{whole[0]} pass':>12}{told:>24}{'' if sound else '   <- notices nothing'}")
        found += [] if sound else [rule.name]
    return found


def main(names: Sequence[str]) -> int:
    """Check the rules named, or all; return 1 if a test notices nothing."""
    unknown = set(names) - {rule.name for rule in WEEK}
    if unknown:
        raise SystemExit(f"no rule {', '.join(sorted(unknown))}; there are {', '.join(r.name for r in WEEK)}")
    if names:
        found = blind([rule for rule in WEEK if rule.name in names])
        print(f"tests that notice nothing: {', '.join(found) or 'none'}")
        return bool(found)
    from study import Log  # beside this file; only a walk over all rules is kept

    log = Log("neutralise")
    found = blind(WEEK, log)
    log(f"{len(WEEK)} rules; tests that notice nothing: {', '.join(found) or 'none'}")
    log.close()
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
