"""Loading a file: columns, preview, bad rows with their reasons, repeats, files that are broken."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date
from typing import Any

import openpyxl
import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from desk_client import ENGLISH, Client

Sql = psycopg.Connection[Any]

HEADINGS = ["کد مشتری", "نام مشتری", "شماره فاکتور", "تاریخ", "سررسید", "مبلغ", "شرح"]
ROWS: list[list[Any]] = [
    ["NEW-1", "شركت نو", "A-1", date(2026, 5, 4), "1405/04/01", 1_500_000, "یک"],
    ["NEW-1", "شركت نو", "A-2", "1405/02/20", None, 2_000_000.5, None],
    ["NEW-1", "شركت نو", "A-3", "2026-05-04", None, -5, None],
    ["NEW-2", "شرکت دیگر", "A-4", "1405/13/01", None, "ده هزار", "=1+1"],
    [None, None, None, None, None, None, None],
]


@pytest.fixture(scope="module")
def english(read_app: Flask) -> Client:
    """John, who reads English."""
    return Client(read_app, *ENGLISH)


def excel(rows: list[list[Any]], headings: list[Any] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(who: Client, content: bytes, document: str = "invoice", name: str = "f.xlsx") -> (
        TestResponse):
    return who.post("/import/", {"document": document, "file": (io.BytesIO(content), name)},
                    content_type="multipart/form-data")


def form_of(page: TestResponse) -> dict[str, str]:
    """What the form of the columns would send as it stands."""
    data = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page.text,
                                    re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = chosen.group(1) if chosen else ""
    return data


def preview(who: Client, content: bytes, document: str = "invoice", name: str = "f.xlsx",
            **options: str) -> tuple[str, TestResponse]:
    """Send a file and go on to its preview; the address of the upload, and the page."""
    answer = send(who, content, document, name)
    assert answer.status_code == 302, answer.text
    place = answer.location
    page = who.get(place)
    assert page.status_code == 200
    answer = who.post(place, form_of(page) | options)
    assert answer.location == f"{place}look", answer.text
    return place, finished(who, place)


def finished(who: Client, place: str) -> TestResponse:
    for _ in range(600):
        page = who.get(f"{place}look")
        if "import-progress" not in page.text:
            return page
        time.sleep(0.1)
    raise AssertionError("it does not end")


def count(sql: Sql, query: str) -> Any:
    row = sql.execute(query).fetchone()
    assert row
    return row[0]


NEW = "select count(*) from doc.invoice where doc_no like 'A-%'"


def test_a_file_is_previewed_loaded_and_known_again(sara: Client, sql: Sql) -> None:
    before = count(sql, "select count(*) from doc.invoice")

    place, page = preview(sara, excel(ROWS), creates_parties="on", unit="toman")

    # Nothing stays of a preview, and each bad row says why, in Persian.
    assert count(sql, "select count(*) from doc.invoice") == before
    assert count(sql, "select count(*) from ref.party where code like 'NEW-%'") == 0
    assert count(sql, "select count(*) from inbox.invoice where batch like 'f.xlsx%'") == 0
    assert "مبلغ: صفر یا منفی است" in page.text
    assert "تاریخ: چنین روزی در تقویم نیست" in page.text
    assert "تاریخ میلادی به نظر می‌رسد" in page.text
    assert "شرکت نو" in page.text
    # Of the rows of the file: the customers that are made for them are told apart.
    figures = re.findall(r"<dd[^>]*>\s*(?:<[^>]+>)*([۰-۹]+)", page.text)
    assert figures[1] == "۲"

    answer = sara.post(f"{place}load")
    assert answer.status_code == 302
    finished(sara, place)
    assert sql.execute(
        "select i.doc_no, i.doc_date::text, i.due_date::text, i.amount::numeric, i.created_by"
        " from doc.invoice as i where i.doc_no like 'A-%' order by 1").fetchall() == [
            ("A-1", "2026-05-04", "2026-06-22", 15_000_000, "sara"),
            ("A-2", "2026-05-10", None, 20_000_005, "sara")]
    assert count(sql, "select name from ref.party where code = 'NEW-1'") == "شرکت نو"
    assert count(sql, "select count(*) from inbox.invoice where batch like 'f.xlsx%'") == 0

    # The rest can be downloaded: as it stood in the file, with the reasons.
    rest = openpyxl.load_workbook(io.BytesIO(sara.get(f"{place}rest.xlsx").data)).active
    assert [[cell.value for cell in row[:3]] for row in rest.iter_rows(min_row=2)] == [
        ["NEW-1", "شركت نو", "A-3"], ["NEW-2", "شرکت دیگر", "A-4"]]
    assert [cell.value for cell in rest[3]][6] == "=1+1"
    assert rest[3][6].data_type == "s"
    text = sara.get(f"{place}rest.csv").data.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "day_exists" in text

    # The same again changes nothing.
    seen = sql.execute("select i.*, i.xmin::text from doc.invoice as i order by 2").fetchall()
    place, page = preview(sara, excel(ROWS[:2]), creates_parties="on", unit="toman")
    sara.post(f"{place}load")
    finished(sara, place)
    assert seen == sql.execute(
        "select i.*, i.xmin::text from doc.invoice as i order by 2").fetchall()


def test_a_point_that_was_meant_to_group_is_seen_before_loading(sara: Client) -> None:
    rows = "party_code,doc_no,doc_date,amount\n" + "".join(
        f"C00001,P-{number},1405/02/20,{amount}\n" for number, amount in enumerate(
            ("500.000", '"1,250,000"', "۷۵۰٬۰۰۰", "12.50")))
    _place, page = preview(sara, rows.encode(), name="f.csv")
    table = page.text.partition("ردیف‌های نخست")[2]
    cells = re.findall(r'<td class="number">(.*?)</td>', table, re.DOTALL)
    assert [re.sub(r"<[^>]+>", " ", cell).split() for cell in cells] == [
        ["۵۰۰", "نوشته", "شده", "500.000"], ["۱٬۲۵۰٬۰۰۰"], ["۷۵۰٬۰۰۰"],
        ["۱۲٫۵", "نوشته", "شده", "12.50"]]


def test_text_files_say_their_encoding_and_dates(sara: Client, sql: Sql) -> None:
    code = count(sql, "select code from ref.party as p join ref.account as a using (party_id)"
                 " where a.side = 'receivable' order by party_id limit 1")
    content = f"کد مشتری;شماره;تاریخ;مبلغ\n{code};A-9;2026-05-04;۱٬۵۰۰\n"

    place, page = preview(sara, content.replace("ی", "ي").encode("cp1256", "replace").replace(
        b"?" * 5, b"1500"), name="f.csv")

    assert "A-9" in page.text
    sara.post(f"{place}load")
    finished(sara, place)
    assert count(sql, NEW) == 1


def formula() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    sheet.append(["C1", "n", "1", "1405/01/01", "", "=1+1", ""])
    return saved(book)


def merged() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(excel(ROWS)))
    book.active.merge_cells("A2:A3")
    return saved(book)


def far() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(excel(ROWS)))
    book.active["XFD1048576"] = 1
    return saved(book)


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a workbook in whose sheet one piece of XML is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as known, zipfile.ZipFile(
            out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in known.namelist():
            written = known.read(part)
            if part.endswith("sheet1.xml"):
                assert old in written
                written = written.replace(old, new)
            made.writestr(part, written)
    return out.getvalue()


@pytest.mark.parametrize(("content", "name", "said"), [
    (b"hello", "f.xlsx", "is not an Excel file"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "f.xls", "web page"),
    (excel(ROWS)[:3000], "f.xlsx", "damaged or cut off"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "f.xls", "old Excel file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "f.xlsx",
     "protected by a password"),
    (excel([]), "f.xlsx", "there is no row"),
    (excel([], []), "f.xlsx", "The file is empty"),
    (excel([list(range(300))], [f"h{n}" for n in range(300)]), "f.xlsx", "has 300 columns"),
    (formula(), "f.xlsx", "Cell F2 has a formula"),
    (merged(), "f.xlsx", "A2:A3 are merged"),
    (far(), "f.xlsx", "too large"),
    # As far, but otherwise written: what reads the cells would ask for more memory than there is.
    (rewritten(far(), b'r="XFD1048576"', b"r = 'xfd1048576'"), "f.xlsx", "too large"),
    (rewritten(far(), b'r="XFD1048576"', b'r="XFD&#49;048576"'), "f.xlsx", "too large"),
    # Backtracking over a tag that does not end would stop the desk for hours.
    (rewritten(excel(ROWS), b"</sheetData>", b'<c r="A1" ' * 100_000), "f.xlsx",
     "damaged or cut off"),
    (b"", "f.csv", "The file is empty"),
    (b"code,name\n", "f.csv", "there is no row"),
    (b'code,name\n1,"abc\n', "f.csv", "a quote opens that never ends"),
    (b"code,name\n1,2,3\n", "f.csv", "Line 2 has 3 fields"),
])
def test_a_broken_file_is_told_in_a_sentence(
    english: Client, content: bytes, name: str, said: str
) -> None:
    answer = send(english, content, name=name)

    assert answer.status_code == 200
    assert said in answer.text


def test_a_broken_file_is_told_in_the_readers_digits(sara: Client) -> None:
    assert "سطر ۲" in send(sara, b"code,name\n1,2,3\n", name="f.csv").text


def test_a_column_that_the_file_does_not_have_is_left_out(sara: Client) -> None:
    _place, page = preview(sara, excel(ROWS), **{
        "column-50": "note", f"column-{2**70}": "note"})
    assert "شرکت نو" in page.text
