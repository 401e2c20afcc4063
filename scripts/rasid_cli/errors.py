"""`docs/errors.md`: what the database refuses, from the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import click
import psycopg

from rasid_cli import db

_INTRODUCTION = """\
# Errors

What Rasid refuses, by SQLSTATE and by constraint name: programs go by these, never by the words. A
refused statement changes nothing. Made by `./scripts/rasid errors`; the sentences are the comments
of the constraints and the rows of `ref.refusal`.

## Rules of the book

What a trigger or a function refuses. The message names the case, the hint says what to do, and the
name of the rule is the error's constraint.
"""

_REFUSALS = "select code, constraint_name, sentence, hint from ref.refusal order by code"

_GENERAL = """
## Any table

| SQLSTATE | what is wrong | what to do |
|---|---|---|
| `23502` | A column that must have a value has none; the error names it. | Give it a value. |
| `40001`, `40P01` | Another transaction came first on the same account. | Run the whole\
 transaction again. |
| `42501` | The login has no right to do this; stamps and events of cheques are the database's. |\
 Leave them out, or ask for the role (docs/deploy.md, logins). |
| `22…` | A value is not of the column's type. | Give a day as `2025-04-30`, an amount in Latin\
 digits without separators; files written otherwise go through the inbox. |
"""

# Of unique indexes that are not constraints the name of the index is the constraint of the error.
_CONSTRAINTS = """
select said.place, said.name, said.sqlstate,
       split_part(said.text, ' | ', 1) as sentence, split_part(said.text, ' | ', 2) as hint
from (
  select
    coalesce(c.conrelid::regclass::text, 'domain ' || t.oid::regtype::text) as place,
    c.conname as name,
    case c.contype
      when 'f' then '23503'
      when 'c' then '23514'
      when 'x' then '23P01'
      else '23505'
    end as sqlstate,
    obj_description(c.oid, 'pg_constraint') as text
  from pg_constraint as c
  left join pg_class as r on r.oid = c.conrelid
  left join pg_type as t on t.oid = c.contypid
  where c.contype in ('c', 'f', 'p', 'u', 'x')
    and coalesce(r.relnamespace, t.typnamespace)::regnamespace::text = any(%(schemas)s)
    and c.conislocal
  union all
  select i.indrelid::regclass::text, x.relname, '23505', obj_description(x.oid, 'pg_class')
  from pg_index as i
  join pg_class as x on x.oid = i.indexrelid
  where i.indisunique
    and x.relnamespace::regnamespace::text = any(%(schemas)s)
    and not exists (select from pg_constraint as c where c.conindid = x.oid and c.contype <> 'f')
) as said
order by
  array_position(%(schemas)s, split_part(replace(said.place, 'domain ', ''), '.', 1)),
  said.place collate "C",
  said.name collate "C"
"""

SCHEMAS = ["ref", "doc", "calc", "inbox", "audit", "desk"]


def render(connection: psycopg.Connection[Any]) -> str:
    """Return the text of `docs/errors.md` as the connected database has it."""
    return "\n".join(_lines(connection)) + "\n"


def _lines(connection: psycopg.Connection[Any]) -> Iterator[str]:
    yield _INTRODUCTION
    yield "| SQLSTATE | constraint | what is wrong | what to do |"
    yield "|---|---|---|---|"
    for code, name, sentence, hint in connection.execute(_REFUSALS):
        yield f"| `{code}` | `{name}` | {sentence} | {hint} |"
    yield _GENERAL
    yield "## Constraints"
    rows = connection.execute(_CONSTRAINTS, {"schemas": SCHEMAS}).fetchall()
    for place, constraints in groupby(rows, key=lambda row: row[0]):
        yield f"\n### {place}\n"
        yield "| constraint | SQLSTATE | what is wrong | what to do |"
        yield "|---|---|---|---|"
        for _, name, sqlstate, sentence, hint in constraints:
            yield f"| `{name}` | `{sqlstate}` | {sentence} | {hint} |"


@click.command("errors")
def command() -> None:
    """Print docs/errors.md: every refusal and what to do about it."""
    with db.connect() as connection:
        click.echo(render(connection), nl=False)
