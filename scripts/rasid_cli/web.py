"""Serves the pages of `admin/` on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable

import waitress

import admin

FIRST_PORT = 8000


def serve(dsn: str, announce: Callable[[str], object]) -> None:
    """Serve until interrupted, on 127.0.0.1 and the first free port from 8000 on.

    `announce` is told the address once it can be opened.
    """
    with _listener() as listener:
        server = waitress.create_server(admin.create_app(dsn), sockets=[listener])
        announce(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        try:
            server.run()
        finally:
            server.close()


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
