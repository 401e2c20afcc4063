"""Every refusal says what is wrong and what to do, in the database and in docs/errors.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg

from rasid_cli import errors

ROOT = Path(__file__).resolve().parents[1]


def test_errors_page_is_what_the_database_says(conn: psycopg.Connection[Any]) -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == errors.render(conn), "./scripts/rasid errors > docs/errors.md"


def test_every_code_raised_is_listed(conn: psycopg.Connection[Any]) -> None:
    listed = {row[0] for row in conn.execute("select code from ref.refusal")}
    used = {
        code
        for path in (ROOT / "db").rglob("*.sql")
        if path.name != "refuse.sql"
        for code in re.findall(r"'(RS\d{3})'", path.read_text(encoding="utf-8"))
    }
    assert used == listed


def test_every_code_listed_is_tested() -> None:
    tested = {
        code
        for path in (ROOT / "tests").rglob("test_*")
        if path.suffix in (".sql", ".py")
        for code in re.findall(r"RS\d{3}", path.read_text(encoding="utf-8"))
    }
    listed = set(re.findall(r"`(RS\d{3})`", (ROOT / "docs/errors.md").read_text(encoding="utf-8")))
    assert listed - tested == set()
