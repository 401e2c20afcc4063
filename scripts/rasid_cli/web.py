"""Serves the pages of `admin/` on this machine."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import waitress

import admin
from rasid_cli import db

FIRST_PORT = 8000


def serve(dsn: str, announce: Callable[[str], object]) -> None:
    """Serve until interrupted, on 127.0.0.1 and the first free port from 8000 on.

    `announce` is told the address once it can be opened.
    """
    with _listener() as listener:
        server = waitress.create_server(admin.create_app(dsn, secret_key()), sockets=[listener])
        announce(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        try:
            server.run()
        finally:
            server.close()


def serve_at(dsn: str, listen: str, *, proxies: int, threads: int) -> None:
    """Serve on HOST:PORT until interrupted; `proxies` is as in `admin.create_app`."""
    app = admin.create_app(dsn, secret_key(), proxies=proxies)
    waitress.serve(app, listen=listen, threads=threads)


def secret_key() -> str:
    """Return what signs the sessions: RASID_SECRET_KEY, or a key kept beside the data.

    All processes that serve one desk need the same; a new one logs everybody out.
    """
    given = os.environ.get("RASID_SECRET_KEY")
    if given:
        return given
    file = Path(os.environ.get("RASID_DATA") or db.ROOT / ".rasid") / "desk-secret"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text()


def _listener() -> socket.socket:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError(f"no free port between {FIRST_PORT} and {FIRST_PORT + 99}")
