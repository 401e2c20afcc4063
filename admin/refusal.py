"""What a person is shown of a statement that the database refused."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from flask_babel import gettext
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from admin.database import db
from admin.i18n import language
from admin.labels import COLUMNS


@dataclass(frozen=True)
class Refusal:
    """What is wrong and what to do, in the reader's language; `words` are the database's own."""

    sentence: str
    hint: str | None
    words: str | None
    code: str | None

    def __str__(self) -> str:
        """Sentence and hint as one text."""
        return f"{self.sentence} {self.hint or ''}".strip()


# The sentence and hint of a rule by its name: of a refusal of class RS, or the comment of a
# constraint or unique index, which is "what is wrong. | what to do.".
_KNOWN = text("""
    select sentence, hint from (
      select r.sentence, r.hint, 0 as rank
      from ref.refusal as r
      where r.constraint_name = :name
      union all
      select split_part(d.description, ' | ', 1), split_part(d.description, ' | ', 2), 1
      from pg_catalog.pg_description as d
      where d.objsubid = 0
        and (
          d.classoid = 'pg_constraint'::regclass
            and d.objoid in (
              select c.oid from pg_catalog.pg_constraint as c where c.conname = :name
            )
          or d.classoid = 'pg_class'::regclass
            and d.objoid in (
              select i.indexrelid
              from pg_catalog.pg_index as i
              join pg_catalog.pg_class as c on c.oid = i.indexrelid
              where c.relname = :name
            )
        )
    ) as known
    order by rank
    limit 1
""")


def refusal(error: DBAPIError | psycopg.Error) -> Refusal:
    """Say what the database said of a refused statement; the session is rolled back first."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    db.session.rollback()
    if not isinstance(cause, psycopg.Error):
        return Refusal(gettext("The database did not take it."), None, str(cause), None)
    diag = cause.diag
    code = diag.sqlstate
    if isinstance(cause, errors.InsufficientPrivilege):
        return Refusal(gettext("Your role may not do this."),
                       gettext("Ask somebody of the finance desk."), diag.message_primary, code)
    if isinstance(cause, errors.SerializationFailure | errors.DeadlockDetected):
        return Refusal(gettext("Somebody else changed the same account at this moment."),
                       gettext("Nothing was saved. Try once more."), diag.message_primary, code)
    if isinstance(cause, errors.QueryCanceled):
        return Refusal(gettext("It took too long and was stopped."),
                       gettext("Ask for less: one customer, or fewer days."),
                       diag.message_primary, code)
    if isinstance(cause, errors.NumericValueOutOfRange):
        return Refusal(gettext("This number is too large."), None, diag.message_primary, code)
    if isinstance(cause, errors.NotNullViolation):
        name = diag.column_name or ""
        return Refusal(gettext("A field that must be filled in is empty."),
                       gettext("Fill in: %(field)s", field=COLUMNS.get(name, name)),
                       diag.message_primary, code)
    sentence, hint = known(diag.constraint_name)
    words = diag.message_primary
    if sentence is None:
        return Refusal(words or str(cause), diag.message_hint, diag.message_detail, code)
    if language() == "en" and (code or "").startswith("RS"):
        return Refusal(_capital(words or sentence), diag.message_hint or hint, diag.message_detail,
                       code)
    return Refusal(gettext(sentence), gettext(hint) if hint else None, words, code)


def known(name: str | None) -> tuple[str | None, str | None]:
    """Return the sentence and the hint of a rule, in English, by its name; None: there is none."""
    if name is None:
        return None, None
    with db.engine.connect() as connection:
        row = connection.execute(_KNOWN, {"name": name}).one_or_none()
    return (row.sentence, row.hint) if row else (None, None)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
