"""What they owe us against what we owe them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import insert
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from admin import acting, cells, lookups, preview, text
from admin.base import Screen
from admin.database import db, rows, table
from admin.fields import Given, PersianField, read_id
from admin.refusal import Refusal, refusal

MOST = 50
"""Set-offs shown at once, the latest first."""

SIDES = ("receivable", "payable")


@dataclass
class Leg:
    """One leg as it was typed; `account` is the row of its account, `amount` what was read."""

    side: str
    account_id: int | None
    typed: str
    account: Any = None
    amount: Decimal | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """How the chosen account is called in its field."""
        return lookups.name_of("account", self.account_id) if self.account_id else ""


class SetOffForm(acting.ActForm):
    """What is said of a set-off as a whole."""

    set_off_no = PersianField(_("Number"), validators=[Given(_("A number is needed."))])


class SetOff(Screen):
    """What they owe us against what we owe them."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the set-offs, the latest first, each with its legs."""
        typed = text.fold(request.args.get("search", ""))
        found = rows(_LIST, {"typed": typed or None, "like": lookups.like(typed),
                             "most": MOST + 1})
        legs = defaultdict(list)
        for leg in rows(_LEGS, {"sources": [row.source for row in found],
                                "numbers": [row.set_off_no for row in found]}):
            legs[(leg.source, leg.set_off_no, leg.currency)].append(leg)
        return self.render("desk/set_offs.html", found=found[:MOST], legs=legs, search=typed,
                           has_more=len(found) > MOST, may_write=current_user.may_write)

    @expose("/new/", methods=["GET", "POST"])
    def new(self) -> Any:
        """Enter a set-off: all its legs, written in one transaction."""
        if not current_user.may_write:
            abort(403)
        form, legs = SetOffForm(), _typed_legs()
        effect: preview.Effect | None = None
        problem: Refusal | None = None
        if request.method == "GET":
            form.day.data = db.session.scalar(sql("select calc.today()"))
            form.set_off_no.data = _next_number()
        _read(legs)
        given = [leg for leg in legs if leg.account_id or leg.typed.strip()]
        is_whole = bool(given) and all(
            leg.account and leg.amount is not None and not leg.problem for leg in given)
        is_live = request.form.get("do") == "live"
        totals = _totals(given)
        # While one still types, sides that differ are shown as such; else the database says it.
        is_asked = not is_live or all(
            sides["receivable"] == sides["payable"] for sides in totals.values())
        if form.validate_on_submit() and is_whole and is_asked:
            def changes() -> None:
                _write(given, form)

            account_ids = {leg.account.account_id for leg in given}
            reason = form.reason.data
            try:
                if request.form.get("do") == "save" and request.form.get("seen"):
                    preview.save(changes, account_ids, request.form["seen"], reason)
                    flash(gettext("The set-off %(number)s is saved.",
                                  number=form.set_off_no.data), "success")
                    return redirect(url_for(".index"))
                effect = preview.effect_of(changes, account_ids, reason)
            except preview.OtherwiseError as otherwise:
                effect = otherwise.effect
                problem = Refusal(preview.otherwise_words(), None, None, None)
            except acting.StaleError:
                problem = Refusal(
                    gettext("There is a set-off with this number."),
                    gettext("Give another number, or void that one first."), None, None)
            except DBAPIError as error:
                problem = refusal(error)
        return self.render(
            "desk/set_off_legs.html" if is_live else "desk/set_off.html",
            form=form, legs=legs, totals=totals, effect=effect, problem=problem,
            sides=SIDES, asks_reason=bool(form.reason.data) or (
                problem is not None and problem.code == acting.REASON_NEEDED))

    @expose("/void/", methods=["POST"])
    def void(self) -> Any:
        """Show what voiding a set-off would do; void all its legs in one transaction."""
        if not current_user.may_write:
            abort(403)
        source, number = request.form.get("source", ""), request.form.get("number", "")
        legs = [leg for leg in rows(_LEGS, {"sources": [source], "numbers": [number]})
                if leg.status == "active"]
        if not legs:
            abort(404)
        form = acting.ActForm()
        del form.day  # a set-off is voided as of the day it was made

        def changes(_some: Sequence[Any]) -> None:
            found = db.session.execute(sql("""
                update doc.set_off
                set status = 'void',
                    note = case when cast(:note as text) is null then note
                                else concat_ws(E'\\n', note, :note) end
                where source = :source and set_off_no = :number and status = 'active'
            """), {"source": source, "number": number, "note": form.note.data})
            if found.rowcount != len(legs):  # type: ignore[attr-defined]
                raise acting.StaleError

        return acting.act(
            self, form, changes, legs, {leg.account_id for leg in legs}, back=url_for(".index"),
            title=_("Void"), done=gettext("The set-off %(number)s is void.", number=number),
            columns=("set_off_no", "party_name", "side", "doc_date", "amount"), cell=_cell,
            besides="", is_whole=True, hidden=[("source", source), ("number", number)])


def _cell(row: Any, name: str) -> Any:
    if name == "party_name":
        return cells.customer(row)
    return cells.html(name, getattr(row, name), row.currency, "side" if name == "side" else None)


def _typed_legs() -> list[Leg]:
    """Return the legs as they were typed, and one empty one a side to begin with."""
    legs = []
    for side in SIDES:
        accounts = request.form.getlist(f"{side}_account")
        amounts = request.form.getlist(f"{side}_amount")
        legs += [Leg(side, read_id(account), amount)
                 for account, amount in zip(accounts, amounts, strict=False)]
        if not accounts:
            legs.append(Leg(side, None, ""))
    return legs


def _read(legs: Sequence[Leg]) -> None:
    """Find the accounts of the legs and read their amounts; what is wrong stands at the leg."""
    wanted = [leg.account_id for leg in legs if leg.account_id]
    accounts = {row.account_id: row for row in rows(sql("""
        select a.account_id, a.side, a.currency, p.name as party_name
        from ref.account as a
        join ref.party as p on p.party_id = a.party_id
        where a.account_id = any(:wanted)
    """), {"wanted": wanted})} if wanted else {}
    for leg in legs:
        leg.account = accounts.get(leg.account_id)
        try:
            if leg.typed.strip():
                leg.amount = text.read_amount(
                    leg.typed, leg.account.currency if leg.account else "IRR")
        except ValueError as problem:
            leg.problem = str(problem)
        if leg.typed.strip() and not leg.account:
            leg.problem = gettext("Choose the account.")
        elif leg.account and not leg.typed.strip():
            leg.problem = gettext("Write the amount.")


def _totals(legs: Sequence[Leg]) -> dict[str, dict[str, Decimal]]:
    """Add up the legs by currency and side."""
    totals: dict[str, dict[str, Decimal]] = {}
    for leg in legs:
        if leg.account and leg.amount:
            sides = totals.setdefault(leg.account.currency, dict.fromkeys(SIDES, Decimal(0)))
            sides[leg.account.side] += leg.amount
    return totals


def _next_number() -> str:
    """Propose a number that is not used yet."""
    return str(db.session.scalar(sql("""
        select coalesce(max(set_off_no::bigint), 0) + 1
        from doc.set_off
        where source = 'manual' and set_off_no ~ '^[0-9]{1,15}$'
    """)))


def _write(legs: Sequence[Leg], form: SetOffForm) -> None:
    """Write all legs in one statement.

    :raises StaleError: the number stands for another set-off
    """
    set_off = table("doc.set_off")
    if rows(sql("select from doc.set_off where source = 'manual' and set_off_no = :number"
                " and status = 'active' limit 1"), {"number": form.set_off_no.data}):
        raise acting.StaleError
    db.session.execute(insert(set_off).values([
        {"account_id": leg.account.account_id, "set_off_no": form.set_off_no.data,
         "doc_date": form.day.data, "amount": leg.amount, "note": form.note.data}
        for leg in legs]))


# A set-off is all legs of a source and number in a currency: what the two sides are weighed in.
_LIST = sql("""
    select s.source, s.set_off_no, a.currency, max(s.doc_date) as doc_date,
           bool_or(s.status = 'active') as is_active,
           coalesce(sum(s.amount) filter (where a.side = 'receivable' and s.status = 'active'), 0)
             as amount,
           max(s.created_by) as created_by, max(s.note) as note
    from doc.set_off as s
    join ref.account as a on a.account_id = s.account_id
    where cast(:typed as text) is null
      or exists (
        select
        from doc.set_off as o
        join ref.account as b on b.account_id = o.account_id
        join ref.party as p on p.party_id = b.party_id
        where o.source = s.source and o.set_off_no = s.set_off_no
          and (o.set_off_no = :typed or p.code = :typed
            or translate(p.name, 'يىك', 'ییک') ilike :like)
      )
    group by s.source, s.set_off_no, a.currency
    order by max(s.doc_date) desc, max(s.set_off_id) desc
    limit :most
""")

_LEGS = sql("""
    select s.account_id, s.set_off_id, s.source, s.set_off_no, s.doc_date::date as doc_date,
           s.amount::numeric as amount, s.status, s.note, a.side, a.currency, p.name as party_name
    from unnest(cast(:sources as text[]), cast(:numbers as text[])) as k (source, set_off_no)
    join doc.set_off as s on s.source = k.source and s.set_off_no = k.set_off_no
    join ref.account as a on a.account_id = s.account_id
    join ref.party as p on p.party_id = a.party_id
    group by s.account_id, s.set_off_id, a.account_id, p.party_id
    order by a.side desc, s.set_off_id
""")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield SetOff(name=_("Set-off"), endpoint="set_off", url="/set-off")
