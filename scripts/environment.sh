# Sourced by the launchers: makes .venv and installs the project when pyproject.toml changed.
# usage: environment [EXTRAS]     leaves the interpreter's path in $python

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
python=$root/.venv/bin/python

environment() {
  local extras=${1:-} stamp=$root/.venv/installed${1:-} wanted
  # A venv knows its own path: a checkout that moved is installed again.
  wanted=$root$'\n'$(cat -- "$root/pyproject.toml" "$root/admin/package-lock.json")
  if [ -x "$python" ] && [ "$(cat -- "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi

  mkdir -p -- "$root/.venv"
  (
    # Two commands at once in a fresh clone install once.
    if command -v flock >/dev/null; then exec 9>"$root/.venv/lock" && flock 9; fi
    if [ "$(cat -- "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x "$python" ]; then exit; fi
    echo "Installing into $root/.venv …" >&2
    if ! "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "error: Python 3.11 or later is needed (PYTHON=/path/to/python3 chooses one)" >&2
      exit 1
    fi
    if ! { head -n 1 -- "$stamp" 2>/dev/null | grep -qxF -- "$root" && [ -x "$python" ]; }; then
      "${PYTHON:-python3}" -m venv "$root/.venv" || {
        echo "error: no virtual environment; on Debian: apt-get install python3-venv" >&2
        exit 1
      }
    fi
    cd -- "$root"
    "$python" -m pip install -qq --disable-pip-version-check --editable ".$extras" >&2
    "$python" -m rasid_cli.assets
    printf '%s\n' "$wanted" >"$stamp"
  )
}
