"""Who changed what, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import abort, flash, request, url_for
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy import text as sql

from admin import labels, stories, text
from admin.base import Screen
from admin.database import rows, table

FORMS = ("payment", "cheque", "credit_note", "adjustment", "pin")
"""Documents with no page of their own: who looks for one finds its story, and its form from there.
"""
PAGE = 40
SPAN = 50_000
"""Changes that one page looks through for those that match; the next page goes on from there."""

# What the database writes beside a document, such as the events of a cheque, goes with it.
# What an update led to is told by the row's story alone; of it, what this transaction did is shown.
_CHANGES = sql("""
    with found as materialized (
      select c.*
      from audit.change as c
      where c.change_id < :before and c.change_id >= :least
        and c.table_name = any(cast(:tables as text[]))
        and (cast(:by as text) is null or c.changed_by = :by)
        and (
          cast(:day as date) is null
          or c.changed_at >= cast(:day as date)::timestamp at time zone 'Asia/Tehran'
            and c.changed_at < (cast(:day as date) + 1)::timestamp at time zone 'Asia/Tehran'
        )
      order by c.change_id desc
      limit :most
    )
    select
      c.change_id, c.table_name, c.action, c.changed_at, c.changed_by, c.login, c.reason,
      coalesce(c.new_account_id, c.account_id) as account_id,
      coalesce(c.new_row_key, c.row_key) as row_key,
      c.transaction_id::text as transaction_id,
      coalesce(
        c.row_kept ->> 'doc_no', c.row_kept ->> 'serial_no', c.row_kept ->> 'sayad_id',
        c.row_kept ->> 'set_off_no', c.row_kept ->> 'name'
      ) as name,
      p.name as party_name, a.currency,
      case c.action
        when 'insert' then audit.describe(null, c.row_kept)
        when 'delete' then audit.describe(c.row_kept, null)
        else h.changes
      end as changes
    from found as c
    left join ref.account as a on a.account_id = coalesce(c.new_account_id, c.account_id)
    left join ref.party as p on p.party_id = a.party_id
    left join lateral (
      select string_agg(h.changes, '; ') as changes
      from audit.row_history(c.table_name, c.row_key, c.account_id) as h
      where h.transaction_id = c.transaction_id
        and h.action = case when c.new_row_key is null then 'changed' else 'moved' end
    ) as h on c.action = 'update'
    order by c.change_id desc
""")

# Of a day, or from the last on: where to begin, along the index of moments.
_LAST = sql("""
    select coalesce(max(change_id), 0)
    from audit.change
    where cast(:day as date) is null
      or changed_at >= cast(:day as date)::timestamp at time zone 'Asia/Tehran'
        and changed_at < (cast(:day as date) + 1)::timestamp at time zone 'Asia/Tehran'
""")


class History(Screen):
    """Who changed what, and what it was before."""

    group = "control"

    @expose("/")
    def index(self) -> Any:
        """Show the latest changes of the book, page by page."""
        typed = request.args
        day = None
        try:
            day = text.read_day(typed["day"]) if typed.get("day", "").strip() else None
        except ValueError as problem:
            flash(str(problem), "danger")
        kind = typed.get("table", "")
        tables = self.tables()
        known = {
            "table": kind if kind in tables else None, "day": day,
            "by": text.fold(typed.get("by", "")) or None,
        }
        before = typed.get("before", type=int) or rows(_LAST, {"day": day})[0][0] + 1
        least = max(before - SPAN, 0)
        found = rows(_CHANGES, known | {
            "tables": [known["table"]] if known["table"] else tables,
            "before": before, "least": least, "most": PAGE})
        onward = found[-1].change_id if len(found) == PAGE else least
        names = stories.names((row.changes for row in found), {row.account_id for row in found})
        shown = []
        for row in _once(found):
            table = row.table_name.partition(".")[2]
            shown.append((row, table, stories.read(table, row.changes or "", names, row.currency),
                          self._address(row, table), self._called(row)))
        return self.render(
            "desk/history.html", changes=shown, known=known, day_typed=typed.get("day", ""),
            tables=tables, onward=onward if onward > 1 else None,
            arguments={name: typed[name] for name in ("table", "by", "day") if typed.get(name)})

    @staticmethod
    def tables() -> list[str]:
        """Return the tables that are audited and have a word."""
        return [f"{schema}.{name}" for schema, name in stories.audited()]

    @staticmethod
    def _address(row: Any, kind: str) -> str | None:
        if not row.row_key.isdigit():
            return None
        return url_for(".document", kind=kind, key=int(row.row_key),
                       account_id=row.account_id if row.table_name.startswith("doc.") else 0)

    @staticmethod
    def _called(row: Any) -> str:
        if row.name:
            return str(row.name)
        if row.row_key.isdigit():
            return f"#{row.row_key}"
        try:
            return text.day(date.fromisoformat(row.row_key))
        except ValueError:
            return str(row.row_key)

    @staticmethod
    def _form(kind: str, account_id: int, key: int) -> str | None:
        """Return the address of a document's form, if it is there to be changed by the reader."""
        if kind not in FORMS or not current_user.may_write:
            return None
        document = table(f"doc.{kind}").c
        there = rows(select(document.account_id).where(
            document.account_id == account_id, document[f"{kind}_id"] == key))
        return url_for(f"{kind}s.edit_view", id=f"{account_id},{key}",
                       url=request.path) if there else None

    @expose("/<kind>/<int:account_id>/<int:key>/")
    def document(self, kind: str, account_id: int, key: int) -> Any:
        """Show the story of one document, or of one row of master data (account 0)."""
        if kind not in labels.VALUES["table"]:
            abort(404)
        story = (stories.of_invoice(account_id, key) if kind == "invoice"
                 else stories.of(kind, account_id or None, key))
        if not story:
            abort(404)
        owner = rows(sql("""
            select a.account_id, p.name as party_name
            from ref.account as a
            join ref.party as p on p.party_id = a.party_id
            where a.account_id = :account_id
        """), {"account_id": account_id or (key if kind == "account" else 0)})
        return self.render("desk/history_document.html", story=story, kind=kind,
                           account_id=account_id, key=key, owner=owner[0] if owner else None,
                           form=self._form(kind, account_id, key))


def _once(found: list[Any]) -> Iterator[Any]:
    """Return each row's change by a transaction once: its story tells them together."""
    seen = set()
    for row in found:
        what = (row.table_name, row.account_id, row.row_key, row.transaction_id, row.action)
        if what not in seen:
            seen.add(what)
            yield row


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield History(name=_("History"), endpoint="history", url="/history")
