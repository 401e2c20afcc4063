"""Closed periods, what was kept of them, and what has moved since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from wtforms.validators import InputRequired

from admin import cells, labels, text
from admin.base import Screen
from admin.database import db, rows
from admin.fields import DayField, LookupField, PersianField
from admin.refusal import refusal
from admin.views.documents import WAITING

MOST = 500
"""Moved figures that are shown."""

_ENDS = """
    select
      (select max(c.day) - 1 from ref.calendar as c
       where c.jalali_day = 1 and c.day between t.today - 40 and t.today + 1) as jalali,
      (date_trunc('month', t.today + 1) - interval '1 day')::date as gregorian
    from (select calc.today() as today) as t
"""
_CLOSED = """
    select p.closed_upto::date as closed_upto, p.reason, p.closed_at, p.closed_by,
      exists (
        select from audit.month_end as m
        where m.as_of = p.closed_upto and m.kept_at > p.closed_at
      ) as is_kept
    from ref.period_lock as p
    order by p.closed_upto desc
"""
_KEPT = """
    select distinct on (m.as_of) m.as_of::date as as_of, m.kept_at, m.kept_by,
      (select count(*) from audit.month_end_account as k
       where k.month_end_id = m.month_end_id) as account_count
    from audit.month_end as m
    order by m.as_of desc, m.month_end_id desc
"""
_PENDING = """
    select
      (select count(*) from doc.payment as p
       where p.status = 'pending' and p.doc_date <= :upto) as slips,
      (select count(*) from doc.cheque as c
       where c.kind = 'payment' and c.status = any(:waiting)
         and c.due_date <= :upto) as cheques
"""
_MOVED = """
    select d.account_id, d.party_name, d.side, d.currency, d.figure, d.kept_amount, d.now_amount,
      d.moved_amount
    from bi.month_end_drift as d
    where d.as_of = :as_of
      and (cast(:account_id as bigint) is null or d.account_id = :account_id)
    order by d.party_name, d.account_id, d.figure
    limit :most
"""
MOVED = ("party_name", "side", "figure", "kept_amount", "now_amount", "moved_amount")


class CloseForm(FlaskForm):
    """Up to which day, and why."""

    closed_upto = DayField(_("Close up to the end of"), [InputRequired()])
    reason = PersianField(_("Reason"), [InputRequired()], description=_(
        "Such as: month-end 1404/05."))


class ReasonForm(FlaskForm):
    """Why a period is opened again."""

    reason = PersianField(_("Reason"), [InputRequired()])


class AccountForm(FlaskForm):
    """One account, or none for all."""

    account_id = LookupField(_("Account"), lookup="account")


class Periods(Screen):
    """What is closed, what was kept, and what is to be looked at before the next closing."""

    group = "control"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Show what is closed, and close the next period."""
        ends = rows(sql(_ENDS))[0]
        form = CloseForm()
        if request.method == "POST":
            self._for_writers()
            if form.validate() and self._called(
                    "select ref.close_period(:day, :reason)", gettext("The period is closed."),
                    day=form.closed_upto.data, reason=form.reason.data):
                return redirect(url_for(".index"))
        else:
            form.closed_upto.data = self._proposed(ends)
        upto = form.closed_upto.data or ends.jalali
        return self.render(
            "desk/periods.html", form=form, ends=ends, closed=rows(sql(_CLOSED)),
            kept=rows(sql(_KEPT)), reopen=ReasonForm(formdata=None), upto=upto,
            pending=rows(sql(_PENDING), {"upto": upto, "waiting": list(WAITING)})[0])

    def _proposed(self, ends: Any) -> date | None:
        typed = request.args.get("end")
        found: date = ends.gregorian if typed == "gregorian" or (
            typed is None and current_user.calendar == "gregorian") else ends.jalali
        return found

    def _for_writers(self) -> None:
        if not current_user.may_write:
            abort(403)

    def _called(self, statement: str, done: str, **values: Any) -> bool:
        """Call a function of the database for good; a refusal is said."""
        try:
            db.session.execute(sql(statement), values)
            db.session.commit()
        except DBAPIError as error:
            flash(str(refusal(error)), "danger")
            return False
        flash(done, "success")
        return True

    @expose("/<day>/reopen/", methods=("GET", "POST"))
    def reopen(self, day: str) -> Any:
        """Open a period again, with a reason."""
        self._for_writers()
        form = ReasonForm()
        if form.validate_on_submit() and self._called(
                "select ref.reopen_period(:day, :reason)", gettext("The period is open again."),
                day=_day(day), reason=form.reason.data):
            return redirect(url_for(".index"))
        after = rows(sql("select p.closed_upto::date as closed_upto from ref.period_lock as p"
                         " where p.closed_upto > :day order by 1"), {"day": _day(day)})
        return self.render("desk/reopen.html", form=form, upto=_day(day), after=after)

    @expose("/<day>/keep/", methods=("POST",))
    def keep(self, day: str) -> Any:
        """Keep the figures of a closed day."""
        self._for_writers()
        self._called("select audit.keep_month_end(:day)", gettext("The figures are kept."),
                     day=_day(day))
        return redirect(url_for(".index"))

    @expose("/<day>/moved/")
    def moved(self, day: str) -> Any:
        """Show what has moved since a month-end was kept: of one account, or of all on demand."""
        as_of = _day(day)
        if not any(kept.as_of == as_of for kept in rows(sql(_KEPT))):
            abort(404)
        form = AccountForm(request.args, meta={"csrf": False})
        account_id = form.account_id.data
        found: list[Any] | None = None
        if account_id or request.args.get("all"):
            found = rows(sql(_MOVED), {"as_of": as_of, "account_id": account_id, "most": MOST + 1})
        return self.render("desk/moved.html", as_of=as_of, form=form, columns=MOVED, most=MOST,
                           data=found and found[:MOST], is_asked=found is not None,
                           is_cut=len(found or ()) > MOST)

    def cell(self, row: Any, name: str) -> Any:
        """Return what a cell of the moved figures shows."""
        if name == "party_name":
            return cells.customer(row)
        if name == "figure":
            return labels.column(row.figure)
        return cells.html(name, getattr(row, name), row.currency,
                          "side" if name == "side" else None)


def _day(written: str) -> date:
    try:
        return text.read_day(written)
    except ValueError:
        abort(404)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Periods(name=_("Period lock and month-end"), endpoint="periods", url="/periods")
