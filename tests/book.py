"""Short ways to accounts, documents and kept figures, for tests that write through connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
Rows = list[tuple[Any, ...]]
State = dict[str, Rows]

KEPT = {
    "calc.line": ("*", "account_id, invoice_id, line_no"),
    "calc.credit": ("*", "account_id, credit_id"),
    "calc.allocation": ("*", "account_id, invoice_id, line_no, credit_id, pin_id"),
    # The other columns are a lock, a hint and two upper bounds: they depend on what went before.
    "calc.account": (
        "account_id, paid_amount, settlement_money_days, variance_money_days", "account_id",
    ),
}  # fmt: skip


def value(conn: Connection, query: str, *parameters: object) -> Any:
    """The first column of the first row."""
    row = conn.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def make_account(
    conn: Connection,
    side: str = "receivable",
    policy: str = "fifo_issue",
    currency: str = "IRR",
) -> int:
    """Id of a new account of a new party."""
    return int(
        value(
            conn,
            """
            with party as (
              insert into ref.party (code, name) values (gen_random_uuid()::text, 'a party')
              returning party_id
            )
            insert into ref.account (party_id, side, policy, currency)
            select party_id, %s, %s, %s from party
            returning account_id
            """,
            side,
            policy,
            currency,
        )
    )


def add(conn: Connection, table: str, account_id: int, **columns: object) -> int:
    """Id of a new row of `doc.<table>`."""
    names = ["account_id", *columns]
    statement = sql.SQL("insert into doc.{} ({}) values ({}) returning {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.Placeholder() for _ in names),
        sql.Identifier(f"{table}_id"),
    )
    row = conn.execute(statement, [account_id, *columns.values()]).fetchone()
    assert row is not None
    return int(row[0])


def invoice(conn: Connection, account_id: int, amount: float, day: str, **more: object) -> int:
    """Id of a new invoice."""
    return add(conn, "invoice", account_id, amount=amount, doc_date=day, **more)


def payment(conn: Connection, account_id: int, amount: float, day: str, **more: object) -> int:
    """Id of a new payment."""
    return add(conn, "payment", account_id, amount=amount, doc_date=day, **more)


def cheque(conn: Connection, account_id: int, amount: float, day: str, **more: object) -> int:
    """Id of a new cheque, due on the day it was handed over unless told."""
    due: dict[str, object] = {"due_date": day}
    return add(conn, "cheque", account_id, amount=amount, doc_date=day, **(due | more))


def applied(conn: Connection, account_id: int) -> Rows:
    """(invoice, line, credit, amount, reason) of each allocation of the account, in order."""
    return conn.execute(
        """
        select invoice_id, line_no, credit_id, amount::float8, reason
        from bi.allocation
        where account_id = %s
        order by invoice_id, line_no, credit_id, reason
        """,
        [account_id],
    ).fetchall()


def wrong(conn: Connection) -> Rows:
    """What does not follow from the documents, or adds up to more than there is."""
    return (
        conn.execute("select * from calc.verify()").fetchall()
        + conn.execute(
            """
            select account_id, invoice_id, line_no, sum(a.amount)
            from calc.allocation a
            join calc.line l using (account_id, invoice_id, line_no)
            group by account_id, invoice_id, line_no, l.amount, l.open_amount
            having l.amount - sum(a.amount) <> l.open_amount or l.open_amount < 0
            """
        ).fetchall()
        + conn.execute(
            """
            select account_id, credit_id, sum(a.amount)
            from calc.allocation a
            join calc.credit c using (account_id, credit_id)
            group by account_id, credit_id, c.amount, c.unapplied_amount
            having c.amount - sum(a.amount) <> c.unapplied_amount or c.unapplied_amount < 0
            """
        ).fetchall()
    )


def kept(conn: Connection) -> State:
    """Every figure that is kept, in an order of its own."""
    return {
        table: conn.execute(f"select {columns} from {table} order by {key}").fetchall()
        for table, (columns, key) in KEPT.items()
    }


def places(conn: Connection) -> State:
    """Where each kept row lies and who wrote it: the same again only if nothing was written."""
    return {
        table: conn.execute(f"select ctid::text, xmin::text from {table} order by ctid").fetchall()
        for table in KEPT
    }


def while_it_waits(
    watcher: Connection, waiting: Connection, do: Callable[[], object], then: Callable[[], object]
) -> None:
    """Start `do` on `waiting`, see that it waits for a lock, run `then`, see how `do` ends."""
    with ThreadPoolExecutor(1) as pool:
        future: Future[object] = pool.submit(do)
        deadline = time.monotonic() + 20
        while not value(
            watcher, "select cardinality(pg_blocking_pids(%s)) > 0", waiting.info.backend_pid
        ):
            assert not future.done(), "it did not wait"
            assert time.monotonic() < deadline, "it neither waited nor ended"
            time.sleep(0.01)
        then()
        future.result(20)


def at_once(calls: Iterable[tuple[Any, ...]]) -> None:
    """Make all calls (function, *arguments) at the same time and see that each ends well."""
    some = list(calls)
    with ThreadPoolExecutor(len(some)) as pool:
        for future in [pool.submit(*call) for call in some]:
            future.result(60)


# A book with every kind of document, every state of a cheque and every policy, small enough to
# read: two customers and a supplier, one of the customers also a supplier.
EVERY_KIND = """
insert into ref.region (region_id, name) values (901, 'تهران');
insert into ref.salesperson (salesperson_id, name) values (901, 'سارا');
insert into ref.payment_term (payment_term_id, name) values (901, 'three parts');
insert into ref.payment_term_line (payment_term_id, line_no, days, percent)
values (901, 1, 0, 33.33), (901, 2, 30, 33.33), (901, 3, 60, 33.34);
insert into ref.party (party_id, code, name, region_id, salesperson_id)
values (901, 'a', 'آ', 901, 901), (902, 'b', 'ب', null, null), (903, 'c', 'پ', null, null);
insert into ref.account (account_id, party_id, side, policy, payment_term_id, credit_limit)
values
  (901, 901, 'receivable', 'fifo_issue', 901, 5000),
  (902, 902, 'receivable', 'fifo_due', null, null),
  (903, 903, 'payable', 'manual', null, null),
  (904, 901, 'payable', 'fifo_issue', null, null);

insert into doc.invoice
  (account_id, invoice_id, kind, doc_date, due_date, amount, auto_allocate, status, external_id)
values
  (901, 9101, 'opening', '2025-01-01', '2025-01-01', 100, true, 'active', 'o'),
  (901, 9102, 'invoice', '2025-01-10', null, 1000, true, 'active', 'i1'),
  (901, 9103, 'debit_note', '2025-01-20', '2025-02-20', 300.50, true, 'active', null),
  (901, 9104, 'invoice', '2025-02-01', '2025-03-01', 400, false, 'active', null),
  (901, 9105, 'invoice', '2025-02-02', '2025-03-01', 77, true, 'void', null),
  (902, 9106, 'invoice', '2025-01-05', '2025-06-05', 900, true, 'active', 'i1'),
  (902, 9107, 'refund', '2025-01-06', '2025-01-06', 50, true, 'active', null),
  (902, 9108, 'invoice', '2025-01-08', '2025-02-08', 600, true, 'active', null),
  (903, 9109, 'invoice', '2025-01-09', '2025-02-09', 500, true, 'active', null),
  (904, 9110, 'invoice', '2025-01-11', '2025-02-11', 250, true, 'active', null);
begin;
insert into doc.installment (account_id, installment_id, invoice_id, line_no, due_date, amount)
values
  (902, 9201, 9106, 1, '2025-03-05', 450),
  (902, 9202, 9106, 2, '2025-06-05', 450);
commit;
insert into doc.cheque
  (account_id, cheque_id, kind, sayad_id, doc_date, due_date, amount, status, status_date,
   auto_allocate, replaces_cheque_id)
values
  (901, 9301, 'payment', '1111111111111111', '2025-01-15', '2025-02-15', 200, 'cleared',
   '2025-02-20', true, null),
  (901, 9302, 'payment', '2222222222222222', '2025-01-15', '2025-03-15', 300, 'in_hand',
   '2025-01-15', true, null),
  (901, 9303, 'guarantee', '3333333333333333', '2025-01-15', '2026-01-15', 9000, 'in_hand',
   '2025-01-15', true, null),
  (901, 9304, 'payment', '4444444444444444', '2025-01-16', '2025-02-16', 150, 'bounced',
   '2025-02-16', true, null),
  (901, 9305, 'payment', '5555555555555555', '2025-02-18', '2025-04-18', 150, 'submitted',
   '2025-02-18', true, 9304),
  (902, 9306, 'payment', '6666666666666666', '2025-02-01', '2025-04-01', 350, 'endorsed',
   '2025-02-03', false, null),
  (904, 9307, 'payment', '6666666666666666', '2025-02-03', '2025-04-01', 350, 'deposited',
   '2025-02-05', true, null),
  (902, 9308, 'payment', null, '2025-02-01', '2025-03-01', 10, 'returned', '2025-02-10', true,
   null),
  (902, 9309, 'payment', null, '2025-02-01', '2025-03-01', 10, 'void', '2025-02-10', true, null);
update doc.cheque set status = 'deposited', status_date = '2025-03-14' where cheque_id = 9302;
insert into doc.payment
  (account_id, payment_id, method, doc_date, value_date, amount, cheque_id, auto_allocate, status,
   external_id)
values
  (901, 9401, 'transfer', '2025-01-25', '2025-01-26', 500, null, true, 'approved', 'p'),
  (901, 9402, 'cash', '2025-02-17', null, 60, 9302, true, 'approved', null),
  (901, 9403, 'card', '2025-02-18', null, 10, null, true, 'pending', null),
  (901, 9404, 'deposit_slip', '2025-02-19', null, 10, null, true, 'rejected', null),
  (901, 9405, 'opening', '2025-01-01', null, 20, null, false, 'approved', null),
  (902, 9406, 'transfer', '2025-01-07', null, 100, null, true, 'approved', null),
  (903, 9407, 'transfer', '2025-02-07', null, 200, null, true, 'approved', null);
insert into doc.credit_note
  (account_id, credit_note_id, kind, doc_date, amount, invoice_id, status)
values
  (901, 9501, 'return', '2025-01-05', 40, 9102, 'active'),
  (901, 9502, 'price', '2025-03-01', 30, 9103, 'active'),
  (902, 9503, 'other', '2025-03-01', 15, null, 'active'),
  (902, 9504, 'return', '2025-03-01', 15, 9108, 'void');
insert into doc.adjustment
  (account_id, adjustment_id, kind, doc_date, amount, invoice_id, status)
values
  (901, 9601, 'discount', '2025-03-02', 25, 9102, 'active'),
  (901, 9602, 'rounding', '2025-03-02', 0.50, 9103, 'active'),
  (902, 9603, 'write_off', '2025-03-02', 5, 9107, 'active');
begin;
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount)
values (901, 9701, 's', '2025-02-12', 120), (904, 9702, 's', '2025-02-12', 120);
commit;
insert into doc.pin (account_id, pin_id, payment_id, cheque_id, set_off_id, invoice_id, amount)
values
  (901, 9801, 9405, null, null, 9104, null),
  (902, 9802, null, 9306, null, 9106, 1000),
  (903, 9803, 9407, null, null, 9109, 150),
  (904, 9804, null, null, 9702, 9110, 20);
select setval('doc.document_id_seq', 10000);
"""
