"""Which database this checkout works on: `RASID_DSN`, or else the embedded server.

The embedded server lives in `RASID_DATA` (default: `.rasid/` of the checkout) and is started when
it is asked for.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rasid_cli import migrate
from rasid_cli.server import Cluster, ServerError, embedded_bindir

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "rasid"


def tree() -> migrate.Tree:
    """The database's files of this checkout."""
    return migrate.Tree.read(ROOT / "db")


def cluster() -> Cluster:
    """The embedded server of this checkout, running or not."""
    return Cluster(embedded_bindir(), Path(os.environ.get("RASID_DATA") or ROOT / ".rasid"))


def dsn() -> str:
    """Address of the database, password included; starts the embedded server if need be."""
    given = os.environ.get("RASID_DSN")
    if given:
        try:
            conninfo_to_dict(given)
        except psycopg.ProgrammingError as error:
            # libpq repeats what it can't read, such as a password with a percent sign.
            said = re.sub('".*"', "…", str(error).strip(), flags=re.DOTALL)
            raise ServerError(
                f"RASID_DSN is no address of a database: {said}\n"
                "hint: write it as postgresql://LOGIN@HOST/DATABASE"
            ) from None
        return given
    server = cluster()
    server.start()
    return server.ensure_database(DATABASE)


def connect() -> psycopg.Connection[Any]:
    """Open a connection to the database, in autocommit mode: a statement is a transaction."""
    address = dsn()
    try:
        return psycopg.connect(address, autocommit=True, application_name="rasid")
    except psycopg.OperationalError as error:
        raise ServerError(f"no connection to the database: {error}") from error


@dataclass(frozen=True)
class Refusal:
    """What a person is shown of a statement that the database refused."""

    message: str
    detail: str | None
    hint: str | None
    sqlstate: str | None
    constraint: str | None

    def __str__(self) -> str:
        """Message, detail, hint and codes, a line each."""
        codes = ", ".join(
            f"{name} {value}"
            for name, value in (("SQLSTATE", self.sqlstate), ("constraint", self.constraint))
            if value
        )
        lines = (self.message, self.detail, self.hint and f"hint: {self.hint}",
                 codes and f"({codes})")
        return "\n".join(line for line in lines if line)


def refusal(error: psycopg.Error, connection: psycopg.Connection[Any] | None = None) -> Refusal:
    """Say what the database said; a constraint's comment is the hint of its violation.

    The comment is read through `connection`, which must not be inside the failed transaction.
    """
    diag = error.diag
    hint = diag.message_hint
    if hint is None and diag.constraint_name and connection is not None:
        row = connection.execute(
            """
            with known as (
              select to_regnamespace(quote_ident(%(schema)s)) as namespace,
                     to_regclass(quote_ident(%(schema)s) || '.' || quote_ident(%(table)s))
                       as relation,
                     to_regclass(quote_ident(%(schema)s) || '.' || quote_ident(%(name)s)) as index
            )
            select coalesce(obj_description(c.oid, 'pg_constraint'),
                            obj_description(k.index, 'pg_class'))
            from known as k
            left join pg_constraint as c
              on c.conname = %(name)s
              and c.connamespace = k.namespace
              and (k.relation is null or c.conrelid = k.relation)
            """,
            {"name": diag.constraint_name, "schema": diag.schema_name, "table": diag.table_name},
        ).fetchone()
        hint = row[0] if row else None
    return Refusal(diag.message_primary or str(error).strip(), diag.message_detail, hint,
                   error.sqlstate, diag.constraint_name)
