"""Break the code on purpose, in a copy, and demand that the tests notice: scripts/test --sabotage calls this.

Each entry of tests/sabotage.toml names a point, the text to replace, the test that must fail then, and a part of the
message it must fail with. A test that passes all the same, or fails for another reason, protects nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHILD = Path(__file__).resolve().parent / "sabotage_child"
DEFAULT_JOBS = 2
# A sabotage may make a test wait for ever; pytest's own timeout ends it first, where that is installed.
RUN_SECONDS = 600
# Below this, starting a second process costs more than it saves.
TESTS_WORTH_TWO_PROCESSES = 6
TESTS_FAILED = 1  # pytest's exit code; 2 and above mean that tests were not even run


@dataclass(frozen=True)
class Sabotage:
    """One way to break the code."""

    point: str
    file: str
    find: str
    replace: str
    test: str
    expect: str

    def patched(self, root: Path) -> str:
        """The broken text; raises ValueError unless `find` stands in the file exactly once."""
        text = (root / self.file).read_text(encoding="utf-8")
        count = text.count(self.find)
        if count != 1:
            raise ValueError(f"find matches {count} times in {self.file}, must match once: change find")
        return text.replace(self.find, self.replace)


@dataclass(frozen=True)
class Run:
    """What a pytest process left behind."""

    exit_code: int | None
    output: str
    outcomes: list[dict[str, str]]
    origins: dict[str, str]

    def of(self, test: str) -> list[dict[str, str]]:
        """The outcomes of a test, with all its parameters."""
        return [
            outcome
            for outcome in self.outcomes
            if outcome["test"] == test or outcome["test"].startswith((f"{test}[", f"{test}::"))
        ]


@dataclass(frozen=True)
class Verdict:
    """What became of an entry; `problem` is empty where the test noticed."""

    entry: Sabotage
    seconds: float
    problem: str = ""
    skipped: bool = False


def read_entries(path: Path) -> list[Sabotage]:
    """Read the entries; raises ValueError for one with other than the six keys."""
    wanted = {field.name for field in fields(Sabotage)}
    entries = []
    for number, table in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("sabotage", []), start=1):
        if set(table) != wanted or not all(
            isinstance(value, str) and (value or key == "replace") for key, value in table.items()
        ):
            raise ValueError(
                f"{path.name}: entry {number} must have exactly the non-empty texts {', '.join(sorted(wanted))}"
            )
        entries.append(Sabotage(**table))
    return entries


def packages_of(root: Path) -> list[str]:
    """The importable packages of a tree, those of its tests left out."""
    return sorted(path.parent.name for path in root.glob("*/__init__.py") if path.parent.name != "tests")


def copy_tree(source: Path, target: Path) -> Path:
    """Copy what a run needs; caches of packages come along, which is why file times are kept."""
    ignored = shutil.ignore_patterns(".venv", ".git", ".*_cache", ".hypothesis", ".jukinet", "dist", "build")
    shutil.copytree(source, target, ignore=ignored, symlinks=True)
    return target


def environment(tree: Path, report: Path) -> dict[str, str]:
    """Ours, less what a surrounding pytest left, with the copy first on the search path of every process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_XDIST", "PYTEST_ADDOPTS"))}
    kept.pop("PYTEST_CURRENT_TEST", None)
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHILD), str(tree), os.environ.get("PYTHONPATH", "")])),
        "JUKINET_SABOTAGE_TREE": str(tree),
        "JUKINET_SABOTAGE_PACKAGES": ",".join(packages_of(tree)),
        "JUKINET_SABOTAGE_REPORT": str(report),
    }


def run_process(command: list[str], tree: Path, report: Path) -> tuple[int | None, str]:
    """Run to the end or the limit; whatever it started and left behind ends with it. None is for the limit."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        # A file, not a pipe: a process left behind would hold a pipe open, and the reader would wait for it.
        process = subprocess.Popen(
            command,
            cwd=tree,
            env=environment(tree, report),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(RUN_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all gone; macOS says so with the second one
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        output.seek(0)
        return code, output.read()


def run_tests(tree: Path, tests: list[str], work: Path, jobs: int = 1) -> Run:
    """Run some tests of a tree; raises RuntimeError when they tried other code than the tree's."""
    work.mkdir(parents=True, exist_ok=True)
    report = work / "report.jsonl"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "-p",
        "sabotage_report",
        f"--basetemp={work / 'tmp'}",
    ]
    if jobs > 1 and len(tests) >= TESTS_WORTH_TWO_PROCESSES:
        command += ["-n", str(jobs)]
    exit_code, output = run_process(command + tests, tree, report)
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()] if report.exists() else []
    origins = {name: origin for line in lines for name, origin in line.get("origins", {}).items()}
    for name, origin in origins.items():
        if not origin.startswith(f"{tree}{os.sep}"):
            raise RuntimeError(f"{name} was imported from {origin}, not from the copy {tree}: the run proves nothing")
    return Run(exit_code, output, [line for line in lines if "test" in line], origins)


def module_name(file: str) -> str | None:
    """The module that a file is imported as; None for other files."""
    path = Path(file)
    if path.suffix != ".py" or path.parts[0] == "tests":
        return None
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def broken_otherwise(entry: Sabotage, tree: Path, work: Path) -> str:
    """Say why the patched file is no code that could run, or nothing."""
    name = module_name(entry.file)
    if name is None:
        return ""
    try:
        compile((tree / entry.file).read_text(encoding="utf-8"), entry.file, "exec")
    except SyntaxError as error:
        return f"the patched {entry.file} does not compile: {error}"
    code, output = run_process([sys.executable, "-c", f"import {name}"], tree, work / "none")
    return "" if code == 0 else f"the patched {entry.file} cannot be imported: {last_line(output)}"


def first_line(message: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in message.splitlines() if line.strip()), "nothing")


def last_line(output: str) -> str:
    """The last line that says something."""
    return first_line("\n".join(reversed(output.splitlines())))


def judge(entry: Sabotage, run: Run) -> str:
    """Say why a run under sabotage does not satisfy the entry, or nothing."""
    failures = [outcome["message"] for outcome in run.of(entry.test) if outcome["outcome"] == "failed"]
    if run.exit_code is None:
        return f"the test did not end within {RUN_SECONDS} s"
    if run.exit_code == 0:
        return (
            "the test passes all the same. Sharpen it; if it starts processes with an environment of their own, "
            "let them keep PYTHONPATH"
        )
    if run.exit_code != TESTS_FAILED or not failures:
        return f"the test could not be run (pytest exit code {run.exit_code}): {last_line(run.output)}"
    if not any(entry.expect in message for message in failures):
        said = " | ".join(map(first_line, failures))
        return f"the test fails with another message; expected {entry.expect!r}, it said {said[:400]!r}"
    return ""


def check_before(entry: Sabotage, before: Run) -> str:
    """Say why the unbroken code does not pass the entry's test, or nothing."""
    outcomes = before.of(entry.test)
    if not outcomes:
        return f"{entry.test} did not run on the unbroken code: {last_line(before.output)}"
    failed = [outcome["message"] for outcome in outcomes if outcome["outcome"] == "failed"]
    return f"the test fails on the unbroken code: {first_line(failed[0])}" if failed else ""


def try_entry(entry: Sabotage, pristine: Path, before: Run, work: Path) -> Verdict:
    """Break a copy of its own as the entry says, and see whether the test notices."""
    begun = time.monotonic()
    try:
        text = entry.patched(pristine)
        problem = check_before(entry, before)
        if not problem and all(outcome["outcome"] == "skipped" for outcome in before.of(entry.test)):
            return Verdict(entry, time.monotonic() - begun, "the test is skipped on this machine", skipped=True)
        if not problem:
            tree = copy_tree(pristine, work / "tree")
            target = tree / entry.file
            target.write_text(text, encoding="utf-8")
            for stale in target.parent.glob(f"__pycache__/{target.stem}.*.pyc"):
                stale.unlink()  # its time and size may be those of the patched file
            problem = broken_otherwise(entry, tree, work) or judge(entry, run_tests(tree, [entry.test], work))
    except (OSError, ValueError, RuntimeError) as error:
        problem = str(error)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Verdict(entry, time.monotonic() - begun, problem)


def show(verdict: Verdict) -> None:
    """One line for an entry."""
    word = "SKIPPED" if verdict.skipped else "FAILED" if verdict.problem else "noticed"
    reason = f"\n        {verdict.problem}" if verdict.problem else ""
    print(f"{word:7} {verdict.seconds:5.1f} s  {verdict.entry.point}  [{verdict.entry.test}]{reason}", flush=True)


def run_all(entries: list[Sabotage], root: Path, jobs: int) -> list[Verdict]:
    """Try the entries, some at a time; prints as they end."""
    with tempfile.TemporaryDirectory(prefix="jukinet-sabotage-") as name:
        work = Path(name).resolve()
        pristine = copy_tree(root, work / "pristine")
        tests = sorted({entry.test for entry in entries})
        begun = time.monotonic()
        before = run_tests(pristine, tests, work / "before", jobs)
        print(f"unbroken: {len(tests)} tests in {time.monotonic() - begun:.1f} s; code of the copy:", flush=True)
        print(*(f"  {origin}" for origin in before.origins.values()), sep="\n", flush=True)
        verdicts = []
        with ThreadPoolExecutor(jobs) as pool:
            numbered = enumerate(entries)
            for future in [pool.submit(try_entry, entry, pristine, before, work / str(n)) for n, entry in numbered]:
                verdicts.append(future.result())
                show(verdicts[-1])
    return verdicts


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Return 0 when every sabotage was noticed."""
    parser = argparse.ArgumentParser(prog="scripts/test --sabotage", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only the points that contain one of these")
    parser.add_argument("--list", action="store_true", help="print the points and run nothing")
    parser.add_argument("--jobs", type=int, default=DEFAULT_JOBS, help="entries tried at the same time (%(default)s)")
    options = parser.parse_args(arguments)
    entries = read_entries(root / "tests" / "sabotage.toml")
    chosen = [entry for entry in entries if not options.names or any(name in entry.point for name in options.names)]
    if options.names and not chosen:
        print(f"no point contains {' or '.join(options.names)}; --list shows them all", file=sys.stderr)
        return 2
    if options.list:
        print(*(f"{entry.point}  [{entry.file} → {entry.test}]" for entry in chosen), sep="\n")
        return 0
    verdicts = run_all(chosen, root, max(1, options.jobs)) if chosen else []
    failed = sum(bool(verdict.problem) and not verdict.skipped for verdict in verdicts)
    skipped = sum(verdict.skipped for verdict in verdicts)
    tail = f", {skipped} skipped" if skipped else ""
    print(f"{len(verdicts) - failed - skipped} passed, {failed} failed{tail}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
