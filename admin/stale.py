"""Forms that are older than their row: what a form was made from, and what has changed since.

A form carries a mark of every field as it found it. When it comes back, the row is locked and
marked again: a mark that differs is a change of somebody else's, which saving would undo.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy import text as sql
from wtforms import BooleanField, FieldList, FormField, SelectField

from admin import text
from admin.database import db, rows
from admin.fields import AmountField, CountField, DayField, LookupField, NumberField
from admin.lookups import name_of

SEEN = "seen"
"""Name under which a form sends what it was made from."""

_LAST = sql("""
    select c.changed_by, c.changed_at
    from audit.change as c
    where c.table_name = any(:tables)
      and (c.row_key = any(:keys) or c.row_key like any(:parts))
      and (c.account_id = :account_id or cast(:account_id as bigint) is null)
    order by c.change_id desc
    limit 1
""")


class Changed(NamedTuple):
    """A field that somebody else changed: what stands now, and what the form says of it."""

    field: Any
    now: str
    form: str

    @property
    def is_mine(self) -> bool:
        """Whether the form says something else: both have changed it."""
        return self.now != self.form


def seen(form: Any) -> str:
    """Return the marks of what a form was made from, as it carries them."""
    return json.dumps({field.short_name: mark(field.object_data) for field in form},
                      separators=(",", ":"))


def differing(carried: str, now: Any) -> set[str]:
    """Return the fields that are not what they were when the marks were made.

    `now` is a form of the row as it stands; of a form that carries no marks, all differ.
    """
    known = _known(carried)
    return {field.short_name for field in now
            if not known or known.get(field.short_name, "") not in ("", mark(field.object_data))}


def _known(carried: str) -> dict[str, str]:
    try:
        return dict(json.loads(carried))
    except (TypeError, ValueError):
        return {}


def mark(value: Any) -> str:
    """Return the mark of a value: the same for equal ones, whatever they came from."""
    return hashlib.sha256(_plain(value).encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}"
        case dict():
            return "\t".join(map(_plain, value.values()))
        case list():
            return "\n".join(map(_plain, value))
        case _:
            return str(value)


def lock(row: Any) -> bool:
    """Lock a row as an update of it would, and read it again; False: it is not there any more."""
    reflected = row.__table__
    found = db.session.execute(
        select(*reflected.primary_key)
        .where(*(column == getattr(row, column.name) for column in reflected.primary_key))
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        return False
    db.session.refresh(row)
    return True


def rebase(form: Any, now: Any, carried: str) -> list[Changed]:
    """Bring a form to the row as it stands now; return what somebody else has changed in it.

    `now` is a form of that row. What the person changed stays as typed; what they left alone
    becomes what it is now, so that sending the form once more undoes only what they mean to.
    """
    known, theirs = _known(carried), differing(carried, now)
    mine = {field.short_name for field in form
            if known.get(field.short_name) != mark(field.data)}
    found = []
    for field in form:
        name = field.short_name
        if name in theirs and name not in mine:
            field.process(None, now[name].object_data)
            field.raw_data = None
        if name in theirs:
            found.append(Changed(field, words(now[name]), words(field)))
    return found


def words(field: Any) -> str:
    """Return what a field says, as a page writes it."""
    match field:
        case BooleanField():
            return text.yes(bool(field.data))
        case SelectField():
            return next((str(label) for _, label, is_chosen, *_ in field.iter_choices()
                         if is_chosen), "–")
        case FieldList():
            lines = ([words(part) for part in each.form] for each in field.entries)
            return " · ".join(": ".join(line) for line in lines)
        case FormField():
            return " · ".join(f"{part.label.text}: {words(part)}" for part in field.form)
        case LookupField() if field.data:
            return name_of(field.lookup, field.data)
        case AmountField():
            return text.amount(field.data, field.currency)
        case DayField():
            return text.day(field.data)
        case CountField() | NumberField():
            return text.number(field.data)
        case _:
            return str(field.data or "–")


def sentence(by: str | None, at: datetime | None) -> str:
    """Say who changed something after the form was made, and when; None: nobody knows."""
    if by is None:
        return gettext("Somebody has changed this after you opened it. Nothing was saved.")
    return gettext(
        "%(who)s changed this on %(when)s, after you opened it. Nothing was saved.",
        who=by, when=text.moment(at))


def last_change(tables: Iterable[str], keys: Iterable[str], account_id: int | None = None
                ) -> tuple[str | None, datetime | None]:
    """Return who was the last to change a row of these keys or a part of one, and when.

    `keys` are written as the audit writes them; `account_id` is that of a document.
    """
    keys = list(keys)
    found = rows(_LAST, {"tables": list(tables), "keys": keys,
                         "parts": [f"{key}/%" for key in keys], "account_id": account_id})
    return (found[0].changed_by, found[0].changed_at) if found else (None, None)


def last_change_of(row: Any, tables: Iterable[str]) -> tuple[str | None, datetime | None]:
    """Return who was the last to change a row, or else made it, and when.

    `tables` are those its rows stand in: its own, and of its parts.
    """
    reflected = row.__table__
    is_document = reflected.schema == "doc"
    key = "/".join(str(getattr(row, column.name)) for column in reflected.primary_key
                   if not is_document or column.name != "account_id")
    by, at = last_change(tables, [key], row.account_id if is_document else None)
    if by is None:
        return getattr(row, "updated_by", None), getattr(row, "updated_at", None)
    return by, at
