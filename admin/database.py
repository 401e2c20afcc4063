"""The desk's way to the database: its tables and views as classes, each request as its user's role.

Every transaction of `db.session` begins by becoming the role of the one who is logged in, with
`rasid.user` set for that transaction only: what a person may not do, the database refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import has_request_context, request
from flask_login import current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, Table, event
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.orm import registry
from sqlalchemy.types import Numeric

from rasid_cli.server import ServerError

DESK_ROLE = "rasid_desk"
"""Role of the server itself: it reads logins, and nothing of the book."""
PERSON_ROLES = ("rasid_finance", "rasid_auditor")
"""Roles that somebody who has logged in can have."""

SCHEMAS = ("ref", "doc", "bi")

db = SQLAlchemy()
tables = MetaData()
"""Tables and views as the database has them; filled by `reflect`."""

_models = registry(metadata=tables)


def check(engine: Engine) -> None:
    """See that the desk can work on the database.

    :raises sqlalchemy.exc.OperationalError: the database can't be reached
    :raises ServerError: it is not migrated, or its login may not become the roles of the desk;
        with what to do
    """
    with engine.connect() as connection:
        known = "select from pg_catalog.pg_namespace where nspname = 'desk'"
        if connection.exec_driver_sql(known).one_or_none() is None:
            raise ServerError("the database is not migrated\nhint: ./scripts/rasid migrate")
        # From PostgreSQL 16 on who made a role is its member, but becomes it only by a grant.
        lacking = connection.exec_driver_sql(
            "select string_agg(r.name, ', ') filter (where not pg_has_role(current_user, r.name,"
            "  case when current_setting('server_version_num')::int < 160000"
            "    then 'member' else 'set' end)), current_user"
            " from unnest(%s::text[]) as r (name)", ([DESK_ROLE, *PERSON_ROLES],),
        ).one()
    if lacking[0]:
        raise ServerError(
            f"{lacking[1]} is not a member of {lacking[0]}\n"
            f"hint: let an administrator run: grant {lacking[0]} to {lacking[1]};")


def reflect(engine: Engine) -> None:
    """Read the tables and views, once a process."""
    if tables.tables:
        return
    found = MetaData()
    event.listen(found, "column_reflect", _undress)
    for schema in SCHEMAS:
        found.reflect(engine, schema=schema, views=True)
    for table in found.tables.values():
        table.to_metadata(tables)


def _undress(_inspector: Any, _table: Any, column: Any) -> None:
    # Forms and lists go by the type beneath a domain; its rules are the database's to check.
    if isinstance(column["type"], DOMAIN):
        column["type"] = column["type"].data_type
    if isinstance(column["type"], Numeric):
        column["type"] = Numeric(asdecimal=True)


def table(name: str) -> Table:
    """Return the table or view of this name, such as `doc.invoice`."""
    return tables.tables[name]


def model(name: str, *key: str) -> Any:
    """Return a mapped class of a table, or of a view with the columns that tell its rows apart."""
    reflected = table(name)
    for mapper in _models.mappers:
        if mapper.local_table is reflected:
            return mapper.class_
    schema, _, base = name.partition(".")
    made = type(f"{schema}_{base}", (), {"__table__": reflected})
    arguments = {"primary_key": [reflected.c[each] for each in key]} if key else {}
    _models.map_imperatively(made, reflected, **arguments)
    return made


def _identity() -> tuple[str, str]:
    if has_request_context() and current_user.is_authenticated:
        return f"rasid_{current_user.role}", current_user.name
    return DESK_ROLE, ""


def _become(connection: Connection, identity: tuple[str, str]) -> None:
    connection.exec_driver_sql(
        "select set_config('role', %s, true), set_config('rasid.user', %s, true)", identity)


def _begun(_session: Any, _transaction: Any, connection: Connection) -> None:
    _become(connection, _identity())
    # Before anything is flushed: why a closed period is written into, as the form says it.
    reason = request.form.get("lock_reason", "").strip() if has_request_context() else ""
    if reason:
        connection.exec_driver_sql("select set_config('rasid.lock_reason', %s, true)", (reason,))


event.listen(db.session, "after_begin", _begun)


@contextmanager
def as_desk() -> Iterator[Connection]:
    """Open a transaction of the server's own, for logins; committed at the end."""
    with db.engine.begin() as connection:
        _become(connection, (DESK_ROLE, ""))
        yield connection


def stream(statement: Any, size: int) -> Iterator[Any]:
    """Return the rows of a statement, `size` of them held at once, read as they are asked for.

    They are read in a transaction of their own, as the role of the one who asked: a download goes
    on after the request has been answered.
    """
    identity, engine = _identity(), db.engine

    def rows() -> Iterator[Any]:
        with engine.connect() as connection, connection.begin():
            _become(connection, identity)
            # All rows are wanted, not the first ones soon.
            connection.exec_driver_sql("set local cursor_tuple_fraction = 1")
            with connection.execution_options(yield_per=size).execute(statement) as result:
                yield from result

    return rows()


def rows(statement: Any, parameters: Any = None) -> list[Any]:
    """Return all rows of a statement in the session's transaction."""
    return list(db.session.execute(statement, parameters or {}).all())
