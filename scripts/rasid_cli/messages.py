"""`rasid messages`: what of the desk's words has no Persian yet, and what is no longer said."""

from __future__ import annotations

import sys
from typing import Any

import click
import psycopg
from babel.messages.extract import extract_from_dir

from admin.i18n import FOLDER, catalogue
from rasid_cli import db

_METHODS = [("node_modules/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2),
             "lazy_ngettext": (1, 2)}

# What the database refuses is said in the sentence and hint of the rule.
_REFUSALS = """
    select r.constraint_name as name, r.sentence as text from ref.refusal as r
    union
    select r.constraint_name, r.hint from ref.refusal as r
    union
    select c.conname, part.text
    from pg_constraint as c
    left join pg_class as t on t.oid = c.conrelid
    left join pg_type as d on d.oid = c.contypid
    cross join lateral string_to_table(
      obj_description(c.oid, 'pg_constraint'), ' | ') as part (text)
    where coalesce(t.relnamespace, d.typnamespace)::regnamespace::text in ('ref', 'doc')
      and c.conislocal
    union
    select i.relname, part.text
    from pg_index as x
    join pg_class as i on i.oid = x.indexrelid
    cross join lateral string_to_table(obj_description(i.oid, 'pg_class'), ' | ') as part (text)
    where x.indisunique and i.relnamespace::regnamespace::text in ('ref', 'doc')
"""


def said(connection: psycopg.Connection[Any]) -> dict[Any, str]:
    """Return every message of the pages and of the database's refusals, and where it stands.

    A message with a plural is a pair.
    """
    found: dict[Any, str] = {}
    for path, line, message, _, _ in extract_from_dir(
        str(FOLDER.parent), method_map=_METHODS, options_map={}, keywords=_KEYWORDS,
    ):
        found.setdefault(message, f"admin/{path}:{line}")
    for name, text in connection.execute(_REFUSALS):
        found.setdefault(text, f"constraint {name}")
    return found


def compare(connection: psycopg.Connection[Any], language: str) -> tuple[dict[Any, str], list[Any]]:
    """Return the messages that have no translation, with where they stand, and the spare ones."""
    known = {message.id: message for message in catalogue(language) if message.id}
    wanted = said(connection)
    missing = {
        text: place for text, place in wanted.items()
        if text not in known or known[text].fuzzy
        or not _is_whole(known[text].string)
    }
    return missing, [text for text in known if text not in wanted]


def _is_whole(translation: Any) -> bool:
    return bool(translation) and (isinstance(translation, str) or all(translation))


@click.command("messages")
def command() -> None:
    """Print the words of the desk that have no Persian.

    They are ready for a file of admin/translations/fa. Exit code 1 if there is any, or a
    translation that nothing says any more.
    """
    with db.connect() as connection:
        missing, spare = compare(connection, "fa")
    for text, place in missing.items():
        click.echo(f"#: {place}")
        if isinstance(text, tuple):
            click.echo(f"msgid {_quoted(text[0])}\nmsgid_plural {_quoted(text[1])}"
                       '\nmsgstr[0] ""\nmsgstr[1] ""\n')
        else:
            click.echo(f'msgid {_quoted(text)}\nmsgstr ""\n')
    for text in spare:
        click.echo(f"# said no more: {text!r}")
    sys.exit(1 if missing or spare else 0)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
