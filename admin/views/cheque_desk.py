"""Cheques by state and due date, many at once: deposit, clear, bounce, endorse, return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy import text as sql
from wtforms.validators import ValidationError

from admin import acting, filters, labels, text
from admin.base import Records
from admin.database import db, model, rows, table
from admin.fields import Given, LookupField
from admin.filters import Filter
from admin.sent import Id, Parts

LIVE = ("submitted", "in_hand", "deposited", "endorsed", "bounced")
"""States in which a cheque still waits for something."""

OVER = ("cleared", "returned", "void")

DEEDS: dict[str, Any] = {
    "in_hand": _("Take in hand"), "deposited": _("Deposit"), "cleared": _("Clear"),
    "bounced": _("Bounce"), "endorsed": _("Endorse"), "returned": _("Give back"),
    "void": _("Void"),
}
"""What leads to each state."""

OTHER_HALF = {"cleared": "cleared", "bounced": "bounced", "in_hand": "returned"}
"""What becomes of the row on the payable account when an endorsed cheque goes on."""


class Key(Parts):
    """A cheque and the state it was shown in, as its checkbox sends them."""

    account_id: Id
    cheque_id: Id
    status: str

    @classmethod
    def of(cls, row: Any) -> Key:
        """Return the key of a row."""
        return cls(account_id=row.account_id, cheque_id=row.cheque_id, status=row.status)


class EndorseForm(acting.ActForm):
    """The account of the one it is spent to."""

    account_id = LookupField(_("Spent to"), lookup="payable", validators=[Given(
        _("Choose the supplier's account it is spent to."))])
    cheques: Sequence[Any] = ()

    def validate_account_id(self, field: LookupField) -> None:
        """Refuse to spend what is not a customer's, or to whom it would not pay.

        :raises ValidationError: with a sentence for the person
        """
        account = table("ref.account").c
        to = rows(select(account.side, account.currency).where(account.account_id == field.data))
        own = {("receivable", row.currency) for row in to if row.side == "payable"}
        if {(row.side, row.currency) for row in self.cheques} != own:
            raise ValidationError(gettext("A customer's cheque is spent to a supplier's account in"
                                          " the currency of the cheque."))


class ChequeDesk(Records):
    """Cheques by state and due date, many at once: deposit, clear, bounce, endorse, return."""

    group = "work"
    list_template = "desk/cheque_desk.html"
    view_name = "bi.cheque"
    view_key = {"account_id": "account_id", "cheque_id": "cheque_id"}
    kinds = {"status": "cheque.status", "side": "side", "kind": "cheque.kind"}
    numbers = ("serial_no",)
    order = ("due_date",)
    also = ("currency", "replaced_by_cheque_id")
    search_label = _("Customer, serial number or Sayad id")
    column_list = ("due_date", "party_name", "side", "serial_no", "sayad_id", "bank", "amount",
                   "status", "status_date", "unapplied_amount")
    can_create = can_edit = can_delete = False
    deeds = DEEDS

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [("guarantee", _("guarantee")), *labels.choices("cheque.status")]
        return (
            Filter("state", _("State"), "tab", self._in_state, lambda: states),
            *filters.days(columns.due_date),
            filters.containing(columns.bank),
            filters.side(),
        )

    def _in_state(self, state: str) -> ColumnElement[bool]:
        columns = self.table.c
        if state == "guarantee":
            return columns.kind == "guarantee"
        return and_(columns.kind == "payment", columns.status == literal_column(f"'{state}'"))

    def _waiting(self) -> ColumnElement[bool]:
        # As the index on cheques that wait has it, word for word.
        return literal_column(
            "doc.cheque.kind = 'payment' and doc.cheque.status in ("
            + ", ".join(f"'{each}'" for each in LIVE) + ")")

    def search_condition(self, typed: str) -> ColumnElement[bool]:
        """Find a Sayad id too."""
        digits = typed.replace(" ", "").replace("-", "")
        return or_(super().search_condition(typed), self.table.c.sayad_id == digits)

    def conditions(self, search: str | None) -> list[ColumnElement[bool]]:
        """Show the cheques that wait for something, if no state is chosen."""
        found = super().conditions(search)
        return found if request.args.get("state") else [*found, self._waiting()]

    def is_sorted(self, search: str | None) -> bool:
        """Whether the rows are few beside the table: those that still wait for something."""
        return super().is_sorted(search) or request.args.get("state", "") not in OVER

    def ordering(self, sort: str | None, is_descending: bool) -> list[tuple[str, bool]]:
        """Show the latest first of what is over, and else what is due first."""
        if request.args.get("state") in OVER:
            return super().ordering("due_date", True)
        return super().ordering(sort, is_descending)

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to the story of the cheque, and from a bounced one to what makes it good."""
        links = [(url_for("history.document", kind="cheque", account_id=row.account_id,
                          key=row.cheque_id), str(_("History")))]
        if row.status == "bounced" and row.replaced_by_cheque_id is None and self.may_write:
            links.insert(0, (url_for("cheques.create_view", account_id=row.account_id,
                                     replaces_cheque_id=row.cheque_id,
                                     url=request.full_path), str(_("Replace"))))
        return links

    def key(self, row: Any) -> Key:
        """Return what the checkbox of a row sends."""
        return Key.of(row)

    def tabs(self, search: str | None) -> Iterator[tuple[str, Any, str, int | None, bool]]:
        """Return the states: code, words, address, how many wait in it, whether it is shown."""
        now = request.args.get("state", "")
        counts: dict[str, int] = defaultdict(int)
        for row in self.totals(search):
            counts[row.status] += row.cheque_count
            counts[""] += row.cheque_count
        kept: dict[str, Any] = {
            name: value for name, value in request.args.items() if name not in ("state", "page")}
        for code, words in (("", _("waiting")), *labels.choices("cheque.status"),
                            ("guarantee", _("guarantee"))):
            count = counts[code] if code == "" or code in LIVE else None
            yield (code, words, url_for(".index_view", **kept, state=code or None), count,
                   code == now)

    def totals(self, search: str | None) -> list[Any]:
        """Return count and amount of the cheques that wait, as filtered, by state and currency."""
        columns, account = self.table.c, table("ref.account").c
        conditions = [each.condition(value) for each in self.filters
                      if each.name != "state" and (value := _read(each)) is not None]
        typed = text.fold(search or "")
        if typed:
            conditions.append(self.search_condition(typed))
        return rows(
            select(columns.status, account.side, account.currency,
                   func.count().label("cheque_count"), func.sum(columns.amount).label("amount"))
            .select_from(self.source()).where(self._waiting(), *conditions)
            .group_by(columns.status, account.side, account.currency)
            .order_by(account.side.desc(), account.currency, columns.status))

    def steps(self) -> dict[str, list[list[Any]]]:
        """Return the states each state can go to, and whether that is a correction."""
        found: dict[str, list[list[Any]]] = defaultdict(list)
        for row in rows(sql("select * from ref.cheque_transition order by is_correction")):
            found[row.from_status].append([row.to_status, row.is_correction])
        return found

    @expose("/")
    def index(self) -> Any:
        """Show the list, under the name other pages know."""
        return self.index_view()

    @expose("/act/", methods=["POST"])
    def act(self) -> Any:
        """Show what a step of the chosen cheques would do; do it when that was seen."""
        if not self.may_write:
            abort(403)
        to = request.form.get("to", "")
        keys = [Key.model_validate(each) for each in request.form.getlist("cheque")]
        back = url_for(".index_view", state=request.form.get("state") or None)
        if to not in DEEDS or not keys:
            return redirect(back)
        chosen = _cheques(keys)
        if len(chosen) != len(keys):
            abort(404)
        others = _other_halves(keys) if to in OTHER_HALF else []
        form = EndorseForm() if to == "endorsed" else acting.ActForm()
        if isinstance(form, EndorseForm):
            form.cheques = chosen
        if not request.form.get("day"):
            form.day.data = db.session.scalar(sql("select calc.today()"))
            form.day.raw_data = None
        spent_to = form.account_id.data if to == "endorsed" else None

        def changes(some: Sequence[Any]) -> None:
            few = [Key.of(row) for row in some]
            _go(few, to, form.day.data, form.note.data)
            mine = {(key.account_id, key.cheque_id) for key in few}
            halves = [row for row in others if (row.of_account_id, row.of_cheque_id) in mine]
            if halves:
                _go([Key.of(row) for row in halves], OTHER_HALF[to], form.day.data,
                    form.note.data)
            if spent_to:
                _spend(few, spent_to, form.day.data, form.note.data)

        return acting.act(
            self, form, changes, chosen,
            {key.account_id for key in keys} | {row.account_id for row in others}
            | ({spent_to} if spent_to else set()),
            back=back, title=DEEDS[to],
            done=gettext("Done: %(what)s, cheques: %(count)s.", what=DEEDS[to],
                         count=text.number(len(keys))),
            columns=("party_name", "serial_no", "sayad_id", "bank", "due_date", "amount", "status"),
            cell=self.cell, besides=_besides(others),
            hidden=[("to", to), ("state", request.form.get("state", "")),
                    *(("cheque", str(self.key(row))) for row in chosen)])


def _read(each: Filter) -> Any:
    try:
        return each.read()
    except ValueError:
        return None


def _besides(others: Sequence[Any]) -> str:
    if not others:
        return ""
    return gettext(
        "With them go their second rows, at those they were spent to: %(whom)s.",
        whom=text.listed(sorted({row.party_name for row in others})))


_KEYS = """
    unnest(cast(:accounts as bigint[]), cast(:cheques as bigint[]), cast(:states as text[]))
      with ordinality as k (account_id, cheque_id, status, place)
"""


def _said(keys: Sequence[Key]) -> dict[str, Any]:
    return {"accounts": [key.account_id for key in keys],
            "cheques": [key.cheque_id for key in keys],
            "states": [key.status for key in keys]}


def _cheques(keys: Sequence[Key]) -> list[Any]:
    """Return the cheques in the order they were chosen, with the state they were shown in."""
    return rows(sql(f"""
        select q.account_id, q.cheque_id, q.party_name, q.currency, q.side, q.serial_no,
               q.sayad_id, q.bank, q.due_date, q.amount, k.status
        from {_KEYS}
        cross join lateral (
          select * from bi.cheque as b
          where b.account_id = k.account_id and b.cheque_id = k.cheque_id
          offset 0
        ) as q
        order by k.place
    """), _said(keys))  # noqa: S608


def _other_halves(keys: Sequence[Key]) -> list[Any]:
    """Return the rows on payable accounts of the endorsed cheques among these."""
    return rows(sql(f"""
        select o.account_id, o.cheque_id, o.status, p.name as party_name,
               q.account_id as of_account_id, q.cheque_id as of_cheque_id
        from {_KEYS}
        join doc.cheque as q on q.account_id = k.account_id and q.cheque_id = k.cheque_id
        join ref.account as a on a.account_id = q.account_id
        join doc.cheque as o on o.sayad_id = q.sayad_id and o.account_id <> q.account_id
        join ref.account as b on b.account_id = o.account_id and b.side <> a.side
        join ref.party as p on p.party_id = b.party_id
        where k.status = 'endorsed' and o.status in ('in_hand', 'deposited')
    """), _said(keys))  # noqa: S608


def _go(keys: Sequence[Key], to: str, day: date, note: str | None) -> None:
    """Bring cheques to a state on a day, in one statement.

    :raises StaleError: one of them is not in the state it was shown in
    """
    found = db.session.execute(sql(f"""
        update doc.cheque as q
        set status = :to,
            status_date = :day,
            note = case when cast(:note as text) is null then q.note
                        else concat_ws(E'\\n', q.note, :note) end
        from {_KEYS}
        where q.account_id = k.account_id and q.cheque_id = k.cheque_id and q.status = k.status
    """), _said(keys) | {"to": to, "day": day, "note": note})  # noqa: S608
    if found.rowcount != len(keys):  # type: ignore[attr-defined]
        raise acting.StaleError


def _spend(keys: Sequence[Key], account_id: int, day: date, note: str | None) -> None:
    """Write the second row of endorsed cheques, on the account of whom they were spent to."""
    db.session.execute(sql(f"""
        insert into doc.cheque (account_id, sayad_id, serial_no, bank, branch, drawer_name,
                                doc_date, due_date, amount, note)
        select :account_id, q.sayad_id, q.serial_no, q.bank, q.branch, q.drawer_name,
               :day, q.due_date, q.amount, :note
        from {_KEYS}
        join doc.cheque as q on q.account_id = k.account_id and q.cheque_id = k.cheque_id
        order by k.place
    """), _said(keys) | {"account_id": account_id, "day": day, "note": note})  # noqa: S608


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield ChequeDesk(model("doc.cheque"), name=_("Cheque desk"), endpoint="cheque_desk",
                     url="/cheque-desk")
