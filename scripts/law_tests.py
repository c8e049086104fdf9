"""Renders jukinet/data/law_tests.csv: which test is marked with which rule, and its cases; --check compares."""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "jukinet" / "data" / "law_tests.csv"


class Collector:
    """Gathers the marks `law` of every collected test."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[str, str]] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count each case under each rule that it is marked with."""
        for item in items:
            test = item.nodeid.partition("[")[0]
            for rule in {rule for mark in item.iter_markers("law") for rule in mark.args}:
                self.rows[(str(rule), test)] += 1


def rendered() -> str:
    """The table as it should be now."""
    collector = Collector()
    arguments = ["--collect-only", "-qq", str(ROOT / "tests"), f"--rootdir={ROOT}"]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main(arguments, plugins=[collector])
    if code != 0:
        raise SystemExit(f"{said.getvalue()}\nthe tests cannot be collected; mend what stands above")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("rule", "test", "cases"))
    writer.writerows((rule, test, cases) for (rule, test), cases in sorted(collector.rows.items()))
    return text.getvalue()


def main(arguments: list[str]) -> int:
    """Write the table, or with --check say whether it is up to date."""
    now = rendered()
    if "--check" not in arguments:
        TABLE.write_text(now, encoding="utf-8")
        print(f"{TABLE.relative_to(ROOT)}: {now.count(chr(10)) - 1} rows")
        return 0
    if TABLE.read_text(encoding="utf-8") == now:
        return 0
    print("jukinet/data/law_tests.csv is not what the tests say; run scripts/law_tests.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
