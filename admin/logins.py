"""Who uses the desk: logins kept in `desk.login`, with salted slow hashes and a lock-out."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_wtf import FlaskForm
from sqlalchemy import Connection, text
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin.database import as_desk
from admin.fields import offered
from admin.i18n import LANGUAGES
from admin.text import digits, fold

MOST_FAILURES = 5
"""Wrong passwords in a row after which a login is locked."""
LOCK = "15 minutes"
FROM_ONE_ADDRESS = "30 per 15 minutes"
"""Wrong names or passwords from one address, whosever they are, before it has to wait."""
SHORTEST_PASSWORD = 8
SESSION = "session"
"""Where the cookie of a session says which one it is."""

# Compared with when the name is unknown, so that the answer takes as long.
_NOBODY = generate_password_hash("nobody")

blueprint = Blueprint("logins", __name__)
manager = LoginManager()


@dataclass
class Person(UserMixin):
    """Somebody who has logged in: name, role and how they like to read."""

    login_id: int
    name: str
    full_name: str
    role: str
    language: str
    calendar: str
    money_unit: str
    password_hash: str = field(repr=False)

    def get_id(self) -> str:
        """Key of the session: of another password, it is another one."""
        mark = hmac.new(str(current_app.secret_key).encode(), self.password_hash.encode(),
                        hashlib.sha256)
        return f"{self.login_id}.{mark.hexdigest()}"

    @property
    def may_write(self) -> bool:
        """Whether pages offer to change anything; the database decides in any case."""
        return self.role == "finance"


_PERSON = "login_id, name, full_name, role, language, calendar, money_unit, password_hash"


@manager.user_loader
def load(key: str) -> Person | None:
    """Find the person of a session, unless it has ended: logged out, or by a new password."""
    login_id = key.partition(".")[0]
    if not login_id.isdecimal() or SESSION not in session:
        return None
    with as_desk() as connection:
        row = connection.execute(
            text(f"select {_PERSON} from desk.login"  # noqa: S608
                 " where login_id = :id and is_active and not exists ("
                 "   select from desk.ended_session where session_key = :session)"),
            {"id": int(login_id), "session": session[SESSION]},
        ).one_or_none()
    person = Person(**row._mapping) if row else None
    return person if person and hmac.compare_digest(person.get_id(), key) else None


def check(connection: Connection, name: str, password: str) -> Person | None:
    """Compare name and password and count the failure; a locked login never passes."""
    row = connection.execute(
        text(f"select {_PERSON},"  # noqa: S608
             " coalesce(locked_until > now(), false) as is_locked"
             " from desk.login where name = :name and is_active for update"),
        {"name": name},
    ).one_or_none()
    is_right = check_password_hash(row.password_hash if row else _NOBODY, password)
    if row is None or row.is_locked:
        return None
    if not is_right:
        connection.execute(
            text("""
                update desk.login set
                  failed_count = case when failed_count + 1 < :most
                                      then failed_count + 1 else 0 end,
                  locked_until = case when failed_count + 1 >= :most
                                      then now() + cast(:lock as interval) end
                where login_id = :id
            """),
            {"id": row.login_id, "most": MOST_FAILURES, "lock": LOCK},
        )
        return None
    connection.execute(
        text("update desk.login set failed_count = 0, locked_until = null, last_login_at = now()"
             " where login_id = :id"),
        {"id": row.login_id},
    )
    known = row._asdict()
    return Person(**{each: known[each] for each in _PERSON.split(", ")})


class LoginForm(FlaskForm):
    """Name and password."""

    name = StringField(lazy_gettext("Login name"), [InputRequired()],
                       render_kw={"autocomplete": "username", "dir": "ltr", "autofocus": True})
    password = PasswordField(lazy_gettext("Password"), [InputRequired()],
                             render_kw={"autocomplete": "current-password", "dir": "ltr"})


class ProfileForm(FlaskForm):
    """How a person likes to read."""

    language = SelectField(lazy_gettext("Language"), choices=offered(LANGUAGES.items()))
    calendar = SelectField(lazy_gettext("Calendar"), choices=offered([
        ("jalali", lazy_gettext("Jalali")), ("gregorian", lazy_gettext("Gregorian"))]))
    money_unit = SelectField(lazy_gettext("Amounts in"), choices=offered([
        ("rial", lazy_gettext("rial")), ("toman", lazy_gettext("toman"))]))


class PasswordForm(FlaskForm):
    """The old password, and a new one twice."""

    old = PasswordField(lazy_gettext("Present password"), [InputRequired()],
                        render_kw={"autocomplete": "current-password", "dir": "ltr"})
    new = PasswordField(lazy_gettext("New password"),
                        [InputRequired(), Length(min=SHORTEST_PASSWORD)],
                        render_kw={"autocomplete": "new-password", "dir": "ltr"})
    again = PasswordField(lazy_gettext("New password again"), [InputRequired()],
                          render_kw={"autocomplete": "new-password", "dir": "ltr"})


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Any:
    """Ask for name and password; on success go where one wanted to go."""
    if current_user.is_authenticated:
        return redirect(url_for("admin.index"))
    form = LoginForm()
    if form.validate_on_submit():
        with as_desk() as connection:
            person = check(connection, fold(form.name.data).lower(), form.password.data)
        if person:
            session.clear()  # nothing of before the login lives on
            session[SESSION] = secrets.token_urlsafe(16)
            login_user(person)
            return redirect(_wanted())
        flash(gettext("Name or password is wrong. After %(most)s wrong passwords a login is locked"
                      " for a quarter of an hour.", most=digits(MOST_FAILURES)), "danger")
    return render_template("desk/login.html", form=form), 200 if not form.is_submitted() else 401


def _wanted() -> str:
    wanted = request.args.get("next", "")
    return wanted if is_own(wanted) else url_for("admin.index")


def is_own(address: str) -> bool:
    """Whether an address is a path of this site."""
    # Not //other nor /\other, nor what browsers make one of these by leaving tabs and ends of
    # lines out.
    return re.fullmatch(r"/(?![/\\])[^\x00-\x1f]*", address) is not None


@blueprint.post("/logout")
def logout() -> Response:
    """End the session, also for whoever has a copy of its cookie."""
    with as_desk() as connection:
        connection.execute(text("delete from desk.ended_session where ended_at < now() - :life"),
                           {"life": current_app.permanent_session_lifetime})
        if SESSION in session:
            connection.execute(
                text("insert into desk.ended_session (session_key) values (:session)"
                     " on conflict do nothing"), {"session": session[SESSION]})
    logout_user()
    session.clear()
    return redirect(url_for("logins.login"))


@blueprint.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> Any:
    """Let a person choose language, calendar and unit, or change the password."""
    form, password = ProfileForm(obj=current_user), PasswordForm()
    if request.method == "POST" and "old" in request.form:
        if password.validate() and _change_password(password):
            flash(gettext("The password is changed."), "success")
            return redirect(url_for("logins.profile"))
    elif form.validate_on_submit():
        with as_desk() as connection:
            connection.execute(
                text("update desk.login set language = :language, calendar = :calendar,"
                     " money_unit = :money_unit where login_id = :id"),
                {"id": current_user.login_id, "language": form.language.data,
                 "calendar": form.calendar.data, "money_unit": form.money_unit.data},
            )
        return redirect(url_for("logins.profile"))
    return render_template("desk/profile.html", form=form, password=password)


def _change_password(form: PasswordForm) -> bool:
    if form.new.data != form.again.data:
        form.again.errors = [gettext("The two are not the same.")]
        return False
    hashed = generate_password_hash(form.new.data)
    with as_desk() as connection:
        if not check(connection, current_user.name, form.old.data):
            form.old.errors = [gettext("This is not the present password.")]
            return False
        connection.execute(
            text("update desk.login set password_hash = :hash where login_id = :id"),
            {"id": current_user.login_id, "hash": hashed},
        )
    # Whoever else has logged in by the old one is out; this session goes on.
    login_user(replace(current_user._get_current_object(), password_hash=hashed))
    return True


def init_app(app: Flask) -> None:
    """Attach login, logout and profile."""
    manager.init_app(app)
    manager.login_view = "logins.login"
    manager.login_message = lazy_gettext("Please log in.")
    app.register_blueprint(blueprint)
    # Counted in this process: the lock of a login is the database's, and holds for all of them.
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    app.view_functions["logins.login"] = limiter.limit(
        FROM_ONE_ADDRESS, methods=["POST"],
        deduct_when=lambda answer: answer.status_code == HTTPStatus.UNAUTHORIZED)(login)

    @app.before_request
    def stay() -> None:
        # The desk's own fields have no other names; what makes lists of fields stumbles over some.
        if not all(re.fullmatch(r"[\w-]{1,100}", name, re.ASCII) for name in request.values):
            abort(400)
        # Lists and forms lead back to `url`; Flask-Admin takes some addresses for one of this site
        # that browsers take for another.
        if not is_own(request.values.get("url") or "/"):
            abort(400)
