"""Every command of the README does what it says; `scripts/test` itself is what CI runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN_BY_CI = "scripts/test"


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


SHELL = [block.strip() for block in blocks("sh") if block.strip() != RUN_BY_CI]


@pytest.mark.parametrize("script", SHELL, ids=lambda script: script.splitlines()[0])
@pytest.mark.xdist_group("readme")
def test_every_shell_block_runs_as_printed(script, tmp_path):
    environment = os.environ | {
        "JUKINET_HOME": str(tmp_path / "state"),
        "JUKINET_BASE_PORT": "0",  # beside whatever network the developer runs
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    # The block is run in the checkout, as a reader would; the environment that it activates is the one of this test.
    lines = [line for line in script.splitlines() if not line.startswith("source ")]
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
    finally:
        subprocess.run(
            [sys.executable, "-m", "jukinet", "down"], env=environment, capture_output=True, timeout=60, check=False
        )
    assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_the_command_that_ci_runs_is_the_one_the_readme_names():
    assert RUN_BY_CI in [block.strip() for block in blocks("sh")]
    assert "scripts/check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "scripts/test" in (ROOT / "scripts" / "check").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", blocks("python"), ids=lambda example: example.partition("(")[0])
def test_every_python_block_is_a_test_that_passes(example, tmp_path):
    file = tmp_path / "test_example.py"
    file.write_text(example, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout


def test_every_file_the_readme_links_to_is_there():
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    assert linked
    assert [path for path in linked if "://" not in path and not (ROOT / path).exists()] == []


def test_every_term_of_the_words_stands_there_once():
    table = README[README.index("## Words") : README.index("## Limits")]
    cells = [cell.strip() for row in table.splitlines() if row.startswith("| ") for cell in row.split("|")[1:-1]]
    terms = [cell for cell in cells if cell and cell != "term" and re.search(r"[぀-ヿ一-鿿]", cell)]
    assert len(terms) > 10
    assert len(terms) == len(set(terms))
