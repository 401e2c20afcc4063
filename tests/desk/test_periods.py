"""Closing a period, keeping its figures, seeing what moved, and opening it again."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import psycopg

from desk_client import Client, plain

Sql = psycopg.Connection[Any]


def test_the_way_of_a_month_end(sara: Client, auditor: Client, sql: Sql) -> None:
    row = sql.execute(
        """
        select max(c.day) - 1, (select max(d.jalali_text) from ref.calendar as d
          where d.day = (select max(e.day) - 1 from ref.calendar as e
                         where e.jalali_day = 1 and e.day <= calc.today() + 1))
        from ref.calendar as c where c.jalali_day = 1 and c.day <= calc.today() + 1
        """).fetchone()
    assert row is not None
    end, jalali = row

    # Proposed is the last month that has ended; a day to come is refused and nothing typed is lost.
    assert f'value="{jalali}"' in sara.get("/periods/").text
    page = sara.post("/periods/", {"closed_upto": "1500/01/01", "reason": "زودتر از موعد"})
    assert "زودتر از موعد" in page.text
    assert sql.execute("select count(*) from ref.period_lock").fetchone() == (0,)
    assert sara.post("/periods/", {"closed_upto": jalali, "reason": ""}).status_code == 200
    assert sara.post("/periods/", {"closed_upto": jalali, "reason": "پایان ماه"}).status_code == 302
    assert sql.execute("select closed_upto, reason, closed_by from ref.period_lock").fetchone() == (
        end, "پایان ماه", "sara")

    # The figures are kept once, and nothing has moved yet.
    assert sara.post(f"/periods/{end}/keep/").status_code == 302
    assert sara.post(f"/periods/{end}/keep/").status_code == 302
    assert sql.execute("select as_of, kept_by from audit.month_end").fetchall() == [(end, "sara")]
    assert f"/periods/{end}/keep/" not in sara.get("/periods/").text
    moved = f"/periods/{end}/moved/"
    assert "چیزی جابه‌جا نشده است." in sara.get(f"{moved}?all=1").text

    # The finance desk writes into it with a reason only, and what moves is seen.
    account = sql.execute("select min(account_id) from doc.invoice").fetchone()
    assert account is not None
    form = {"account_id": account[0], "kind": "invoice", "doc_date": str(end), "amount": "777000",
            "status": "active", "auto_allocate": "1", "doc_no": "LATE-1"}
    page = sara.post("/invoices/new/", form)
    assert page.status_code == 200
    assert 'name="lock_reason"' in page.text
    assert "LATE-1" in page.text
    answer = sara.post("/invoices/new/", form | {"lock_reason": "دیر رسید"})
    assert answer.status_code == 302, answer.text[answer.text.index("<main"):][:900]
    assert sql.execute(
        "select reason from audit.change where table_name = 'doc.invoice'"
        " order by change_id desc limit 1").fetchone() == ("دیر رسید",)
    figures = sql.execute(
        "select figure, moved_amount from bi.month_end_drift where as_of = %s and account_id = %s",
        (end, account[0])).fetchall()
    assert figures
    page = sara.get(f"{moved}?account_id={account[0]}")
    assert page.text.count("<tr>") == len(figures) + 1
    assert sara.get(moved).status_code == auditor.get(moved).status_code == 200

    # Opened again with a reason, by who may write.
    assert auditor.post("/periods/", {"closed_upto": jalali, "reason": "x"}).status_code == 403
    assert auditor.post(f"/periods/{end}/reopen/", {"reason": "x"}).status_code == 403
    assert auditor.get("/periods/").status_code == 200
    assert sara.post(f"/periods/{end}/reopen/", {"reason": ""}).status_code == 200
    assert sql.execute("select count(*) from ref.period_lock").fetchone() == (1,)
    assert sara.post(f"/periods/{end}/reopen/", {"reason": "اصلاح"}).status_code == 302
    assert sql.execute("select count(*) from ref.period_lock").fetchone() == (0,)


def test_a_day_that_is_none_is_not_found(reader: Client) -> None:
    assert reader.get("/periods/1404-13-45/moved/").status_code == 404


def test_of_a_day_of_which_nothing_was_kept_it_is_not_said_that_nothing_moved(
    reader: Client,
) -> None:
    assert reader.get("/periods/2020-03-20/moved/?all=1").status_code == 404


def test_what_is_to_be_seen_to_before_closing_is_counted_to_the_day_that_is_closed(
    sara: Client, sql: Sql
) -> None:
    jalali, gregorian = sql.execute(
        "select (select max(c.day) - 1 from ref.calendar as c"
        "        where c.jalali_day = 1 and c.day <= calc.today() + 1),"
        "       (date_trunc('month', calc.today() + 1) - interval '1 day')::date").fetchone() or (
            date.max, date.max)
    first, last = sorted([jalali, gregorian])
    assert first < last
    sql.execute(
        "insert into doc.payment (account_id, doc_date, amount, method, status)"
        " select min(account_id), %s::date, 5, 'deposit_slip', 'pending' from ref.account", [last])
    sql.execute(
        "insert into doc.cheque (account_id, doc_date, due_date, amount)"
        " select min(account_id), %s::date, %s::date, 5 from ref.account", [first, last])

    def waiting(upto: Any) -> list[int]:
        row = sql.execute(
            "select (select count(*) from doc.payment"
            "        where status = 'pending' and doc_date <= %(upto)s),"
            "       (select count(*) from doc.cheque"
            "        where kind = 'payment' and due_date <= %(upto)s"
            "          and status in ('submitted', 'in_hand', 'deposited'))", {"upto": upto}
        ).fetchone()
        return list(row or ())

    def told(page: str) -> list[int]:
        return [int(each) for each in re.findall(r": (\d+)</a></li>", plain(page))]

    assert waiting(first) != waiting(last)
    assert told(sara.get("/periods/?end=gregorian").text) == waiting(gregorian)
    assert told(sara.get("/periods/?end=jalali").text) == waiting(jalali)

    # And each count leads to as many rows.
    page = sara.get("/periods/?end=jalali").text
    links = re.findall(r'<li><a href="(/[^"?]+/)\?([^"]+)"', page)
    assert [
        len(sara.get(f"{path}export/csv/?{html.unescape(query)}").text.splitlines()) - 1
        for path, query in links
    ] == waiting(jalali)
    typed = sara.post("/periods/", {"closed_upto": str(first), "reason": ""})
    assert told(typed.text) == waiting(first)
