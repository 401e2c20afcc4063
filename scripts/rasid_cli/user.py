"""`rasid user`: who may log in to the finance desk."""

from __future__ import annotations

import secrets
import string
from typing import Any

import click
import psycopg
from werkzeug.security import generate_password_hash

from rasid_cli import db

SHORTEST_PASSWORD = 8
_LETTERS = string.ascii_lowercase + string.digits


@click.group("user")
def command() -> None:
    """Manage the logins of the finance desk."""


def _password(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if len(value) < SHORTEST_PASSWORD:
        raise click.BadParameter(f"at least {SHORTEST_PASSWORD} characters")
    return value


password_option = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, callback=_password,
    envvar="RASID_USER_PASSWORD",
    help="Asked for when not given; RASID_USER_PASSWORD keeps it off the command line.",
)


@command.command()
@click.argument("name")
@click.option("--full-name", help="What colleagues call them (default: NAME).")
@click.option("--role", type=click.Choice(["finance", "auditor"]), default="finance",
              show_default=True, help="finance changes documents; auditor only reads.")
@click.option("--language", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
@password_option
def add(name: str, full_name: str | None, role: str, language: str, password: str) -> None:
    """Let NAME log in."""
    with db.connect() as connection:
        make(connection, name, password, full_name=full_name, role=role, language=language)
    click.echo(f"{name} may log in as {role}")


def make(
    connection: psycopg.Connection[Any], name: str, password: str, *,
    full_name: str | None = None, role: str = "finance", language: str = "fa",
) -> None:
    """Write a login; refused by the database if there is one of the name."""
    connection.execute(
        "insert into desk.login (name, full_name, password_hash, role, language)"
        " values (%s, %s, %s, %s, %s)",
        [name, full_name or name, generate_password_hash(password), role, language],
    )


@command.command("password")
@click.argument("name")
@password_option
def set_password(name: str, password: str) -> None:
    """Give NAME a new password, and unlock the login."""
    _change(name, "password_hash = %s, failed_count = 0, locked_until = null",
            generate_password_hash(password))
    click.echo(f"{name} has a new password")


@command.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let NAME log in no more; an open session ends at its next click."""
    _change(name, "is_active = %s", False)
    click.echo(f"{name} may not log in any more")


@command.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME log in again, and unlock the login."""
    _change(name, "is_active = %s, failed_count = 0, locked_until = null", True)
    click.echo(f"{name} may log in")


@command.command("list")
def list_logins() -> None:
    """Print the logins."""
    from rasid_cli.cli import show

    with db.connect() as connection:
        show(connection.execute(
            "select name, full_name, role, language, is_active, locked_until > now() as is_locked,"
            " last_login_at from desk.login order by name"))


def _change(name: str, changes: str, value: Any) -> None:
    with db.connect() as connection:
        cursor = connection.execute(
            f"update desk.login set {changes} where name = %s", [value, name])  # noqa: S608
        if cursor.rowcount == 0:
            raise click.ClickException(f"there is no login {name} (rasid user list)")


DEMO_NAME = "demo"


def make_demo(connection: psycopg.Connection[Any]) -> str:
    """Make the login of the demo book; its new password."""
    password = "".join(secrets.choice(_LETTERS) for _ in range(12))
    make(connection, DEMO_NAME, password, full_name="کاربر نمونه")
    return password
