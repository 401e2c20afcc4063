"""The checks of db/checks: each finds nothing in a sound book, and something in a broken one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rasid_cli import demo

FOLDER = Path(__file__).resolve().parents[1] / "db" / "checks"
CHECKS = sorted(path.stem for path in FOLDER.glob("*.sql"))
UNTIL = date(2025, 11, 21)

Connection = psycopg.Connection[Any]

# How a superuser breaks what each check watches over; nobody else can.
BREAKS = {
    "account_is_kept": """
        delete from calc.account where account_id = (select min(account_id) from ref.account)
    """,
    "account_sums_equal_allocations": """
        update calc.account set variance_money_days = variance_money_days + 1
        where account_id = (select min(account_id) from ref.account)
    """,
    "aging_adds_up": """
        do $$ begin
          execute 'create or replace view bi.aging as '
            || replace(pg_get_viewdef('bi.aging'::regclass), '> 120)', '> 150)');
        end $$
    """,
    "allocation_has_its_ends": """
        delete from calc.credit
        where (account_id, credit_id)
          in (select account_id, credit_id from calc.allocation limit 1)
    """,
    "allocation_is_over_0": """
        update calc.allocation set amount = -amount
        where ctid = (select ctid from calc.allocation limit 1)
    """,
    "allocation_reason_fits": """
        update calc.allocation set pin_id = 1
        where ctid = (select ctid from calc.allocation where reason = 'auto' limit 1)
    """,
    "calendar_is_complete": """
        alter table ref.calendar disable trigger all;
        delete from ref.calendar where day = '2025-03-20'
    """,
    "cheque_events_follow_each_other": """
        alter table doc.cheque_event disable trigger all;
        update doc.cheque_event set from_status = 'void'
        where ctid = (select ctid from doc.cheque_event limit 1)
    """,
    "cheque_state_is_its_last_event": """
        alter table doc.cheque disable trigger all;
        update doc.cheque set status = 'endorsed'
        where ctid = (select ctid from doc.cheque where status = 'in_hand' limit 1)
    """,
    "closed_periods": """
        alter table ref.period_lock disable trigger all;
        insert into ref.period_lock (closed_upto, reason, closed_at)
        values ('2025-06-21', 'a closing before any document was entered', '2020-01-01')
    """,
    "counted_credits_are_kept": """
        alter table doc.payment disable trigger all;
        update doc.payment set status = 'rejected'
        where ctid = (select ctid from doc.payment where status = 'approved' limit 1)
    """,
    "counted_invoices_have_lines": """
        alter table doc.invoice disable trigger all;
        update doc.invoice set status = 'void'
        where ctid = (select ctid from doc.invoice where status = 'active' limit 1)
    """,
    "credit_and_line_never_both_wait": """
        update calc.credit set unapplied_amount = 1, is_auto = true
        where ctid = (
          select c.ctid
          from calc.credit as c
          join calc.line as l using (account_id)
          join ref.account as a using (account_id)
          where l.open_amount > 0 and l.is_auto and a.policy <> 'manual'
          limit 1
        )
    """,
    "credit_sums_equal_allocations": """
        update calc.credit set unapplied_amount = unapplied_amount + 1
        where ctid = (select ctid from calc.credit limit 1)
    """,
    "credit_unapplied_within_amount": """
        update calc.credit set unapplied_amount = -1
        where ctid = (select ctid from calc.credit limit 1)
    """,
    "doors_are_shut": "alter table doc.payment enable trigger all",
    "ids_are_used_once": """
        insert into doc.payment (account_id, payment_id, doc_date, amount)
        select account_id, invoice_id, doc_date, 1 from doc.invoice limit 1
    """,
    "installments_add_up": """
        update doc.installment set amount = amount + 1
        where ctid = (select ctid from doc.installment limit 1)
    """,
    "invoice_open_within_amount": """
        update calc.line set open_amount = open_amount + 1
        where ctid = (select ctid from calc.line where open_amount = 0 limit 1)
    """,
    "line_open_within_amount": """
        update calc.line set open_amount = amount + 1
        where ctid = (select ctid from calc.line limit 1)
    """,
    "line_sums_equal_allocations": """
        update calc.line set cleared_amount = cleared_amount - 1
        where ctid = (select ctid from calc.line where cleared_amount > 0 limit 1)
    """,
    "open_amounts_agree": """
        alter table doc.invoice disable trigger all;
        delete from doc.invoice
        where (account_id, invoice_id)
          in (select account_id, invoice_id from calc.line where open_amount > 0 limit 1)
    """,
    "payment_term_adds_up": "insert into ref.payment_term (name) values ('empty')",
    "pin_gives_no_more_than_it_says": """
        update calc.allocation as k set amount = p.amount + 1
        from doc.pin as p
        where (k.account_id, k.pin_id) = (p.account_id, p.pin_id) and p.amount is not null
    """,
    "region_is_a_tree": """
        alter table ref.region disable trigger all;
        update ref.region as r set parent_id = c.region_id
        from ref.region as c
        where c.parent_id = r.region_id
    """,
    "set_off_balances": """
        update doc.set_off set amount = amount + 1
        where ctid = (select ctid from doc.set_off where status = 'active' limit 1)
    """,
}


@pytest.fixture(scope="module")
def book(template: str, make_database: Callable[..., str]) -> Iterator[Connection]:
    """Open connection to a database with a demo book in it."""
    with psycopg.connect(make_database(template), autocommit=True) as connection:
        demo.load(connection, 120, 3_600, until=UNTIL)
        connection.execute("select set_config('rasid.today', %s, false)", [UNTIL.isoformat()])
        yield connection


def found(connection: Connection, check: str) -> list[Any]:
    return connection.execute((FOLDER / f"{check}.sql").read_bytes()).fetchall()


@pytest.mark.parametrize("check", CHECKS)
def test_check_has_a_title_and_is_one_query(check: str) -> None:
    text = (FOLDER / f"{check}.sql").read_text(encoding="utf-8")
    title, _, query = text.partition("\n")
    assert title.startswith("-- ") and title[3].isupper()
    assert ";" not in query.rstrip().removesuffix(";")


@pytest.mark.parametrize("check", CHECKS)
def test_check_finds_nothing_in_the_demo_book(book: Connection, check: str) -> None:
    assert found(book, check) == []


def test_a_first_state_may_have_another_day_than_the_hand_over(book: Connection) -> None:
    with book.transaction(force_rollback=True):
        book.execute("""
            update doc.cheque set status_date = status_date + 1
            where account_id = (select account_id from doc.cheque where status = 'in_hand' limit 1)
              and status = 'in_hand'
        """)
        assert found(book, "cheque_state_is_its_last_event") == []


@pytest.mark.parametrize("check", CHECKS)
def test_check_finds_what_is_broken(book: Connection, check: str) -> None:
    with book.transaction(force_rollback=True):
        book.execute(BREAKS[check].encode())
        assert found(book, check) != []


def test_every_break_is_of_a_check() -> None:
    assert sorted(BREAKS) == CHECKS
