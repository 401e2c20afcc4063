"""The migration runner, on small trees of its own and on the project's."""

from __future__ import annotations

import io
import itertools
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rasid_cli import db
from rasid_cli.migrate import MigrationError, Tree, migrate, plan
from rasid_cli.server import Cluster

Connection = psycopg.Connection[Any]

FILES = {
    "migrations/0001_table.sql": "create schema app; create table app.thing (id int, name text);",
    "migrations/0002_row.sql": "insert into app.thing values (1, 'one');",
    # Each needs the next one, and the alphabet is of no help.
    "views/app/a_top.sql": "create or replace view app.a_top as select id, app.shout(name) as name"
                           " from app.b_base;",
    "views/app/b_base.sql": "create or replace view app.b_base as select id, name from app.thing;",
    "functions/app/shout.sql": "create or replace function app.shout(p_text text) returns text"
                               " language sql return upper(p_text);",
}


class Folder:
    """A `db/` folder that a test writes to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "migrations").mkdir(parents=True)
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    @property
    def tree(self) -> Tree:
        return Tree.read(self.root)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "db")


@pytest.fixture
def empty(make_database: Callable[[], str]) -> Iterator[Connection]:
    with psycopg.connect(make_database(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def fresh(empty: Connection, folder: Folder) -> Connection:
    """A database migrated to the folder as it comes."""
    migrate(empty, folder.tree)
    return empty


def one(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def top(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.execute("select * from app.a_top").fetchall()


def test_a_fresh_install_runs_everything_whatever_the_order(
    empty: Connection, folder: Folder
) -> None:
    reported: list[str] = []
    done = migrate(empty, folder.tree, report=reported.append)
    assert [file.number for file in done.pending] == [1, 2]
    assert sorted(reported) == sorted(FILES)
    assert reported[:2] == sorted(FILES)[1:3]
    assert top(empty) == [(1, "ONE")]
    assert plan(empty, folder.tree).is_up_to_date


def test_a_second_run_does_nothing(fresh: Connection, folder: Folder) -> None:
    before = one(fresh, "select xmin::text from pg_proc where proname = 'shout'")
    assert migrate(fresh, folder.tree).is_up_to_date
    assert one(fresh, "select xmin::text from pg_proc where proname = 'shout'") == before


def test_the_plan_of_an_untouched_database_writes_nothing(
    empty: Connection, folder: Folder
) -> None:
    found = plan(empty, folder.tree)
    assert not found.is_up_to_date
    assert len(found.pending) == 2
    assert len(found.changed) == 3
    assert one(empty, "select to_regnamespace('rasid') is null")


def test_a_dry_run_writes_nothing(empty: Connection, folder: Folder) -> None:
    assert len(migrate(empty, folder.tree, dry_run=True).pending) == 2
    assert one(empty, "select count(*) from pg_namespace where nspname in ('rasid', 'app')") == 0


def test_a_dry_run_finds_the_error_of_the_real_one(fresh: Connection, folder: Folder) -> None:
    folder.write("migrations/0003_wrong.sql", "select 1 / 0;")
    with pytest.raises(MigrationError, match="22012"):
        migrate(fresh, folder.tree, dry_run=True)


def _change(folder: Folder) -> None:
    folder.write("migrations/0001_table.sql", "create schema app; -- another text")


def _remove(folder: Folder) -> None:
    folder.remove("migrations/0001_table.sql")


def _squeeze_in(folder: Folder) -> None:
    folder.write("migrations/0000_late.sql", "create table app.late ();")


@pytest.mark.parametrize("edit", [_change, _remove, _squeeze_in])
def test_history_is_not_rewritten(
    fresh: Connection, folder: Folder, edit: Callable[[Folder], None]
) -> None:
    edit(folder)
    folder.write("migrations/0003_more.sql", "create table app.more ();")
    assert plan(fresh, folder.tree).problems
    with pytest.raises(MigrationError, match="refused") as refused:
        migrate(fresh, folder.tree)
    assert refused.value.hint
    assert one(fresh, "select to_regclass('app.more') is null")
    assert one(fresh, "select max(number) from rasid.migration") == 2


@pytest.mark.parametrize("path", ["migrations/3_short.sql", "migrations/0002_twice.sql"])
def test_a_migration_has_a_number_of_its_own(folder: Folder, path: str) -> None:
    folder.write(path, "select 1;")
    with pytest.raises(MigrationError):
        _ = folder.tree


def test_a_changed_function_comes_back(fresh: Connection, folder: Folder) -> None:
    text = FILES["functions/app/shout.sql"].replace("upper", "initcap")
    folder.write("functions/app/shout.sql", text)
    assert migrate(fresh, folder.tree).changed == ["functions/app/shout.sql"]
    assert top(fresh) == [(1, "One")]


def test_repeatable_files_come_back_after_a_migration(fresh: Connection, folder: Folder) -> None:
    folder.write("migrations/0003_change.sql", "drop view app.a_top; drop view app.b_base;"
                 " alter table app.thing alter column id type bigint;")
    assert migrate(fresh, folder.tree).changed == []
    assert top(fresh) == [(1, "ONE")]


def test_a_file_that_is_gone_is_forgotten_and_its_object_stays(
    fresh: Connection, folder: Folder
) -> None:
    folder.remove("views/app/a_top.sql")
    assert migrate(fresh, folder.tree).changed == ["views/app/a_top.sql"]
    assert plan(fresh, folder.tree).is_up_to_date
    assert top(fresh) == [(1, "ONE")]


def test_a_view_that_changes_shape_is_made_again_with_what_reads_it(
    fresh: Connection, folder: Folder
) -> None:
    fresh.execute("grant usage on schema app to pg_monitor")
    fresh.execute("grant select on app.a_top to pg_monitor with grant option")
    folder.write("views/app/b_base.sql",
                 "create or replace view app.b_base as select name, id from app.thing;")
    migrate(fresh, folder.tree)
    assert top(fresh) == [(1, "ONE")]
    assert one(fresh, "select has_table_privilege('pg_monitor', 'app.a_top',"
                      " 'select with grant option')")
    assert not one(fresh, "select has_table_privilege('pg_monitor', 'app.a_top', 'insert')")


def test_what_a_file_revokes_stays_revoked_when_its_view_is_made_again(
    fresh: Connection, folder: Folder
) -> None:
    fresh.execute("grant select on app.b_base to pg_monitor")
    folder.write("views/app/b_base.sql",
                 "create or replace view app.b_base as select name, id from app.thing;"
                 " revoke all on app.b_base from pg_monitor;")
    migrate(fresh, folder.tree)
    assert not one(fresh, "select has_table_privilege('pg_monitor', 'app.b_base', 'select')")


def test_a_function_that_changes_its_result_is_made_again_with_what_calls_it(
    fresh: Connection, folder: Folder
) -> None:
    folder.write("functions/app/shout.sql", "create or replace function app.shout(p_text text)"
                 " returns int language sql return length(p_text);")
    migrate(fresh, folder.tree)
    assert top(fresh) == [(1, 3)]


def test_a_function_of_a_row_type_follows_its_view(fresh: Connection, folder: Folder) -> None:
    folder.write("functions/app/tops.sql", "create or replace function app.tops() returns setof"
                 " app.a_top language sql stable as 'select * from app.a_top';")
    migrate(fresh, folder.tree)
    folder.write("views/app/a_top.sql",
                 "create or replace view app.a_top as select upper(name) as name from app.thing;")
    migrate(fresh, folder.tree)
    assert fresh.execute("select * from app.tops()").fetchall() == [("ONE",)]


def test_what_is_not_ours_is_never_dropped(fresh: Connection, folder: Folder) -> None:
    fresh.execute("create view public.theirs as select name from app.a_top")
    folder.write("views/app/b_base.sql",
                 "create or replace view app.b_base as select name, id from app.thing;")
    with pytest.raises(MigrationError, match=r"theirs") as refused:
        migrate(fresh, folder.tree)
    assert refused.value.hint
    assert one(fresh, "select count(*) from public.theirs") == 1
    assert plan(fresh, folder.tree).changed == ["views/app/b_base.sql"]


def test_triggers_come_back_with_the_file_that_makes_them(
    fresh: Connection, folder: Folder
) -> None:
    trigger = (
        "create or replace function app.refuse() returns trigger language plpgsql as"
        " $$ begin return null; end $$;"
        " create or replace trigger t10_refuse instead of insert on app.b_base"
        " for each row execute function app.refuse();"
    )
    folder.write("functions/app/refuse.sql", trigger)
    migrate(fresh, folder.tree)
    folder.write("views/app/b_base.sql",
                 "create or replace view app.b_base as select name, id from app.thing;")
    migrate(fresh, folder.tree)
    assert one(fresh, "select count(*) from pg_trigger where tgname = 't10_refuse'") == 1


def test_grants_come_last_and_come_back(fresh: Connection, folder: Folder) -> None:
    folder.write("grants/2_second.sql", "grant select on app.a_top to pg_monitor;")
    folder.write("grants/1_first.sql", "revoke all on all tables in schema app from pg_monitor;")
    folder.write("views/app/z_last.sql", "create or replace view app.z_last as select 1 as one;")
    reported: list[str] = []
    done = migrate(fresh, folder.tree, report=reported.append)
    assert done.changed == ["grants/1_first.sql", "grants/2_second.sql", "views/app/z_last.sql"]
    assert reported[-2:] == ["grants/1_first.sql", "grants/2_second.sql"]
    assert one(fresh, "select has_table_privilege('pg_monitor', 'app.a_top', 'select')")
    assert migrate(fresh, folder.tree).is_up_to_date

    # Given by hand, and taken away by the files at the next change.
    fresh.execute("grant select on app.z_last to pg_monitor")
    folder.write("views/app/b_base.sql",
                 "create or replace view app.b_base as select name, id from app.thing;")
    migrate(fresh, folder.tree)
    assert one(fresh, "select has_table_privilege('pg_monitor', 'app.a_top', 'select')")
    assert not one(fresh, "select has_table_privilege('pg_monitor', 'app.z_last', 'select')")


@pytest.mark.parametrize(
    ("path", "text", "where"),
    [
        ("migrations/0003_wrong.sql", "select 1;\n\nselect 1 / 0;", r"0003_wrong\.sql: .*22012"),
        ("migrations/0003_wrong.sql", "select 1;\n\nselec;", r"0003_wrong\.sql:3: .*42601"),
        ("views/app/wrong.sql", "-- é\ncreate view app.wrong as\n  select none from app.thing;",
         r"views/app/wrong\.sql:3: .*42703"),
        ("grants/wrong.sql", "grant select\non app.nothing to pg_monitor;",
         r"grants/wrong\.sql:?.*42P01"),
        ("functions/app/wrong.sql", "do $$ begin raise 'no' using errcode = 'RS999'; end $$;",
         r"functions/app/wrong\.sql: no .*RS999"),
    ],
)
def test_an_error_names_its_file_and_line_and_changes_nothing(
    fresh: Connection, folder: Folder, path: str, text: str, where: str
) -> None:
    folder.write("migrations/0003_a_good_one.sql" if "0003" not in path else
                 "functions/app/good.sql", "create table if not exists app.good ();")
    folder.write(path, text)
    with pytest.raises(MigrationError, match=where):
        migrate(fresh, folder.tree)
    assert one(fresh, "select to_regclass('app.good') is null")
    assert one(fresh, "select max(number) from rasid.migration") == 2


def test_two_files_that_wait_for_each_other_are_both_named(
    fresh: Connection, folder: Folder
) -> None:
    folder.write("views/app/x.sql", "create or replace view app.x as select * from app.y;")
    folder.write("views/app/y.sql", "create or replace view app.y as select * from app.x;")
    with pytest.raises(MigrationError, match=r"(?s)views/app/x\.sql.*views/app/y\.sql"):
        migrate(fresh, folder.tree)


def test_a_file_that_commits_is_refused(fresh: Connection, folder: Folder) -> None:
    folder.write("migrations/0003_commit.sql", "create table app.more (); commit;")
    with pytest.raises(MigrationError, match="ends the transaction"):
        migrate(fresh, folder.tree)


def test_a_file_does_not_change_the_settings_of_the_next(
    empty: Connection, folder: Folder
) -> None:
    folder.write("migrations/0003_path.sql", "set local search_path = app;")
    folder.write("migrations/0004_unqualified.sql", "create table unqualified ();")
    with pytest.raises(MigrationError, match="3F000"):
        migrate(empty, folder.tree)


def test_runs_at_the_same_time_take_turns(
    make_database: Callable[[], str], folder: Folder
) -> None:
    folder.write("migrations/0003_slow.sql", "select pg_sleep(0.3);")
    address = make_database()
    done: list[int] = []
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                done.append(len(migrate(connection, folder.tree).pending))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(done) == [0, 0, 3]


# ------------------------------------------------------------------------------ the project's own


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", "-C", db.ROOT, *arguments], check=True,
                          capture_output=True).stdout


# Versions that landed before there were tags.
UNTAGGED = ("ed69e9d",)


def landed() -> list[str]:
    """The versions that landed before, as git knows them."""
    try:
        tags = git("tag", "--list", "v*", "--sort=version:refname").decode().split()
        known = [each for each in UNTAGGED if git("rev-list", "-1", "--ignore-missing", each)]
    except (OSError, subprocess.CalledProcessError):
        return []
    return known + tags


def schema(bindir: Path, address: str) -> str:
    """The schema of a database as pg_dump writes it, without what differs in each dump."""
    dump = subprocess.run([bindir / "pg_dump", "--schema-only", address], check=True,
                          capture_output=True, text=True).stdout
    lines = [line for line in dump.splitlines()
             if not line.startswith((r"\restrict", r"\unrestrict"))]
    # Rights stand in the order in which they were given, the last time too.
    return "\n".join(
        line for is_right, group in itertools.groupby(lines, lambda line: line.startswith("GRANT "))
        for line in (sorted(group) if is_right else group)
    )


def test_the_projects_files_apply_twice_over(conn: Connection) -> None:
    conn.execute("update rasid.repeatable set sha256 = 'another'")
    assert migrate(conn, db.tree()).changed
    assert plan(conn, db.tree()).is_up_to_date


def test_one_who_may_not_make_roles_is_told_what_to_ask_for(
    make_cluster: Callable[..., Cluster]
) -> None:
    cluster = make_cluster()
    cluster.start()
    with psycopg.connect(cluster.dsn(), autocommit=True) as administrator:
        word = "of its own"
        administrator.execute(f"create role plain login password '{word}' nosuperuser")
        administrator.execute("create database plain owner plain")
        address = make_conninfo(cluster.dsn(), dbname="plain", user="plain", password=word)
        with psycopg.connect(address, autocommit=True) as connection:
            # What the hints say is all there is to do; each migration that makes roles asks.
            for role in ("rasid_finance", "rasid_desk"):
                with pytest.raises(MigrationError, match=role) as refused:
                    migrate(connection, db.tree())
                assert one(connection, "select to_regnamespace('doc') is null")
                for statement in str(refused.value.hint).partition(": ")[2].split(";")[:-1]:
                    administrator.execute(statement.encode())
            migrate(connection, db.tree())
            assert one(connection, "select nspowner::regrole::text from pg_namespace"
                                   " where nspname = 'calc'") == "rasid_owner"
            connection.execute("update rasid.repeatable set sha256 = 'another'")
            migrate(connection, db.tree())
            connection.execute("insert into ref.party (code, name) values ('a', 'a party')")


def test_an_upgrade_from_each_landed_version_gives_the_schema_of_a_fresh_install(
    make_database: Callable[[], str], template: str, bindir: Path, tmp_path: Path
) -> None:
    versions = landed()
    if not versions:
        pytest.skip("no version that landed before is known here: not a clone with its history")
    fresh = schema(bindir, template)
    for version in versions:
        with zipfile.ZipFile(io.BytesIO(git("archive", "--format=zip", version, "db"))) as archive:
            archive.extractall(tmp_path / version)
        address = make_database()
        with psycopg.connect(address, autocommit=True) as connection:
            migrate(connection, Tree.read(tmp_path / version / "db"))
            migrate(connection, db.tree())
        assert schema(bindir, address) == fresh, f"upgraded from {version}"
