"""Persian and English: the language of the request, and the catalogues of `translations/`.

The source is English; `translations/fa/*.po` are Persian, one file an area, read as they are: there
is nothing to compile.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import flask_admin.babel
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask_admin.babel import CustomDomain
from flask_babel import Babel, Domain, get_locale, lazy_ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

LANGUAGES = {"fa": "فارسی", "en": "English"}
# What Flask-Admin says after a form was sent is said in the desk's own words.
SAID_BY_FLASK_ADMIN = (
    _("Record was successfully created."), _("Record was successfully saved."),
    _("Failed to create record."), _("Failed to save record."), _("Record does not exist."),
    lazy_ngettext(
        "Record was successfully deleted.", "%(count)s records were successfully deleted.", 1),
)
FOLDER = Path(__file__).parent / "translations"


def catalogue(language: str) -> Catalog:
    """Return all messages of a language, from the files of its folder."""
    whole = Catalog(locale=language)
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole[message.id] = message
    return whole


class _Catalogues(Domain):
    """The desk's own texts, and beneath them those of Flask-Admin."""

    def get_translations(self) -> NullTranslations:
        language = str(get_locale() or "en")
        if language not in self.cache:
            if language == "en":
                self.cache[language] = NullTranslations()
            else:
                compiled = BytesIO()
                write_mo(compiled, catalogue(language))
                compiled.seek(0)
                made = Translations(compiled)
                made.add_fallback(CustomDomain.get_translations(flask_admin.babel.domain))
                self.cache[language] = made
        found = self.cache[language]
        assert isinstance(found, NullTranslations)  # noqa: S101
        return found


def language() -> str:
    """Language of the request: the person's, or before the login what was chosen there."""
    if not has_request_context():
        return "fa"
    if current_user.is_authenticated:
        return str(current_user.language)
    return str(session.get("language", "fa"))


def init_app(app: Flask) -> None:
    """Attach the catalogues; `?language=` before the login chooses one."""
    Babel(app, default_locale="en", locale_selector=language, default_timezone="Asia/Tehran")
    own = _Catalogues()
    app.extensions["babel"].instance.domain_instance = own
    flask_admin.babel.domain.get_translations = own.get_translations

    @app.before_request
    def choose() -> None:
        chosen = request.args.get("language")
        if chosen in LANGUAGES:
            session["language"] = chosen

    @app.context_processor
    def context() -> dict[str, object]:
        now = language()
        return {"language": now, "languages": LANGUAGES,
                "direction": "rtl" if now == "fa" else "ltr"}
