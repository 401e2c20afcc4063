"""Brings a database to the state that the files in `db/` describe.

`db/migrations/NNNN_name.sql` run once each, in order, and must never change afterwards.
`db/functions/<schema>/….sql` and `db/views/<schema>/….sql` are repeatable: all of them run again
whenever the text of one changed or a migration ran. Everything happens in one transaction under an
advisory lock, so a database is at one state or at the other.

Repeatable files need each other (views call functions, functions read views). No order is declared:
they are tried in passes, and a file that misses something waits for the next pass. An object whose
shape changed (columns of a view, result of a function) is dropped and made again together with
whatever of ours depends on it; if something that is not ours depends on it, nothing is done.

`db/grants/….sql` say whose everything is and who may do what. They run last, in the order of their
names, when all that rights can be given on is there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

SCHEMA_ORDER = ("rasid", "ref", "doc", "inbox", "calc", "bi", "mobile", "audit")
LOCK = 0x7261736964  # "rasid": one migration at a time in a database

# What a file may meet because another one has not had its turn yet.
_MISSING = {
    "3F000",  # schema
    "42703",  # column
    "42704",  # object
    "42883",  # function
    "42P01",  # table
}
# What `create or replace` answers when the object's shape changed.
_RESHAPED = {
    "2BP01",  # something depends on what the file drops
    "42P13",  # function: other result or argument names
    "42P16",  # view: columns gone, renamed or in another order
}

_BOOKKEEPING = """
create schema if not exists rasid;
comment on schema rasid is 'What the migration runner knows of this database.';

create table if not exists rasid.migration (
  number integer constraint migration_pkey primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  applied_by text not null default session_user
);
comment on table rasid.migration is
  'A row for each file of db/migrations that ran here. A file that ran must not change.';
comment on column rasid.migration.sha256 is 'Of the text as it ran, in hexadecimal.';

create table if not exists rasid.repeatable (
  path text constraint repeatable_pkey primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
comment on table rasid.repeatable is
  'A row for each file of db/functions, db/views and db/grants as it last ran here.';
comment on column rasid.repeatable.path is 'Below db/, such as views/bi/invoice.sql.';
comment on column rasid.repeatable.sha256 is 'Of the text as it ran, in hexadecimal.';
"""

# Everything that falls with an object: through rules to views, through row types to functions.
_DEPENDENTS = """
with recursive dependent (classid, objid) as (
  select s.classid, s.objid
  from unnest(%(classes)s::oid[], %(objects)s::oid[]) as s (classid, objid)
  union
  select
    case when d.classid = 'pg_rewrite'::regclass then 'pg_class'::regclass::oid else d.classid end,
    coalesce(r.ev_class, d.objid)
  from dependent as x
  join pg_depend as d
    on d.refclassid = x.classid and d.refobjid = x.objid and d.deptype in ('n', 'a', 'i')
  left join pg_rewrite as r
    on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
)
select
  x.classid,
  x.objid,
  coalesce(cn.nspname || '.' || c.relname, pn.nspname || '.' || p.proname) as name,
  pg_describe_object(x.classid, x.objid, 0) as description
from dependent as x
left join pg_class as c on x.classid = 'pg_class'::regclass and c.oid = x.objid
left join pg_namespace as cn on cn.oid = c.relnamespace
left join pg_trigger as t on x.classid = 'pg_trigger'::regclass and t.oid = x.objid
left join pg_proc as p
  on (x.classid = 'pg_proc'::regclass and p.oid = x.objid) or p.oid = t.tgfoid
left join pg_namespace as pn on pn.oid = p.pronamespace
where x.classid <> 'pg_type'::regclass
and (c.oid is null or c.relkind not in ('i', 't'))
"""


class MigrationError(Exception):
    """A database can't be brought up to date; the text says why and, in `hint`, what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class File:
    """A file below `db/`: its path there, with slashes, and its text."""

    path: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Name of a migration: the file's name without its ending."""
        return Path(self.path).stem

    @property
    def number(self) -> int:
        """Number of a migration."""
        return int(self.name[:4])

    @property
    def target(self) -> str:
        """What a repeatable file makes: `schema.name`, told by its folder and its name."""
        return f"{self.path.split('/')[1]}.{self.name}"


@dataclass(frozen=True)
class Tree:
    """The files of a `db/` folder, each kind in the order in which it is tried."""

    migrations: Sequence[File]
    repeatables: Sequence[File]
    grants: Sequence[File] = ()

    @property
    def again(self) -> Sequence[File]:
        """The files that run again when one of them changed."""
        return [*self.repeatables, *self.grants]

    @classmethod
    def read(cls, root: Path) -> Tree:
        """Read the folder; refused if a migration's name or number is not as it must be."""
        if not (root / "migrations").is_dir():
            raise MigrationError(f"{root} holds no folder migrations")
        migrations = [_file(root, path) for path in sorted((root / "migrations").glob("*.sql"))]
        for before, file in zip([None, *migrations], migrations, strict=False):
            if not re.fullmatch(r"\d{4}_[a-z0-9_]+", file.name):
                raise MigrationError(f"{file.path}: a migration is called NNNN_what_it_does.sql")
            if before and before.number == file.number:
                raise MigrationError(f"{before.path} and {file.path} have the same number")
        repeatables = [
            _file(root, path)
            for kind in ("functions", "views")
            for path in (root / kind).rglob("*.sql")
        ]
        grants = [_file(root, path) for path in sorted((root / "grants").glob("*.sql"))]
        return cls(migrations, sorted(repeatables, key=_turn), grants)


@dataclass
class Plan:
    """What sets a database apart from a tree; `problems` refuse it."""

    applied: list[str] = field(default_factory=list)
    pending: list[File] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Paths of repeatable files that are new, other or gone."""
    problems: list[str] = field(default_factory=list)

    @property
    def is_up_to_date(self) -> bool:
        """Nothing to do and nothing wrong."""
        return not (self.pending or self.changed or self.problems)


def plan(connection: psycopg.Connection[Any], tree: Tree) -> Plan:
    """Compare the database with the tree; reads only."""
    migrations = _known(connection, "rasid.migration", "name")
    repeatables = _known(connection, "rasid.repeatable", "path")
    result = Plan(applied=sorted(migrations))
    last = max(result.applied, default="")
    files = {file.name: file for file in tree.migrations}
    for name, file in files.items():
        if name not in migrations:
            result.pending.append(file)
            if name < last:
                result.problems.append(f"{file.path} is new but comes before {last}, which ran")
        elif migrations[name] != file.sha256:
            result.problems.append(f"{file.path} ran here with another text")
    result.problems += [
        f"migration {name} ran here but is not in this checkout"
        for name in result.applied if name not in files
    ]
    wanted = {file.path: file.sha256 for file in tree.again}
    result.changed = sorted(
        path for path in wanted.keys() | repeatables.keys()
        if wanted.get(path) != repeatables.get(path)
    )
    return result


def migrate(
    connection: psycopg.Connection[Any],
    tree: Tree,
    *,
    dry_run: bool = False,
    report: Callable[[str], object] = lambda _: None,
) -> Plan:
    """Bring the database to the tree, whole or not at all; returns what was done.

    A dry run does all of it, locks included, and rolls it back. `report` is told each path as it
    is applied. Any refusal leaves the database as it was.
    """
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    with connection.transaction(force_rollback=dry_run):
        connection.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        todo = plan(connection, tree)
        if todo.problems:
            raise MigrationError(
                "refused: " + "; ".join(todo.problems),
                hint="An applied migration stays as it is. Restore the file (or check out the"
                " version that has it) and write the change as a new migration with the next"
                " number.",
            )
        if todo.is_up_to_date:
            return todo
        connection.execute("set local client_min_messages = warning")
        connection.execute(_BOOKKEEPING)
        for file in todo.pending:
            report(file.path)
            try:
                _apply(connection, file)
            except psycopg.Error as error:
                raise MigrationError(_where(file, error), error.diag.message_hint) from error
            connection.execute(
                "insert into rasid.migration (number, name, sha256) values (%s, %s, %s)",
                [file.number, file.name, file.sha256],
            )
        _apply_repeatables(connection, tree.repeatables, report)
        for file in tree.grants:
            report(file.path)
            try:
                _apply(connection, file)
            except psycopg.Error as error:
                raise MigrationError(_where(file, error), error.diag.message_hint) from error
        connection.execute("delete from rasid.repeatable")
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into rasid.repeatable (path, sha256) values (%s, %s)",
                [(file.path, file.sha256) for file in tree.again],
            )
    return todo


def _file(root: Path, path: Path) -> File:
    return File(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def _turn(file: File) -> tuple[int, str]:
    schema = file.path.split("/")[1]
    known = SCHEMA_ORDER.index(schema) if schema in SCHEMA_ORDER else len(SCHEMA_ORDER)
    return known, file.path


def _known(connection: psycopg.Connection[Any], table: str, key: str) -> dict[str, str]:
    """Texts applied before, as key → sha256; empty in a database that was never migrated."""
    row = connection.execute("select to_regclass(%s) is not null", [table]).fetchone()
    if row is None or not row[0]:
        return {}
    query = sql.SQL("select {}, sha256 from {}").format(
        sql.Identifier(key), sql.Identifier(*table.split("."))
    )
    return dict(connection.execute(query).fetchall())


def _apply(connection: psycopg.Connection[Any], file: File) -> None:
    """Run one file under settings that no earlier file and no role can have changed."""
    with connection.transaction():
        connection.execute(
            "set local search_path = ''; set local check_function_bodies = on;"
            " set local client_min_messages = warning; set local role none"
        )
        connection.execute(file.text)
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
            raise MigrationError(
                f"{file.path} ends the transaction it runs in",
                hint="Take the commit or rollback out of it and look at what it left behind.",
            )


def _apply_repeatables(
    connection: psycopg.Connection[Any], files: Sequence[File], report: Callable[[str], object]
) -> None:
    ours = {file.target for file in files}
    reshaped: set[str] = set()
    grants: list[Grant] = []
    waiting = list(files)
    while waiting:
        failed: list[tuple[File, psycopg.Error]] = []
        for file in waiting:
            try:
                _apply(connection, file)
                report(file.path)
            except psycopg.Error as error:
                if error.sqlstate not in _MISSING | _RESHAPED:
                    raise MigrationError(_where(file, error), error.diag.message_hint) from error
                failed.append((file, error))
        if len(failed) < len(waiting):
            waiting = [file for file, _ in failed]
            continue
        reshape = next(
            (f for f, e in failed if e.sqlstate in _RESHAPED and f.target not in reshaped), None
        )
        if reshape is None:
            raise MigrationError("\n".join(_where(*each) for each in failed))
        reshaped.add(reshape.target)
        grants += _drop(connection, reshape, ours)
        waiting = list(files)
    if grants:
        for grant in grants:
            connection.execute(grant.statement)
        for file in files:  # what a file takes away stays away
            _apply(connection, file)


@dataclass(frozen=True)
class Grant:
    """A right on an object that is dropped only to be made again."""

    kind: str
    schema: str
    name: str
    privilege: str
    grantee: str | None
    is_grantable: bool

    @property
    def statement(self) -> sql.Composed:
        """The statement that gives the right again."""
        return sql.SQL("grant {} on {} {} to {} {}").format(
            sql.SQL(self.privilege),
            sql.SQL(self.kind),
            sql.Identifier(self.schema, self.name),
            sql.SQL("public") if self.grantee is None else sql.Identifier(self.grantee),
            sql.SQL("with grant option" if self.is_grantable else ""),
        )


def _drop(connection: psycopg.Connection[Any], file: File, ours: set[str]) -> list[Grant]:
    """Drop what a repeatable file made, with all that depends on it; the rights that go with it.

    Refused when something that no repeatable file makes would go too.
    """
    schema, name = file.target.split(".", 1)
    objects = connection.execute(
        """
        select 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text,
               case c.relkind when 'v' then 'view' else 'materialized view' end
        from pg_class as c
        where c.relnamespace = to_regnamespace(%(schema)s) and c.relname = %(name)s
        and c.relkind in ('v', 'm')
        union all
        select 'pg_proc'::regclass::oid, p.oid, p.oid::regprocedure::text, 'routine'
        from pg_proc as p
        where p.pronamespace = to_regnamespace(%(schema)s) and p.proname = %(name)s
        """,
        {"schema": schema, "name": name},
    ).fetchall()
    falling = connection.execute(
        _DEPENDENTS, {"classes": [o[0] for o in objects], "objects": [o[1] for o in objects]}
    ).fetchall()
    strangers = sorted({row[3] for row in falling if row[2] not in ours})
    if strangers:
        raise MigrationError(
            f"{file.path} changes the shape of {file.target}, but {', '.join(strangers)}"
            " depends on it",
            hint="Drop what depends on it (in a migration, if it was ours), migrate, and make it"
            " again.",
        )
    with connection.cursor(row_factory=class_row(Grant)) as cursor:
        grants = cursor.execute(
            """
            select o.kind, n.nspname as schema, o.name, a.privilege_type as privilege,
                   r.rolname as grantee, a.is_grantable
            from (
              select 'table' as kind, relnamespace as namespace, relname as name, relowner as owner,
                     relacl as acl
              from pg_class where oid = any(%(objects)s)
              union all
              select 'routine', pronamespace, proname, proowner, proacl
              from pg_proc where oid = any(%(objects)s)
            ) as o
            join pg_namespace as n on n.oid = o.namespace
            cross join lateral aclexplode(o.acl) as a
            left join pg_roles as r on r.oid = a.grantee
            where a.grantee <> o.owner
            """,
            {"objects": [row[1] for row in falling]},
        ).fetchall()
    for _, _, identity, kind in objects:
        connection.execute(
            sql.SQL("drop {} if exists {} cascade").format(sql.SQL(kind), sql.SQL(identity))
        )
    return grants


def _where(file: File, error: psycopg.Error) -> str:
    """The file, the line where it went wrong if the server tells, and what the server says."""
    position = error.diag.statement_position
    place = file.path
    if position is not None:
        place += f":{file.text.count(chr(10), 0, int(position) - 1) + 1}"
    said = [f"{place}: {error.diag.message_primary or error} (SQLSTATE {error.sqlstate})"]
    said += [
        f"  {text}" for text in (error.diag.message_detail, error.diag.context) if text is not None
    ]
    return "\n".join(said)
