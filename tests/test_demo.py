"""The demo book: the same each time, whole, and shaped like real books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from rasid_cli import demo

UNTIL = date(2025, 11, 21)
CUSTOMERS, INVOICES = 120, 3_600

Connection = psycopg.Connection[Any]

TABLES = (
    "ref.region", "ref.agency", "ref.salesperson", "ref.payment_term", "ref.payment_term_line",
    "ref.party", "ref.account", "doc.invoice", "doc.installment", "doc.cheque",
    "doc.cheque_event", "doc.payment", "doc.credit_note", "doc.adjustment", "doc.set_off",
    "doc.pin",
)
STAMPS = "{created_at,created_by,updated_at,updated_by}"


@pytest.fixture(scope="module")
def book(template: str, make_database: Callable[..., str]) -> Any:
    """Open connection to a database with a demo book in it, to read only."""
    with psycopg.connect(make_database(template), autocommit=True) as connection:
        demo.load(connection, CUSTOMERS, INVOICES, until=UNTIL)
        connection.execute("set default_transaction_read_only = on")
        connection.execute("select set_config('rasid.today', %s, false)", [UNTIL.isoformat()])
        yield connection


def number(connection: Connection, query: str) -> float:
    row = connection.execute(query).fetchone()
    assert row is not None
    return float(row[0])


def rows(connection: Connection, table: str) -> list[Any]:
    """All rows of a table but their stamps, in the order of their keys."""
    query = f"select (to_jsonb(t) - %s::text[])::text from {table} as t order by 1"
    return connection.execute(query, [STAMPS]).fetchall()


def is_national_id(text: str) -> bool:
    digits = [int(digit) for digit in text]
    rest = sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return len(digits) == 10 and digits[9] == (rest if rest < 2 else 11 - rest)


def is_legal_id(text: str) -> bool:
    digits = [int(digit) for digit in text]
    plus = digits[9] + 2
    rest = sum((d + plus) * w for d, w in zip(digits, [29, 27, 23, 19, 17] * 2, strict=False)) % 11
    return len(digits) == 11 and digits[10] == rest % 10


def test_same_options_make_the_same_rows(
    template: str, make_database: Callable[..., str]
) -> None:
    books = []
    for seed in (7, 7, 8):
        address = make_database(template)
        written = demo.load(address, 20, 300, seed, UNTIL)
        with psycopg.connect(address) as connection:
            books.append({table: rows(connection, table) for table in TABLES})
            for table, count in written.items():
                assert len(books[-1][f"doc.{table}"]) == count
    assert books[0] == books[1]
    assert books[0]["doc.invoice"] != books[2]["doc.invoice"]


def test_chunks_tell_the_same_stories(
    conn: Connection, template: str, make_database: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = """
        select 'invoice', account_id, kind, doc_date, due_date, amount from doc.invoice
        union all
        select 'cheque', account_id, status, doc_date, due_date, amount from doc.cheque
        union all
        select 'payment', account_id, method, doc_date, value_date, amount from doc.payment
        order by 1, 2, 3, 4, 5, 6
        """
    demo.load(conn, 30, 400, until=UNTIL)
    monkeypatch.setattr(demo, "CHUNK", 50)
    address = make_database(template)
    demo.load(address, 30, 400, until=UNTIL)
    with psycopg.connect(address) as connection:
        assert connection.execute(query).fetchall() == conn.execute(query).fetchall()


@pytest.mark.parametrize(("customers", "invoices"), [(1, 0), (1, 40), (60, 30), (25, 500)])
def test_size_is_as_asked(conn: Connection, customers: int, invoices: int) -> None:
    demo.load(conn, customers, invoices, until=UNTIL)
    assert number(conn, "select count(*) from ref.party where code like 'C%'") == customers
    assert number(conn, """
        select count(*) from doc.invoice join ref.account using (account_id)
        where side = 'receivable' and kind = 'invoice'
        """) == invoices


def test_book_in_use_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_DSN", database)
    options = ["--customers", "5", "--invoices", "20", "--until", UNTIL.isoformat()]
    first = CliRunner().invoke(demo.command, options)
    assert first.exit_code == 0, first.output
    assert "doc.invoice" in first.output
    again = CliRunner().invoke(demo.command, options)
    assert again.exit_code == 1
    assert "in use" in again.output
    with psycopg.connect(database) as connection:
        assert number(connection, "select count(*) from ref.party where code like 'C%'") == 5


def test_load_is_one_transaction(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[demo.Document]:
        raise RuntimeError

    monkeypatch.setattr(demo, "oddities", fail)
    monkeypatch.setattr(demo, "CHUNK", 50)
    with pytest.raises(RuntimeError):
        demo.load(conn, 10, 200, until=UNTIL)
    assert not demo.is_in_use(conn)
    assert number(conn, "select count(*) from doc.invoice") == 0


def test_last_day_is_today_of_the_book(conn: Connection) -> None:
    conn.execute("set rasid.today = '2024-06-01'")
    demo.load(conn, 10, 200)
    last = conn.execute("select max(doc_date) from doc.invoice").fetchone()
    assert last is not None and date(2024, 5, 1) < last[0] <= date(2024, 6, 1)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_rows(book: Connection, table: str) -> None:
    assert number(book, f"select count(*) from {table}") > 0


@pytest.mark.parametrize(("table", "column", "values"), [
    ("cheque", "status", "submitted in_hand deposited cleared bounced endorsed returned void"),
    ("cheque", "kind", "payment guarantee"),
    ("invoice", "kind", "invoice debit_note opening refund"),
    ("invoice", "status", "active void"),
    ("payment", "method", "cash transfer card deposit_slip opening"),
    ("payment", "status", "pending approved rejected"),
    ("credit_note", "kind", "return price other"),
    ("adjustment", "kind", "discount write_off rounding"),
])
def test_every_kind_occurs(book: Connection, table: str, column: str, values: str) -> None:
    query = f"select distinct {column} from doc.{table}"
    found = {row[0] for row in book.execute(query)}
    assert found == set(values.split())


def test_accounts_differ(book: Connection) -> None:
    for column, least in (("side", 2), ("currency", 2), ("policy", 3), ("tolerance_days", 3),
                          ("credit_limit", 10), ("payment_term_id", 6)):
        assert number(book, f"select count(distinct {column}) from ref.account") >= least
    assert number(book, "select count(*) from ref.account where credit_limit is null") > 0
    assert number(book, "select count(*) from doc.cheque where replaces_cheque_id is not null") > 0
    assert number(book, "select count(*) from doc.payment where cheque_id is not null") > 0
    assert number(book, "select count(*) from doc.invoice where not auto_allocate") > 0
    assert number(book, "select count(distinct salesperson_id) from doc.invoice") >= 10


@pytest.mark.parametrize(("low", "query", "high"), [
    # Cheques that ever bounced, of those whose day came.
    (0.03, """
        select avg(exists (
          select from doc.cheque_event as e
          where e.account_id = c.account_id and e.cheque_id = c.cheque_id
            and e.to_status = 'bounced'
        )::int)
        from doc.cheque as c join ref.account using (account_id)
        where c.kind = 'payment' and side = 'receivable' and c.due_date < '2025-11-21'
        """, 0.10),
    # Money that came by cheque.
    (0.50, """
        with money as (
          select account_id, amount, true as is_cheque from doc.cheque
          where kind = 'payment' and status not in ('returned', 'void')
          union all
          select account_id, amount, false from doc.payment where status = 'approved'
        )
        select sum(amount) filter (where is_cheque) / sum(amount)
        from money join ref.account using (account_id)
        where side = 'receivable' and currency = 'IRR'
        """, 0.70),
    # Payments of a part of an invoice.
    (0.06, """
        select avg((d.note is not distinct from 'علی‌الحساب')::int)
        from doc.payment as d join ref.account using (account_id) where side = 'receivable'
        """, 0.19),
    # Invoices for which no money is left when the credits of the account go to them in turn.
    (0.04, """
        with invoice as (
          select i.account_id, i.amount,
            sum(i.amount) over (partition by account_id order by doc_date, invoice_id) as up_to
          from doc.invoice as i join ref.account using (account_id)
          where status = 'active' and side = 'receivable'
        ),
        credit as (
          select account_id, sum(amount) as amount
          from (
            select account_id, amount from doc.payment where status = 'approved'
            union all
            select account_id, amount from doc.cheque
            where kind = 'payment' and status in ('in_hand', 'deposited', 'cleared', 'endorsed')
            union all
            select account_id, amount from doc.credit_note
            union all
            select account_id, amount from doc.adjustment
            union all
            select account_id, amount from doc.set_off
          ) as each_credit
          group by account_id
        )
        select avg((i.up_to - i.amount >= coalesce(c.amount, 0))::int)
        from invoice as i left join credit as c using (account_id)
        """, 0.15),
    # Sold to the largest fifth of customers.
    (0.55, """
        with customer as (
          select sum(amount) as amount from doc.invoice join ref.account using (account_id)
          where side = 'receivable' and currency = 'IRR' group by party_id
        ),
        ranked as (select amount, ntile(5) over (order by amount desc) as fifth from customer)
        select sum(amount) filter (where fifth = 1) / sum(amount) from ranked
        """, 0.90),
    # A day of Esfand against a day of the first half of Farvardin.
    (3, """
        with sale as (
          select jalali_month, jalali_day
          from doc.invoice join ref.account using (account_id)
          join ref.calendar on day = doc_date
          where side = 'receivable' and kind = 'invoice'
        )
        select (count(*) filter (where jalali_month = 12) / 29.0)
          / (count(*) filter (where jalali_month = 1 and jalali_day <= 15) / 15.0)
        from sale
        """, 60),
], ids=["bounced", "by cheque", "partial", "unpaid", "pareto", "season"])
def test_shares_are_believable(book: Connection, low: float, query: str, high: float) -> None:
    assert low < number(book, query) < high


@pytest.mark.parametrize("query", [
    # Sales, payments and cheques on days without trade.
    """
    select count(*)
    from (
      select doc_date from doc.invoice where kind = 'invoice'
      union all
      select doc_date from doc.payment where note is distinct from 'بیش از مبلغ سند'
      union all
      select event_date from doc.cheque_event where to_status = 'cleared'
    ) as document
    join ref.calendar on day = doc_date
    where not is_working_day
    """,
    # Sales outside the two years.
    """
    select count(*) from doc.invoice
    where doc_date not between date '2025-11-21' - 730 and date '2025-11-21'
    """,
    # Cheques cleared before their day, or later than anybody waits.
    """
    select count(*) from doc.cheque where cleared_on < due_date or cleared_on > due_date + 60
    """,
    # Cheques due more than seven months after they were handed over.
    "select count(*) from doc.cheque where kind = 'payment' and due_date - doc_date > 210",
    # The last event of a cheque is its state.
    """
    select count(*)
    from doc.cheque as c
    cross join lateral (
      select to_status, event_date
      from doc.cheque_event as e
      where e.account_id = c.account_id and e.cheque_id = c.cheque_id
      order by cheque_event_id desc
      limit 1
    ) as e
    where (e.to_status, e.event_date) is distinct from (c.status, c.status_date)
    """,
    # Events that go back in time.
    """
    select count(*)
    from (
      select event_date - lag(event_date) over (
        partition by account_id, cheque_id order by cheque_event_id
      ) as days
      from doc.cheque_event
    ) as step
    where days < 0
    """,
    # Installments that don't add up.
    """
    select count(*)
    from (
      select from doc.invoice as i join doc.installment as p using (account_id, invoice_id)
      group by i.account_id, i.invoice_id, i.amount
      having sum(p.amount) <> i.amount
    ) as invoice
    """,
    # Arabic letters where Persian ones belong.
    "select count(*) from ref.party where name ~ '[يك]'",
    # Invoices without the words they are grouped by.
    """
    select count(*) from doc.invoice as i join ref.account using (account_id)
    where side = 'receivable'
      and num_nulls(i.salesperson_id, i.region_id, i.agency_id, i.payment_term_id) > 0
    """,
])
def test_nothing_is_out_of_place(book: Connection, query: str) -> None:
    assert number(book, query) == 0


@pytest.mark.parametrize("query", [
    # A bank reference twice on one account.
    """
    select count(*)
    from (
      select from doc.payment group by account_id, bank_reference having count(bank_reference) > 1
    ) as twice
    """,
    "select count(*) from doc.payment where doc_date > '2025-11-21'",
    "select count(*) from doc.invoice where due_date < doc_date",
    """
    select count(*) from doc.credit_note join doc.invoice as i using (account_id, invoice_id)
    where i.status = 'void'
    """,
    """
    select count(*) from doc.cheque
    where kind = 'payment' and status = 'in_hand' and due_date < '2025-11-01'
    """,
    # One leg of an endorsed cheque bounced.
    """
    select count(*) from doc.cheque as c join doc.cheque as d using (sayad_id)
    where c.status = 'bounced' and d.status = 'in_hand'
    """,
])
def test_controller_has_something_to_find(book: Connection, query: str) -> None:
    assert number(book, query) > 0


def test_ids_of_parties_are_valid(book: Connection) -> None:
    assert is_national_id("0499370899") and not is_national_id("1234567890")
    assert is_legal_id("10380284790") and not is_legal_id("10380284792")
    found = [row[0] for row in book.execute("select national_id from ref.party")]
    assert {len(text) for text in found} == {10, 11}
    assert [
        text for text in found if not (is_national_id if len(text) == 10 else is_legal_id)(text)
    ] == []


def test_every_id_made_up_is_valid() -> None:
    random = Random(1)  # noqa: S311
    for _ in range(2_000):
        assert is_national_id(demo.national_id(random))
        assert is_legal_id(demo.legal_id(random))


def test_figures_follow_from_the_documents(book: Connection) -> None:
    assert book.execute("select * from calc.verify(null)").fetchall() == []


def test_days_leave_out_what_the_calendar_leaves_out(conn: Connection) -> None:
    closed = UNTIL - timedelta(days=9)
    conn.execute("update ref.calendar set is_holiday = true where day = %s", [closed])
    days = demo.Days(conn, UNTIL)
    assert days.working(closed.toordinal()) > closed.toordinal()
    sales = days.sales(Random(1), 20_000, days.first, days.last)  # noqa: S311
    assert closed.toordinal() not in sales
    assert sales == sorted(sales) and days.first <= sales[0] and sales[-1] <= days.last
