"""What select fields offer while one types: accounts, parties and the papers of an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask_login import login_required
from sqlalchemy import text as sql
from werkzeug.wrappers import Response

from admin import labels, text
from admin.database import db

blueprint = Blueprint("lookups", __name__)

MOST = 20

# Names compare in one spelling: ي and ك were typed by many a keyboard.
FOLDED = "translate({}, U&'\\064A\\0649\\0643', U&'\\06CC\\06CC\\06A9')"

def _accounts(of: str = "true") -> str:
    return f"""
        select a.account_id as id, p.code, p.name, a.side, a.currency
        from ref.account as a
        join ref.party as p on p.party_id = a.party_id
        where a.account_id = :id
          or :id is null and {of}
            and (lower(p.code) = lower(:q) or {FOLDED.format("p.name")} ilike :like)
        order by lower(p.code) = lower(:q) desc, p.name, p.party_id, a.side desc,
          a.currency <> 'IRR', a.currency
        limit {MOST}
    """  # noqa: S608


_FIND = {
    "account": _accounts(),
    "receivable": _accounts("a.side = 'receivable'"),
    "payable": _accounts("a.side = 'payable'"),
    "party": f"""
        select p.party_id as id, p.code, p.name, null as side, null as currency
        from ref.party as p
        where p.party_id = :id
          or :id is null and (lower(p.code) = lower(:q) or {FOLDED.format("p.name")} ilike :like)
        order by lower(p.code) = lower(:q) desc, p.name
        limit {MOST}
    """,  # noqa: S608
    "invoice": f"""
        select i.invoice_id as id, i.doc_no, i.doc_date, i.amount::numeric as amount, a.currency
        from doc.invoice as i
        join ref.account as a on a.account_id = i.account_id
        where (i.invoice_id = :id
          or :id is null and i.account_id = :account_id and coalesce(i.doc_no, '') like :prefix)
          and (:account_id is null or i.account_id = :account_id)
        order by i.doc_date desc, i.invoice_id desc
        limit {MOST}
    """,  # noqa: S608
    "cheque": f"""
        select c.cheque_id as id, coalesce(c.serial_no, c.sayad_id) as doc_no,
               c.due_date as doc_date, c.amount::numeric as amount, a.currency
        from doc.cheque as c
        join ref.account as a on a.account_id = c.account_id
        where (c.cheque_id = :id
          or :id is null and c.account_id = :account_id
            and coalesce(c.serial_no, c.sayad_id, '') like :prefix)
          and (:account_id is null or c.account_id = :account_id)
        order by c.due_date desc, c.cheque_id desc
        limit {MOST}
    """,  # noqa: S608
    "payment": f"""
        select d.payment_id as id, coalesce(d.doc_no, d.bank_reference) as doc_no, d.doc_date,
               d.amount::numeric as amount, a.currency
        from doc.payment as d
        join ref.account as a on a.account_id = d.account_id
        where (d.payment_id = :id
          or :id is null and d.account_id = :account_id
            and coalesce(d.doc_no, d.bank_reference, '') like :prefix)
          and (:account_id is null or d.account_id = :account_id)
        order by d.doc_date desc, d.payment_id desc
        limit {MOST}
    """,  # noqa: S608
    "set_off": f"""
        select d.set_off_id as id, d.set_off_no as doc_no, d.doc_date, d.amount::numeric as amount,
               a.currency
        from doc.set_off as d
        join ref.account as a on a.account_id = d.account_id
        where (d.set_off_id = :id
          or :id is null and d.account_id = :account_id and d.set_off_no like :prefix)
          and (:account_id is null or d.account_id = :account_id)
        order by d.doc_date desc, d.set_off_id desc
        limit {MOST}
    """,  # noqa: S608
}
_TYPED = {"id": "bigint", "account_id": "bigint", "q": "text", "like": "text", "prefix": "text"}


def _rows(kind: str, **known: Any) -> list[Any]:
    statement = _FIND[kind]
    for name, type_ in _TYPED.items():
        statement = statement.replace(f":{name}", f"cast(:{name} as {type_})")
    return list(db.session.execute(sql(statement), {name: known.get(name) for name in _TYPED}))


def like(typed: str) -> str:
    """Return a pattern that contains what was typed, its own signs taken as they are."""
    return f"%{_escaped(typed)}%"


def prefix(typed: str) -> str:
    """Return a pattern that begins with what was typed."""
    return f"{_escaped(typed)}%"


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def called(kind: str, row: Any) -> str:
    """Return how a row that was found is called."""
    if kind in {"account", "receivable", "payable", "party"}:
        parts = [row.name, row.code]
        if row.side == "payable":
            parts.append(str(labels.value("side", row.side)))
        if row.currency not in (None, "IRR"):
            parts.append(row.currency)
        return " · ".join(parts)
    return " · ".join([row.doc_no or f"#{row.id}", text.day(row.doc_date),
                       text.amount(row.amount, row.currency)])


def name_of(kind: str, key: int) -> str:
    """Return how a chosen row is called in its field; the id where it does not exist."""
    found = _rows(kind, id=key)
    return called(kind, found[0]) if found else str(key)


@blueprint.get("/lookup/<kind>")
@login_required
def find(kind: str) -> Response:
    """Answer up to 20 rows for what was typed: `{"results": [{"id", "text", "currency"}]}`."""
    if kind not in _FIND:
        abort(404)
    typed = text.fold(request.args.get("q", ""))
    found = _rows(kind, q=typed, like=like(typed), prefix=prefix(typed),
                  account_id=request.args.get("account_id", type=int))
    return jsonify(results=[{"id": row.id, "text": called(kind, row), "currency": row.currency}
                            for row in found])
