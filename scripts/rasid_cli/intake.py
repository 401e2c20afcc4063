"""What the command line and the desk have in common in reading files for the inbox.

Nothing is decided here: which account, which day, which amount, what is refused and why is told by
`inbox.process`. This module finds columns, and copies text.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Row = tuple[int, list[str]]
"""Number of a row in its file, and its fields."""

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


class FileError(Exception):
    """A file that can't be read: nothing of it was loaded.

    `fault` names what is wrong with it, `facts` are where and how; whoever shows it has the words.
    """

    def __init__(self, fault: str, **facts: Any) -> None:
        super().__init__(fault)
        self.fault, self.facts = fault, facts


@dataclass(frozen=True)
class TextFile:
    """How a file is written: where it is, its encoding and the character between its fields."""

    path: Path
    encoding: str
    delimiter: str

    @classmethod
    def find(cls, path: Path, encoding: str | None, delimiter: str | None) -> TextFile:
        """Take what is told; else the encoding from the file's mark, the delimiter from its head.

        A file without a byte order mark is UTF-8 unless another encoding is told.

        :raises LookupError: there is no such encoding
        """
        with path.open("rb") as file:
            start = file.read(4)
        if encoding is None:
            marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
            encoding = marks.get(start[:2], "utf-8-sig")
        elif encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
            encoding = "utf-8-sig"
        codecs.lookup(encoding)
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

    def rows(self, report: Callable[[int], object] = lambda _: None) -> Iterator[Row]:
        """Number and fields of each row that is not blank, the heading first.

        `report` is told from time to time how many bytes have been read.

        :raises FileError: what is not text in the encoding, a quote that does not end, a row of
            more or fewer fields than the heading
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
                        raise FileError("fields", line=reader.line_num, found=len(fields),
                                        wanted=width, delimiter=self.delimiter)
                    if any("\0" in field for field in fields):
                        raise FileError("nul", line=reader.line_num)
                    if number % 1000 == 0:
                        report(raw.tell())
                    yield number, fields
            except csv.Error as error:
                raise FileError("quote", line=reader.line_num, words=str(error)) from error
            except UnicodeError as error:
                raise FileError("encoding", line=reader.line_num,
                                encoding=self.encoding.removesuffix("-sig")) from error
        if number == 0:
            raise FileError("empty")


def fold(heading: str) -> str:
    """Bring a heading to one spelling: case, blanks, dashes, digits, Arabic letters, marks."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = text.translate({ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"})
    return "".join(character for character in text if character.isalnum())


def place_of(heading: str, header: Sequence[str]) -> int | None:
    """Return the column of the file with this heading, whatever its spelling; None: there is none.

    :raises FileError: the heading stands over several columns
    """
    found = [place for place, each in enumerate(header) if fold(each) == fold(heading)]
    if len(found) > 1:
        raise FileError("twice", heading=heading, times=len(found))
    return found[0] if found else None


def propose(
    document: str, fields: Sequence[str], header: Sequence[str], told: Mapping[str, int]
) -> dict[str, int]:
    """Return which column of the file each field is read from, as field → place in the row.

    What is told comes first; every other field is found by its name or a heading that people write
    for it.

    :raises FileError: a heading stands twice
    """
    result = dict(told)
    used = set(result.values())
    names = [(field, field) for field in fields]
    for known in (OWN_HEADINGS.get(document, {}), HEADINGS):
        names += [(field, heading) for field in fields for heading in known.get(field, ())]
    for field, heading in names:
        place = None if field in result else place_of(heading, header)
        if place is not None and place not in used:
            result[field] = place
            used.add(place)
    return result


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


def copy(
    connection: psycopg.Connection[Any],
    document: str,
    rows: Iterable[Row],
    columns: Mapping[str, int],
    constants: Mapping[str, str],
) -> int:
    """Copy rows into the inbox as text; how many there were."""
    statement = sql.SQL("copy inbox.{} ({}) from stdin").format(
        sql.Identifier(document),
        sql.SQL(", ").join(map(sql.Identifier, ["row_no", *constants, *columns])),
    )
    told, places = list(constants.values()), list(columns.values())
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for number, fields in rows:
            target.write_row([number, *told, *(fields[place] for place in places)])
            count += 1
    return count


def rejected(
    connection: psycopg.Connection[Any], document: str, batch: str, rows: Iterable[Row]
) -> Iterator[tuple[int, list[str], str, str]]:
    """Number and fields of the rows that were left, as they stand in the file; reason, its codes.

    To be read within a transaction: it holds few rows at once.
    """
    with connection.cursor(name="rejected") as cursor:
        cursor.execute(
            sql.SQL(
                "select r.row_no, r.reason, r.reason_code from inbox.{} as r"
                " where r.batch = %s and r.reason is not null order by r.row_no"
            ).format(sql.Identifier(document)),
            [batch],
        )
        left = iter(cursor)
        due = next(left, None)
        for number, fields in rows:
            if due is None:
                break
            if number == due[0]:
                yield number, fields, due[1], due[2]
                due = next(left, None)
