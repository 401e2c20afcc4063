"""The commands of `rasid`. They hold no rule of the book: they ask the database and show it."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.table import Table

from rasid_cli import db, migrate, user
from rasid_cli.migrate import MigrationError
from rasid_cli.refresh import Refresher
from rasid_cli.server import ServerError

NO = 1  # the answer is no: rows differ, a check found something, the database is not up to date
NOT_THERE = {"3F000", "42703", "42883", "42P01"}  # no such schema, column, function, table
FAILED = 3  # the database refused or can't be reached (2 is a wrong command line, click's own)

# What `rasid up` proposes to look at: a figure of each customer, of each invoice, and what is odd.
EXAMPLES = """
  select party_name, open_amount, overdue_amount, settlement_period_days, variance_days
  from bi.account where side = 'receivable' and currency = 'IRR'
  order by overdue_amount desc limit 10;

  select party_name, doc_no, doc_date, open_amount, debt_depth_days, timing
  from bi.invoice where side = 'receivable' and currency = 'IRR' and open_amount > 0
  order by debt_depth desc limit 10;

  select title, currency, count(*), sum(amount)
  from bi.exception group by title, currency order by 3 desc;
"""

# Commands that live in modules of their own, loaded when they are called for.
OUTSIDE = {"bench": "bench", "bi-docs": "bi_docs", "close-month": "close_month", "demo": "demo",
           "errors": "errors", "import": "importer", "messages": "messages", "refresh": "refresh",
           "soak": "soak",
           "user": "user"}


class Commands(click.Group):
    """Loads the commands of other modules when they are called for; shows errors for people."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in the order of the alphabet."""
        return sorted([*super().list_commands(ctx), *OUTSIDE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find the command of this name."""
        if cmd_name not in OUTSIDE:
            return super().get_command(ctx, cmd_name)
        command = importlib.import_module(f"rasid_cli.{OUTSIDE[cmd_name]}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is refused is said in a few lines and ends with exit code 3."""
        try:
            return super().invoke(ctx)
        except psycopg.Error as error:
            said = _unmigrated(error) or str(_refusal(error))
        except MigrationError as error:
            said = f"{error}" + (f"\nhint: {error.hint}" if error.hint else "")
        except BrokenPipeError:  # the reader has gone, such as head: click ends quietly
            raise
        except (ServerError, OSError) as error:
            said = str(error)
        click.echo(f"{click.style('error:', fg='red')} {said}", err=True)
        raise click.exceptions.Exit(FAILED)


def _refusal(error: psycopg.Error) -> db.Refusal:
    if error.diag.constraint_name is None:
        return db.refusal(error)
    with db.connect() as connection:
        return db.refusal(error, connection)


def _unmigrated(error: psycopg.Error) -> str | None:
    """What to say of something that is not there because `rasid migrate` has yet to make it."""
    if error.sqlstate not in NOT_THERE:
        return None
    with db.connect() as connection:
        plan = migrate.plan(connection, db.tree())
    if plan.is_up_to_date:
        return None
    said = (f"the database is not at the state of this checkout: {error.diag.message_primary}"
            if plan.applied else "the database was never migrated")
    return f"{said}\nhint: rasid migrate"


def _use_data(_context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        os.environ["RASID_DATA"] = str(value.absolute())


data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", callback=_use_data,
    expose_value=False, help="Folder of the embedded server's data (default: .rasid/ of the"
    " checkout, or RASID_DATA).",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@click.version_option(package_name="rasid")
def main() -> None:
    """Rasid: accounts, settlement and ras, kept inside PostgreSQL.

    Works on the database that RASID_DSN names, or else on the embedded server of this checkout,
    which is started when it is needed.

    Exit codes: 0 done; 1 the answer is no (rows differ, something found, not up to date); 2 wrong
    command line; 3 refused, or the database can't be reached.
    """


@main.command("migrate")
@click.option("--dry-run", is_flag=True,
              help="Do all of it, say what was done, and roll it back. Takes the same locks.")
def migrate_command(dry_run: bool) -> None:
    """Bring the database to the state of this checkout.

    Runs the migrations that have not run, and the functions and views again if any of them changed,
    in one transaction: all of it or nothing.
    """
    with db.connect() as connection:
        bring_up_to_date(connection, dry_run=dry_run)


def bring_up_to_date(connection: psycopg.Connection[Any], *, dry_run: bool = False) -> None:
    """Migrate and say in a line or two what was done."""
    tree = db.tree()
    with Console(stderr=True).status("migrating") as status:
        done = migrate.migrate(
            connection, tree, dry_run=dry_run, report=lambda path: status.update(f"{path}")
        )
    if done.is_up_to_date:
        click.echo("up to date")
        return
    for file in done.pending:
        click.echo(f"applied {file.path}")
    click.echo(f"applied {len(tree.again)} files of functions, views and rights"
               f" ({len(done.changed)} changed)")
    if dry_run:
        click.echo("dry run: rolled back, nothing was changed")


@main.command()
def status() -> None:
    """Say what ran, what waits and what changed. Exit code 1 if not up to date."""
    with db.connect() as connection:
        plan = migrate.plan(connection, db.tree())
    for name in plan.applied:
        click.echo(f"applied  {name}")
    for file in plan.pending:
        click.echo(f"pending  {file.name}")
    for path in plan.changed:
        click.echo(f"changed  {path}")
    for problem in plan.problems:
        click.echo(f"problem  {problem}")
    click.echo("up to date" if plan.is_up_to_date else "not up to date: rasid migrate")
    sys.exit(0 if plan.is_up_to_date else NO)


@main.command()
def dsn() -> None:
    """Print the address of the database, password included."""
    click.echo(db.dsn())


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database. ARGUMENTS go to psql, such as -c 'select 1'."""
    # The system's psql edits lines; the embedded one is built without.
    program = shutil.which("psql") or str(db.cluster().bindir / "psql")
    known = conninfo_to_dict(db.dsn())
    password = known.pop("password", None)
    environment = dict(os.environ)
    if password is not None:  # not on the command line, where every user of the machine reads it
        environment["PGPASSWORD"] = str(password)
    address = make_conninfo("", **known)
    os.execvpe(program, [program, "--dbname", address, *arguments], environment)  # noqa: S606


@main.command()
@click.option("--account", type=click.IntRange(1, 2**63 - 1), metavar="N",
              help="Only this account.")
def verify(account: int | None) -> None:
    """Compute every figure again and compare.

    Prints the kept rows that differ from a computation from nothing; exit code 1 if any does.
    `rasid rebuild` puts them right.
    """
    with db.connect() as connection:
        found = show(connection.execute("select * from calc.verify(%s)", [account]))
    click.echo(f"{found} rows differ" if found else "every figure follows from the documents")
    sys.exit(NO if found else 0)


@main.command()
@click.option("--account", type=click.IntRange(1, 2**63 - 1), metavar="N",
              help="Only this account.")
def rebuild(account: int | None) -> None:
    """Compute every figure again and write what differs.

    Needed only after rows came in past the triggers, such as a data-only restore.
    """
    with db.connect() as connection, Console(stderr=True).status("rebuilding"):
        connection.execute("select calc.rebuild(%s)", [account])
    click.echo("rebuilt")


@main.command()
def check() -> None:
    """Run the checks of db/checks.

    Each is a query that must find nothing. What one finds is printed; exit code 1 if one does.
    """
    failed = 0
    with db.connect() as connection:
        for path in sorted((db.ROOT / "db" / "checks").rglob("*.sql")):
            text = path.read_text(encoding="utf-8")
            title = text.partition("\n")[0].removeprefix("--").strip()
            cursor = connection.execute(text)
            found = show(cursor, title=title)
            click.echo(f"{'ok  ' if not found else 'FAIL'} {title}"
                       + (f": {found} rows" if found else ""))
            failed += bool(found)
    sys.exit(NO if failed else 0)


def show(cursor: psycopg.Cursor[Any], *, title: str | None = None, limit: int = 50) -> int:
    """Print up to `limit` rows of a result as a table; how many rows it has."""
    rows = cursor.fetchmany(limit)
    if rows:
        table = Table(*(column.name for column in cursor.description or ()), title=title,
                      title_justify="left")
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row))
        Console(width=None if sys.stdout.isatty() else 200).print(table)
    if cursor.rowcount > limit:
        click.echo(f"… and {cursor.rowcount - limit} more")
    return cursor.rowcount


@main.command()
@click.option("--serve/--no-serve", default=True, help="Whether to stay and serve the pages.")
@data_option
def up(serve: bool) -> None:
    """Start all of it and serve the pages.

    Starts the server, migrates, loads a demo book into an empty database, serves the pages and
    refreshes behind them. Running it again is harmless. Ctrl-C stops what it started.
    """
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT
        signal.signal(number, _interrupt)
    server = None if os.environ.get("RASID_DSN") else db.cluster()
    was_started = server.start() if server else False
    try:
        with db.connect() as connection:
            bring_up_to_date(connection)
            password = _load_demo(connection)
        address = db.dsn() if server else _without_password(db.dsn())
        click.echo(f"\nDSN  {address}\npsql ./scripts/rasid psql\n\nfor example{EXAMPLES}")
        click.echo(f"login {user.DEMO_NAME}   password {password}   (shown this once)" if password
                   else "login ./scripts/rasid user list   (user password NAME sets a new one)")
        if serve:
            from rasid_cli import web  # with all of Flask, which no other command needs

            with Refresher(db.dsn()):
                web.serve(db.dsn(), lambda url: click.echo(f"page {url}   (Ctrl-C stops)"))
        else:
            click.echo("page ./scripts/up serves it   (./scripts/rasid down stops the server)"
                       if server else "page ./scripts/up serves it")
    finally:
        if server and was_started and (serve or sys.exc_info()[0] is not None):
            server.stop()


def _without_password(address: str) -> str:
    known = conninfo_to_dict(address)
    for secret in ("password", "sslpassword"):
        known.pop(secret, None)
    return make_conninfo("", **known)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _load_demo(connection: psycopg.Connection[Any]) -> str | None:
    """Load the demo book into a database that nobody uses yet; the password of its login."""
    demo = importlib.import_module("rasid_cli.demo")
    if demo.is_in_use(connection):
        return None
    rows = demo.load(connection)
    click.echo("loaded the demo book: "
               + ", ".join(f"{table} {count:,}" for table, count in rows.items()))
    return user.make_demo(connection)


@main.command()
@click.option("--listen", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT")
@click.option("--proxies", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Trusted proxies before it, whose X-Forwarded headers then count.")
@click.option("--threads", type=click.IntRange(1), default=8, show_default=True, metavar="N",
              help="Requests that are answered at once.")
def serve(listen: str, proxies: int, threads: int) -> None:
    """Serve the finance desk.

    Behind a proxy that speaks HTTPS: --proxies 1. Who may log in: rasid user. The key that signs
    the sessions is RASID_SECRET_KEY, or one kept in .rasid/.
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter("write it as 127.0.0.1:8000", param_hint="--listen")
    from rasid_cli import web  # with all of Flask, which no other command needs

    web.serve_at(db.dsn(), listen, proxies=proxies, threads=threads)


@main.command()
@data_option
def down() -> None:
    """Stop the embedded server."""
    click.echo("stopped" if db.cluster().stop() else "it was not running")
