"""Whatever shape a statement has, and whoever sends it, the figures are right when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import permutations
from random import Random
from threading import Timer
from typing import Any

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from book import (
    EVERY_KIND,
    Connection,
    add,
    applied,
    cheque,
    invoice,
    kept,
    make_account,
    payment,
    places,
    value,
    wrong,
)


@pytest.fixture
def account_id(conn: Connection) -> int:
    return make_account(conn)


@pytest.fixture
def book(conn: Connection) -> Connection:
    """A connection to a book with documents of every kind."""
    conn.execute(EVERY_KIND)
    assert not wrong(conn)
    return conn


# ----------------------------------------------------------------------- one credit that comes last

LAST_CREDIT: dict[str, dict[str, object]] = {
    "payment": {},
    "cheque": {"due_date": "2025-04-01"},
    "set_off": {},
    "credit_note": {"kind": "return"},
    "adjustment": {"kind": "write_off"},
}


@pytest.mark.parametrize("kind", LAST_CREDIT)
@pytest.mark.parametrize("policy", ["fifo_issue", "fifo_due", "manual"])
def test_one_credit_goes_down_the_open_lines(conn: Connection, kind: str, policy: str) -> None:
    columns = LAST_CREDIT[kind] | {"doc_date": "2025-02-01"}
    for lines, amount in ((0, 50), (1, 100), (2, 130), (4, 400), (4, 430), (5, 430), (9, 900)):
        account_id = make_account(conn, policy=policy)
        invoices = [invoice(conn, account_id, 100, "2025-01-01", due_date=f"2025-03-{20 - n}")
                    for n in range(lines)]
        with conn.transaction():
            if kind == "set_off":
                columns |= {"set_off_no": str(account_id)}
                add(conn, kind, make_account(conn, side="payable"), **columns, amount=amount)
            add(conn, kind, account_id, **columns, amount=amount)
        order = invoices[::-1] if policy == "fifo_due" else invoices
        assert {row[0]: row[3] for row in applied(conn, account_id)} == (
            {} if policy == "manual" else {
                order[n]: min(100, amount - 100 * n)
                for n in range(lines) if amount > 100 * n
            }
        )
    assert not wrong(conn)


def test_one_payment_that_keeps_out_and_one_of_a_document_kept_already(
    conn: Connection, account_id: int
) -> None:
    invoice(conn, account_id, 100, "2025-01-01")
    payment(conn, account_id, 60, "2025-02-01", auto_allocate=False)
    assert not applied(conn, account_id)
    given = payment(conn, account_id, 60, "2025-02-02")
    # The trigger of the insert finds the credit kept as it was before the delete.
    conn.execute(
        """
        with gone as (delete from doc.payment where payment_id = %(id)s returning *)
        insert into doc.payment (account_id, payment_id, doc_date, amount)
        select account_id, payment_id, doc_date + 5, amount - 20 from gone
        """,
        {"id": given},
    )
    assert [row[3] for row in applied(conn, account_id)] == [40]
    assert not wrong(conn)


# --------------------------------------------------------------------- several tables at one time

PARTS = {
    "invoice": "insert into doc.invoice (account_id, invoice_id, doc_date, amount)"
    " values (%(a)s, 1, '2025-01-01', 100), (%(a)s, 2, '2025-01-02', 100) returning 1",
    "payment": "insert into doc.payment (account_id, payment_id, doc_date, amount)"
    " values (%(a)s, 3, '2025-01-05', 70) returning 1",
    "pin": "insert into doc.pin (account_id, payment_id, invoice_id, amount)"
    " values (%(a)s, 3, 2, 50) returning 1",
    "note": "insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount,"
    " invoice_id) values (%(a)s, 4, 'price', '2025-01-06', 60, 2) returning 1",
}


@pytest.mark.parametrize("order", list(permutations(PARTS)), ids="-".join)
def test_documents_and_what_names_them_in_one_statement(
    conn: Connection, account_id: int, order: tuple[str, ...]
) -> None:
    parts = ", ".join(f"{name} as ({PARTS[name]})" for name in order)
    conn.execute(f"with {parts} select 1", {"a": account_id})
    # The note lowers invoice 2 to 40; the pin of 50 finds room for 40; the rest is the older one's.
    assert applied(conn, account_id) == [
        (1, 0, 3, 30, "auto"),
        (2, 0, 3, 40, "pin"),
        (2, 0, 4, 60, "linked"),
    ]
    assert not wrong(conn)


def test_one_statement_that_inserts_updates_and_deletes_in_several_tables(
    conn: Connection, account_id: int
) -> None:
    kept_one = invoice(conn, account_id, 100, "2025-01-01")
    gone = invoice(conn, account_id, 100, "2025-01-02")
    changed = payment(conn, account_id, 100, "2025-01-03")
    conn.execute(
        """
        with gone as (delete from doc.invoice where invoice_id = %s),
        changed as (update doc.payment set amount = 30 where payment_id = %s),
        fresh as (
          insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
          values (%s, 99, '2025-01-02', '2025-01-02', 20)
        )
        insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
        values (%s, 98, '2025-01-09', 10, %s)
        """,
        [gone, changed, account_id, account_id, kept_one],
    )
    assert applied(conn, account_id) == sorted(
        [
            (kept_one, 0, 98, 10, "linked"),
            (kept_one, 0, 99, 20, "auto"),
            (kept_one, 0, changed, 30, "auto"),
        ]
    )
    assert not wrong(conn)


def test_merge_that_inserts_updates_and_deletes(conn: Connection, account_id: int) -> None:
    conn.execute(
        "insert into doc.payment (account_id, payment_id, amount, doc_date, external_id) values"
        " (%(a)s, 1, 10, '2025-01-02', 'x'), (%(a)s, 2, 20, '2025-01-03', 'y')",
        {"a": account_id},
    )
    conn.execute(
        "insert into doc.invoice (account_id, invoice_id, amount, doc_date)"
        " values (%s, 3, 100, '2025-01-01')",
        [account_id],
    )
    conn.execute(
        """
        merge into doc.payment as p
        using (values ('x', 0), ('y', 25), ('z', 30)) as n (external_id, amount)
        on p.account_id = %(a)s and p.external_id = n.external_id
        when matched and n.amount = 0 then delete
        when matched then update set amount = n.amount
        when not matched then
          insert (account_id, payment_id, amount, doc_date, external_id)
          values (%(a)s, 4, n.amount, '2025-01-04', n.external_id)
        """,
        {"a": account_id},
    )
    assert applied(conn, account_id) == [(3, 0, 2, 25, "auto"), (3, 0, 4, 30, "auto")]
    assert not wrong(conn)


@pytest.mark.parametrize(
    ("tail", "expected"),
    [("do nothing", [10, 7]), ("do update set amount = excluded.amount", [40, 7])],
    ids=["nothing", "update"],
)
def test_on_conflict(
    conn: Connection, account_id: int, tail: str, expected: list[int]
) -> None:
    invoice(conn, account_id, 100, "2025-01-01")
    payment(conn, account_id, 10, "2025-01-02", external_id="x")
    for _ in range(2):
        conn.execute(
            f"""
            insert into doc.payment (account_id, amount, doc_date, external_id)
            values (%s, 40, '2025-01-02', 'x'), (%s, 7, '2025-01-03', 'y')
            on conflict (account_id, source, external_id) {tail}
            """,
            [account_id, account_id],
        )
        assert [row[3] for row in applied(conn, account_id)] == expected
        assert not wrong(conn)


# ------------------------------------------------------------------------------------------ clients


def test_copy_by_psycopg(conn: Connection) -> None:
    accounts = [make_account(conn) for _ in range(3)]
    for table, amount in (("payment", 30), ("invoice", 20)):
        with conn.cursor().copy(
            f"copy doc.{table} (account_id, doc_date, amount) from stdin"
        ) as copy:
            for number in range(300):
                copy.write_row((accounts[number % 3], f"2025-01-{1 + number % 28:02}", amount))
        assert not wrong(conn)
    assert value(conn, "select sum(amount) from bi.allocation") == 6000
    assert value(conn, "select sum(unapplied_amount) from bi.account") == 3000


def test_executemany(conn: Connection) -> None:
    accounts = [make_account(conn) for _ in range(2)]
    with conn.cursor() as cursor:
        for table, amount in (("invoice", 30), ("payment", 20)):
            cursor.executemany(
                f"insert into doc.{table} (account_id, doc_date, amount) values (%s, %s, %s)",
                [(accounts[n % 2], f"2025-01-{1 + n:02}", amount) for n in range(20)],
            )
    assert not wrong(conn)
    assert value(conn, "select sum(amount) from bi.allocation") == 400


@pytest.fixture
def engine(database: str) -> Iterator[sqlalchemy.Engine]:
    made = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(database)
    )
    yield made
    made.dispose()


def test_sqlalchemy_core(
    conn: Connection, account_id: int, engine: sqlalchemy.Engine
) -> None:
    book = sqlalchemy.MetaData(schema="doc")
    with engine.begin() as session:
        book.reflect(session, only=["invoice", "payment"])
        session.execute(
            book.tables["doc.invoice"].insert(),
            [
                {"account_id": account_id, "doc_date": f"2025-01-0{n}", "amount": 10}
                for n in range(1, 6)
            ],
        )
        session.execute(
            book.tables["doc.payment"].insert().values(
                account_id=account_id, doc_date="2025-01-09", amount=45
            )
        )
        found = sqlalchemy.text("select open_amount from bi.account where account_id = :a")
        assert session.execute(found, {"a": account_id}).scalar_one() == 5
    assert not wrong(conn)


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoice"
    __table_args__ = {"schema": "doc"}  # noqa: RUF012 (SQLAlchemy's own way)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(
        primary_key=True, server_default=sqlalchemy.FetchedValue()
    )
    doc_date: Mapped[str] = mapped_column(sqlalchemy.Date)
    amount: Mapped[int] = mapped_column(sqlalchemy.Numeric)


class Payment(Base):
    __tablename__ = "payment"
    __table_args__ = {"schema": "doc"}  # noqa: RUF012
    account_id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(
        primary_key=True, server_default=sqlalchemy.FetchedValue()
    )
    doc_date: Mapped[str] = mapped_column(sqlalchemy.Date)
    amount: Mapped[int] = mapped_column(sqlalchemy.Numeric)


def test_sqlalchemy_session(
    conn: Connection, account_id: int, engine: sqlalchemy.Engine
) -> None:
    with Session(engine) as session:
        days = [f"2025-01-0{n}" for n in range(1, 5)]
        invoices = [Invoice(account_id=account_id, doc_date=d, amount=50) for d in days]
        paid = Payment(account_id=account_id, doc_date="2025-01-02", amount=120)
        session.add_all([*invoices, paid])
        session.commit()
        ids = [each.invoice_id for each in invoices]
        assert [row[3] for row in applied(conn, account_id)] == [50, 50, 20]

        paid.amount = 60
        session.delete(invoices[0])
        session.commit()
        assert [(row[0], row[3]) for row in applied(conn, account_id)] == [
            (ids[1], 50),
            (ids[2], 10),
        ]
    assert not wrong(conn)


# -------------------------------------------------------------------------------- cascades, moves


def test_installments_and_pins_go_with_their_invoice(book: Connection) -> None:
    book.execute("delete from doc.invoice where invoice_id = 9106")
    assert value(book, "select count(*) from doc.installment") == 0
    assert value(book, "select count(*) from doc.pin where pin_id = 9802") == 0
    assert value(book, "select count(*) from bi.allocation where credit_id = 9306") == 0
    assert not wrong(book)


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("update doc.invoice set account_id = 901 where invoice_id = 9110", "23503"),
        ("update doc.invoice set account_id = 904 where invoice_id = 9106", "23503"),
        ("update doc.invoice set account_id = 902 where invoice_id = 9101", None),
        ("update doc.invoice set account_id = 902, external_id = null where invoice_id = 9102",
         "23503"),
        ("update doc.invoice set account_id = 902 where external_id = 'i1'", "23505"),
        ("update doc.payment set account_id = 902 where payment_id = 9401", None),
        ("update doc.payment set account_id = 904 where payment_id = 9405", "23503"),
        ("update doc.cheque set account_id = 902 where cheque_id = 9301", None),
        ("update doc.cheque set account_id = 902 where cheque_id = 9302", "23503"),
        ("update doc.invoice set account_id = 1803 - account_id where account_id in (901, 902)"
         " and invoice_id in (9101, 9107)", "23503"),
        ("update doc.payment set account_id = 1803 - account_id where payment_id in (9401, 9406)",
         None),
        ("update doc.credit_note set account_id = 901, invoice_id = 9104"
         " where credit_note_id = 9503", None),
        ("update doc.invoice set invoice_id = 7 where invoice_id = 9101", None),
        ("update doc.invoice set invoice_id = 7, doc_date = '2025-03-03', amount = 1"
         " where invoice_id = 9101", None),
        ("update doc.payment set payment_id = 7 where payment_id = 9401", None),
        ("update doc.payment set payment_id = 19000 - payment_id"
         " where payment_id in (9401, 9402)", None),
        ("update doc.cheque set cheque_id = 7 where cheque_id = 9301", None),
        ("update doc.invoice set invoice_id = 7 where invoice_id = 9102", "23503"),
        ("update doc.pin set pin_id = 7 where pin_id = 9802", None),
        ("delete from doc.invoice where invoice_id = 9102", "23503"),
        ("delete from doc.payment", None),
        ("delete from doc.cheque where account_id = 902", None),
        ("delete from ref.account where account_id = 903", "23503"),
    ],
)  # fmt: skip
def test_moves_new_keys_and_deletes(
    book: Connection, statement: str, refused: str | None
) -> None:
    before = kept(book)
    if refused:
        with pytest.raises(psycopg.Error) as refusal:
            book.execute(statement)
        assert refusal.value.sqlstate == refused
        assert kept(book) == before
    else:
        book.execute(statement)
        assert kept(book) != before
    assert not wrong(book)


def test_installments_go_along_when_their_invoice_moves(conn: Connection) -> None:
    first, second = make_account(conn), make_account(conn)
    with conn.transaction():
        moved = invoice(conn, first, 100, "2025-01-01")
        for line_no in (1, 2):
            add(conn, "installment", first, invoice_id=moved, line_no=line_no, amount=50,
                due_date=f"2025-0{line_no}-01")
    paid = payment(conn, second, 60, "2025-01-02")
    conn.execute("update doc.invoice set account_id = %s where invoice_id = %s", [second, moved])
    assert applied(conn, second) == [(moved, 1, paid, 50, "auto"), (moved, 2, paid, 10, "auto")]
    assert not wrong(conn)


# ----------------------------------------------------------------------- what does not come about


def test_what_is_rolled_back_to_a_savepoint_never_was(book: Connection) -> None:
    before = kept(book)
    with book.transaction():
        for statement in (
            "delete from doc.payment",
            "update doc.invoice set amount = amount * 2 where account_id = 902",
            "update ref.account set policy = 'manual'",
            "update doc.cheque set status = 'bounced' where cheque_id = 9302",
        ):
            with book.transaction(force_rollback=True):
                book.execute(statement)
                assert kept(book) != before
            assert kept(book) == before
        payment(book, 902, 40, "2025-03-09")
    assert kept(book) != before
    assert not wrong(book)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into doc.payment (account_id, amount, doc_date)"
        " select 901, 3 - n, '2025-01-01' from generate_series(1, 3) as n",
        "update doc.invoice set amount = amount - 60 where account_id = 902",
        "update doc.cheque set status = 'in_hand' where account_id = 901",
        "delete from doc.invoice where account_id = 901",
        "with a as (delete from doc.payment)"
        " insert into doc.pin (account_id, payment_id, invoice_id) values (901, 9402, 9104)",
        "insert into doc.invoice (account_id, amount, doc_date, external_id)"
        " values (901, 5, '2025-01-01', 'new'), (901, 5, '2025-01-01', 'i1')",
    ],
)
def test_a_statement_that_fails_half_way_leaves_nothing(book: Connection, statement: str) -> None:
    before = kept(book)
    with pytest.raises(psycopg.Error):
        book.execute(statement)
    assert kept(book) == before
    assert not wrong(book)


def test_what_is_refused_at_commit_leaves_nothing(book: Connection) -> None:
    before = kept(book)
    for statement, code in (
        ("insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
         " values (901, 'half', 10, '2025-01-01')", "RS007"),
        ("update doc.invoice set amount = 950 where invoice_id = 9106", "RS006"),
        ("delete from doc.installment where line_no = 1", "RS006"),
    ):
        with pytest.raises(psycopg.Error) as refusal, book.transaction():
            book.execute(statement)
            # Until then the figures follow what the tables hold.
            assert kept(book) != before
            assert not wrong(book)
        assert refusal.value.sqlstate == code
        assert kept(book) == before
    assert not wrong(book)


def test_a_load_that_is_cut_short_leaves_nothing(book: Connection) -> None:
    before = kept(book)
    documents = value(book, "select count(*) from doc.invoice")
    book.execute("set statement_timeout = '150ms'")
    with (
        pytest.raises(psycopg.errors.QueryCanceled),
        book.cursor().copy("copy doc.invoice (account_id, doc_date, amount) from stdin") as copy,
    ):
        for _ in range(100):
            copy.write("901\t2025-01-01\t5\n" * 100)
            time.sleep(0.003)
    book.execute("set statement_timeout = 0")
    assert value(book, "select count(*) from doc.invoice") == documents
    assert kept(book) == before
    assert not wrong(book)


def test_a_load_cancelled_while_the_engine_works_leaves_nothing(book: Connection) -> None:
    before = kept(book)
    timer = Timer(0.4, book.cancel_safe)
    timer.start()
    with pytest.raises(psycopg.errors.QueryCanceled):
        book.execute(
            "insert into doc.invoice (account_id, doc_date, amount)"
            " select 901, date '2025-01-01' + n % 700, 5 from generate_series(1, 200000) as n"
        )
    timer.join()
    assert kept(book) == before
    assert not wrong(book)


# -------------------------------------------------------------------------------- in other triggers


@pytest.mark.parametrize("each", ["row", "statement"])
@pytest.mark.parametrize("name", ["a_first", "z_last"])
def test_a_users_own_trigger_that_writes_another_document(
    conn: Connection, account_id: int, each: str, name: str
) -> None:
    """A charge of 5 for each payment, as an invoice, from inside the payment's own statement."""
    new_rows = {"row": "(select new.*)", "statement": "new_rows"}[each]
    conn.execute(
        f"""
        create function public.charge() returns trigger language plpgsql as $$
        begin
          insert into doc.invoice (account_id, kind, amount, doc_date)
          select n.account_id, 'debit_note', 5, n.doc_date from {new_rows} as n;
          return null;
        end
        $$;
        create trigger {name} after insert on doc.payment
        {"referencing new table as new_rows" if each == "statement" else ""}
        for each {each} execute function public.charge();
        """
    )
    conn.execute(
        "insert into doc.payment (account_id, amount, doc_date) values"
        " (%(a)s, 3, '2025-01-01'), (%(a)s, 4, '2025-01-02'), (%(a)s, 9, '2025-01-03')",
        {"a": account_id},
    )
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.line") == 3
    assert value(conn, "select sum(amount) from bi.allocation") == 15


def test_a_users_own_before_trigger_that_changes_the_row(
    conn: Connection, account_id: int
) -> None:
    conn.execute(
        """
        create function public.half() returns trigger language plpgsql as $$
        begin
          new.amount := new.amount / 2;
          return new;
        end
        $$;
        create trigger half before insert or update on doc.payment
        for each row execute function public.half();
        """
    )
    invoice(conn, account_id, 100, "2025-01-01")
    payment(conn, account_id, 80, "2025-01-02")
    assert value(conn, "select sum(amount) from bi.allocation") == 40
    conn.execute("update doc.payment set note = 'x'")
    assert value(conn, "select sum(amount) from bi.allocation") == 20
    assert not wrong(conn)


@pytest.mark.parametrize("name", ["a_first", "z_last"])
@pytest.mark.parametrize(
    ("event", "again", "expected"),
    [
        (
            "insert",
            "update doc.cheque set status = 'bounced', status_date = '2025-03-20'",
            [(None, "in_hand", "2025-03-01"), ("in_hand", "bounced", "2025-03-20")],
        ),
        ("insert", "update doc.cheque set account_id = 904", [(None, "in_hand", "2025-03-01")]),
        ("insert", "delete from doc.cheque", []),
        (
            "update",
            "update doc.cheque set status = 'returned', status_date = '2025-03-20'",
            [(None, "in_hand", "2025-03-01"), ("in_hand", "returned", "2025-03-20")],
        ),
    ],
)
def test_a_users_own_trigger_that_changes_a_cheque_again(
    book: Connection, name: str, event: str, again: str, expected: list[tuple[Any, ...]]
) -> None:
    """The events, and so the state of a day, say what the cheque says when the statement ends."""
    book.execute(
        f"""
        create function public.again() returns trigger language plpgsql as $$
        begin
          {again} where cheque_id = new.cheque_id and status <> 'returned';
          return null;
        end
        $$;
        create trigger {name} after {event} on doc.cheque
        for each row when (new.cheque_id = 1 and pg_trigger_depth() = 0)
        execute function public.again();
        """
    )
    cheque(book, 901, 50, "2025-03-01", cheque_id=1)
    book.execute(
        "update doc.cheque set status = 'bounced', status_date = '2025-03-10'"
        " where cheque_id = 1 and status = 'in_hand' and %s",
        [event == "update"],
    )
    assert book.execute(
        "select from_status, to_status, event_date::text from doc.cheque_event"
        " where cheque_id = 1 order by cheque_event_id"
    ).fetchall() == expected
    assert not wrong(book)
    as_of, live = (
        book.execute(f"select account_id, balance from {source} order by account_id").fetchall()
        for source in ("bi.account_as_of('2026-01-01')", "bi.account")
    )
    assert as_of == live


def test_a_function_that_writes_and_reads_in_turn(conn: Connection, account_id: int) -> None:
    conn.execute(
        """
        create function public.sell_and_look(p_account_id bigint) returns setof numeric
        language plpgsql as $$
        begin
          for n in 1 .. 3 loop
            insert into doc.invoice (account_id, amount, doc_date)
            values (p_account_id, 10, '2025-01-01');
            return query
            select open_amount from bi.account where account_id = p_account_id;
          end loop;
        end
        $$
        """
    )
    found = conn.execute("select public.sell_and_look(%s)", [account_id]).fetchall()
    assert [row[0] for row in found] == [10, 20, 30]


# ------------------------------------------------------------------------------- nothing to be done


@pytest.mark.parametrize(
    "statement",
    [
        "update doc.{} set note = 'looked at again'",
        "update doc.{} set note = note, account_id = account_id",
        "update doc.{} set amount = amount",
        "delete from doc.{} where false",
        "update doc.{} set amount = 1 where false",
    ],
)
def test_a_change_of_nothing_that_counts_writes_no_figure(book: Connection, statement: str) -> None:
    before = places(book)
    for table in ("invoice", "payment", "cheque", "credit_note", "adjustment", "set_off", "pin",
                  "installment"):  # fmt: skip
        book.execute(statement.format(table))
        assert places(book) == before, table


@pytest.mark.parametrize(
    "statement",
    [
        "update doc.invoice set doc_no = 'n', salesperson_id = 901, region_id = 901",
        "update doc.payment set doc_no = 'n', bank_reference = 'r', method = 'cash'",
        "update doc.cheque set bank = 'ملت', branch = 'b', serial_no = 's', drawer_name = 'd'",
        "update doc.credit_note set doc_no = 'n'",
        "update ref.account set note = 'x', credit_limit = 7, tolerance_days = 1, risk_days = 2",
        "update ref.party set name = 'another', salesperson_id = null",
        "insert into doc.invoice (account_id, amount, doc_date, external_id)"
        " values (901, 1, '2025-01-01', 'i1') on conflict do nothing",
    ],
)
def test_what_allocation_does_not_look_at_writes_no_figure(
    book: Connection, statement: str
) -> None:
    before = places(book)
    book.execute(statement)
    assert places(book) == before


def test_other_accounts_are_not_written(book: Connection) -> None:
    def elsewhere() -> list[tuple[Any, ...]]:
        return book.execute(
            """
            select 'line', ctid, xmin::text from calc.line where account_id <> 901
            union all
            select 'credit', ctid, xmin::text from calc.credit where account_id <> 901
            union all
            select 'allocation', ctid, xmin::text from calc.allocation where account_id <> 901
            union all
            select 'account', ctid, xmin::text from calc.account where account_id <> 901
            """
        ).fetchall()

    before = elsewhere()
    payment(book, 901, 5, "2025-01-01")
    book.execute("update doc.invoice set amount = 1234 where invoice_id = 9102")
    book.execute("delete from doc.payment where account_id = 901")
    assert elsewhere() == before


# ---------------------------------------------------------------------------------- order of entry

COLUMNS = {
    "invoice": "account_id, invoice_id, kind, doc_date, due_date, amount, auto_allocate, status",
    "cheque": "account_id, cheque_id, kind, doc_date, due_date, amount, status, status_date,"
    " cleared_on, auto_allocate",
    "payment": "account_id, payment_id, doc_date, value_date, amount, cheque_id, auto_allocate,"
    " status",
    "credit_note": "account_id, credit_note_id, kind, doc_date, amount, invoice_id, status",
    "adjustment": "account_id, adjustment_id, kind, doc_date, amount, invoice_id, status",
    "set_off": "account_id, set_off_id, set_off_no, doc_date, amount, status",
    "installment": "account_id, installment_id, invoice_id, line_no, due_date, amount",
    "pin": "account_id, pin_id, payment_id, cheque_id, set_off_id, invoice_id, amount",
}


@pytest.mark.parametrize("seed", range(4))
def test_the_same_documents_in_any_order_give_the_same_figures(
    book: Connection, seed: int
) -> None:
    """Ids are given, so that the order of entry has nothing left to decide."""
    rng = Random(seed)  # noqa: S311
    before = kept(book)
    rows = {
        table: book.execute(f"select {names} from doc.{table}").fetchall()
        for table, names in COLUMNS.items()
    }
    with book.transaction():
        for table in ("pin", "installment", "credit_note", "adjustment", "set_off", "payment",
                      "cheque", "invoice"):  # fmt: skip
            book.execute(f"delete from doc.{table}")
        assert value(book, "select count(*) from calc.credit") == 0
        todo = [(table, row) for table, some in rows.items() for row in some]
        rng.shuffle(todo)
        there: set[int] = set()
        while todo:
            later = []
            for table, row in todo:
                given = dict(zip(COLUMNS[table].split(", "), row, strict=True))
                key = given[f"{table}_id"]
                names = [v for k, v in given.items() if k.endswith("_id")
                         and k not in ("account_id", f"{table}_id") and v is not None]  # fmt: skip
                if not there.issuperset(names):
                    later.append((table, row))
                    continue
                add(book, table, **given)
                there.add(key)
            todo = later
    assert kept(book) == before
    assert not wrong(book)


def test_a_change_and_its_opposite_leave_the_figures_as_they_were(book: Connection) -> None:
    before = kept(book)
    for there, back in (
        ("update ref.account set policy = 'manual' where account_id = 901",
         "update ref.account set policy = 'fifo_issue' where account_id = 901"),
        ("update doc.cheque set status = 'bounced' where cheque_id = 9301",
         "update doc.cheque set status = 'cleared', status_date = '2025-02-20'"
         " where cheque_id = 9301"),
        ("update doc.invoice set status = 'void' where status = 'active'",
         "update doc.invoice set status = 'active' where invoice_id <> 9105"),
        ("update doc.payment set doc_date = doc_date + 100",
         "update doc.payment set doc_date = doc_date - 100"),
        ("update doc.pin set amount = 1 where pin_id = 9802",
         "update doc.pin set amount = 1000 where pin_id = 9802"),
        ("update ref.account set cheque_grace_days = 0",
         "update ref.account set cheque_grace_days = 7"),
    ):  # fmt: skip
        book.execute(there)
        assert not wrong(book), there
        assert kept(book) != before, there
        book.execute(back)
        assert kept(book) == before, back


# -------------------------------------------------------------------------- faults that were found


def test_a_pinned_cheque_that_bounces_gives_its_room_to_an_earlier_payment(
    conn: Connection, account_id: int
) -> None:
    bought = invoice(conn, account_id, 1000, "2024-01-15")
    paid = payment(conn, account_id, 600, "2024-02-14")
    handed = cheque(conn, account_id, 800, "2024-02-17", auto_allocate=False)
    add(conn, "pin", account_id, cheque_id=handed, invoice_id=bought)
    assert applied(conn, account_id) == [
        (bought, 0, paid, 200, "auto"),
        (bought, 0, handed, 800, "pin"),
    ]
    conn.execute("update doc.cheque set status = 'bounced' where cheque_id = %s", [handed])
    assert applied(conn, account_id) == [(bought, 0, paid, 600, "auto")]
    assert not wrong(conn)


def test_a_change_over_several_accounts_keeps_what_was_told(conn: Connection) -> None:
    accounts = [make_account(conn) for _ in range(3)]
    for account in accounts:
        first = invoice(conn, account, 100, "2025-01-01")
        second = invoice(conn, account, 100, "2025-01-02")
        add(conn, "adjustment", account, amount=30, doc_date="2025-01-03", invoice_id=second)
        assert first < second
    for statement in (
        "update doc.adjustment set amount = amount + 1",
        "update doc.adjustment set doc_date = doc_date + 1",
        "update doc.invoice set doc_date = doc_date + 1, amount = amount + 1",
        "update doc.adjustment set kind = 'write_off'",
    ):
        conn.execute(statement)
        assert conn.execute("select distinct reason, count(*) from bi.allocation"
                            " group by reason").fetchall() == [("linked", 3)], statement
        assert not wrong(conn)


def test_an_invoice_appended_under_manual_takes_nothing(conn: Connection) -> None:
    account = make_account(conn, policy="manual")
    payment(conn, account, 100, "2025-01-01")
    invoice(conn, account, 60, "2025-01-02")
    assert not applied(conn, account)
    assert not wrong(conn)
    payment(conn, account, 100, "2025-01-03")
    assert not applied(conn, account)
    assert not wrong(conn)


def test_a_credit_never_takes_the_place_of_another_with_its_id(
    conn: Connection, account_id: int
) -> None:
    """Ids given by hand can collide over tables: refused, or both count; never one of them."""
    paid = payment(conn, account_id, 300, "2025-01-01")
    with suppress(psycopg.errors.UniqueViolation):
        add(conn, "credit_note", account_id, credit_note_id=paid, amount=20, doc_date="2025-01-01")
    assert not wrong(conn)
    assert value(
        conn, "select sum(counted_amount) from bi.credit where account_id = %s", account_id
    ) == value(
        conn,
        "select sum(amount) from (select amount from doc.payment"
        " union all select amount from doc.credit_note) as d",
    )
