"""Two people at one form: who comes too late is told, and overwrites nothing."""

from __future__ import annotations

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from flask import Flask

from desk_client import ENGLISH, Client, plain

Sql = psycopg.Connection[Any]


@pytest.fixture
def john(app: Flask) -> Client:
    """A colleague of Sara, who reads English."""
    return Client(app, *ENGLISH)


def one(sql: Sql, statement: str, *values: Any) -> tuple[Any, ...]:
    row = sql.execute(statement, values).fetchone()
    assert row is not None
    return tuple(row)


def form_of(page: str) -> dict[str, str]:
    """Return what a form of a page would send as it stands, without its token."""
    form = page.split('class="sheet"')[1].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]+>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrf_token" and ("checkbox" not in tag or "checked" in tag):
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for name_, text in re.findall(r'<textarea[^>]+name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form,
                                  re.DOTALL):
        sent[name_] = html.unescape(text)
    for name_, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', form,
                                     re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|value="([^"]*)" selected',
                           options)
        sent[name_] = (chosen[1] or chosen[2] or "") if chosen else ""
    return sent


def test_a_form_that_is_older_than_its_document_is_refused(
    sara: Client, john: Client, sql: Sql
) -> None:
    account, key, amount, note = one(
        sql, "select account_id, payment_id, amount, note from doc.payment"
             " where status = 'approved' and method = 'transfer' order by payment_id limit 1")
    path = f"/payments/edit/?id={account},{key}"
    hers, his = form_of(sara.get(path).text), form_of(john.get(path).text)
    assert john.post(path, his | {"doc_no": "J-1", "bank_reference": "REF-J"}).status_code == 302

    late = sara.post(path, hers | {"note": "from the slip", "bank_reference": "REF-S"})
    said = plain(html.unescape(late.text))
    assert late.status_code == 200
    assert re.search(r"john این را در \d{4}/\d\d/\d\d \d\d:\d\d، پس از آن که", said)
    assert "چیزی ذخیره نشد" in said
    kept = one(sql, "select doc_no, bank_reference, note, amount, updated_by from doc.payment"
                    " where payment_id = %s", key)
    assert kept == ("J-1", "REF-J", note, amount, "john")

    # What she typed stands, what she left alone is as it stands now, and both are told.
    again = form_of(late.text)
    assert again["note"] == "from the slip"
    assert again["bank_reference"] == "REF-S"
    assert again["doc_no"] == "J-1"
    told = said.split("changed-now")[1].split("</table>")[0]
    assert told.count("<tr>") == 3
    assert "<strong><bdi>REF-S" in told
    assert "<bdi>J-1</bdi>" in late.text
    assert "همین" in told

    assert sara.post(path, again).status_code == 302
    assert one(sql, "select doc_no, bank_reference, note, amount from doc.payment"
                    " where payment_id = %s", key) == ("J-1", "REF-S", "from the slip", amount)

    # What changes nothing of the form, such as the stamps, makes it no older.
    hers = form_of(sara.get(path).text)
    sql.execute("update doc.payment set note = note where payment_id = %s", [key])
    assert sara.post(path, hers | {"note": "second"}).status_code == 302


def test_a_document_is_voided_moved_and_deleted_only_as_it_was_seen(
    sara: Client, john: Client, sql: Sql
) -> None:
    account, key = one(sql, "select account_id, payment_id from doc.payment"
                            " where status = 'approved' order by payment_id limit 1")
    other = one(sql, "select max(account_id) from ref.account where side = 'receivable'")[0]
    path = f"/payments/edit/?id={account},{key}"
    seen = sara.seen(path)
    assert john.post(path, form_of(john.get(path).text) | {"note": "checked"}).status_code == 302
    for act, more in (("void", {}), ("move", {"account_id": other}), ("delete", {})):
        for carried in (seen, "", "[1]", "{}"):
            answer = sara.post(f"/payments/{act}/", {
                "id": f"{account},{key}", "seen": carried} | more)
            assert "john این را" in sara.get(answer.location).text, (act, carried)
    assert one(sql, "select account_id, status, note from doc.payment where payment_id = %s",
               key) == (account, "approved", "checked")
    # It was deleted, and the page still knows it: nothing is made anew.
    late = form_of(sara.get(path).text)
    john.post("/payments/delete/", {"id": f"{account},{key}"})
    assert sara.post(path, late | {"note": "x"}, follow_redirects=True).status_code == 200
    assert one(sql, "select count(*) from doc.payment where payment_id = %s", key) == (0,)


def test_master_data_and_the_shares_of_a_term_too(sara: Client, john: Client, sql: Sql) -> None:
    email = one(sql, "select email from ref.party where party_id = 8")[0]
    for path, change, mine in (
        ("/parties/edit/?id=8", {"phone": "02111"}, {"email": "a@b.ir"}),
        ("/customers/edit/?id=8", {"credit_limit": "5,000"}, {"risk_days": "11"}),
        ("/regions/edit/?id=1", {"latitude": "35.5"}, {"longitude": "51.5"}),
        ("/currencies/edit/?id=IRR", {"name": "rial"}, {"name": "toman"}),
    ):
        hers = form_of(sara.get(path).text)
        answer = john.post(path, form_of(john.get(path).text) | change)
        assert answer.status_code == 302, path
        late = sara.post(path, hers | mine)
        assert "john این را" in late.text, path
        again = form_of(late.text)
        name, typed = next(iter(mine.items()))
        assert again[name] == typed
        if name not in change:
            assert again[next(iter(change))] == next(iter(change.values()))
    assert one(sql, "select phone, email from ref.party where party_id = 8") == ("02111", email)

    sara.post("/payment_terms/new/", {"code": "S-1", "name": "one", "lines-0-days": "30",
                                      "lines-0-percent": "100"})
    term = one(sql, "select payment_term_id from ref.payment_term where code = 'S-1'")[0]
    path = f"/payment_terms/edit/?id={term}"
    seen = sara.seen(path)
    john.post(path, {"code": "S-1", "name": "one", "lines-0-days": "45", "lines-0-percent": "100"})
    late = sara.post(path, {"code": "S-1", "name": "mine", "lines-0-days": "30",
                            "lines-0-percent": "100", "seen": seen})
    assert "john این را" in late.text
    assert 'value="mine"' in late.text
    assert 'value="45"' in late.text
    assert one(sql, "select name, days from ref.payment_term"
                    " join ref.payment_term_line using (payment_term_id)"
                    " where payment_term_id = %s", term) == ("one", 45)


def test_a_month_of_holidays_is_saved_only_as_it_was_seen(
    sara: Client, john: Client, sql: Sql
) -> None:
    path = "/holidays/?month=1405/09"
    kept = ("select day::text, holiday_name from ref.calendar where is_holiday"
            " and jalali_year = 1405 and jalali_month = 9 order by day")

    def day(number: int, name: str) -> dict[str, str]:
        return {f"2026-11-{number}-is_holiday": "y", f"2026-11-{number}-holiday_name": name}

    hers = form_of(sara.get(path).text)
    his = form_of(john.get(path).text) | day(24, "his") | day(25, "his")
    assert john.post(path, his).status_code == 302
    stands = [("2026-11-24", "his"), ("2026-11-25", "his")]
    assert sql.execute(kept).fetchall() == stands

    late = sara.post(path, hers | day(25, "hers") | day(26, "hers"))
    said = plain(html.unescape(late.text))
    assert late.status_code == 200
    assert re.search(r"john این را در \d{4}/\d\d/\d\d \d\d:\d\d، پس از آن که", said)
    assert sql.execute(kept).fetchall() == stands
    # Of the days he changed, one is as he left it, and one is as she typed it.
    told = said.split("changed-now")[1].split("</table>")[0]
    assert told.count("<tr>") == 3
    assert re.search(r"1405/09/03.*<bdi>تعطیل: بله · مناسبت: his</bdi></td><td>همین<", told)
    assert re.search(r"1405/09/04.*مناسبت: his</bdi>.*<strong><bdi>.*مناسبت: hers</bdi>", told)

    assert sara.post(path, form_of(late.text)).status_code == 302
    assert sql.execute(kept).fetchall() == [
        ("2026-11-24", "his"), ("2026-11-25", "hers"), ("2026-11-26", "hers")]

    # A form that doesn't say what it was made from writes nothing.
    for carried in ("", "[1]", "{}"):
        assert "sara این را" in sara.post(path, hers | {"seen": carried}).text, carried
    assert len(sql.execute(kept).fetchall()) == 3


def test_installments_are_replaced_only_as_they_were_seen(
    sara: Client, john: Client, sql: Sql
) -> None:
    account, key = one(sql, "select account_id, invoice_id from doc.installment"
                            " group by 1, 2 having count(*) > 1 order by 2 limit 1")
    page, kept = f"/invoice/{account}/{key}/", (
        "select array_agg(amount::int order by line_no) from doc.installment where invoice_id = %s")
    total = sum(one(sql, kept, key)[0])
    seen = sara.seen(page)
    plan = {"due_date": ["1405/08/10", "1405/09/10"], "amount": ["1,000", str(total - 1000)]}
    assert john.post(f"{page}installments", plan).status_code == 302
    mine = {"due_date": ["1405/10/10"], "amount": [str(total)], "seen": seen}
    late = sara.post(f"{page}installments", mine)
    assert late.status_code == 422
    told = r"john این را در \d{4}/\d\d/\d\d \d\d:\d\d، پس از آن که"
    assert re.search(told, plain(late.text))
    assert "قسط‌های کنونی در سطرهای بالا آمده‌اند" in late.text
    assert 'value="1405/10/10"' in late.text
    assert one(sql, kept, key)[0] == [1000, total - 1000]
    again = re.search(r'name="seen" value="([^"]+)"', late.text)
    assert again
    assert sara.post(f"{page}installments", mine | {"seen": again[1]}).status_code == 302
    assert one(sql, kept, key)[0] == [total]

    # Those that are gone, and those that are new, are told of as well.
    none: dict[str, list[str]] = {"due_date": [], "amount": []}
    for his in (none, plan):
        seen = sara.seen(page)
        assert john.post(f"{page}installments", his).status_code == 302
        late = sara.post(f"{page}installments", mine | {"seen": seen})
        assert late.status_code == 422
        assert re.search(told, plain(late.text))


def waiting(sql: Sql, count: int) -> None:
    """Wait until so many wait for a lock of this book."""
    for _ in range(200):
        if one(sql, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                    " and datname = current_database()")[0] == count:
            return
        time.sleep(0.05)
    pytest.fail(f"there were never {count} waiting")


def test_of_two_who_save_at_one_moment_one_is_told(
    book: str, sara: Client, john: Client, sql: Sql
) -> None:
    account, key = one(sql, "select p.account_id, p.payment_id from doc.payment as p"
                            " where p.status = 'approved' and not exists ("
                            "   select from doc.pin as n where n.payment_id = p.payment_id)"
                            " order by p.payment_id limit 1")
    path = f"/payments/edit/?id={account},{key}"
    row = "doc.payment where account_id = %s and payment_id = %s"
    sent = {name: form_of(who.get(path).text) | {"note": name}
            for name, who in (("sara", sara), ("john", john))}
    with ThreadPoolExecutor(2) as pool, psycopg.connect(book) as before:
        # Both have their forms checked while the row is held, and go on together.
        before.execute(f"select from {row} for update", [account, key])
        saved = {name: pool.submit(who.post, path, sent[name])
                 for name, who in (("sara", sara), ("john", john))}
        waiting(sql, 2)
        before.commit()
        status = {name: each.result().status_code for name, each in saved.items()}
        assert sorted(status.values()) == [200, 302]
        winner = min(status, key=lambda name: status[name] == 200)
        assert one(sql, f"select note, updated_by from {row}", account, key) == (winner, winner)

        # It goes while she saves: that is said, with what she typed, and nothing is made anew.
        late = form_of(sara.get(path).text) | {"note": "typed in vain"}
        before.execute(f"delete from {row}", [account, key])
        saving = pool.submit(sara.post, path, late)
        waiting(sql, 1)
        before.commit()
        page = saving.result()
    assert page.status_code == 200
    assert "کس دیگری این را حذف یا جابه‌جا کرده است" in page.text
    assert "typed in vain" in page.text
    assert sql.execute(f"select from {row}", [account, key]).fetchone() is None


def test_of_two_who_save_a_month_at_one_moment_one_is_told(
    book: str, sara: Client, john: Client, sql: Sql
) -> None:
    path = "/holidays/?month=1405/09"
    sent = {name: form_of(who.get(path).text) | {f"{day}-is_holiday": "y"}
            for name, who, day in (("sara", sara, "2026-11-24"), ("john", john, "2026-11-25"))}
    with ThreadPoolExecutor(2) as pool, psycopg.connect(book) as before:
        before.execute("select from ref.calendar where day = '2026-11-26' for update")
        saved = [pool.submit(who.post, path, sent[name])
                 for name, who in (("sara", sara), ("john", john))]
        waiting(sql, 2)
        before.commit()
        assert sorted(each.result().status_code for each in saved) == [200, 302]
    assert one(sql, "select count(*) from ref.calendar"
                    " where is_holiday and jalali_year = 1405 and jalali_month = 9") == (1,)
