"""The story of a document in words: what the audit kept, in the reader's language and calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric
from sqlalchemy import text as sql

from admin import cells, labels, lookups, text
from admin.database import rows, table, tables
from admin.fields import currency_of, read_id

_STORY = sql("select * from audit.history(:kind, :account_id, :key)")

# The installments it has, and those it had: in whichever account it stood by then.
_OF_INVOICE = sql("""
    with part as (
      select n.account_id, n.installment_id, n.line_no
      from doc.installment as n
      where n.account_id = :account_id and n.invoice_id = :invoice_id
      union all
      select c.account_id, c.row_key::bigint, (c.row_kept ->> 'line_no')::int
      from audit.change as c
      where c.table_name = 'doc.installment' and c.action = 'delete'
        and c.row_kept ->> 'invoice_id' = cast(:invoice_id as text)
        and (
          c.account_id = :account_id
          or c.account_id in (
            select m.account_id
            from audit.change as m
            where m.table_name = 'doc.invoice' and m.row_key = cast(:invoice_id as text)
              and m.new_row_key is not null
          )
        )
    )
    select 'invoice' as kind, null::int as line_no, h.*
    from audit.history('invoice', :account_id, :invoice_id) as h
    union all
    select 'installment', p.line_no, h.*
    from part as p
    cross join lateral audit.history('installment', p.account_id, p.installment_id) as h
    order by changed_at, kind desc, line_no
""")

# The names that ids of the few stand for.
_NAMES = sql("""
    select 'salesperson_id' as name, salesperson_id::text as id, name as shown from ref.salesperson
    union all select 'region_id', region_id::text, name from ref.region
    union all select 'agency_id', agency_id::text, name from ref.agency
    union all select 'payment_term_id', payment_term_id::text, name from ref.payment_term
""")

# What the words of the audit refer to by id: accounts, parties and papers of these accounts.
_REFERRED = {
    "account_id": """
        select a.account_id as id, p.code, p.name, a.side, a.currency
        from ref.account as a
        join ref.party as p on p.party_id = a.party_id
        where a.account_id = any(:ids)
    """,
    "party_id": "select party_id as id, name from ref.party where party_id = any(:ids)",
    "invoice_id": """
        select invoice_id as id, doc_no as name
        from doc.invoice where account_id = any(:account_ids) and invoice_id = any(:ids)
    """,
    "payment_id": """
        select payment_id as id, coalesce(doc_no, bank_reference) as name
        from doc.payment where account_id = any(:account_ids) and payment_id = any(:ids)
    """,
    "cheque_id": """
        select cheque_id as id, coalesce(serial_no, sayad_id) as name
        from doc.cheque where account_id = any(:account_ids) and cheque_id = any(:ids)
    """,
    "set_off_id": """
        select set_off_id as id, set_off_no as name
        from doc.set_off where account_id = any(:account_ids) and set_off_id = any(:ids)
    """,
}
_REFERRED["replaces_cheque_id"] = _REFERRED["cheque_id"]
_REFERENCE = re.compile(
    rf"(?:^|; )({'|'.join(_REFERRED)}): (\d+|—)(?: → (\d+|—))?(?=; |$)")

HIDDEN = {"installment_id", "source"}
"""Columns that say nothing to a person about a change."""


class Value(NamedTuple):
    """A column that was given or changed: its label, what it was (None: new) and what it is."""

    label: str
    before: str | None
    after: str


class Chapter(NamedTuple):
    """A change: of what, when, by whom, in words, and why if a closed period asked."""

    kind: str
    line_no: int | None
    changed_at: Any
    changed_by: str
    login: str
    action: str
    values: list[Value]
    reason: str | None


def audited() -> list[tuple[str, str]]:
    """Return the schemas and names of the tables whose rows have a story, documents first."""
    return [(schema, name) for name in labels.VALUES["table"]
            for schema in ("doc", "ref") if f"{schema}.{name}" in tables.tables]


def _table(kind: str) -> Any:
    return table(f"doc.{kind}" if f"doc.{kind}" in tables.tables else f"ref.{kind}")


def of(kind: str, account_id: int | None, key: int) -> list[Chapter]:
    """Return the story of a document, or of a row of ref (no account), first things first."""
    owner = key if kind == "account" else account_id
    currency = currency_of(owner) if owner else None
    story = rows(_STORY, {"kind": kind, "account_id": account_id, "key": key})
    known = names((row.changes for row in story), [account_id])
    return [_chapter(kind, None, row, known, currency) for row in story]


def of_invoice(account_id: int, invoice_id: int) -> list[Chapter]:
    """Return the story of an invoice and of the installments that it has or had."""
    story = rows(_OF_INVOICE, {"account_id": account_id, "invoice_id": invoice_id})
    known, currency = names((row.changes for row in story), [account_id]), currency_of(account_id)
    return [_chapter(row.kind, row.line_no, row, known, currency) for row in story]


def names(changes: Iterable[str | None], account_ids: Iterable[int | None]
          ) -> dict[tuple[str, str], str]:
    """Return what the ids of salespeople, regions, agencies and payment terms stand for.

    And those in the words of these changes, which are of rows of these accounts.
    """
    known = {(row.name, row.id): row.shown for row in rows(_NAMES)}
    ids: dict[str, set[int]] = {name: set() for name in _REFERRED}
    for words in changes:
        for name, *found in _REFERENCE.findall(words or ""):
            ids[name].update(filter(None, map(read_id, found)))
    owners = [each for each in account_ids if each]
    for name, wanted in ids.items():
        if not wanted:
            continue
        for row in rows(sql(_REFERRED[name]), {"ids": list(wanted), "account_ids": owners}):
            shown = lookups.called("account", row) if name == "account_id" else row.name
            if shown:
                known[name, str(row.id)] = shown
    return known


def _chapter(kind: str, line_no: int | None, row: Any,
             known: dict[tuple[str, str], str], currency: str | None) -> Chapter:
    return Chapter(kind, line_no, row.changed_at, row.changed_by, row.login, row.action,
                   read(kind, row.changes or "", known, currency), row.reason)


def read(kind: str, changes: str, known: dict[tuple[str, str], str],
         currency: str | None) -> list[Value]:
    """Take the words of the audit apart: "column: before → after; column: …".

    `currency` is that of the account; amounts are in the reader's unit of it.
    """
    columns = "|".join(sorted(map(re.escape, _table(kind).c.keys()), key=len, reverse=True))
    parts = re.split(rf"(?:^|; )({columns}): ", changes)
    found = []
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        before, arrow, after = words.partition(" → ")
        # Whose a document is stands over its story, as does the invoice of an installment.
        is_said = ((name == "account_id" and not arrow)
                   or (kind, name) == ("installment", "invoice_id"))
        if name in HIDDEN or name == f"{kind}_id" or is_said:
            continue
        label = str(labels.COLUMNS.get(name, name))
        if arrow:
            found.append(Value(label, _shown(kind, name, before, known, currency),
                               _shown(kind, name, after, known, currency)))
        else:
            found.append(Value(label, None, _shown(kind, name, words, known, currency)))
    return found


def _shown(kind: str, name: str, value: str, known: dict[tuple[str, str], str],
           currency: str | None) -> str:
    if value == "—":
        return "–"
    if (name, value) in known:
        return known[name, value]
    if name in _REFERRED:
        return f"#{value}"
    for codes in (f"{kind}.{name}", name):
        if value in labels.VALUES.get(codes, {}):
            return str(labels.value(codes, value))
    try:
        match _table(kind).c[name].type:
            case Boolean():
                return text.yes(value == "true")
            case Date():
                return text.day(date.fromisoformat(value))
            case DateTime():
                return text.moment(datetime.fromisoformat(value))
        if cells.is_money(name):
            return f"{text.amount(Decimal(value), currency)} {text.unit(currency)}".strip()
        if _is_count(kind, name):
            return text.number(Decimal(value))
    except (ValueError, InvalidOperation):
        return value  # a note in which somebody wrote what looks like a change
    return value


def _is_count(kind: str, name: str) -> bool:
    """Whether a column counts or measures, rather than names a document or a person."""
    return not name.endswith("_id") and isinstance(_table(kind).c[name].type, Integer | Numeric)
