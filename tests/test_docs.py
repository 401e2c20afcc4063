"""The documents say what is so: every example in them is run, and their links lead somewhere.

A block of `sql` followed by a block of `text` is an example: psql runs the first and prints the
second. The examples of one document run one after another in a database of their own.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLE = re.compile(r"^```sql\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
MARK = "-- the next example --"


def examples(page: Path) -> list[tuple[str, str]]:
    """What is run and what it prints (nothing, if no output is shown), in order."""
    return [(code, output or "") for code, output in EXAMPLE.findall(page.read_text("utf-8"))]


def run(psql: Path, address: str, codes: list[str]) -> list[str]:
    """Run pieces of SQL in one session; what psql prints of each."""
    script = f"\\echo '{MARK}'\n".join(["\\set SHOW_CONTEXT never\n", *codes])
    done = subprocess.run(
        [psql, "-X", "-q", address], input=script, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=True,
        env={**os.environ, "PGCLIENTENCODING": "UTF8"},
    )
    return [trimmed(output) for output in done.stdout.split(f"{MARK}\n")[1:]]


def trimmed(output: str) -> str:
    """The output without the blanks that psql puts at the ends of lines."""
    return "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())


@pytest.mark.parametrize("name", ["README.md", "docs/figures.md", "docs/import.md"])
def test_examples_print_what_the_page_says(name: str, bindir: Path, database: str) -> None:
    told = examples(ROOT / name)
    page = (ROOT / name).read_text("utf-8")
    assert 0 < sum(bool(output) for _, output in told) == page.count("```text")
    printed = run(bindir / "psql", database, [code for code, _ in told])
    assert printed == [output for _, output in told]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
