"""What every screen of the desk has in common: who may see it, what it answers, how lists are read.

`Screen` is a page of its own; `Records` is a list of documents or of master data with its forms.
Lists are read in two steps that never depend on the size of the book: first the keys of one page,
along an index of the table people write to, then the figures of just these rows from their view.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, flash, g, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    literal_column,
    select,
    true,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from admin import cells, export, filters, labels, stale, text
from admin.database import db, rows, table
from admin.fields import CurrencyForm, DeskConverter
from admin.refusal import refusal


class Desk:
    """What both kinds of screens share."""

    group: ClassVar[str] = ""
    """Key of the heading in the menu (`menu.GROUPS`) under which the screen stands; "": nowhere."""
    writers_only: ClassVar[bool] = False
    """Whether the screen is of no use to those who only read."""

    def is_accessible(self) -> bool:
        """Whether the person may open the screen."""
        return current_user.is_authenticated and (current_user.may_write or not self.writers_only)

    def inaccessible_callback(self, name: str, **_: Any) -> Response:  # noqa: ARG002
        """Send those who have not logged in to the login, and refuse the others."""
        if not current_user.is_authenticated:
            return redirect(url_for("logins.login", next=request.full_path.rstrip("?")))
        abort(403)
        return None


    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin calls again, otherwise, on any TypeError, and so hides where it came from.
        return fn(self, *args, **kwargs)


class Screen(Desk, BaseView):
    """A page of its own kind."""


class Records(Desk, ModelView):
    """A list of rows with their filters, forms and exports.

    `model` is the class of the table that is written; `view_name` is the `bi` view whose figures
    are shown beside it (none: the table's own columns are shown).
    """

    list_template = "desk/list.html"
    create_template = "desk/form.html"
    edit_template = "desk/form.html"
    model_form_converter = DeskConverter
    form_base_class = CurrencyForm
    simple_list_pager = True
    page_size = 50
    can_set_page_size = False
    can_view_details = False
    can_export = True

    view_name: ClassVar[str | None] = None
    view_key: ClassVar[dict[str, str]] = {}
    """Columns of the view by which a row is found, with the table's columns they equal."""
    view_const: ClassVar[dict[str, Any]] = {}
    """Columns of the view that are the same for all rows of this list."""
    kinds: ClassVar[dict[str, str]] = {}
    """Columns of codes, with their key in `labels.VALUES`."""
    numbers: ClassVar[tuple[str, ...]] = ()
    """Columns of the table that the search box finds by their beginning."""
    order: ClassVar[tuple[str, ...]] = ()
    """Columns of the table the list is ordered by, latest first; a minus: earliest first."""
    also: ClassVar[tuple[str, ...]] = ()
    """Columns that are read for the cells though they are not shown."""
    search_label: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    """A sentence under the title."""
    parts: ClassVar[tuple[str, ...]] = ()
    """Tables whose rows belong to one of this table and are written with its form."""

    def __init__(self, model: Any, **arguments: Any) -> None:
        self.table: Table = model.__table__
        self.filters: tuple[filters.Filter, ...] = self.make_filters()
        super().__init__(model, db, **arguments)

    # What may be done

    @property
    def may_write(self) -> bool:
        """Whether the person is offered to change anything."""
        return bool(current_user.is_authenticated and current_user.may_write)

    can_create = can_edit = can_delete = may_write

    def _handle_view(self, name: str, **arguments: Any) -> Any:
        refused = super()._handle_view(name, **arguments)
        may = {"create_view": self.can_create, "edit_view": self.can_edit,
               "delete_view": self.can_delete}
        if refused is None and not may.get(name, True):
            # Flask-Admin leads back to the list, otherwise, without a word.
            abort(403)
        return refused

    # Columns

    def get_column_names(self, only_columns: Any, excluded_columns: Any) -> Any:  # noqa: ARG002
        """Return the columns with their labels."""
        return [(name, labels.column(name)) for name in only_columns]

    def _prettify_name(self, name: str) -> str:
        return str(labels.COLUMNS.get(name, name))

    def get_sortable_columns(self) -> Any:
        """Return the columns by which the list can be ordered: those with an index."""
        return {name: name for name in self.column_sortable_list or ()}

    def _get_column_by_idx(self, idx: Any) -> Any:
        # Whatever the address names: only what has an index, and every list has, orders a list.
        found = super()._get_column_by_idx(idx)
        return found if found and found[0] in self.get_sortable_columns() else None

    def init_search(self) -> bool:
        """Tell whether there is a search box."""
        return bool(self.search_label)

    def search_placeholder(self) -> str:
        """Say what the search box finds."""
        return str(self.search_label)

    def make_filters(self) -> tuple[filters.Filter, ...]:
        """Return the fields above the list."""
        return ()

    def get_filters(self) -> Any:
        """Leave Flask-Admin's own filters out: the list has its own bar."""
        return None

    # Reading

    def source(self) -> Any:
        """Return what the keys are read from: the table, and whose account it is."""
        if "account_id" not in self.table.c:
            return self.table
        account, party = table("ref.account"), table("ref.party")
        if self.table is account:
            return account.join(party, party.c.party_id == account.c.party_id)
        # Outer joins, though the rows are there: the planner leaves out those that nothing is asked
        # of. Else it joins every document to its customer before it sees which are wanted.
        return (self.table
                .outerjoin(account, account.c.account_id == self.table.c.account_id)
                .outerjoin(party, party.c.party_id == account.c.party_id))

    def key_columns(self) -> list[Any]:
        """Return what is read of the source, and can order the list: the table's columns."""
        return list(self.table.c)

    def conditions(self, search: str | None) -> list[ColumnElement[bool]]:
        """Return what the rows must fulfil, by the search box and the bar.

        What can't be read is said and left out, so that a page is shown in any case.
        """
        found = []
        typed = text.fold(search or "")
        if typed and self.search_label:
            found.append(self.search_condition(typed))
        for each in self.filters:
            try:
                value = each.read()
            except ValueError as problem:
                flash(f"{each.label}: {problem}", "danger")
                continue
            if value is not None:
                found.append(each.condition(value))
        return found

    def search_condition(self, typed: str) -> ColumnElement[bool]:
        """Return the condition of the search box."""
        return filters.found_by(
            typed, self.table.c.account_id, *(self.table.c[name] for name in self.numbers))

    def ordering(self, sort: str | None, is_descending: bool) -> list[tuple[str, bool]]:
        """Return the order: columns, and whether each is descending; the key breaks ties.

        It is the chosen column, or else the list's own.
        """
        if sort:
            ordered = [(sort, is_descending)]
        else:
            ordered = [(name.lstrip("-"), name.startswith("-")) for name in self.order]
        down = bool(ordered) and ordered[0][1]
        return ordered + [(key.name, down) for key in self.table.primary_key]

    def get_list(self, page: Any, sort_field: Any, sort_desc: Any, search: Any,
                 filters: Any, page_size: Any = None) -> Any:  # noqa: ARG002
        """Return no count, and the rows of one page."""
        size = page_size or self.page_size
        order = self.ordering(sort_field, bool(sort_desc))
        columns = self.key_columns()
        keys = (
            select(*columns)
            .select_from(self.source())
            .where(*self.conditions(search))
            .order_by(*_order({column.name: column for column in columns}, order,
                              is_blind=self.is_sorted(search)))
            .limit(size + 1)
            .offset(max(page or 0, 0) * size)
            .subquery("found")
        )
        found = rows(self.with_figures(keys).order_by(*_order(keys.c, order)))
        g.has_next = len(found) > size
        return None, found[:size]

    def is_sorted(self, search: str | None) -> bool:
        """Whether the rows are few beside the table, so that they are better found and sorted."""
        return bool(search) and not filters.is_wide(text.fold(search or ""))

    def wanted(self) -> list[str]:
        """Return every column that is read."""
        keys = [column.name for column in self.table.primary_key]
        names = [*keys, *(name for name, _ in self._list_columns), *self.also]
        if self.view_name or "account_id" in self.table.c:
            names += ["account_id", "currency", "party_name"]
        return list(dict.fromkeys(names))

    def with_figures(self, found: Subquery) -> Select[Any]:
        """Return the rows of a page of keys, with the figures of the view beside them."""
        if self.view_name is None:
            return self._with_owner(found)
        view = table(self.view_name)
        return self.beside(found, select(view).where(*self._of_the_row(view, found)))

    def beside(self, found: Subquery, row: Select[Any]) -> Select[Any]:
        """Return the rows of a page of keys, each with what `row` looks up for it."""
        # The offset keeps the view apart from the join: each row looks up its own figures.
        figures = row.offset(literal_column("0")).lateral("figures")
        return select(*self._columns(figures, found)).select_from(found.join(figures, true()))

    def all_with_figures(self, found: Subquery) -> Select[Any]:
        """Return the rows of any number of keys, in one pass over the view."""
        if self.view_name is None:
            return self._with_owner(found)
        view = table(self.view_name)
        return (select(*self._columns(view, found))
                .select_from(found.join(view, and_(*self._of_the_row(view, found)))))

    def _of_the_row(self, view: Table, found: Subquery) -> list[ColumnElement[bool]]:
        return [
            *(view.c[name] == found.c[own] for name, own in self.view_key.items()),
            *(view.c[name] == const for name, const in self.view_const.items()),
        ]

    def more_columns(self, found: Subquery) -> dict[str, Any]:  # noqa: ARG002
        """Return columns that are neither the view's nor the table's: of single rows, by name."""
        return {}

    def _columns(self, figures: FromClause, found: Subquery) -> list[Any]:
        more = self.more_columns(found)
        return [more[name].label(name) if name in more
                else figures.c[name] if name in figures.c else found.c[name]
                for name in self.wanted()]

    def _with_owner(self, found: Subquery) -> Select[Any]:
        columns = [found.c[name] for name in self.wanted() if name in found.c]
        columns += [column.label(name) for name, column in self.more_columns(found).items()]
        if "account_id" not in found.c:
            return select(*columns)
        account, party = table("ref.account"), table("ref.party")
        more = [column.label(name) for name, column in (
            ("currency", account.c.currency), ("side", account.c.side),
            ("party_name", party.c.name), ("party_code", party.c.code),
        ) if name not in found.c]
        return (
            select(*columns, *more)
            .select_from(found)
            .join(account, account.c.account_id == found.c.account_id)
            .join(party, party.c.party_id == account.c.party_id)
        )

    # Showing

    def cell(self, row: Any, name: str) -> Any:
        """Return what a cell of the list shows."""
        if name == "party_name" and hasattr(row, "account_id"):
            return cells.customer(row)
        return cells.html(name, getattr(row, name), getattr(row, "currency", None),
                          self.kinds.get(name))

    def row_links(self, row: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return what can be done with a row beside editing it: address and words."""
        return []

    def get_empty_list_message(self) -> str:
        """Say that nothing was found, and why that may be."""
        if any(each.raw() for each in self.filters) or request.args.get("search"):
            return str(gettext("Nothing matches. Take a filter away."))
        return str(gettext("There is nothing here yet."))

    # Export

    @expose("/export/<export_type>/")
    @export.in_turn
    def export(self, export_type: str) -> Response:
        """Return all rows that the filters leave, as a CSV or Excel file."""
        if export_type not in export.TYPES:
            abort(404)
        view_args = self._get_list_extra_args()
        keys = (select(*self.key_columns()).select_from(self.source())
                .where(*self.conditions(view_args.search)).subquery("found"))
        chosen = self._get_column_by_idx(view_args.sort)
        order = self.ordering(chosen and chosen[0], bool(view_args.sort_desc))
        columns = [(name, str(label)) for name, label in self._list_columns]
        return export.send(export_type, str(self.name), columns,
                           self.all_with_figures(keys).order_by(*_order(keys.c, order)), self.kinds)

    # Writing

    def get_one(self, id: Any) -> Any:  # noqa: A002
        """Return the row of a key, or None, also where the key could be of no row."""
        try:
            return super().get_one(id)
        except (DBAPIError, ArgumentError, InvalidRequestError):
            db.session.rollback()
            return None

    def render(self, template: str, **values: Any) -> str:
        """Give the form of a row what it was made from, and what has changed meanwhile."""
        if template == self.edit_template and "model" in values:
            values["seen"] = (g.get("seen") or request.form.get(stale.SEEN)
                              or stale.seen(values["form"]))
            values["changed"] = g.get("changed")
        return str(super().render(template, **values))

    def as_it_stands(self, model: Any) -> Any:
        """Return a form of the row as the database has it, whatever was typed."""
        return self._edit_form_class(None, obj=model)

    def update_model(self, form: Any, model: Any) -> bool:
        """Save a form, if the row is still what it was made from.

        Who comes too late gets a form of what stands now, with what they themselves changed.
        """
        if self.is_as_seen(model):
            return bool(super().update_model(form, model))
        if now := g.get("now"):
            g.changed = stale.rebase(form, now, request.form.get(stale.SEEN, ""))
            g.seen = stale.seen(now)
            db.session.rollback()
        return False

    def delete_model(self, model: Any) -> bool:
        """Delete a row, if it is still what was shown."""
        return self.is_as_seen(model) and bool(super().delete_model(model))

    def is_as_seen(self, model: Any) -> bool:
        """Lock a row, and tell whether it is still what the form that was sent was made from.

        If not, it is said why, and `g.now` is a form of the row as it stands, if it still does. The
        lock is kept to the end of the transaction: nobody changes the row before it is written.
        """
        try:
            if not stale.lock(model):
                db.session.expunge(model)  # its page is shown once more
                raise StaleDataError
        except (DBAPIError, StaleDataError) as error:
            self.handle_view_exception(error)
            return False
        now = self.as_it_stands(model)
        if not stale.differing(request.form.get(stale.SEEN, ""), now):
            return True
        g.now = now
        changed = stale.last_change_of(model, [self.table.fullname, *self.parts])
        flash(stale.sentence(*changed), "danger")
        return False

    def handle_view_exception(self, exc: Exception) -> bool:
        """Say what the database refused in its own sentence and hint, never as a traceback."""
        if isinstance(exc, DBAPIError):
            g.refusal = refusal(exc)
            flash(Markup("{} <span class='hint'>{}</span>").format(
                g.refusal.sentence, g.refusal.hint or ""), "danger")
            return True
        if isinstance(exc, StaleDataError):
            flash(gettext("Somebody else deleted or moved this in the meantime."), "danger")
            return True
        return bool(super().handle_view_exception(exc))


def _order(columns: Any, order: list[tuple[str, bool]], *, is_blind: bool = False) -> Any:
    """Return the order by columns, which are given by their names.

    Few rows, looked up along their keys, are to be sorted: were the order one of an index (it is
    not, to the planner, when `is_blind`), it would walk all of it in the hope of meeting them.
    """
    for name, is_descending in order:
        column: Any = columns[name]
        if is_blind and isinstance(column.type, Date):
            column = column + 0
        yield column.desc() if is_descending else column
