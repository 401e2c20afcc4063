"""On which databases the desk works, and what it says where it can't."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import admin
from admin.database import db
from desk_client import running
from rasid_cli.server import ServerError


def test_a_database_without_rasid_says_to_migrate(make_database: Callable[..., str]) -> None:
    with pytest.raises(ServerError, match="rasid migrate"):
        admin.create_app(make_database())


def test_a_login_without_the_roles_says_what_to_grant(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop role if exists rasid_test_desk")
        connection.execute("create role rasid_test_desk login password 'of its own'")
    address = psycopg.conninfo.make_conninfo(
        database, user="rasid_test_desk", password="of its own")  # noqa: S106
    with pytest.raises(ServerError, match="grant rasid_desk, rasid_finance, rasid_auditor to"):
        admin.create_app(address)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("grant rasid_desk, rasid_finance, rasid_auditor to rasid_test_desk")
    with running(address) as app:
        assert app.test_client().get("/login").status_code == 200
    with psycopg.connect(database, autocommit=True) as connection:
        if connection.info.server_version >= 160000:
            # All that is left is what who made these roles has: to give them, not to become them.
            connection.execute("grant rasid_desk, rasid_finance, rasid_auditor to rasid_test_desk"
                               " with admin true, inherit false, set false")
            with pytest.raises(ServerError, match="grant rasid_desk, rasid_finance, rasid_auditor"):
                admin.create_app(address)
        connection.execute("drop role rasid_test_desk")


def test_a_database_that_is_not_there_is_an_error_of_its_own() -> None:
    with pytest.raises(OperationalError) as failed:
        admin.create_app("postgresql://nobody:secret@127.0.0.1:1/nowhere")
    assert "secret" not in str(failed.value)


def test_serializable_as_the_default_of_a_database_is_not_the_desk_s(database: str) -> None:
    address = psycopg.conninfo.make_conninfo(
        database, options="-c default_transaction_isolation=serializable")
    with running(address) as app, app.app_context():
        for level in ("read committed", "repeatable read", "read committed"):
            if level != "read committed":
                db.session.connection(execution_options={"isolation_level": level.upper()})
            assert db.session.scalar(text("show transaction_isolation")) == level
            db.session.rollback()
