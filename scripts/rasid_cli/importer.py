"""`rasid import`: copies a CSV file into the inbox as it stands and has the database read it.

Nothing is decided here: which account, which day, which amount, what is refused and why is told by
`inbox.process`. This module finds columns, and copies text.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rasid_cli import db

REJECTED = 3

# Plural on the command line → table of the inbox.
DOCUMENTS = {
    "parties": "party",
    "accounts": "account",
    "invoices": "invoice",
    "installments": "installment",
    "payments": "payment",
    "cheques": "cheque",
    "credit-notes": "credit_note",
    "adjustments": "adjustment",
    "set-offs": "set_off",
    "pins": "pin",
}

# Headings that people write, beside the names of the columns themselves.
HEADINGS: dict[str, tuple[str, ...]] = {
    "party_code": ("customer", "customer code", "customer id", "customer number", "party",
                   "کد مشتری", "مشتری", "کد طرف حساب", "طرف حساب", "کد تفصیلی"),
    "party_name": ("customer name", "نام مشتری", "نام طرف حساب"),
    "account_id": ("account", "شماره حساب", "حساب"),
    "side": ("سمت",),
    "currency": ("ارز", "واحد پول"),
    "source": ("منبع",),
    "external_id": ("id", "شناسه"),
    "code": ("party code", "customer code", "کد", "کد مشتری"),
    "name": ("party name", "customer name", "نام", "نام مشتری"),
    "national_id": ("شناسه ملی", "کد ملی"),
    "phone": ("telephone", "mobile", "تلفن", "موبایل"),
    "email": ("e-mail", "mail", "ایمیل"),
    "region_code": ("region", "کد منطقه", "منطقه"),
    "agency_code": ("agency", "کد نمایندگی", "نمایندگی"),
    "salesperson_code": ("salesperson", "visitor", "کد فروشنده", "فروشنده", "ویزیتور"),
    "payment_term_code": ("payment term", "terms", "شرایط پرداخت"),
    "credit_limit": ("سقف اعتبار",),
    "kind": ("type", "نوع"),
    "method": ("روش پرداخت", "روش"),
    "doc_no": ("number", "no", "document no", "document number", "شماره", "شماره سند"),
    "doc_date": ("date", "document date", "تاریخ", "تاریخ سند"),
    "due_date": ("due", "due on", "سررسید", "تاریخ سررسید"),
    "value_date": ("تاریخ موثر", "تاریخ ارزش"),
    "status_date": ("تاریخ وضعیت",),
    "cleared_on": ("تاریخ وصول",),
    "amount": ("sum", "total", "مبلغ"),
    "status": ("وضعیت",),
    "note": ("description", "memo", "شرح", "توضیحات"),
    "bank_reference": ("reference", "شماره پیگیری", "شماره ارجاع"),
    "sayad_id": ("sayad", "شناسه صیاد", "شناسه صیادی"),
    "serial_no": ("serial", "cheque no", "cheque number", "شماره چک", "سریال چک"),
    "bank": ("بانک",),
    "branch": ("شعبه",),
    "drawer_name": ("drawer", "صادرکننده", "صاحب حساب"),
    "line_no": ("line", "قسط", "شماره قسط", "ردیف"),
    "set_off_no": ("set-off number", "شماره تهاتر"),
    "invoice_no": ("invoice", "invoice number", "فاکتور", "شماره فاکتور", "شماره صورتحساب"),
    "payment_no": ("payment", "payment number", "receipt number", "شماره رسید"),
}
# A heading that is the document's own number in its own file.
OWN_HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "invoice": {
        "doc_no": ("invoice no", "invoice number", "شماره فاکتور", "شماره صورتحساب"),
        "doc_date": ("invoice date", "تاریخ فاکتور"),
    },
    "payment": {
        "doc_no": ("receipt no", "receipt number", "payment number", "شماره رسید"),
        "doc_date": ("payment date", "receipt date", "تاریخ پرداخت", "تاریخ دریافت"),
    },
    "cheque": {"doc_date": ("تاریخ دریافت",)},
}


class FileError(click.ClickException):
    """A file that can't be read: nothing of it was loaded."""

    exit_code = REJECTED


@dataclass(frozen=True)
class Source:
    """How a file is written: where it is, its encoding and the character between its fields."""

    path: Path
    encoding: str
    delimiter: str

    @classmethod
    def find(cls, path: Path, encoding: str | None, delimiter: str | None) -> Source:
        """Take what is told; else the encoding from the file's mark, the delimiter from its head.

        A file without a byte order mark is UTF-8 unless another encoding is told.
        """
        with path.open("rb") as file:
            start = file.read(4)
        if encoding is None:
            marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
            encoding = marks.get(start[:2], "utf-8-sig")
        elif encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
            encoding = "utf-8-sig"
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise click.BadParameter(f"{encoding} is not an encoding", param_hint="--encoding") \
                from None
        if delimiter is not None:
            return cls(path, encoding, delimiter)
        # The one that makes the most fields of the heading; a comma if none makes any.
        return max((cls(path, encoding, each) for each in ",\t;|"), key=cls.width)

    def width(self) -> int:
        """How many fields the heading has; 0 if it can't be read with this delimiter."""
        try:
            return len(next(self.rows())[1])
        except FileError:
            return 0

    def rows(self, report: Callable[[int], object] = lambda _: None) -> Iterator[
        tuple[int, list[str]]
    ]:
        """Number and fields of each row that is not blank, the heading first.

        `report` is told from time to time how many bytes have been read. Refused: what is not text
        in the encoding, a quote that does not end, a row of more or fewer fields than the heading.
        """
        width = 0
        with self.path.open("rb") as raw, io.TextIOWrapper(
            raw, encoding=self.encoding, newline=""
        ) as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            number = 0
            try:
                for fields in reader:
                    if not any(field.strip() for field in fields):
                        continue
                    number += 1
                    if width == 0:
                        width = len(fields)
                    while len(fields) > width and not fields[-1].strip():
                        fields.pop()
                    if len(fields) != width:
                        raise FileError(
                            f"{self.path}, line {reader.line_num}: {len(fields)} fields, but the"
                            f" heading has {width}. Nothing was loaded. Is the file cut off, or the"
                            f" delimiter another than {self.delimiter!r} (--delimiter)?"
                        )
                    if any("\0" in field for field in fields):
                        raise FileError(
                            f"{self.path}, line {reader.line_num}: a NUL character. Nothing was"
                            " loaded. Is it another encoding (--encoding utf-16)?"
                        )
                    if number % 1000 == 0:
                        report(raw.tell())
                    yield number, fields
            except csv.Error as error:
                raise FileError(
                    f"{self.path}, line {reader.line_num}: {error}. Nothing was loaded. Does a"
                    " quote never end?"
                ) from error
            except UnicodeError as error:
                raise FileError(
                    f"{self.path} is not {self.encoding.removesuffix('-sig')} after line"
                    f" {reader.line_num}. Nothing was loaded. Tell its encoding, such as"
                    " --encoding cp1256 or --encoding utf-16."
                ) from error
        if number == 0:
            raise FileError(f"{self.path} is empty")


def fold(heading: str) -> str:
    """Bring a heading to one spelling: case, blanks, dashes, digits, Arabic letters, marks."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = text.translate({ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"})
    return "".join(character for character in text if character.isalnum())


def match(
    document: str, fields: Sequence[str], header: Sequence[str], mapped: dict[str, str]
) -> dict[str, int]:
    """Which column of the file each field is read from, as field → place in the row.

    What is mapped by hand comes first; every other field is found by its name or a heading that
    people write for it. Refused: a field or column that there is not, a heading that stands twice.
    """
    places: dict[str, list[int]] = {}
    for column, heading in enumerate(header):
        places.setdefault(fold(heading), []).append(column)

    def place_of(heading: str) -> int | None:
        found = places.get(fold(heading), [])
        if len(found) > 1:
            raise click.UsageError(f"the file has {len(found)} columns {heading!r}")
        return found[0] if found else None

    result: dict[str, int] = {}
    for field, heading in mapped.items():
        if field not in fields:
            raise click.BadParameter(
                f"{document} has no field {field!r}; it has {', '.join(fields)}",
                param_hint="--map",
            )
        place = place_of(heading)
        if place is None:
            raise click.BadParameter(
                f"the file has no column {heading!r}; it has {', '.join(header)}",
                param_hint="--map",
            )
        result[field] = place
    used = set(result.values())
    own = OWN_HEADINGS.get(document, {})
    names = [(field, field) for field in fields]
    for known in (own, HEADINGS):
        names += [(field, heading) for field in fields for heading in known.get(field, ())]
    for field, heading in names:
        place = None if field in result else place_of(heading)
        if place is not None and place not in used:
            result[field] = place
            used.add(place)
    return result


def copy(
    connection: psycopg.Connection[Any],
    document: str,
    source: Source,
    columns: dict[str, int],
    constants: dict[str, str],
    report: Callable[[int], object],
) -> int:
    """Copy the rows of a file into the inbox as text; how many there were."""
    statement = sql.SQL("copy inbox.{} ({}) from stdin").format(
        sql.Identifier(document),
        sql.SQL(", ").join(map(sql.Identifier, ["row_no", *constants, *columns])),
    )
    told, places = list(constants.values()), list(columns.values())
    count = 0
    rows = source.rows(report)
    next(rows)
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for number, fields in rows:
            target.write_row([number, *told, *(fields[place] for place in places)])
            count += 1
    return count


def write_rejects(
    connection: psycopg.Connection[Any], document: str, batch: str, source: Source, path: Path
) -> int:
    """Write the rows that were left, as they stand in the file, with their reasons; how many."""
    reasons: dict[int, tuple[str, str]] = {
        row[0]: (row[1], row[2])
        for row in connection.execute(
            sql.SQL(
                "select r.row_no, r.reason, r.reason_code from inbox.{} as r"
                " where r.batch = %s and r.reason is not null"
            ).format(sql.Identifier(document)),
            [batch],
        )
    }
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=source.delimiter)
        for number, fields in source.rows():
            if number == 1:
                writer.writerow([*fields, "reason", "reason_code"])
            elif number in reasons:
                writer.writerow([*fields, *reasons[number]])
    return len(reasons)


def fields_of(connection: psycopg.Connection[Any], document: str) -> list[str]:
    """The fields that a file of these documents can have."""
    return [
        row[0]
        for row in connection.execute(
            """
            select a.attname
            from pg_attribute as a
            where a.attrelid = format('inbox.%%I', %s::text)::regclass
            and a.attnum > 0
            and a.atttypid = 'text'::regtype
            and a.attname not in ('batch', 'date_style', 'reason', 'reason_code')
            order by a.attnum
            """,
            [document],
        )
    ]


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
            f"Columns not used: {', '.join(unused)}.\n"
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
    source: Source,
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
            count = copy(
                connection, document, source, columns, {"batch": batch, **constants},
                lambda done: progress.update(task, completed=done),
            )
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
        click.echo("nothing changed: all of it is known already")
    if left:
        click.echo(f"{left} rows were left; they are, with their reasons, in {rejects}")
        for times, reason in reasons:
            click.echo(f"  {times} × {reason}")
    return sum(row[3] for row in result)


@click.group("import")
def command() -> None:
    """Load a CSV file: parties, accounts or any kind of document.

    The file is read as the world writes it: quoted fields, any line ends, comma, semicolon or tab,
    Persian digits, "4,166.66". Headings are matched to fields by name; --map names the others.
    Dates are ISO (2025-07-28) unless --dates jalali says that they are 1404/05/06.

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
        rejected = load(
            document,
            Source.find(file, encoding, "\t" if delimiter == "tab" else delimiter),
            mapped,
            {name: value for name, value in told.items() if value is not None},
            create_parties,
            rejects or file.with_name(f"{file.stem}.rejects.csv"),
        )
        if rejected:
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
    command.command(plural, help=f"Load {plural.replace('-', ' ')} from a CSV file.")(run)


for _plural, _document in DOCUMENTS.items():
    _add(_plural, _document)
