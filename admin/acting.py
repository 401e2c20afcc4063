"""What is done to many documents at once: shown before, then done to all of them or to none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from admin import preview
from admin.base import Desk
from admin.fields import DayField, Given, PersianField
from admin.refusal import Refusal, refusal

REASON_NEEDED = "RS404"


class StaleError(Exception):
    """A document is not any more what the page had shown of it."""


class ActForm(FlaskForm):
    """What is asked beside the documents."""

    day = DayField(lazy_gettext("On the day"), validators=[Given(
        lazy_gettext("A day is needed."))])
    note = PersianField(lazy_gettext("Note, added to the documents"))
    reason = PersianField(
        lazy_gettext("Reason, for a closed period"),
        description=lazy_gettext("Only needed for days in a period that is closed."))


def act(
    screen: Desk,
    form: ActForm,
    changes: Callable[[Sequence[Any]], Any],
    chosen: Sequence[Any],
    account_ids: Iterable[int],
    *,
    back: str,
    done: str,
    **shown: Any,
) -> Response | Any:
    """Show what changes would do to the chosen documents, or do it when that was sent.

    `changes` writes any of the chosen in one statement a table; `back` is where one goes on after
    it is `done`, which is said there; the rest is shown by the template `desk/confirm.html`.
    """
    seen, problem, refused = request.form.get("seen", ""), None, {}
    effect: preview.Effect | None = None
    reason = form.reason.data
    if form.validate_on_submit():
        try:
            if request.form.get("do") == "save" and seen:
                preview.save(lambda: changes(chosen), account_ids, seen, reason)
                flash(done, "success")
                return redirect(back)
            effect = preview.effect_of(lambda: changes(chosen), account_ids, reason)
        except preview.OtherwiseError as otherwise:
            effect = otherwise.effect
            problem = Refusal(preview.otherwise_words(), None, None, None)
        except StaleError:
            problem = Refusal(
                gettext("Somebody else has changed one of these meanwhile."),
                gettext("Nothing was saved. Go back to the list and choose once more."), None, None)
        except DBAPIError as error:
            problem = refusal(error)
            refused = _refused(changes, chosen, reason) if len(chosen) > 1 else {}
    return screen.render(  # type: ignore[attr-defined]
        "desk/confirm.html", form=form, chosen=chosen, effect=effect, problem=problem,
        refused=refused, back=back, **shown,
        asks_reason=bool(reason) or (problem is not None and problem.code == REASON_NEEDED))


def _refused(changes: Callable[[Sequence[Any]], Any], chosen: Sequence[Any],
             reason: str | None) -> dict[int, Refusal]:
    """Try each document alone and say which are refused, by their place; nothing stays."""
    found = {}
    for place, each in enumerate(chosen):
        try:
            preview.effect_of(partial(changes, [each]), [], reason)
        except StaleError:
            continue
        except DBAPIError as error:
            found[place] = refusal(error)
    return found
