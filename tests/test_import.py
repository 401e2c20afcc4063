"""`rasid import`: files as the world writes them, what is refused, and repeats that do nothing."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from rasid_cli import cli
from rasid_cli.intake import DOCUMENTS, fold

Connection = psycopg.Connection[Any]
Load = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
IBM = DATA / "ibm_accounts_receivable.csv"
HIGHRADIUS = DATA / "highradius_open_invoices_2020.csv"


@pytest.fixture
def load(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Import a text, bytes or file: `load('invoices', text, '--create-parties')`."""
    monkeypatch.setenv("RASID_DSN", database)

    def run(documents: str, content: str | bytes | Path, *options: str) -> Result:
        if isinstance(content, Path):
            path = content
        else:
            path = tmp_path / "file.csv"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(
            cli.main,
            ["import", documents, str(path), "--rejects", str(tmp_path / "rejects.csv"), *options],
            prog_name="rasid",
        )

    return run


@pytest.fixture
def rejects(tmp_path: Path) -> Callable[[], list[list[str]]]:
    """The rows of the rejects file."""

    def read() -> list[list[str]]:
        with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return read


def values(conn: Connection, query: str) -> list[Any]:
    return conn.execute(query).fetchall()


INVOICES = "select doc_no, doc_date::text, amount::text from doc.invoice order by invoice_id"

PLAIN = """customer,number,date,amount
A1,1,2025-07-28,"4,166.66"
A1,2,2025-07-29,8.02
"""
PLAIN_ROWS = [("1", "2025-07-28", "4166.66"), ("2", "2025-07-29", "8.02")]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (PLAIN, ()),
        (PLAIN.replace("\n", "\r\n"), ()),
        (PLAIN.replace("\n", "\r"), ()),
        (PLAIN.encode("utf-8-sig"), ()),
        (PLAIN.encode("utf-16"), ()),
        ((b"\xfe\xff" + PLAIN.encode("utf-16-be")), ()),
        (PLAIN.encode("utf-16-le"), ("--encoding", "utf-16-le")),
        (PLAIN.removesuffix("\n"), ()),
        (PLAIN.replace("\n", "\n\n,,,\n"), ()),
        (PLAIN.replace('"4,166.66"', "4166.66").replace(",", ";"), ()),
        (PLAIN.replace('"4,166.66"', "4166.66").replace(",", "\t"), ()),
        (PLAIN.replace('"4,166.66"', "4166.66").replace(",", "^"), ("--delimiter", "^")),
        (PLAIN.replace("customer,number", '" Customer Code ",DOC_NO'), ()),
        (PLAIN.replace("date,amount", "تاريخ سند,مبلغ"), ()),
        (PLAIN.replace("amount", "what is owed"), ("--map", "amount=What is  owed")),
        (PLAIN.replace("2025-07-28", "1404/05/06").replace("2025-07-29", "۱۴۰۴/۵/۷"),
         ("--dates", "jalali")),
        (PLAIN.replace("8.02", "٨٫٠٢").replace("A1", " A1 "), ()),
        (PLAIN.replace("8.02", "8.02,"), ()),
        (PLAIN.replace("\n", ",\n"), ()),
        (PLAIN.replace('"4,166.66"', "۴٬۱۶۶٫۶۶,").replace("8.02", '8.02,"a ""note"",\nin lines"')
         .replace("amount", "amount,note"), ()),
    ],
)
def test_a_file_is_read_as_the_world_writes_it(
    load: Load, conn: Connection, content: str | bytes, options: tuple[str, ...]
) -> None:
    result = load("invoices", content, "--create-parties", *options)

    assert result.exit_code == 0, result.output
    assert values(conn, INVOICES) == PLAIN_ROWS
    assert values(conn, "select code from ref.party") == [("A1",)]
    assert values(conn, "select from inbox.invoice") == []


def test_old_persian_windows_files_say_their_encoding(load: Load, conn: Connection) -> None:
    content = "کد,نام\n۱۲,شركت نور\n".replace("ی", "ي").replace("ک", "ك")
    content = content.replace("۱۲", "12")

    result = load("parties", content.encode("cp1256"))
    assert result.exit_code == 3
    assert "--encoding cp1256" in result.output

    assert load("parties", content.encode("cp1256"), "--encoding", "cp1256").exit_code == 0
    assert values(conn, "select code, name from ref.party") == [("12", "شرکت نور")]


def test_repeating_the_command_changes_nothing(load: Load, conn: Connection) -> None:
    assert load("invoices", PLAIN, "--create-parties").exit_code == 0
    before = values(conn, "select i.*, i.xmin::text from doc.invoice as i order by 2")

    result = load("invoices", PLAIN, "--create-parties")

    assert result.exit_code == 0
    assert "nothing changed" in result.output
    assert values(conn, "select i.*, i.xmin::text from doc.invoice as i order by 2") == before


def test_a_corrected_file_corrects_its_documents(load: Load, conn: Connection) -> None:
    load("invoices", PLAIN, "--create-parties")

    result = load("invoices", PLAIN.replace("8.02", "9"))

    assert result.exit_code == 0
    assert values(conn, INVOICES) == [PLAIN_ROWS[0], ("2", "2025-07-29", "9")]


BAD = """customer,number,date,amount,شرح
A1,1,2025-07-28,100,good
A1,2,2025-02-30,(8.02),"two
reasons"
A1,3,1404/05/06,5,Jalali
A1,4,2025-07-28,8.025,
"""


def test_news_of_a_cheque_is_the_file_that_the_page_says(load: Load, conn: Connection) -> None:
    page = (ROOT / "docs" / "import.md").read_text("utf-8")
    (heading,) = re.findall(r"`([a-z_,]+)` is a good file of cheque results", page)
    load("parties", "code,name\nA1,one\n")
    load("accounts", "party code\nA1\n")
    load("cheques", "party code,external id,date,due date,amount\nA1,C1,2025-01-10,2025-02-01,40\n")
    news = {"party_code": "A1", "external_id": "C1", "status": "cleared",
            "status_date": "2025-02-02"}

    row = ",".join(news[field] for field in heading.split(","))
    result = load("cheques", f"{heading}\n{row}\n")

    assert result.exit_code == 0, result.output
    assert values(conn, "select status, cleared_on::text from doc.cheque") == [
        ("cleared", "2025-02-02")
    ]


def test_rejected_rows_go_to_a_file_and_stay_in_the_inbox(
    load: Load, conn: Connection, rejects: Callable[[], list[list[str]]]
) -> None:
    for _ in range(2):
        result = load("invoices", BAD, "--create-parties")

        assert result.exit_code == 3
        rows = rejects()
        assert [row[:5] for row in rows] == [
            ["customer", "number", "date", "amount", "شرح"],
            ["A1", "2", "2025-02-30", "(8.02)", "two\nreasons"],
            ["A1", "3", "1404/05/06", "5", "Jalali"],
            ["A1", "4", "2025-07-28", "8.025", ""],
        ]
        assert [row[6] for row in rows] == [
            "reason_code", "day_exists, amount_positive", "day_looks_jalali", "amount_two_decimals",
        ]
        assert values(conn, "select row_no from inbox.invoice order by 1") == [(3,), (4,), (5,)]
        assert values(conn, INVOICES) == [("1", "2025-07-28", "100")]


def test_the_rejects_file_can_be_put_right_and_loaded(
    load: Load, conn: Connection, tmp_path: Path
) -> None:
    load("invoices", BAD, "--create-parties")
    fixed = tmp_path / "fixed.csv"
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    fixed.write_text(
        text.replace("2025-02-30,(8.02)", "2025-02-28,8.02").replace("1404/05/06", "2025-07-28")
        .replace("8.025", "8.02"),
        encoding="utf-8",
    )

    result = load("invoices", fixed)

    assert result.exit_code == 0, result.output
    assert [row[0] for row in values(conn, INVOICES)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PLAIN.replace('"4,166.66"', '"4,166.66'), "quote"),
        (PLAIN.removesuffix(",8.02\n"), "3 fields, but the heading has 4"),
        (PLAIN.replace("8.02", "8.02,9"), "5 fields"),
        (PLAIN.replace("8.02", "8.\0"), "NUL"),
        (PLAIN.encode() + b"A1,3,2025-07-28,\xff\n", "is not utf-8"),
        ("", "empty"),
    ],
)
def test_of_a_broken_file_nothing_is_loaded(
    load: Load, conn: Connection, content: str | bytes, said: str
) -> None:
    result = load("invoices", content, "--create-parties")

    assert result.exit_code == 3
    assert said in result.output
    assert values(conn, "select from ref.party") == []
    assert values(conn, "select from inbox.invoice") == []


def test_a_file_without_rows_is_told_so(load: Load) -> None:
    result = load("invoices", "customer,number,date,amount\n,,,\n")

    assert result.exit_code == 0
    assert "no rows" in result.output


def test_a_broken_file_leaves_what_an_earlier_run_left(load: Load, conn: Connection) -> None:
    load("invoices", BAD, "--create-parties")
    load("invoices", BAD + '"', "--create-parties")

    assert len(values(conn, "select from inbox.invoice")) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "amout=amount"), "no field 'amout'"),
        (("--map", "amount=Betrag"), "no column 'Betrag'; it has customer, number, date, amount"),
        (("--map", "amount"), "FIELD=COLUMN"),
        (("--encoding", "klingon"), "not an encoding"),
        (("--dates", "hijri"), "--dates"),
    ],
)
def test_wrong_options_are_said_before_anything_is_read(
    load: Load, options: tuple[str, ...], said: str
) -> None:
    result = load("invoices", PLAIN, *options)

    assert result.exit_code == 2
    assert said in result.output


def test_columns_that_are_not_understood_are_listed(load: Load) -> None:
    result = load("invoices", PLAIN.replace("customer", "Kunde").replace("date", "Datum"))
    assert result.exit_code == 2
    assert "party_code or account_id" in result.output
    assert "Kunde, Datum" in result.output

    result = load("invoices", PLAIN.replace("amount", "note2").replace("number", "amount"),
                  "--create-parties")
    assert "not used: note2" in result.output

    result = load("invoices", PLAIN.replace("number", "amount"))
    assert result.exit_code == 2
    assert "2 columns 'amount'" in result.output


def test_rejects_never_go_over_the_file_itself(load: Load, tmp_path: Path) -> None:
    result = load("invoices", BAD, "--rejects", str(tmp_path / "file.csv"))

    assert result.exit_code == 2
    assert (tmp_path / "file.csv").read_text() == BAD


def test_side_currency_and_source_are_said_for_all_rows(load: Load, conn: Connection) -> None:
    result = load("invoices", PLAIN, "--create-parties", "--side", "payable", "--currency", "USD",
                  "--source", "erp")

    assert result.exit_code == 0
    assert values(
        conn, "select distinct a.side, a.currency, i.source from doc.invoice as i"
        " join ref.account as a using (account_id)",
    ) == [("payable", "USD", "erp")]


def test_every_document_has_its_command(load: Load, conn: Connection) -> None:
    files = {
        "parties": "code,name,national id\nA1,یک,1\nA2,دو,2\n",
        "accounts": "party code,side,credit limit\nA1,receivable,\"1,000\"\nA2,payable,\n",
        "invoices": "party code,number,date,amount\nA1,1,2025-01-01,100\n",
        "installments": "party code,invoice,line,due date,amount\n"
                        "A1,1,1,2025-02-01,40\nA1,1,2,2025-03-01,60\n",
        "cheques": "party code,sayad id,date,due date,amount\n"
                   "A1,1234567890123456,2025-01-10,2025-02-01,40\n",
        "payments": "party code,number,date,amount,method\nA1,1,2025-01-10,20,cash\n",
        "credit-notes": "party code,number,date,amount,kind\nA1,1,2025-01-10,5,return\n",
        "adjustments": "party code,number,date,amount,kind\nA1,1,2025-01-10,5,discount\n",
        "set-offs": "party code,side,set-off number,date,amount\n"
                    "A1,receivable,T1,2025-01-10,5\nA2,payable,T1,2025-01-10,5\n",
        "pins": "party code,payment no,invoice\nA1,1,1\n",
    }
    assert set(files) == set(DOCUMENTS)
    for documents, content in files.items():
        result = load(documents, content)
        assert result.exit_code == 0, (documents, result.output)
        result = load(documents, content)
        assert "nothing changed" in result.output, (documents, result.output)
    for document in DOCUMENTS.values():
        schema = "ref" if document in ("party", "account") else "doc"
        assert values(conn, f"select from {schema}.{document}"), document


def test_headings_are_matched_whatever_the_keyboard() -> None:
    assert fold(" Due_Date ") == fold("DUE DATE") == fold("due-date") == "duedate"
    assert fold("\ufeffكد مشتري") == fold("کد\u200cمشتری")


def test_two_loads_at_once_load_once(database: str, conn: Connection) -> None:
    conn.execute("insert into ref.party (code, name) values ('A1', 'one')")
    conn.execute("insert into ref.account (party_id) select party_id from ref.party")
    conn.execute(
        "insert into inbox.payment (batch, party_code, doc_date, amount)"
        " select 'f', 'A1', '2025-01-01', i::text from generate_series(1, 500) as i"
    )
    loaded: list[int] = []
    start = threading.Barrier(4)

    def process() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            start.wait()
            loaded.extend(row[1] for row in connection.execute("select * from inbox.process()"))

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert loaded == [500]
    assert values(conn, "select count(*) from doc.payment") == [(500,)]


def test_a_row_just_being_put_right_is_waited_for(database: str, conn: Connection) -> None:
    conn.execute("insert into ref.party (code, name) values ('A1', 'one')")
    conn.execute("insert into ref.account (party_id) select party_id from ref.party")
    conn.execute("insert into inbox.payment (party_code, doc_date, amount)"
                 " values ('A1', '2025-01-01', '5')")
    editor = psycopg.connect(database)
    editor.execute("update inbox.payment set amount = '7'")

    def process() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("select * from inbox.process()")

    thread = threading.Thread(target=process)
    thread.start()
    while not values(conn, "select from pg_stat_activity where wait_event_type = 'Lock'"
                     " and datname = current_database()"):
        pass
    editor.commit()
    editor.close()
    thread.join()

    assert values(conn, "select amount::text from doc.payment") == [("7",)]


@pytest.mark.skipif(not IBM.exists(), reason="the shared data are not here")
def test_published_settlement_period_of_ibm(load: Load, conn: Connection) -> None:
    recipes = [
        ("invoices", "--map", "doc_no=invoice_number", "--map", "doc_date=invoice_date",
         "--map", "due_date=due_date", "--map", "amount=amount", "--create-parties"),
        ("payments", "--map", "doc_date=settled_date", "--map", "amount=amount",
         "--map", "invoice_no=invoice_number"),
    ]
    for _ in range(2):
        for documents, *options in recipes:
            result = load(documents, IBM, *options, "--map", "party_code=customer_id",
                          "--currency", "USD")
            assert result.exit_code == 0, result.output

    (figures,) = values(
        conn,
        """
        select count(*), sum(i.paid_amount)::text,
          round(sum(i.settlement_money_days) / sum(i.paid_amount), 9)::text,
          round(sum(i.variance_money_days) / sum(i.paid_amount), 9)::text
        from bi.invoice as i
        where i.status = 'settled'
        """,
    )
    assert figures == (2466, "147703.18", "26.700568126", "-3.299431874")


@pytest.mark.skipif(not HIGHRADIUS.exists(), reason="the shared data are not here")
def test_open_invoices_of_highradius(load: Load, conn: Connection) -> None:
    result = load(
        "invoices", HIGHRADIUS, "--map", "party_code=cust_number", "--party-name-column",
        "name_customer", "--map", "doc_no=doc_id", "--map", "doc_date=posting_date",
        "--map", "amount=amount_usd", "--create-parties", "--currency", "USD",
    )

    assert result.exit_code == 0, result.output
    assert values(
        conn, "select count(*), count(*) filter (where due_date < doc_date),"
        " count(distinct account_id) from doc.invoice",
    ) == [(9681, 27, 553)]
