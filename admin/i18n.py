"""Persian and English: the language of the request, and the catalogues of `translations/`.

The source is English; `translations/fa/*.po` are Persian, one file an area, read as they are: there
is nothing to compile.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

LANGUAGES = {"fa": "فارسی", "en": "English"}
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
    """The desk's own texts."""

    def get_translations(self) -> NullTranslations:
        language = str(get_locale() or "en")
        if language not in self.cache:
            if language == "en":
                self.cache[language] = NullTranslations()
            else:
                compiled = BytesIO()
                write_mo(compiled, catalogue(language))
                compiled.seek(0)
                self.cache[language] = Translations(compiled)
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
    app.extensions["babel"].instance.domain_instance = _Catalogues()

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
