"""The first page: what is open, how deep, what is coming, and who pays how.

The page itself reads next to nothing; each part of it is then asked for by itself, so that what
takes long keeps nothing else waiting. Every figure and every point of a chart leads to the rows
that it is made of, with the same filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Response, abort, flash, jsonify, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import (
    ColumnElement,
    Row,
    Subquery,
    Table,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy import text as sql

from admin import filters, labels, text
from admin.base import Desk
from admin.database import rows, table
from admin.filters import Filter
from admin.views.open_items import MONEY, ON_THE_WAY

BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "over_120")
WEEKS = 13
PAYERS = 8


@dataclass(frozen=True)
class Chosen:
    """What the page is narrowed to; amounts of two sides or currencies are never added up."""

    side: str
    currency: str
    salesperson_id: int | None
    region_id: int | None
    agency_id: int | None

    def of(self, view: Table) -> list[ColumnElement[bool]]:
        """Return the conditions on the rows of a view."""
        found = [view.c.side == self.side, view.c.currency == self.currency]
        if self.salesperson_id is not None:
            found.append(view.c.salesperson_id == self.salesperson_id)
        if self.agency_id is not None:
            found.append(view.c.agency_id == self.agency_id)
        if self.region_id is not None:
            found.append(filters.within(view.c.region_id, self.region_id))
        return found

    def link(self, endpoint: str, **values: Any) -> str:
        """Return the address of a list with these filters and more."""
        kept = {name: value for name, value in asdict(self).items() if value is not None}
        return url_for(endpoint, **(kept | values))

    def brief(self, amount: Decimal | None) -> str:
        """Write an amount in short, with its unit."""
        return f"{text.brief(amount, self.currency)} {text.unit(self.currency)}"


class Dashboard(Desk, AdminIndexView):
    """What is open, how deep, and what to do about it today."""

    group = "overview"

    def __init__(self) -> None:
        super().__init__(name=_("Dashboard"), url="/")
        line = table("bi.line").c
        self.filters: tuple[Filter, ...] = (
            filters.side(), filters.currency(), filters.reference(line.salesperson_id),
            filters.reference(line.region_id), filters.reference(line.agency_id))

    @expose("/")
    def index(self) -> str:
        """Show the page without its figures."""
        chosen = self.chosen()
        has = rows(sql("""
            select exists (select from ref.account) as accounts,
                   exists (select from doc.invoice) as invoices,
                   calc.today() as today
        """))[0]
        return str(self.render(
            "desk/dashboard.html", chosen=chosen, has=has,
            scale=_scale(chosen.currency)))

    @expose("/dashboard/<part>")
    def part(self, part: str) -> Response:
        """Answer the figures and charts of one part of the page.

        `{"figures": [{"name", "label", "value", "text", "note", "tone", "href"}],
        "charts": {name: {"columns", "rows": [{"label", "href", "values", "texts"}]}}}`; values are
        in rials or days, as they are in the database.
        """
        if part not in PARTS:
            abort(404)
        return jsonify(PARTS[part](self.chosen()))

    def chosen(self) -> Chosen:
        """Read the filters; what can't be read is said and left out."""
        values: dict[str, Any] = {}
        for each in self.filters:
            try:
                values[each.name] = each.read()
            except ValueError as problem:
                flash(f"{each.label}: {problem}", "danger")
                values[each.name] = None
        return Chosen(**(values | {"side": values["side"] or "receivable",
                                   "currency": values["currency"] or "IRR"}))


def _scale(currency: str) -> dict[str, Any]:
    """Return how the charts write amounts in short, as `text.brief` does."""
    return {
        "unit": text.unit(currency),
        "divisor": text.RIALS_IN_A_TOMAN if text.uses_toman(currency) else 1,
        "words": [[10**12, gettext("trillion")], [10**9, gettext("billion")],
                  [10**6, gettext("million")]],
        "nothing": gettext("Nothing with these filters."),
        "missing": gettext("Not read"),
        "failed": gettext("This part could not be read. Reload the page."),
    }


def _figure(name: str, label: Any, value: Any, shown: str, *, note: str = "", tone: str = "",
            href: str = "") -> dict[str, Any]:
    return {"name": name, "label": str(label), "value": _raw(value), "text": shown, "note": note,
            "tone": tone, "href": href}


def _chart(columns: Iterable[tuple[str, Any]], found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"columns": [{"name": name, "label": str(label)} for name, label in columns],
            "rows": found}


def _point(label: Any, href: str, *pairs: tuple[Any, str], **more: Any) -> dict[str, Any]:
    return {"label": str(label), "href": href, "values": [_raw(value) for value, _ in pairs],
            "texts": [shown for _, shown in pairs], **more}


def _raw(value: Any) -> Any:
    # As text, so that no digit is lost on the way.
    return str(value) if isinstance(value, Decimal) else value


def _days(value: Decimal | None) -> str:
    return text.number(value, 1)


# What is open


def debt(chosen: Chosen) -> dict[str, Any]:
    """Return what is open, overdue and risky, its aging, and how deep it is in each region."""
    line, top = table("bi.line"), _tops(_shown_under(chosen.region_id))
    opened = line.c.open_amount
    total = func.coalesce(func.sum(opened), 0)
    found = rows(
        select(
            line.c.bucket, top.c.top_id,
            func.grouping(line.c.bucket, top.c.top_id).label("level"),
            total.label("open_amount"),
            func.coalesce(func.sum(opened).filter(line.c.is_overdue), 0).label("overdue_amount"),
            func.coalesce(func.sum(opened).filter(line.c.is_risky), 0).label("risky_amount"),
            func.round(func.coalesce(func.sum(opened).filter(line.c.is_risky), 0)
                       / func.nullif(total, 0), 4).label("risky_share"),
            func.round(func.sum(line.c.debt_depth) / func.nullif(total, 0), 2)
            .label("debt_depth_days"),
        )
        .select_from(line.outerjoin(top, top.c.region_id == line.c.region_id))
        .where(line.c.is_open, *chosen.of(line))
        .group_by(sql("grouping sets ((), (bi.line.bucket), (top.top_id))"))
    )
    whole = next(row for row in found if row.level == 3)
    return {
        "figures": _debt_figures(chosen, whole),
        "charts": {
            "aging": _aging(chosen, {row.bucket: row for row in found if row.level == 1}),
            "regions": _regions(chosen, [row for row in found if row.level == 2]),
        },
    }


def _debt_figures(chosen: Chosen, whole: Row[Any]) -> list[dict[str, Any]]:
    href = chosen.link("open_items.index_view")
    return [
        _figure("open_amount", labels.column("open_amount"), whole.open_amount,
                chosen.brief(whole.open_amount), href=href),
        _figure("overdue_amount", labels.column("overdue_amount"), whole.overdue_amount,
                chosen.brief(whole.overdue_amount), tone="bad" if whole.overdue_amount else "",
                href=chosen.link("open_items.index_view", state="overdue")),
        _figure("debt_depth_days", labels.column("debt_depth_days"), whole.debt_depth_days,
                _days(whole.debt_depth_days), href=href),
        _figure("risky_share", labels.column("risky_share"), whole.risky_share,
                text.share(whole.risky_share), note=chosen.brief(whole.risky_amount),
                href=chosen.link("open_items.index_view", state="risky")),
    ]


def _aging(chosen: Chosen, found: dict[str, Row[Any]]) -> dict[str, Any]:
    def point(bucket: str) -> dict[str, Any]:
        opened = found[bucket].open_amount if bucket in found else Decimal(0)
        return _point(labels.column(bucket), chosen.link("open_items.index_view", bucket=bucket),
                      (opened, text.amount(opened, chosen.currency)))

    return _chart([("open_amount", labels.column("open_amount"))],
                  [point(bucket) for bucket in BUCKETS] if found else [])


def _shown_under(region_id: int | None) -> int | None:
    """Return the region whose parts are compared: the chosen one, or the one that has them all."""
    if region_id is not None:
        return region_id
    roots = rows(sql("select region_id from ref.region where parent_id is null limit 2"))
    return roots[0].region_id if len(roots) == 1 else None


def _tops(parent_id: int | None) -> Subquery:
    """Return each region with the part of this one that it lies in; the one itself with itself."""
    region = table("ref.region")
    tree = select(region.c.region_id, region.c.region_id.label("top_id")).where(
        region.c.parent_id.is_not_distinct_from(parent_id)).cte("tree", recursive=True)
    tree = tree.union_all(
        select(region.c.region_id, tree.c.top_id)
        .join_from(region, tree, region.c.parent_id == tree.c.region_id))
    itself = select(region.c.region_id, region.c.region_id.label("top_id")).where(
        region.c.region_id == parent_id)
    return union_all(select(tree), itself).subquery("top")


def _regions(chosen: Chosen, found: list[Row[Any]]) -> dict[str, Any]:
    region, parent = table("ref.region"), _shown_under(chosen.region_id)
    known = {row.region_id: row for row in rows(
        select(region.c.region_id, region.c.name, region.c.latitude, region.c.longitude)
        .where(region.c.region_id.in_([row.top_id for row in found if row.top_id is not None])))}

    def point(row: Row[Any]) -> dict[str, Any]:
        place = known.get(row.top_id)
        if place is None:
            name, where = gettext("(none)"), {"region_id": 0}
        elif row.top_id == parent:
            name = place.name
            where = {"region_id": row.top_id, "region_itself": row.top_id}
        else:
            name, where = place.name, {"region_id": row.top_id}
        at = (None if place is None or place.latitude is None or place.longitude is None
              else [float(place.longitude), float(place.latitude)])
        return _point(name, chosen.link("open_items.index_view", **where),
                      (row.debt_depth_days, _days(row.debt_depth_days)),
                      (row.open_amount, text.amount(row.open_amount, chosen.currency)),
                      (row.risky_share, text.share(row.risky_share)), at=at)

    return _chart(
        [(name, labels.column(name)) for name in ("debt_depth_days", "open_amount", "risky_share")],
        [point(row) for row in sorted(found, key=lambda row: -row.debt_depth_days)])


# What was settled


def settlement(chosen: Chosen) -> dict[str, Any]:
    """Return how long settlement took against what was promised, in the last twelve months."""
    settled = table("bi.settled_invoice")
    year, month = settled.c.jalali_settlement_year, settled.c.jalali_settlement_month
    paid = func.nullif(func.sum(settled.c.paid_amount), 0)
    period, variance = (func.sum(settled.c[f"{name}_money_days"])
                        for name in ("settlement", "variance"))
    found = rows(
        select(
            year.label("year"), month.label("month"),
            func.grouping(year).label("level"),
            func.count().label("count"),
            func.coalesce(func.sum(settled.c.paid_amount), 0).label("paid_amount"),
            func.round(period / paid, 2).label("period"),
            func.round(variance / paid, 2).label("variance"),
            func.round((period - variance) / paid, 2).label("committed"),
        )
        .where(year * 12 + month >= filters.year_of_months(), *chosen.of(settled))
        .group_by(sql("grouping sets ((), (jalali_settlement_year, jalali_settlement_month))"))
        .order_by(year, month)
    )
    whole = next(row for row in found if row.level == 1)

    def point(row: Row[Any]) -> dict[str, Any]:
        code = row.year * 100 + row.month
        return _point(
            text.jalali_month(code), chosen.link("invoices.index_view", settled_month=code),
            (row.period, _days(row.period)), (row.committed, _days(row.committed)),
            (row.variance, _days(row.variance)),
            (row.paid_amount, text.amount(row.paid_amount, chosen.currency)))

    href = chosen.link("invoices.index_view", settled_month=filters.YEAR)
    note = gettext("promised %(days)s, %(months)s months", days=_days(whole.committed),
                   months=text.number(filters.YEAR)) if whole.count else ""
    return {
        "figures": [
            _figure("settlement_period_days", labels.column("settlement_period_days"),
                    whole.period, _days(whole.period), note=note, href=href),
            _figure("variance_days", labels.column("variance_days"), whole.variance,
                    _days(whole.variance), note=_late_or_early(whole.variance),
                    tone="bad" if (whole.variance or 0) > 0 else "", href=href),
        ],
        "charts": {"settlement": _chart(
            [("settlement_period_days", labels.column("settlement_period_days")),
             ("committed_days", labels.column("committed_days")),
             ("variance_days", labels.column("variance_days")),
             ("paid_amount", labels.column("paid_amount"))],
            [point(row) for row in found if row.level == 0])},
    }


def _late_or_early(variance: Decimal | None) -> str:
    if not variance:
        return ""
    return gettext("later than promised") if variance > 0 else gettext("earlier than promised")


# Cheques and money


def money(chosen: Chosen) -> dict[str, Any]:
    """Return the cheques due this week, the bounced ones, and what was collected this month."""
    span = rows(sql("""
        select c.day - c.weekday as week_from, c.day - c.weekday + 6 as week_to,
               c.day - c.jalali_day + 1 as month_from, c.day as today,
               c.jalali_year * 100 + c.jalali_month as month
        from ref.calendar as c
        where c.day = calc.today()
    """))[0]
    return {"figures": [_due_this_week(chosen, span.week_from, span.week_to), _bounced(chosen),
                        _collected(chosen, span)], "charts": {}}


def _due_this_week(chosen: Chosen, first: date, last: date) -> dict[str, Any]:
    cheque = table("bi.cheque")
    found = rows(
        select(func.coalesce(func.sum(cheque.c.amount), 0).label("amount"),
               func.count().label("count"))
        .where(cheque.c.kind == "payment", cheque.c.status.in_(ON_THE_WAY),
               cheque.c.due_date.between(first, last), *chosen.of(cheque)))[0]
    return _figure(
        "due_this_week", gettext("Cheques due this week"), found.amount, chosen.brief(found.amount),
        note=gettext("%(count)s cheques, %(first)s to %(last)s", count=text.number(found.count),
                     first=text.day(first), last=text.day(last)),
        href=chosen.link("due_cheques.index_view", due_date_from=text.typed_day(first),
                         due_date_to=text.typed_day(last)))


def _bounced(chosen: Chosen) -> dict[str, Any]:
    account = table("bi.account")
    found = rows(
        select(func.coalesce(func.sum(account.c.bounced_amount), 0).label("amount"),
               func.count().filter(account.c.bounced_amount > 0).label("count"))
        .where(*chosen.of(account)))[0]
    return _figure(
        "bounced_amount", gettext("Bounced cheques"), found.amount, chosen.brief(found.amount),
        note=(gettext("of %(count)s customers", count=text.number(found.count))
              if chosen.side == "receivable"
              else gettext("to %(count)s suppliers", count=text.number(found.count))),
        tone="bad" if found.amount else "",
        href=chosen.link("customers.index_view", state="bounced"))


def _collected(chosen: Chosen, span: Row[Any]) -> dict[str, Any]:
    credit = table("bi.credit")
    found = rows(
        select(func.coalesce(func.sum(credit.c.counted_amount), 0).label("amount"),
               func.count().label("count"))
        .where(credit.c.is_counted, credit.c.credit_type.in_(MONEY),
               credit.c.doc_date.between(span.month_from, span.today), *chosen.of(credit)))[0]
    return _figure(
        "collected", gettext("Collected this month") if chosen.side == "receivable"
        else gettext("Paid this month"),
        found.amount, chosen.brief(found.amount),
        note=gettext("%(count)s receipts in %(month)s", count=text.number(found.count),
                     month=text.jalali_month(span.month)),
        href=chosen.link("receipts.index_view", doc_date_from=text.typed_day(span.month_from),
                         doc_date_to=text.typed_day(span.today)))


# What is expected


def forecast(chosen: Chosen) -> dict[str, Any]:
    """Return what is expected to come in or go out by week, certain and doubtful, then the rest."""
    expected, calendar = table("bi.cash_forecast"), table("ref.calendar")
    this = rows(sql("select day - weekday as week from ref.calendar where day = calc.today()"))[0]
    later = this.week + timedelta(weeks=WEEKS)
    # Added up by day first: the days are few beside the lines.
    day = (
        select(expected.c.expected_on, func.sum(expected.c.certain_amount).label("certain"),
               func.sum(expected.c.doubtful_amount).label("doubtful"))
        .where(*chosen.of(expected))
        .group_by(expected.c.expected_on)
        .subquery("day"))
    week = func.least(day.c.expected_on - calendar.c.weekday, later)
    found = rows(
        select(week.label("week"), func.sum(day.c.certain).label("certain"),
               func.sum(day.c.doubtful).label("doubtful"))
        .join_from(day, calendar, calendar.c.day == day.c.expected_on)
        .group_by(week)
        .order_by(week))

    def point(row: Row[Any]) -> dict[str, Any]:
        span = {"expected_on_from": text.typed_day(row.week)}
        if row.week < later:
            span["expected_on_to"] = text.typed_day(row.week + timedelta(days=6))
        return _point(
            text.day(row.week) if row.week < later else gettext("later"),
            chosen.link("expected.index_view", **span),
            (row.certain, text.amount(row.certain, chosen.currency)),
            (row.doubtful, text.amount(row.doubtful, chosen.currency)),
            is_rest=row.week == later)

    return {"figures": [], "charts": {"forecast": _chart(
        [(name, labels.column(name)) for name in ("certain_amount", "doubtful_amount")],
        [point(row) for row in found])}}


# Who pays how


def payers(chosen: Chosen) -> dict[str, Any]:
    """Return the customers that pay latest and earliest, by money, over twelve months."""
    behaviour = table("bi.behaviour")
    lateness, measured = behaviour.c.lateness_days, behaviour.c.measured_amount
    # By what the order asks for; the cheques of the book are not read for the scores of a few.
    ranked = (
        select(behaviour.c.account_id,
               func.row_number().over(order_by=(lateness.desc(), measured.desc())).label("worst"),
               func.row_number().over(order_by=(lateness, measured.desc())).label("best"))
        .where(behaviour.c["class"] != "no_history", lateness.is_not(None), *chosen.of(behaviour))
        .subquery("ranked"))
    shown = select(ranked).where(
        (ranked.c.worst <= PAYERS) & (ranked.c.worst < ranked.c.best)
        | (ranked.c.best <= PAYERS) & (ranked.c.best <= ranked.c.worst)).subquery("shown")
    # The offset keeps the view apart from the join: each account looks up its own figures.
    payer = (
        select(behaviour.c.account_id, behaviour.c.party_name, behaviour.c["class"],
               behaviour.c.score, lateness, measured)
        .where(behaviour.c.account_id == shown.c.account_id)
        .offset(literal_column("0")).lateral("payer"))
    found = rows(select(payer).select_from(shown.join(payer, true())).order_by(shown.c.worst))

    def point(row: Row[Any]) -> dict[str, Any]:
        return _point(
            row.party_name, url_for("customer.card", account_id=row.account_id),
            (row.lateness_days, _days(row.lateness_days)),
            (row._mapping["class"], str(labels.value("class", row._mapping["class"]))),
            (row.score, text.number(row.score, 1)),
            (row.measured_amount, text.amount(row.measured_amount, chosen.currency)))

    return {"figures": [], "charts": {"payers": _chart(
        [("lateness_days", labels.column("lateness_days")), ("class", labels.column("class")),
         ("score", labels.column("score")), ("measured_amount", labels.column("measured_amount"))],
        [point(row) for row in found])}}


PARTS: dict[str, Callable[[Chosen], dict[str, Any]]] = {
    "debt": debt, "settlement": settlement, "money": money, "forecast": forecast,
    "payers": payers,
}
