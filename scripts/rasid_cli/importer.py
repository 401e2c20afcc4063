"""`rasid import`: copies a CSV file into the inbox as it stands and has the database read it.

Nothing is decided here: which account, which day, which amount, what is refused and why is told by
`inbox.process`. What the desk reads files by as well is in `intake`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rasid_cli import db, intake
from rasid_cli.intake import DOCUMENTS, FileError, TextFile, copy, fields_of, rejected

REJECTED = 3

# What is wrong with a file, and what to do about it on the command line.
FAULTS = {
    "fields": "{file}, line {line}: {found} fields, but the heading has {wanted}. Nothing was"
              " loaded. Is the file cut off, or the delimiter another than {delimiter!r}"
              " (--delimiter)?",
    "nul": "{file}, line {line}: a NUL character. Nothing was loaded. Is it another encoding"
           " (--encoding utf-16)?",
    "quote": "{file}, line {line}: {words}. Nothing was loaded. Does a quote never end?",
    "encoding": "{file} is not {encoding} after line {line}. Nothing was loaded. Tell its encoding,"
                " such as --encoding cp1256 or --encoding utf-16.",
    "empty": "{file} is empty",
}


class Refused(click.ClickException):
    """A file that can't be read: nothing of it was loaded."""

    exit_code = REJECTED

def match(
    document: str, fields: Sequence[str], header: Sequence[str], mapped: dict[str, str]
) -> dict[str, int]:
    """Which column of the file each field is read from, as field → place in the row.

    What is mapped by hand comes first. Refused: a field or column that there is not, a heading
    that stands twice.
    """
    told: dict[str, int] = {}
    try:
        for field, heading in mapped.items():
            if field not in fields:
                raise click.BadParameter(
                    f"{document} has no field {field!r}; it has {', '.join(fields)}",
                    param_hint="--map",
                )
            place = intake.place_of(heading, header)
            if place is None:
                raise click.BadParameter(
                    f"the file has no column {heading!r}; it has {', '.join(header)}",
                    param_hint="--map",
                )
            told[field] = place
        return intake.propose(document, fields, header, told)
    except FileError as error:
        raise click.UsageError("the file has {times} columns {heading!r}".format(**error.facts)) \
            from error


def write_rejects(
    connection: psycopg.Connection[Any], document: str, batch: str, source: TextFile, path: Path
) -> int:
    """Write the rows that were left, as they stand in the file, with their reasons; how many."""
    count = 0
    rows = source.rows()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=source.delimiter)
        writer.writerow([*next(rows)[1], "reason", "reason_code"])
        for _, fields, *reason in rejected(connection, document, batch, rows):
            writer.writerow([*fields, *reason])
            count += 1
    return count


def columns_of(
    document: str, fields: Sequence[str], header: Sequence[str], mapped: dict[str, str]
) -> dict[str, int]:
    """As `match`, and say what is read from where; refused if no column names the customer."""
    columns = match(document, fields, header, mapped)
    unused = [name for place, name in enumerate(header) if place not in columns.values()]
    needed = {"party_code", "account_id", "code"}.intersection(fields)
    if not needed.intersection(columns):
        raise click.UsageError(
            f"no column is read as {' or '.join(sorted(needed, reverse=True))}.\n"
            f"Columns not used: {', '.join(unused) or 'none'}.\n"
            f"Fields of {document}: {', '.join(fields)}.\n"
            "Name the column: --map FIELD=COLUMN"
        )
    for field, place in columns.items():
        click.echo(f"  {field} ← {header[place]}")
    if unused:
        click.echo(f"  not used: {', '.join(unused)}")
    return columns


def load(
    document: str,
    source: TextFile,
    mapped: dict[str, str],
    constants: dict[str, str],
    create_parties: bool,
    rejects: Path,
) -> int:
    """Load one file, whole or not at all; returns how many rows were rejected."""
    batch = str(source.path.resolve())
    console = Console(stderr=True)
    with db.connect() as connection, connection.transaction():
        fields = [name for name in fields_of(connection, document) if name not in constants]
        columns = columns_of(document, fields, next(source.rows())[1], mapped)

        # What an earlier run of this file left waiting comes again with the file.
        for table in {document, "party", "account"} if create_parties else {document}:
            connection.execute(
                sql.SQL("delete from inbox.{} where batch = %s").format(sql.Identifier(table)),
                [batch],
            )
        size = source.path.stat().st_size
        with Progress(
            TextColumn("reading"), BarColumn(), DownloadColumn(), TimeElapsedColumn(),
            console=console,
        ) as progress:
            task = progress.add_task("", total=size)
            rows = source.rows(lambda done: progress.update(task, completed=done))
            next(rows)
            count = copy(connection, document, rows, columns, {"batch": batch, **constants})
            progress.update(task, completed=size)
        with console.status(f"turning {count} rows into documents"):
            connection.execute(sql.SQL("analyze inbox.{}").format(sql.Identifier(document)))
            if create_parties:
                connection.execute("select inbox.propose_parties(%s, %s)", [document, batch])
            result = connection.execute("select * from inbox.process(%s)", [batch]).fetchall()
        left = write_rejects(connection, document, batch, source, rejects) \
            if any(row[0] == document and row[3] for row in result) else 0
        reasons = connection.execute(
            sql.SQL(
                "select count(*), min(r.reason) from inbox.{} as r where r.batch = %s"
                " and r.reason is not null group by r.reason_code order by 1 desc, 2 limit 10"
            ).format(sql.Identifier(document)),
            [batch],
        ).fetchall()

    summary = Table("", "loaded", "unchanged", "rejected")
    for row in result:
        summary.add_row(*map(str, row))
    Console().print(summary)
    if not any(row[1] or row[3] for row in result):
        click.echo(
            "nothing changed: all of it is known already" if count else "the file has no rows"
        )
    if left:
        click.echo(f"{left} rows were left; they are, with their reasons, in {rejects}")
        for times, reason in reasons:
            click.echo(f"  {times} × {reason}")
    return sum(row[3] for row in result)


@click.group("import")
def command() -> None:
    """Load a CSV file: parties, accounts or any kind of document.

    The file is read as the world writes it: quoted fields, any line ends, commas, semicolons, tabs
    or |, Persian digits, "4,166.66". Headings are matched to fields by name; --map names the
    others. Dates are ISO (2025-07-28) unless --dates jalali says that they are 1404/05/06.

    Repeating a file changes nothing; a file that says something else of a known document changes
    it. Exit codes: 0 all rows loaded or known; 2 wrong command line; 3 some rows rejected (they are
    in the rejects file), or the file can't be read (then nothing of it was loaded).
    """


def _mapping(_context: click.Context, _option: click.Parameter, value: tuple[str, ...]) -> dict[
    str, str
]:
    pairs = [each.partition("=") for each in value]
    if not all(field and equals and column for field, equals, column in pairs):
        raise click.BadParameter("write FIELD=COLUMN, such as amount=مبلغ")
    return {field.strip().replace("-", "_"): column for field, _, column in pairs}


def _add(plural: str, document: str) -> None:
    has_account = document not in ("party", "account")

    def run(
        file: Path, mapped: dict[str, str], dates: str, encoding: str | None,
        delimiter: str | None, rejects: Path | None, side: str | None = None,
        currency: str | None = None, source: str | None = None, create_parties: bool = False,
        party_name_column: str | None = None,
    ) -> None:
        if party_name_column is not None:
            mapped = {**mapped, "party_name": party_name_column}
        told = {"date_style": dates, "side": side, "currency": currency, "source": source}
        if rejects is not None and rejects.resolve() == file.resolve():
            raise click.BadParameter("this is the file to load", param_hint="--rejects")
        try:
            text = TextFile.find(file, encoding, "\t" if delimiter == "tab" else delimiter)
        except LookupError:
            raise click.BadParameter(f"{encoding} is not an encoding", param_hint="--encoding") \
                from None
        try:
            left = load(
                document,
                text,
                mapped,
                {name: value for name, value in told.items() if value is not None},
                create_parties,
                rejects or file.with_name(f"{file.stem}.rejects.csv"),
            )
        except FileError as error:
            raise Refused(FAULTS[error.fault].format(file=file, **error.facts)) from error
        if left:
            click.get_current_context().exit(REJECTED)

    options = [
        click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
        click.option("--map", "mapped", multiple=True, metavar="FIELD=COLUMN", callback=_mapping,
                     help="Read this field from that column; may be given often."),
        click.option("--dates", type=click.Choice(["iso", "jalali"]), default="iso",
                     show_default=True, help="How all dates of the file are written."),
        click.option("--encoding", help="Default: UTF-8, or UTF-16 if the file says so."),
        click.option("--delimiter", metavar="CHARACTER",
                     help="Between fields; tab for a tab. Default: found in the heading."),
        click.option("--rejects", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="Where rejected rows go. Default: beside the file, .rejects.csv."),
    ]
    if document != "party":
        options += [
            click.option("--side", type=click.Choice(["receivable", "payable"]),
                         help="Of all rows. Default: the column, or else receivable."),
            click.option("--currency", metavar="CODE",
                         help="Of all rows. Default: the column, or else IRR."),
        ]
    if has_account:
        options += [
            click.option("--source", metavar="NAME",
                         help="Where the documents come from; external ids are its own."
                         " Default: the column, or else inbox."),
            click.option("--create-parties", is_flag=True,
                         help="Make parties and accounts for codes that are not known."),
            click.option("--party-name-column", metavar="COLUMN",
                         help="Their names are in this column."),
        ]
    for option in reversed(options):
        run = option(run)
    command.command(plural, help=f"Load {plural} from a CSV file.")(run)


for _plural, _document in DOCUMENTS.items():
    _add(_plural, _document)
