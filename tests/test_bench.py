"""The benchmark runs, judges its figures rightly and says nothing of the machine's name."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from rasid_cli import cli
from rasid_cli.bench_books import Bench
from rasid_cli.bench_tools import Figure, exponent, ratio, slope


def test_a_target_is_a_floor_or_a_ceiling() -> None:
    assert Figure("rate", 0.5, 0.5).is_met
    assert not Figure("rate", 0.49, 0.5).is_met
    assert Figure("time", 4, 4, is_floor=False).is_met
    assert not Figure("time", 4.01, 4, is_floor=False).is_met
    assert Figure("for comparison", 1).is_met is None


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert ratio({"a": [1, 2, 900], "b": [2, 2, 1]}, "a", "b") == 1


def test_growth_is_told_by_its_power() -> None:
    assert exponent([(n, 3 * n) for n in (10, 100, 1000)]) == pytest.approx(1)
    assert exponent([(n, n * n) for n in (10, 100, 1000)]) == pytest.approx(2)
    assert slope([(n, 5 + 3 * n) for n in (1, 2, 7)]) == pytest.approx(3)


def test_a_run_writes_its_table(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_DSN", server)
    monkeypatch.setattr(Bench, "sizes", [9_000])
    monkeypatch.setattr(Bench, "rounds", 1)
    done = CliRunner().invoke(
        cli.main, ["bench", "--quick", "--only", "durable", "--output", str(tmp_path)],
        catch_exceptions=False)
    assert done.exit_code == 0, done.output

    results = json.loads((tmp_path / "results.json").read_text())
    (figure,) = results["figures"]
    assert 0 < figure["figure"] < 2
    assert figure["is_met"] == (figure["figure"] >= figure["target"] == 0.5)
    assert {rate["tables"] for rate in results["rates"]} >= {"bare", "Rasid"}
    text = (tmp_path / "README.md").read_text()
    assert f"| {figure['measure']} | ≥ 0.5 |" in text
    for secret in (str(Path.home()), str(Path.cwd()), str(tmp_path), "127.0.0.1"):
        assert secret not in text + json.dumps(results)

    with psycopg.connect(server) as connection:
        left = connection.execute(
            "select datname from pg_database where datname ~ '^rasid_bench_'").fetchall()
    assert left == []
