"""What changes would do, seen before they are saved.

The statements run in a transaction, every figure of the accounts is read, and all is rolled back;
what saves is the same statements again. Before they are committed the figures they make are held
against those that were seen, so that nobody saves what he has not looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import Row, bindparam, func, literal_column, select, true
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from admin.database import db, rows, table

ACCOUNT = (
    "balance", "open_amount", "unapplied_amount", "overdue_amount", "debt_depth_days",
    "debt_depth", "variance_days", "settlement_period_days", "risky_amount", "blocked_amount",
    "uncleared_amount", "bounced_amount", "exposure_amount", "credit_room",
)
"""Figures of an account that are shown before and after."""

ALWAYS = ACCOUNT[:8]
"""Those that are shown even when they stay as they are."""

INVOICE = ("open_amount", "paid_amount", "status", "timing", "variance_days", "settlement_ras",
           "cleared_amount", "auto_allocate")
"""Figures of an invoice that make it one that changes."""

Changes = Callable[[], Any]
"""Runs the statements in `db.session`; what it returns is what is shown beside the figures."""


@dataclass(frozen=True)
class Change:
    """A row of `bi` as it is and as it would be; `names` are the figures that differ."""

    before: Row[Any]
    after: Row[Any]
    names: tuple[str, ...]

    def is_changed(self, name: str) -> bool:
        """Whether the figure would be another."""
        return name in self.names

    @property
    def names_shown(self) -> list[str]:
        """Figures of an account that are shown: the main ones, and whichever differ."""
        return [name for name in ACCOUNT if name in ALWAYS or name in self.names]

    @property
    def opened(self) -> Decimal:
        """By how much more would be open; minus: less."""
        return Decimal(self.after.open_amount - self.before.open_amount)


@dataclass(frozen=True)
class Effect:
    """What changes would make of accounts and invoices; `seen` is the mark of what was shown.

    `result` is what the changes returned: the same each time that they do the same.
    """

    accounts: list[Change]
    invoices: list[Change]
    seen: str
    result: Any

    @property
    def reopened(self) -> list[Change]:
        """Invoices that are settled and would not be any more."""
        return [each for each in self.invoices
                if each.before.status == "settled" and each.after.status != "settled"]


class OtherwiseError(Exception):
    """What would be saved is not what was seen; `effect` is what it would be now."""

    def __init__(self, effect: Effect) -> None:
        super().__init__("the figures are not those that were seen")
        self.effect = effect


def otherwise_words() -> str:
    """Say that the figures moved between looking and saving, be it by what is typed here."""
    return gettext("Nothing was saved, for it would do something else than what you looked at: you"
                   " or somebody else changed something after that. This is what it would do now;"
                   " look again, then save.")


def effect_of(changes: Changes, account_ids: Iterable[int], reason: str | None = None) -> Effect:
    """Return what changes would do to these accounts; nothing of it stays.

    `reason` is why a closed period is touched. The figures before and after are of one moment.

    :raises sqlalchemy.exc.DBAPIError: the database refuses them
    """
    keys = sorted(set(account_ids))
    db.session.rollback()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        before = _figures(keys)
        result = _run(changes, reason)
        after = _figures(keys)
    finally:
        db.session.rollback()
    return Effect(
        accounts=_differences(before[0], after[0], ACCOUNT, always=True),
        invoices=_differences(before[1], after[1], INVOICE),
        seen=_mark(after, result),
        result=result,
    )


def save(changes: Changes, account_ids: Iterable[int], seen: str,
         reason: str | None = None) -> Any:
    """Run changes and commit them, if they make what was seen; return what they return.

    :raises OtherwiseError: somebody else has changed something meanwhile; nothing is saved
    :raises sqlalchemy.exc.DBAPIError: the database refuses them; nothing is saved
    """
    keys = sorted(set(account_ids))
    db.session.rollback()
    result = _run(changes, reason)
    # The accounts are this transaction's by now: what is read is what will stand.
    if _mark(_figures(keys), result) != seen:
        db.session.rollback()
        raise OtherwiseError(effect_of(changes, keys, reason))
    db.session.commit()
    return result


def _run(changes: Changes, reason: str | None) -> Any:
    if reason:
        db.session.execute(sql("select set_config('rasid.lock_reason', :reason, true)"),
                           {"reason": reason})
    result = changes()
    db.session.execute(sql("set constraints all immediate"))
    return result


State = tuple[dict[Any, Row[Any]], dict[Any, Row[Any]]]


def _figures(account_ids: Sequence[int]) -> State:
    accounts = _of_accounts("bi.account", (
        "account_id", "party_name", "side", "currency", *ACCOUNT), account_ids)
    invoices = _of_accounts("bi.invoice", (
        "account_id", "invoice_id", "party_name", "currency", "doc_no", "doc_date", "due_date",
        "amount", *INVOICE), account_ids)
    accounts.sort(key=lambda row: (row.party_name, row.account_id))
    invoices.sort(key=lambda row: (row.party_name, row.account_id, row.doc_date, row.invoice_id))
    return ({row.account_id: row for row in accounts},
            {(row.account_id, row.invoice_id): row for row in invoices})


def _of_accounts(name: str, columns: Iterable[str], account_ids: Sequence[int]) -> list[Row[Any]]:
    view = table(name)
    chosen = func.unnest(bindparam("keys", account_ids, ARRAY(BigInteger))).table_valued(
        "account_id", name="chosen").render_derived()
    figures = (select(*(view.c[each] for each in columns))
               .where(view.c.account_id == chosen.c.account_id)
               .offset(literal_column("0")).lateral("figures"))
    return rows(select(figures).select_from(chosen.join(figures, true())))


def _differences(before: dict[Any, Row[Any]], after: dict[Any, Row[Any]],
                 names: tuple[str, ...], *, always: bool = False) -> list[Change]:
    found = []
    for key, row in after.items():
        was = before.get(key, row)
        differing = tuple(name for name in names if getattr(was, name) != getattr(row, name))
        if differing or always:
            found.append(Change(was, row, differing))
    return found


def _mark(state: State, result: Any) -> str:
    lines = [repr(tuple(row)) for part in state for row in part.values()]
    lines.append(repr(result))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
