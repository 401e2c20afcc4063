"""The finance desk: pages over the database, in Persian and English.

A thin layer: every rule is the database's, every figure comes from its views.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, abort, g, jsonify, render_template, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from admin import cells, i18n, labels, logins, lookups, menu, text, views
from admin.database import check, db, reflect
from admin.fields import MOST_ID
from admin.refusal import refusal

FOLDER = Path(__file__).parent

ASSETS = {
    "bootstrap-rtl.min.css": "bootstrap-v4-rtl/dist/css/bootstrap-rtl.min.css",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "jalalidatepicker.min.css": "@majidh1/jalalidatepicker/dist/jalalidatepicker.min.css",
    "jalalidatepicker.min.js": "@majidh1/jalalidatepicker/dist/jalalidatepicker.min.js",
    "tom-select.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.min.css": "tom-select/dist/css/tom-select.bootstrap4.min.css",
    "topojson-client.min.js": "topojson-client/dist/topojson-client.min.js",
    "countries-50m.json": "world-atlas/countries-50m.json",
    "Vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
}
"""What is served of the packages in `node_modules`, by the name it is served under."""

SESSION_HOURS = 12
MOST_BYTES = 64 * 1024 * 1024
"""Of a file that somebody sends."""
YEAR = 365 * 24 * 3600


class _Cookies(SecureCookieSessionInterface):
    """Session cookies that never go over a plain connection when the page came over a safe one."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


class _Id(IntegerConverter):
    """Numbers in addresses: what can be no id leads to no page."""

    def __init__(self, url_map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": MOST_ID} | kwargs)


def _connect(dsn: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(dsn, application_name="rasid desk", connect_timeout=5)
    # Whatever the database has for all: a person who pressed a button is not asked to retry.
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    return connection


def create_app(dsn: str, secret_key: str | None = None, *, proxies: int = 0) -> Flask:
    """Make the application on the database at this address.

    `secret_key` signs the sessions (default: a new one, so that a restart logs everyone out);
    `proxies` is the number of trusted proxies before it, whose X-Forwarded headers then count.

    :raises sqlalchemy.exc.OperationalError: the database can't be reached
    :raises ServerError: the database is not migrated, or its login lacks a role
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key or secrets.token_urlsafe(32),
        SQLALCHEMY_DATABASE_URI="postgresql+psycopg://",
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True, "pool_size": 8, "max_overflow": 8,
            "creator": lambda: _connect(dsn),
        },
        SESSION_COOKIE_NAME="rasid",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_HOURS * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        MAX_CONTENT_LENGTH=MOST_BYTES,
    )
    app.session_interface = _Cookies()
    app.url_map.converters["int"] = _Id
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    db.init_app(app)
    CSRFProtect(app)
    i18n.init_app(app)
    logins.init_app(app)
    app.register_blueprint(lookups.blueprint)
    with app.app_context():
        try:
            check(db.engine)
        except Exception:
            db.engine.dispose()
            raise
        reflect(db.engine)
        admin = Admin(
            app, name="رسید", url="/", index_view=views.index(),
            theme=Bootstrap4Theme(base_template="desk/base.html", fluid=True),
            csp_nonce_generator=_nonce,
        )
        for view in views.screens():
            admin.add_view(view)
    menu.init_app(app, admin)
    _show(app)
    _protect(app)
    _explain(app)
    return app


def _show(app: Flask) -> None:
    app.jinja_env.globals.update(
        amount=text.amount, brief=text.brief, column=labels.column, day=text.day,
        digits=text.digits, html=cells.html, isolated=text.isolated, moment=text.moment,
        money_unit=text.money_unit, number=text.number, share=text.share,
        typed_amount=text.typed_amount, typed_day=text.typed_day, unit=text.unit,
        value_label=labels.value, choices=labels.choices, is_number=cells.is_number,
        is_column=labels.COLUMNS.__contains__, customer_link=cells.customer,
        invoice_link=cells.invoice,
    )

    @app.get("/assets/<name>")
    def assets(name: str) -> Any:
        if name not in ASSETS:
            abort(404)
        return send_from_directory(FOLDER / "node_modules", ASSETS[name], max_age=YEAR)


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _protect(app: Flask) -> None:
    app.jinja_env.globals["nonce"] = _nonce

    @app.after_request
    def headers(response: Any) -> Any:
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' 'nonce-{_nonce()}';"
            " style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
            " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        if not request.path.startswith(("/assets/", "/static/", "/admin/static/")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _typed_here() -> list[tuple[str, str]]:
    """Return the fields of a form of the desk's own, but not passwords and files: none."""
    if (request.headers.get("Origin") != request.host_url.rstrip("/")
            or request.blueprint == logins.blueprint.name or any(request.files.values())):
        return []
    return [each for each in request.form.items(multi=True) if each[0] != "csrf_token"]


def _explain(app: Flask) -> None:
    """Answer every failure with a sentence and what to do, as a page or as JSON."""

    def answer(status: int, sentence: str, hint: str | None, words: str | None = None,
               kept: list[tuple[str, str]] | None = None) -> Any:
        if request.accept_mimetypes.best_match(["text/html", "application/json"]) == (
                "application/json"):
            # A page whose script asked still has what was typed: it gets a token to ask anew.
            token = generate_csrf() if kept else None
            return jsonify(sentence=sentence, hint=hint, words=words, token=token), status
        return render_template("desk/problem.html", sentence=sentence, hint=hint, words=words,
                               status=status, kept=kept), status

    @app.errorhandler(OperationalError)
    def unreachable(error: OperationalError) -> Any:
        if error.connection_invalidated or getattr(error.orig, "sqlstate", None) is None:
            db.session.rollback()
            return answer(503, gettext("The database can't be reached."),
                          gettext("Tell those who look after the server; try again in a minute."))
        return refused(error)

    @app.errorhandler(DBAPIError)
    def refused(error: DBAPIError) -> Any:
        said = refusal(error)
        return answer(422, said.sentence, said.hint, said.words)

    @app.errorhandler(CSRFError)
    def stale(_: CSRFError) -> Any:
        sentence = gettext("This page was open for too long, or the login has ended.")
        kept = _typed_here()
        if not kept:
            return answer(400, sentence, gettext("Go back, reload the page and send it once more."))
        hint = (gettext("What you typed is kept on this page: send it once more.")
                if current_user.is_authenticated
                else gettext("What you typed is kept on this page: log in on another one, then send"
                             " it once more from here."))
        return answer(400, sentence, hint, kept=kept)

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Any:
        said = {
            403: (gettext("Your role may not open this page."),
                  gettext("Ask somebody of the finance desk.")),
            404: (gettext("There is no such page or document."),
                  gettext("It may have been deleted or moved; look for it in its list.")),
            413: (gettext("The file is too large."), gettext("Split it into smaller files.")),
            429: (gettext("Too many wrong names or passwords came from this address."),
                  gettext("Wait a quarter of an hour, then log in again.")),
            503: (gettext("Others are downloading long lists at this moment."),
                  gettext("Try again in a minute, or narrow the list and read it here.")),
        }.get(error.code or 500, (gettext("This did not work."),
                                  gettext("Go back, reload the page and send it once more.")))
        return answer(error.code or 500, *said)

    @app.errorhandler(ValidationError)
    def forged(_: ValidationError) -> Any:
        return known(BadRequest())

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Any:
        app.logger.exception("unexpected", exc_info=error)
        db.session.rollback()
        return answer(500, gettext("Something went wrong in the desk."),
                      gettext("Nothing was saved. It is written in the server's log."))
