"""The sabotage runner, and its list: every entry still fits the code it wants to break."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load_runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("jukinet_sabotage", ROOT / "scripts" / "sabotage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


sabotage = load_runner()


def names_of_tests(path: Path) -> set[str]:
    """Test functions as pytest names them after the file: `test_x`, `TestX::test_y`."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found.add(node.name)
            found |= {f"{node.name}::{method.name}" for method in node.body if isinstance(method, ast.FunctionDef)}
    return {name for name in found if name.lower().startswith("test")}


def faults_of(entries: list[object], root: Path) -> list[str]:
    """Say what of a list no longer fits the tree."""
    faults = []
    seen: dict[object, str] = {}
    for entry in entries:
        assert isinstance(entry, sabotage.Sabotage)
        if not (root / entry.file).is_file():
            faults.append(f"{entry.point}: file {entry.file} does not exist; name the file that holds the code now")
        else:
            try:
                entry.patched(root)
            except ValueError as error:
                faults.append(f"{entry.point}: {error}")
        file, _, name = entry.test.partition("::")
        if not (root / file).is_file() or name.partition("[")[0] not in names_of_tests(root / file):
            faults.append(f"{entry.point}: test {entry.test} does not exist; name the test that guards the point now")
        if entry.find == entry.replace:
            faults.append(f"{entry.point}: replaces the text by itself")
        for key in (entry.point, (entry.file, entry.find, entry.replace, entry.test)):
            if key in seen:
                faults.append(f"{entry.point}: is the same as {seen[key]}; keep one")
            seen[key] = entry.point
    return faults


def test_every_entry_of_the_list_fits_the_code_and_the_tests() -> None:
    assert faults_of(sabotage.read_entries(ROOT / "tests" / "sabotage.toml"), ROOT) == []


TREE = {
    "toy/__init__.py": "",
    "toy/sums.py": "def add(a, b):\n    return a + b\n\n\ndef twice(a):\n    return a * 2  # a\n",
    "tests/test_sums.py": (
        "import subprocess, sys\n"
        "from toy import sums\n\n\n"
        "def test_adds():\n    assert sums.add(2, 3) == 5, 'wrong sum'\n\n\n"
        "def test_says_nothing():\n    sums.add(2, 3)  # wrong sum\n\n\n"
        "def test_in_a_process():\n"
        "    code = 'from toy import sums; assert sums.add(2, 3) == 5'\n"
        "    assert subprocess.run([sys.executable, '-c', code]).returncode == 0, 'wrong in a process'\n"
    ),
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p no:cacheprovider'\n",
}


def entry_text(point: str, find: str, replace: str, test: str, expect: str = "wrong sum") -> str:
    lines = {"point": point, "file": "toy/sums.py", "find": find, "replace": replace, "expect": expect}
    lines["test"] = f"tests/test_sums.py::{test}"
    return "[[sabotage]]\n" + "".join(f"{key} = '''{value}'''\n" for key, value in lines.items())


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name, text in TREE.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tree"


def run(tree: Path, capsys: pytest.CaptureFixture[str], *entries: str) -> tuple[int, dict[str, str]]:
    """Exit code, and what was printed about each point."""
    (tree / "tests" / "sabotage.toml").write_text("\n".join(entries), encoding="utf-8")
    code = sabotage.main([], root=tree)
    printed = capsys.readouterr().out.replace("\n        ", " ").splitlines()
    assert printed[-1] == f"{len(entries) - code * len(entries)} passed, {code * len(entries)} failed"
    return code, {line.split(" s  ")[1].split("  [")[0]: line for line in printed if " s  " in line}


def test_sabotage_that_the_tests_notice_passes_also_when_a_child_process_runs_the_code(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = run(
        tree,
        capsys,
        entry_text("minus", "a + b", "a - b", "test_adds"),
        entry_text("child", "a + b", "a - b", "test_in_a_process", "wrong in a process"),
    )
    assert code == 0
    assert all(line.startswith("noticed") for line in lines.values())
    assert (tree / "toy" / "sums.py").read_text(encoding="utf-8") == TREE["toy/sums.py"]


def test_sabotage_that_proves_nothing_is_reported_with_its_reason(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = run(
        tree,
        capsys,
        entry_text("unnoticed", "a + b", "a - b", "test_says_nothing"),
        entry_text("other message", "a + b", "a - b", "test_adds", "== 5, "),
        entry_text("twice", "return a", "return 0", "test_adds"),
        entry_text("no code", "a + b", "a +", "test_adds"),
        entry_text("no import", "def twice", "raise SystemExit(3)\n\n\ndef twice", "test_adds"),
    )
    assert code == 1
    assert "passes all the same" in lines["unnoticed"]
    # The source of the test holds the word, its exception does not.
    assert "another message" in lines["other message"]
    assert "matches 2 times" in lines["twice"]
    assert "does not compile" in lines["no code"]
    assert "cannot be imported" in lines["no import"]


def test_a_test_that_fails_before_any_sabotage_is_reported(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "toy" / "sums.py").write_text(TREE["toy/sums.py"].replace("a + b", "b - a"), encoding="utf-8")
    code, lines = run(tree, capsys, entry_text("minus", "b - a", "a - b", "test_adds"))
    assert code == 1
    assert "fails on the unbroken code: AssertionError: wrong sum" in lines["minus"]


def test_names_choose_points_and_an_unknown_name_is_refused(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = entry_text("minus", "a + b", "a - b", "test_adds") + entry_text("times", "a + b", "a * b", "test_adds")
    (tree / "tests" / "sabotage.toml").write_text(text, encoding="utf-8")
    assert sabotage.main(["--list", "tim"], root=tree) == 0
    assert capsys.readouterr().out == "times  [toy/sums.py → tests/test_sums.py::test_adds]\n"
    assert sabotage.main(["plus"], root=tree) == 2
    assert "no point contains plus" in capsys.readouterr().err


def test_an_empty_list_is_green(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "tests" / "sabotage.toml").write_text("# none yet\n", encoding="utf-8")
    assert sabotage.main([], root=tree) == 0
    assert capsys.readouterr().out == "0 passed, 0 failed\n"


@pytest.mark.parametrize("broken", ["[[sabotage]]\npoint = 'x'\n", entry_text("", "a", "b", "test_adds")])
def test_an_entry_that_lacks_a_text_is_refused(tree: Path, broken: str) -> None:
    (tree / "tests" / "sabotage.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match="entry 1 must have exactly the non-empty texts"):
        sabotage.main([], root=tree)


def test_code_from_outside_the_copy_proves_nothing(tree: Path, tmp_path: Path) -> None:
    """The twin of the check on origins: a child that puts another tree first on its path is stopped."""
    other = tmp_path / "other"
    (other / "toy").mkdir(parents=True)
    (other / "toy" / "__init__.py").write_text("", encoding="utf-8")
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(other)!r}); import toy"]
    code, output = sabotage.run_process(command, tree, tmp_path / "report")
    assert code != 0
    assert "not from the copy" in output


def test_a_list_that_no_longer_fits_is_reported_point_by_point(tree: Path) -> None:
    def entry(**changed: str) -> object:
        made = {"point": "p", "file": "toy/sums.py", "find": "a + b", "replace": "a - b", "expect": "x"}
        return sabotage.Sabotage(**(made | {"test": "tests/test_sums.py::test_adds"} | changed))

    assert faults_of([entry()], tree) == []
    assert "does not exist" in faults_of([entry(file="toy/gone.py")], tree)[0]
    assert "does not exist" in faults_of([entry(test="tests/test_sums.py::test_gone")], tree)[0]
    assert "matches 0 times" in faults_of([entry(find="a / b")], tree)[0]
    assert "by itself" in faults_of([entry(replace="a + b")], tree)[0]
    assert "is the same as" in faults_of([entry(), entry(point="q")], tree)[0]
