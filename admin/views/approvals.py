"""What customers told and nobody has accepted yet: deposit slips and cheques."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from flask import redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import text as sql

from admin import acting, cells, text
from admin.base import Screen
from admin.database import db, rows
from admin.sent import Id, Parts

MOST = 200
"""How many are shown at once: those that wait longest."""

DECISIONS: dict[str, dict[str, str]] = {
    "approve": {"payment": "approved", "cheque": "in_hand"},
    "reject": {"payment": "rejected", "cheque": "returned"},
}
"""What a decision makes of the state of each kind of document."""

WORDS: dict[str, Any] = {"approve": _("Approve"), "reject": _("Reject")}

_WAITING = """
    select w.*, a.side, a.currency, p.name as party_name
    from (
      select 'payment' as credit_type, y.account_id, y.payment_id as credit_id, y.method as kind,
             y.doc_no, y.doc_date::date as doc_date,
             coalesce(y.value_date, y.doc_date)::date as due_date, y.amount::numeric as amount,
             y.bank_reference, null as bank, y.created_by, y.created_at, y.source, y.note
      from doc.payment as y
      where y.status = 'pending'
      union all
      select 'cheque', c.account_id, c.cheque_id, c.kind, c.serial_no, c.doc_date, c.due_date,
             c.amount, c.sayad_id, c.bank, c.created_by, c.created_at, c.source, c.note
      from doc.cheque as c
      where c.status = 'submitted' and c.kind = 'payment'
    ) as w
    join ref.account as a on a.account_id = w.account_id
    join ref.party as p on p.party_id = a.party_id
"""


class Key(Parts):
    """A document that waits, as its checkbox sends it."""

    credit_type: Literal["payment", "cheque"]
    account_id: Id
    credit_id: Id


class Approvals(Screen):
    """What customers told and nobody has accepted yet: deposit slips and cheques."""

    group = "work"
    writers_only = True

    @expose("/")
    def index(self) -> Any:
        """Show what waits, the longest waiting first."""
        waiting = rows(sql(f"{_WAITING} order by w.created_at, w.credit_id limit {MOST}"))
        return self.render("desk/approvals.html", waiting=waiting, words=WORDS, most=MOST,
                           key=_key)

    @expose("/decide/", methods=["POST"])
    def decide(self) -> Any:
        """Show what a decision would do; carry it out when that was seen."""
        decision, keys = request.form.get("to", ""), [
            Key.model_validate(each) for each in request.form.getlist("document")]
        back = url_for(".index")
        if decision not in DECISIONS or not keys:
            return redirect(back)
        chosen = _chosen(keys)
        form = acting.ActForm()
        if not any(row.credit_type == "cheque" for row in chosen):
            del form.day  # a payment keeps the day on which it was made
        elif not request.form.get("day"):
            form.day.data = db.session.scalar(sql("select calc.today()"))
            form.day.raw_data = None
        if len(chosen) != len(keys):
            # Nothing of it is left to be shown: somebody has decided on it meanwhile.
            return self.render("desk/gone.html", back=back)

        def changes(some: Sequence[Any]) -> None:
            for kind, status in DECISIONS[decision].items():
                few = [row for row in some if row.credit_type == kind]
                if few:
                    _decide(kind, few, status, form.day.data if "day" in form else None,
                            form.note.data)

        return acting.act(
            self, form, changes, chosen, {row.account_id for row in chosen}, back=back,
            title=WORDS[decision],
            done=gettext("Done: %(what)s, documents: %(count)s.", what=WORDS[decision],
                         count=text.number(len(chosen))),
            columns=("credit_type", "party_name", "doc_no", "doc_date", "due_date", "amount",
                     "bank_reference", "note"),
            cell=_cell, besides="",
            hidden=[("to", decision), *(("document", _key(row)) for row in chosen)])


def _key(row: Any) -> str:
    return str(Key(credit_type=row.credit_type, account_id=row.account_id,
                   credit_id=row.credit_id))


def _cell(row: Any, name: str) -> Any:
    if name == "party_name":
        return cells.customer(row)
    return cells.html(name, getattr(row, name), row.currency,
                      "credit_type" if name == "credit_type" else None)


def _chosen(keys: Sequence[Key]) -> list[Any]:
    return rows(sql(f"""
        {_WAITING}
        join unnest(cast(:kinds as text[]), cast(:accounts as bigint[]), cast(:ids as bigint[]))
          with ordinality as k (kind, account_id, credit_id, place)
          on k.kind = w.credit_type and k.account_id = w.account_id and k.credit_id = w.credit_id
        order by k.place
    """), {"kinds": [key.credit_type for key in keys],
           "accounts": [key.account_id for key in keys],
           "ids": [key.credit_id for key in keys]})


def _decide(kind: str, some: Sequence[Any], status: str, day: Any, note: str | None) -> None:
    """Bring documents of a kind that wait to a state, in one statement.

    :raises StaleError: one of them does not wait any more
    """
    waits = {"payment": "pending", "cheque": "submitted"}[kind]
    dated = "status_date = :day," if kind == "cheque" else ""
    found = db.session.execute(sql(f"""
        update doc.{kind} as d
        set status = :status,
            {dated}
            note = case when cast(:note as text) is null then d.note
                        else concat_ws(E'\\n', d.note, :note) end
        from unnest(cast(:accounts as bigint[]), cast(:ids as bigint[])) as k (account_id, id)
        where d.account_id = k.account_id and d.{kind}_id = k.id and d.status = :waits
    """), {"status": status, "note": note, "waits": waits,  # noqa: S608
           "accounts": [row.account_id for row in some], "ids": [row.credit_id for row in some]}
        | ({"day": day} if dated else {}))
    if found.rowcount != len(some):  # type: ignore[attr-defined]
        raise acting.StaleError


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Approvals(name=_("Approvals"), endpoint="approvals", url="/approvals")
