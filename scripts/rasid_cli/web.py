"""Serves the pages of `admin/` on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import waitress

import admin
from rasid_cli import db
from rasid_cli.server import ServerError

FIRST_PORT = 8000
SHORTEST_KEY = 32
MOST_BYTES = 2 * admin.MOST_BYTES
"""Of a request: it is taken whole before the desk sees it, also of those who have not logged in.

Larger than what the desk takes, so that it is the desk that refuses a file a little too large.
"""


def serve(dsn: str, announce: Callable[[str], object]) -> None:
    """Serve until interrupted, on 127.0.0.1 and the first free port from 8000 on.

    `announce` is told the address once it can be opened.
    """
    with _listener() as listener:
        server = waitress.create_server(admin.create_app(dsn, secret_key()), sockets=[listener],
                                        max_request_body_size=MOST_BYTES)
        announce(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        try:
            server.run()
        finally:
            server.close()


def serve_at(dsn: str, listen: str, *, proxies: int, threads: int) -> None:
    """Serve on HOST:PORT until interrupted; `proxies` is as in `admin.create_app`."""
    app = admin.create_app(dsn, secret_key(), proxies=proxies)
    # By itself waitress takes away what proxies say. How many are to be believed the app knows.
    waitress.serve(app, listen=listen, threads=threads, max_request_body_size=MOST_BYTES,
                   clear_untrusted_proxy_headers=not proxies)


def secret_key() -> str:
    """Return what signs the sessions: RASID_SECRET_KEY, or a key kept beside the data.

    All processes that serve one desk need the same; a new one logs everybody out.

    :raises ServerError: it is so short that it can be guessed from a session
    """
    given = os.environ.get("RASID_SECRET_KEY")
    if given:
        return _long(given, "RASID_SECRET_KEY",
                     "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'")
    file = Path(os.environ.get("RASID_DATA") or db.ROOT / ".rasid") / "desk-secret"
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Whole or not at all, so that another process reads no half of it; for its owner alone.
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix="desk-secret-") as made:
            made.write(secrets.token_urlsafe(48))
            made.flush()
            with contextlib.suppress(FileExistsError):
                os.link(made.name, file)
    return _long(file.read_text(), str(file), "delete the file: a new key is made")


def _long(key: str, where: str, hint: str) -> str:
    if len(key) < SHORTEST_KEY:
        raise ServerError(f"{where} has {len(key)} characters; the key that signs the sessions"
                          f" needs {SHORTEST_KEY} or more\nhint: {hint}")
    return key


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
