"""What is read, on a book of size: against plain Python, as BI tools find it, and in its docs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from click.testing import CliRunner
from psycopg.rows import dict_row

from rasid_cli import bi_docs, demo

Connection = psycopg.Connection[Any]

ROOT = Path(__file__).resolve().parents[1]
UNTIL = date(2025, 11, 21)
YEAR_AGO, QUARTER_AGO = date(2024, 11, 21), date(2025, 8, 21)


@pytest.fixture(scope="module")
def address(template: str, make_database: Callable[..., str]) -> str:
    """Address of a database with a demo book in it, to read only."""
    made = make_database(template)
    with psycopg.connect(made, autocommit=True) as connection:
        demo.load(connection, 80, 2_400, until=UNTIL)
    return made


@pytest.fixture(scope="module")
def book(address: str) -> Any:
    """Open connection to that book, on its last day."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("select set_config('rasid.today', %s, false)", [UNTIL.isoformat()])
        yield connection


def dicts(connection: Connection, query: str) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()


def shown(amount: Decimal, weight: Decimal, places: int) -> Decimal | None:
    """The quotient as the views round it; None of nothing."""
    if not weight:
        return None
    return (amount / weight).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass
class Window:
    """Sums of one account over one window, and what `bi.behaviour` makes of them."""

    tolerance: int
    count: int = 0
    early: Decimal = Decimal(0)
    on_time: Decimal = Decimal(0)
    late: Decimal = Decimal(0)
    money_days: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)
    unpaid_days: Decimal = Decimal(0)
    bounced: list[Decimal] = field(default_factory=list)
    presented: Decimal = Decimal(0)

    def settle(self, paid: Decimal, money_days: Decimal) -> None:
        """A settled invoice."""
        self.count += 1
        self.money_days += money_days
        if paid and money_days / paid > self.tolerance:
            self.late += paid
        elif paid and money_days / paid < -self.tolerance:
            self.early += paid
        else:
            self.on_time += paid

    def figures(self) -> dict[str, Any]:
        """The columns of `bi.behaviour`."""
        settled = self.early + self.on_time + self.late
        late = self.late + self.written_off + self.overdue
        measured = self.early + self.on_time + late
        days = self.money_days + self.unpaid_days
        mean = days / measured if measured else Decimal(0)
        share = late / measured if measured else Decimal(0)
        if self.count < 3:
            name = "no_history"
        elif mean > self.tolerance:
            name = "structurally_late" if share >= Decimal("0.6") else "late"
        else:
            name = "early" if mean < -self.tolerance else "on_time"
        score = (100 - min(Decimal(60), 2 * max(Decimal(0), mean)) - min(Decimal(25), 25 * share)
                 - min(15, 5 * len(self.bounced)))
        return {
            "class": name,
            "score": shown(score, Decimal(1), 1) if measured or self.bounced else None,
            "settled_count": self.count,
            "settled_amount": settled,
            "early_amount": self.early,
            "on_time_amount": self.on_time,
            "paid_late_amount": self.late,
            "written_off_amount": self.written_off,
            "late_amount": late,
            "measured_amount": measured,
            "early_share": shown(self.early, measured, 4),
            "on_time_share": shown(self.on_time, measured, 4),
            "late_share": shown(late, measured, 4),
            "variance_days": shown(self.money_days, settled, 2),
            "lateness_days": shown(days, measured, 2),
            "bounced_count": len(self.bounced),
            "bounced_amount": sum(self.bounced, Decimal(0)),
            "presented_amount": self.presented,
            "bounced_share": shown(sum(self.bounced, Decimal(0)), self.presented, 4),
        }


@pytest.mark.parametrize("is_kept", [False, True], ids=["computed now", "kept"])
def test_behaviour_is_what_plain_python_makes_of_the_allocations(
    book: Connection, is_kept: bool
) -> None:
    if is_kept:
        book.execute("select calc.refresh()")
    kept = book.execute("""
        select count(*) from calc.account_behaviour
        join calc.account using (account_id, change_count, changed_at)
    """).fetchone()
    assert kept is not None and bool(kept[0]) is is_kept
    tolerance = dict(book.execute("select account_id, tolerance_days from ref.account").fetchall())
    year = {account: Window(days) for account, days in tolerance.items()}
    ever = {account: Window(days) for account, days in tolerance.items()}
    recent: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    before: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])

    def trend(account: int, on: date, amount: Decimal, money_days: Decimal) -> None:
        if on > YEAR_AGO:
            sums = (recent if on > QUARTER_AGO else before)[account]
            sums[0] += amount
            sums[1] += money_days

    invoices: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    write_offs = {row[0] for row in book.execute(
        "select adjustment_id from doc.adjustment where kind = 'write_off'"
    )}
    for row in dicts(book, """
        select * from bi.allocation where invoice_kind not in ('opening', 'refund')
        """):
        invoices[row["account_id"], row["invoice_id"]].append(row)
    open_invoices = {(row["account_id"], row["invoice_id"]) for row in dicts(
        book, "select account_id, invoice_id from bi.invoice where open_amount > 0"
    )}
    for key, rows in invoices.items():
        account = key[0]
        money = [row for row in rows if row["credit_type"] in ("payment", "cheque", "set_off")]
        lost = [row for row in rows if row["credit_id"] in write_offs]
        for row in lost:
            on = row["effective_date"]
            days = row["amount"] * max(0, (on - row["due_date"]).days)
            for window in (ever, year) if on > YEAR_AGO else (ever,):
                window[account].written_off += row["amount"]
                window[account].unpaid_days += days
            trend(account, on, row["amount"], days)
        if key in open_invoices or (not money and not lost):
            continue
        on = max(row["effective_date"] for row in rows)
        paid = sum((row["amount"] for row in money), Decimal(0))
        days = sum(
            (row["amount"] * (row["value_date"] - row["due_date"]).days for row in money),
            Decimal(0),
        )
        for window in (ever, year) if on > YEAR_AGO else (ever,):
            window[account].settle(paid, days)
        trend(account, on, paid, days)
    for account, due, amount in book.execute("""
        select l.account_id, l.due_date, l.open_amount
        from calc.line as l where l.is_measured and l.open_amount > 0
        """):
        past = (UNTIL - due).days
        if past > tolerance[account]:
            for window in (ever, year):
                window[account].overdue += amount
                window[account].unpaid_days += amount * past
    for account, amount, bounced, presented in book.execute("""
        select q.account_id, q.amount,
               (select max(event_date) from doc.cheque_event as e
                where e.account_id = q.account_id and e.cheque_id = q.cheque_id
                  and to_status = 'bounced'),
               (select max(event_date) from doc.cheque_event as e
                where e.account_id = q.account_id and e.cheque_id = q.cheque_id
                  and to_status in ('bounced', 'cleared'))
        from doc.cheque as q where q.kind = 'payment' and q.status <> 'void'
        """):
        for window, since in ((ever, date.min), (year, YEAR_AGO)):
            if presented and presented > since:
                window[account].presented += amount
            if bounced and bounced > since:
                window[account].bounced.append(amount)

    found = {row["account_id"]: row for row in dicts(book, "select * from bi.behaviour")}
    assert found.keys() == tolerance.keys()
    for account, row in found.items():
        expected = year[account].figures() | {
            f"all_{name}": value for name, value in ever[account].figures().items()
        }
        expected["overdue_amount"] = year[account].overdue
        (now, now_days), (then, then_days) = recent[account], before[account]
        expected["recent_lateness_days"] = shown(now_days, now, 2)
        expected["before_lateness_days"] = shown(then_days, then, 2)
        expected["trend_days"] = (
            shown(now_days / now - then_days / then, Decimal(1), 2) if now and then else None
        )
        assert {name: row[name] for name in expected} == expected, account
    assert {row["class"] for row in found.values()} >= {
        "no_history", "early", "late", "structurally_late"
    }


@pytest.mark.parametrize("group", ["salesperson", "region"])
def test_groups_of_behaviour_add_up(book: Connection, group: str) -> None:
    assert book.execute(f"""
        select side, currency, {group}_id, account_count, measured_amount, late_amount,
               lateness_days, bounced_count
        from bi.behaviour_by_{group}
        except
        select side, currency, {group}_id, count(*), sum(measured_amount), sum(late_amount),
               round(sum(lateness_money_days) / nullif(sum(measured_amount), 0), 2),
               sum(bounced_count)
        from bi.behaviour
        group by side, currency, {group}_id
        """).fetchall() == []


def test_forecast_as_of_today_is_the_forecast(book: Connection) -> None:
    # Documents dated after today are known to the live figures only.
    live, as_of = (
        f"""
        select * from {source}
        where account_id not in (
          select account_id from bi.exception where rule = 'dated_after_today'
        )
        """
        for source in ("bi.cash_forecast", f"bi.cash_forecast_as_of('{UNTIL}')")
    )
    assert book.execute(f"{live} except {as_of}").fetchall() == []
    assert book.execute(f"{as_of} except {live}").fetchall() == []
    assert dicts(book, f"select count(*) as rows from ({live}) as f")[0]["rows"] > 100


def test_forecast_holds_every_open_line_and_cheque_to_come(book: Connection) -> None:
    (row,) = dicts(book, """
        select sum(amount) filter (where source_type = 'line') as line,
               sum(amount) filter (where source_type = 'cheque') as cheque,
               bool_and(expected_on >= calc.today()) as is_future,
               bool_and(certain_amount >= 0 and doubtful_amount >= 0
                 and certain_amount + doubtful_amount = amount) as is_whole,
               bool_or(doubtful_amount > 0) as has_doubt
        from bi.cash_forecast
        """)
    (kept,) = dicts(book, """
        select (select sum(open_amount) from bi.account) as line,
               (
                 select sum(counted_amount) from bi.cheque as q
                 where status in ('in_hand', 'deposited')
                   and not exists (
                     select from bi.cheque as e
                     where e.sayad_id = q.sayad_id and e.status = 'endorsed'
                   )
               ) as cheque
        """)
    assert (row["line"], row["cheque"]) == (kept["line"], kept["cheque"])
    assert row["is_future"] and row["is_whole"] and row["has_doubt"]


def test_as_of_of_one_account_reads_that_account(book: Connection) -> None:
    """Whatever indexes the desk has: those on days would read the book up to the day."""
    (account,) = book.execute(
        "select account_id from bi.account order by account_id limit 1").fetchone() or (None,)
    book.execute("analyze")
    read = """
        select coalesce(sum(idx_tup_read), 0)
        from pg_stat_user_indexes
        where schemaname = 'doc' and relname in ('invoice', 'payment', 'cheque')
        """
    (documents,) = book.execute(
        """
        select count(*)
        from (
          select account_id from doc.invoice
          union all select account_id from doc.payment
          union all select account_id from doc.cheque
        ) d
        where account_id = %s
        """, [account]).fetchone() or (0,)
    for view in ("account", "aging", "invoice"):
        book.execute("select pg_stat_force_next_flush()")
        (before,) = book.execute(read).fetchone() or (0,)
        book.execute(
            f"select * from bi.{view}_as_of('{UNTIL}') where account_id = %s", [account])
        book.execute("select pg_stat_force_next_flush()")
        (after,) = book.execute(read).fetchone() or (0,)
        assert 0 < after - before <= 4 * documents, view


def test_month_end_keeps_what_as_of_says(book: Connection) -> None:
    day = "2025-03-31"
    with book.transaction(force_rollback=True):
        book.execute("select ref.close_period(%s, 'March')", [day])
        book.execute("select audit.keep_month_end(%s)", [day])
        for view in ("account", "aging"):
            columns = ", ".join(
                row[0] for row in book.execute(
                    "select column_name from information_schema.columns"
                    " where table_schema = 'bi' and table_name = %s order by ordinal_position",
                    [view],
                )
            )
            kept = f"select {columns} from bi.month_end where as_of = '{day}'"
            said = f"select {columns} from bi.{view}_as_of('{day}')"
            assert book.execute(f"{said} except {kept}").fetchall() == []
            assert book.execute(f"{kept} except {said}").fetchall() == []
        assert dicts(book, f"select count(*) as rows from ({kept}) as k")[0]["rows"] > 50
        assert book.execute("select * from bi.month_end_drift").fetchall() == []


@pytest.mark.parametrize("group", ["day", "week", "jalali_month", "region", "salesperson"])
def test_groups_of_the_forecast_add_up(book: Connection, group: str) -> None:
    sums = "select side, currency, sum(amount), sum(certain_amount), sum(doubtful_amount) from "
    rest = " group by side, currency order by side, currency"
    assert (book.execute(f"{sums} bi.cash_forecast_by_{group} {rest}").fetchall()
            == book.execute(f"{sums} bi.cash_forecast {rest}").fetchall())


def test_forecast_comes_nearer_than_due_dates(book: Connection) -> None:
    (row,) = dicts(book, """
        select sum(abs(certain_amount - came_amount)) as certain,
               sum(abs(naive_amount - came_amount)) as naive, sum(came_amount) as came,
               count(*) as weeks
        from bi.cash_forecast_test('2025-02-01', '2025-06-01')
        where side = 'receivable' and currency = 'IRR'
        """)
    assert row["weeks"] == 5 * 13
    assert 0 < row["certain"] < row["naive"] and row["came"] > 0


def test_mobile_shows_what_bi_shows(book: Connection) -> None:
    people = [row[0] for row in book.execute("select salesperson_id from ref.salesperson")]
    seen = 0
    for person in people:
        book.execute("select set_config('rasid.salesperson_id', %s, false)", [str(person)])
        mine = f"b.side = 'receivable' and b.salesperson_id = {person}"
        columns = """party_id, party_code, party_name, currency, balance, open_amount,
            overdue_amount, debt_age_days, uncleared_amount, bounced_amount, credit_limit,
            credit_room"""
        pairs = [
            (f"select account_id, {columns} from mobile.customer",
             f"select account_id, {columns} from bi.account as b where {mine}"),
            ("select account_id, invoice_id, doc_no, amount, open_amount, overdue_amount"
             " from mobile.open_invoice",
             f"""
             select i.account_id, i.invoice_id, i.doc_no, i.amount, i.open_amount, i.overdue_amount
             from bi.invoice as i join bi.account as b using (account_id)
             where {mine} and i.open_amount > 0
             """),
            ("select account_id, cheque_id, amount, status from mobile.cheque",
             f"""
             select b.account_id, b.cheque_id, b.amount, b.status from bi.cheque as b
             where {mine} and b.kind = 'payment'
               and (b.status not in ('cleared', 'returned', 'void')
                 or b.status_date > calc.today() - 90)
             """),
            ("select account_id, sum(owed_amount) from mobile.bounced_cheque group by account_id",
             f"select account_id, bounced_amount from bi.account as b"
             f" where {mine} and bounced_amount > 0"),
            ("select account_id, payment_id, amount, status from mobile.recent_payment",
             f"""
             select b.account_id, b.credit_id, b.amount, b.status from bi.credit as b
             where {mine} and b.credit_type = 'payment' and b.doc_date > calc.today() - 90
             """),
        ]
        for phone, desk in pairs:
            rows = sorted(book.execute(phone).fetchall())
            assert rows == sorted(book.execute(desk).fetchall()), phone
            seen += len(rows)
    book.execute("reset rasid.salesperson_id")
    assert seen > 500


def test_pages_by_key_are_the_whole(book: Connection) -> None:
    book.execute("select set_config('rasid.salesperson_id', salesperson_id::text, false)"
                 " from bi.account group by salesperson_id order by count(*) desc limit 1")
    query = "select account_id, invoice_id from mobile.open_invoice"
    pages: list[tuple[int, int]] = []
    last = (0, 0)
    while page := book.execute(
        f"{query} where (account_id, invoice_id) > (%s, %s)"
        " order by account_id, invoice_id limit 7", last
    ).fetchall():
        pages += page
        last = page[-1]
    assert pages == sorted(book.execute(query).fetchall())
    assert len(pages) > 14
    book.execute("reset rasid.salesperson_id")


def test_login_tied_to_a_salesperson_sees_theirs_alone(server: str, conn: Connection) -> None:
    login = f"rasid_test_phone_{conn.info.backend_pid}"
    one, two = (
        row[0] for row in conn.execute(
            "insert into ref.salesperson (name) values ('one'), ('two') returning salesperson_id"
        )
    )
    conn.execute(
        "insert into ref.party (code, name, salesperson_id) values ('A', 'a', %s), ('B', 'b', %s)",
        [one, two],
    )
    conn.execute("insert into ref.account (party_id) select party_id from ref.party")
    conn.execute("insert into ref.salesperson_login values (%s, %s)", [login, two])
    conn.execute(f"create role {login} login in role rasid_mobile password 'phone'")
    try:
        with psycopg.connect(
            conn.info.dsn, user=login, password="phone", autocommit=True  # noqa: S106
        ) as phone:
            for statement in ("reset rasid.salesperson_id",
                              f"set rasid.salesperson_id = '{one}'", "set role rasid_mobile"):
                phone.execute(statement)
                assert phone.execute("select party_code from mobile.customer").fetchall() == [
                    ("B",)
                ], statement
            for table in ("ref.party", "ref.salesperson_login", "doc.invoice", "bi.account"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    phone.execute(f"select * from {table}")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"drop role {login}")


def test_bi_page_is_what_the_database_says(conn: Connection) -> None:
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    assert page == bi_docs.render(conn), "./scripts/rasid bi-docs > docs/bi.md"


def test_keys_are_columns_that_tell_rows_apart(book: Connection) -> None:
    """What the comment of a view calls its key is one: BI tools join and page by it."""
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    keys = re.findall(r"^### (bi\.\w+)$.*?^\*\*Key:\*\* (.*?)$", page, re.MULTILINE | re.DOTALL)
    assert len(keys) > 30
    for view, key in keys:
        columns = key.replace("`", "")
        twice = f"select {columns} from {view} group by {columns} having count(*) > 1"
        assert book.execute(twice).fetchall() == [], view


def test_command_prints_the_page(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_DSN", database)
    result = CliRunner().invoke(bi_docs.command)
    assert result.exit_code == 0
    assert result.output.startswith("# The views for BI")
    assert "**Key:** `account_id`, `invoice_id`" in result.output


def queries(page: str) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["bi.md", "forecast.md"])
def test_queries_of_the_docs_run(book: Connection, page: str) -> None:
    found = queries(page)
    assert found
    for query in found:
        assert book.execute(query).fetchall(), query


def test_three_queries_are_worked() -> None:
    assert len(queries("bi.md")) == 3


def test_sqlalchemy_reflects_every_view(address: str) -> None:
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(address)
    )
    found = sqlalchemy.MetaData()
    found.reflect(engine, schema="bi", views=True)
    assert {table.name for table in found.sorted_tables} >= {
        "account", "aging", "allocation", "behaviour", "calendar", "cash_forecast", "cheque",
        "credit", "exception", "invoice",
    }
    with engine.connect() as connection:
        for table in found.sorted_tables:
            assert table.comment
            for column in table.columns:
                assert column.comment, column
                # A type that the reader doesn't know can't be charted.
                assert not isinstance(column.type, sqlalchemy.types.NullType), column
            connection.execute(sqlalchemy.select(table).limit(0)).all()
    engine.dispose()
