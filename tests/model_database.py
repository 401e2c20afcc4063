"""What stands between the model and the database: read the documents, compare the figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg
from psycopg.rows import dict_row

from model import (
    Account,
    AccountFigures,
    Adjustment,
    Aging,
    Allocation,
    Cheque,
    ChequeEvent,
    CreditFigures,
    CreditNote,
    Documents,
    Figures,
    Installment,
    Invoice,
    InvoiceFigures,
    Payment,
    Pin,
    SetOff,
    TermLine,
    credits_of,
    figures,
    figures_as_of,
    shown_days,
)

Connection = psycopg.Connection[Any]
Row = dict[str, Any]


def rows(conn: Connection, query: str, *parameters: object) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()


# ------------------------------------------------------------------------------------- documents


def read_documents(conn: Connection, account_ids: Sequence[int]) -> dict[int, Documents]:
    """Read the documents now in the tables, account by account."""
    ids = list(account_ids)

    def table(name: str) -> dict[int, list[Row]]:
        result: dict[int, list[Row]] = {account_id: [] for account_id in ids}
        for row in rows(conn, f"select * from doc.{name} where account_id = any(%s)", ids):
            result[row["account_id"]].append(row)
        return result

    terms: dict[int, list[TermLine]] = {}
    for row in rows(conn, "select * from ref.payment_term_line"):
        terms.setdefault(row["payment_term_id"], []).append(
            TermLine(row["line_no"], row["days"], row["percent"])
        )
    invoices = table("invoice")
    installments = table("installment")
    payments = table("payment")
    cheques = table("cheque")
    events = table("cheque_event")
    credit_notes = table("credit_note")
    adjustments = table("adjustment")
    set_offs = table("set_off")
    pins = table("pin")

    def take(row: Row, *names: str) -> Row:
        return {name: row[name] for name in names}

    result = {}
    for row in rows(
        conn,
        """
        select a.*, c.unit
        from ref.account a
        join ref.currency c on c.code = a.currency
        where a.account_id = any(%s)
        """,
        ids,
    ):
        account_id = row["account_id"]
        result[account_id] = Documents(
            account=Account(
                account_id=account_id,
                unit=Decimal(row["unit"]),
                **take(row, "side", "currency", "policy", "credit_limit"),
                **take(row, "tolerance_days", "risk_days", "cheque_grace_days"),
            ),
            invoices=tuple(
                Invoice(
                    **take(i, "invoice_id", "doc_date", "amount", "due_date", "kind"),
                    **take(i, "auto_allocate", "status"),
                    installments=tuple(
                        Installment(**take(p, "line_no", "due_date", "amount"))
                        for p in installments[account_id]
                        if p["invoice_id"] == i["invoice_id"]
                    ),
                    term=tuple(terms.get(i["payment_term_id"], ())),
                )
                for i in invoices[account_id]
            ),
            payments=tuple(
                Payment(
                    **take(p, "payment_id", "doc_date", "amount", "value_date", "cheque_id"),
                    **take(p, "auto_allocate", "status"),
                )
                for p in payments[account_id]
            ),
            cheques=tuple(
                Cheque(
                    **take(c, "cheque_id", "doc_date", "due_date", "amount", "kind", "status"),
                    **take(c, "cleared_on", "auto_allocate"),
                    events=tuple(
                        ChequeEvent(
                            e["cheque_event_id"], **take(e, "to_status", "event_date", "cleared_on")
                        )
                        for e in events[account_id]
                        if e["cheque_id"] == c["cheque_id"]
                    ),
                )
                for c in cheques[account_id]
            ),
            credit_notes=tuple(
                CreditNote(
                    **take(n, "credit_note_id", "doc_date", "amount", "kind", "invoice_id"),
                    status=n["status"],
                )
                for n in credit_notes[account_id]
            ),
            adjustments=tuple(
                Adjustment(
                    **take(a, "adjustment_id", "doc_date", "amount", "kind", "invoice_id"),
                    status=a["status"],
                )
                for a in adjustments[account_id]
            ),
            set_offs=tuple(
                SetOff(**take(s, "set_off_id", "doc_date", "amount", "status"))
                for s in set_offs[account_id]
            ),
            pins=tuple(
                Pin(p["pin_id"], credit_type, p[f"{credit_type}_id"], p["invoice_id"], p["amount"])
                for p in pins[account_id]
                for credit_type in ("payment", "cheque", "set_off")
                if p[f"{credit_type}_id"] is not None
            ),
        )
    return result


# ------------------------------------------------------------------------------------ comparison


def columns(figure: type[Any]) -> list[str]:
    return [f.name for f in fields(figure)]


def shown(name: str, value: Any) -> Any:
    """Return what is compared of a value: a share to four decimals, all else exactly."""
    if name == "risky_share" and value is not None:
        return shown_days(Fraction(value), 4)
    return value


def compare(
    what: str,
    key: Sequence[str],
    expected: Iterable[Mapping[str, Any]],
    found: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    """One sentence for each row or value that differs."""

    def by_key(some: Iterable[Mapping[str, Any]], side: str) -> dict[tuple[Any, ...], Any]:
        result: dict[tuple[Any, ...], Any] = {}
        for row in some:
            row_key = tuple(row[name] for name in key)
            if row_key in result:
                raise AssertionError(f"{what} {row_key} stands twice in the {side}")
            result[row_key] = row
        return result

    model, database = by_key(expected, "model"), by_key(found, "database")
    for row_key in sorted(model.keys() | database.keys(), key=repr):
        label = f"{what} {dict(zip(key, row_key, strict=True))}"
        if row_key not in database:
            yield f"{label}: the database has no such row; the model has {model[row_key]}"
        elif row_key not in model:
            yield f"{label}: the model has no such row; the database has {database[row_key]}"
        else:
            for name, value in model[row_key].items():
                other = database[row_key][name]
                if shown(name, value) != shown(name, other):
                    yield f"{label}.{name}: database {other}, model {value}"


def invoice_row(row: InvoiceFigures | Row) -> Row:
    """Make one of null and 0 in the products of a mean over nothing: both add up to nothing."""
    result = dict(row) if isinstance(row, dict) else asdict(row)
    if result["status"] == "void" or result["paid_amount"] == 0:
        result["settlement_money_days"] = result["settlement_money_days"] or None
        result["variance_money_days"] = result["variance_money_days"] or None
    if result["net_amount"] == 0:
        result["committed_money_days"] = result["committed_money_days"] or None
    return result


def account_row(row: AccountFigures | Row) -> Row:
    result = dict(row) if isinstance(row, dict) else asdict(row)
    if result["settlement_period_days"] is None:
        result["settlement_money_days"] = result["settlement_money_days"] or None
        result["variance_money_days"] = result["variance_money_days"] or None
    return result


def differences(
    conn: Connection,
    documents: Mapping[int, Documents],
    today: date,
) -> list[str]:
    """Where `bi` and the model do not agree, `rasid.today` being `today`."""
    expected = {account_id: figures(docs, today) for account_id, docs in documents.items()}
    result = list(compare_figures(conn, expected, "bi.{}"))

    def view(name: str, names: Sequence[str]) -> list[Row]:
        return rows(
            conn,
            f"select account_id, {', '.join(names)} from bi.{name} where account_id = any(%s)",
            list(documents),
        )

    allocation_key = (
        "account_id", "invoice_id", "line_no", "credit_type", "credit_id", "reason", "pin_id",
    )  # fmt: skip
    result += compare(
        "bi.allocation",
        allocation_key,
        [
            {"account_id": account_id, **asdict(a), **of_money(documents[account_id], a)}
            for account_id, f in expected.items()
            for a in f.allocations
        ],
        [
            money_only(row)
            for row in view("allocation", [*columns(Allocation), "value_date", "is_cleared"])
        ],
    )
    result += compare(
        "bi.credit",
        ("account_id", "credit_type", "credit_id"),
        [
            {"account_id": account_id, **asdict(c)}
            for account_id, f in expected.items()
            for c in f.credits
        ],
        view("credit", columns(CreditFigures)),
    )
    return result


def broken_histories(conn: Connection, account_ids: Sequence[int]) -> list[str]:
    """Cheques whose events do not lead, one to the next in order of entry, to what they are now."""
    query = """
        select
          c.account_id,
          c.cheque_id,
          c.status,
          array_agg(e.from_status order by e.cheque_event_id) as come_from,
          array_agg(e.to_status order by e.cheque_event_id) as went_to
        from doc.cheque c
        left join doc.cheque_event e using (account_id, cheque_id)
        where c.account_id = any(%s)
        group by c.account_id, c.cheque_id
        """
    return [
        f"doc.cheque_event of {row}"
        for row in rows(conn, query, list(account_ids))
        if row["went_to"][0] not in ("in_hand", "submitted")
        or row["come_from"] != [None, *row["went_to"][:-1]]
        or row["went_to"][-1] != row["status"]
    ]


def of_money(docs: Documents, allocation: Allocation) -> Row:
    """Return the value date and the certainty of an allocation, which only money has."""
    (credit,) = [
        c
        for c in credits_of(docs)
        if (c.credit_type, c.credit_id) == (allocation.credit_type, allocation.credit_id)
    ]
    if not credit.is_money:
        return {"value_date": None, "is_cleared": None}
    return {"value_date": credit.value_date, "is_cleared": credit.is_cleared}


def money_only(row: Row) -> Row:
    """Leave out what a note shows as its value date: the text gives one to money alone."""
    if row["credit_type"] in ("credit_note", "adjustment"):
        return {**row, "value_date": None, "is_cleared": None}
    return row


def differences_as_of(conn: Connection, documents: Mapping[int, Documents], day: date) -> list[str]:
    """Where the `bi.*_as_of(day)` functions and the model do not agree."""
    expected = {account_id: figures_as_of(docs, day) for account_id, docs in documents.items()}
    return list(compare_figures(conn, expected, f"bi.{{}}_as_of(date '{day}')"))


def broken_as_of(conn: Connection, accounts: Sequence[int]) -> list[Row]:
    """Days at whose end what is kept says another thing than the documents: every day they have."""
    return rows(
        conn,
        """
        select d.day, computed, kept
        from (select %s::bigint[] as accounts) g
        cross join lateral (
          select doc_date from doc.invoice where account_id = any (g.accounts)
          union select doc_date from doc.payment where account_id = any (g.accounts)
          union select doc_date from doc.cheque where account_id = any (g.accounts)
          union select event_date from doc.cheque_event where account_id = any (g.accounts)
          union select doc_date from doc.set_off where account_id = any (g.accounts)
          union select doc_date from doc.credit_note where account_id = any (g.accounts)
          union select doc_date from doc.adjustment where account_id = any (g.accounts)
        ) d(day)
        cross join lateral calc.state(g.accounts, d.day) computed
        cross join lateral calc.state_as_of(g.accounts, d.day) kept
        where array(select l from unnest(computed.r_line) l order by l)
            <> array(select l from unnest(kept.r_line) l order by l)
          or array(select c from unnest(computed.r_credit) c order by c)
            <> array(select c from unnest(kept.r_credit) c order by c)
          or array(select a from unnest(computed.r_allocation) a order by a)
            <> array(select a from unnest(kept.r_allocation) a order by a)
        """,
        list(accounts),
    )


def compare_figures(
    conn: Connection, expected: Mapping[int, Figures], source: str
) -> Iterator[str]:
    """Compare the three that are there both live and as of a day."""

    def read(name: str, names: Sequence[str]) -> list[Row]:
        return rows(
            conn,
            f"select {', '.join(names)} from {source.format(name)} where account_id = any(%s)",
            list(expected),
        )

    yield from compare(
        source.format("invoice"),
        ("account_id", "invoice_id"),
        [
            {"account_id": account_id, **invoice_row(i)}
            for account_id, f in expected.items()
            for i in f.invoices
        ],
        [invoice_row(row) for row in read("invoice", ["account_id", *columns(InvoiceFigures)])],
    )
    yield from compare(
        source.format("account"),
        ("account_id",),
        [account_row(f.account) for f in expected.values()],
        [account_row(row) for row in read("account", columns(AccountFigures))],
    )
    yield from compare(
        source.format("aging"),
        ("account_id",),
        [asdict(f.aging) for f in expected.values()],
        read("aging", columns(Aging)),
    )
