"""The benchmark: Rasid against plain tables, as ratios measured in one run."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rasid_cli import db
from rasid_cli.bench_books import SETTINGS, Bench, machine, throw_away_cluster
from rasid_cli.bench_measures import RATES
from rasid_cli.bench_refresh import MEASURES
from rasid_cli.bench_tools import Figure

MET = {True: "yes", False: "**no**", None: ""}

HEAD = """# Benchmark

Written by `./scripts/bench`; don't edit. Every figure of speed is a ratio of two sides measured
in one run, in turn (A B A B …), the median of the rounds. Sides: **bare**, the document tables with
their keys, checks, foreign keys and indexes but no engine; **usual**, the bare tables and a
materialized view of the balances, refreshed concurrently after each statement; **Rasid**, the real
schema with all its triggers. [floors.md](floors.md) says what keeps a missed target from being met.
"""


@click.command("bench")
@click.option("--quick", "scale", flag_value="quick",
              help="Two minutes: 10 and 100 thousand documents, short rounds, no refresher.")
@click.option("--full", "scale", flag_value="full", default=True,
              help="Up to a million documents. The default; takes the better part of an hour.")
@click.option("--large", "scale", flag_value="large", help="Up to 10 million documents.")
@click.option("--only", "names", multiple=True, type=click.Choice(sorted(MEASURES)),
              help="Only this measure; may be given again. Writes only where it is told to.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder of README.md and results.json (default: bench/ of the checkout; a quick"
                   " run writes only where it is told to).")
def command(scale: str, names: tuple[str, ...], output: Path | None) -> None:
    """Measure Rasid against plain tables.

    Runs on a throw-away embedded server, or in databases of its own on the server that RASID_DSN
    names. Exit code 0 whether the targets are reached or not: machines differ.
    """
    given = os.environ.get("RASID_DSN")
    console = Console(stderr=True, soft_wrap=True)
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="rasid-bench-") as folder,
        nullcontext() if given else throw_away_cluster(SETTINGS) as cluster,
    ):
        bench = Bench(scale, Path(folder), cluster, given or cluster.dsn())  # type: ignore[union-attr]
        folder_out = output
        if output is None and scale != "quick" and not names:
            folder_out = db.ROOT / "bench"
        facts = machine(bench.server)
        figures: dict[str, list[Figure]] = {}
        try:
            for _ in run(bench, list(names) or measures_of(bench), console, figures):
                # As it goes: a run that is cut short leaves what it has measured.
                if folder_out:
                    write(folder_out, scale, time.monotonic() - started, facts, figures)
        finally:
            if given:
                bench.drop_all()
    show(figures, console)
    click.echo(f"{time.monotonic() - started:,.0f} s")


def measures_of(bench: Bench) -> list[str]:
    """What a run measures that isn't told: a quick one has no time for the refresher."""
    return [name for name in MEASURES if not (bench.is_quick and name == "refresher")]


def run(
    bench: Bench, names: list[str], console: Console, figures: dict[str, list[Figure]]
) -> Iterator[str]:
    """Run the measures of these names, showing each figure as it comes; each name when done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:
            def say(text: str, name: str = name) -> None:
                progress.update(task, description=f"{name}: {text}")

            bench.say = say  # type: ignore[method-assign]
            progress.update(task, description=name)
            start = time.monotonic()
            figures[name] = MEASURES[name](bench)
            for figure in figures[name]:
                console.print(line(figure), highlight=False)
            console.print(f"[dim]{name}: {time.monotonic() - start:.0f} s[/]", highlight=False)
            progress.advance(task)
            yield name


def line(figure: Figure) -> str:
    """A figure as a line of text."""
    mark = {True: "[green]yes[/]", False: "[red]no [/]", None: "   "}[figure.is_met]
    return f"{mark} {shown(figure)} ({target(figure)}) {figure.measure}: {figure.note}"


def shown(figure: Figure) -> str:
    """The figure with as many digits as it deserves."""
    number = f"{figure.figure:,.0f}" if figure.figure >= 100 else f"{figure.figure:.2f}"
    return f"{number} {figure.unit}".strip()


def target(figure: Figure) -> str:
    """What the figure has to reach."""
    if figure.target is None:
        return "–"
    return f"{'≥' if figure.is_floor else '≤'} {figure.target:g} {figure.unit}".strip()


def show(figures: dict[str, list[Figure]], console: Console) -> None:
    """Print the table."""
    table = Table("measure", "target", "figure", "met")
    for group in figures.values():
        for figure in group:
            table.add_row(figure.measure, target(figure), shown(figure),
                          {True: "yes", False: "no", None: ""}[figure.is_met])
    console.print(table)


def write(folder: Path, scale: str, seconds: float, facts: dict[str, str],
          figures: dict[str, list[Figure]]) -> None:
    """Write README.md and results.json."""
    folder.mkdir(parents=True, exist_ok=True)
    every = [figure for group in figures.values() for figure in group]
    part = "" if len(figures) == len(MEASURES) else f", {len(figures)} of {len(MEASURES)} measures"
    when = f"{datetime.now(UTC):%Y-%m-%d}, {scale}{part}, {seconds / 60:.0f} minutes"
    text = [HEAD, f"Run of {when}. "
                  + "; ".join(f"{name} {value}" for name, value in facts.items()) + ".\n"]
    text += ["| measure | target | figure | met | what was seen |", "|---|---|---|---|---|"]
    text += [
        f"| {figure.measure} | {target(figure)} | {shown(figure)} | {MET[figure.is_met]}"
        f" | {figure.note} |"
        for figure in every
    ]
    if RATES:
        text += ["", "## Rates", "",
                 "A second: of pairs, an invoice and a payment in turn, each a transaction; of"
                 " payments, their statement alone.", "",
                 "| documents | clients | commits | bare | usual | Rasid | of |",
                 "|---|---|---|---|---|---|---|", *rate_rows()]
    (folder / "README.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    (folder / "results.json").write_text(json.dumps({
        "scale": scale,
        "seconds": round(seconds),
        "machine": facts,
        "server settings": SETTINGS,
        "figures": [
            {"name": name, **asdict(figure), "is_met": figure.is_met}
            for name, group in figures.items() for figure in group
        ],
        "rates": RATES,
    }, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rate_rows() -> list[str]:
    """The rates, a row for each book, number of clients and kind of commit."""
    rows: dict[tuple[Any, ...], dict[str, float]] = {}
    for each in RATES:
        key = tuple(each[name] for name in ("documents", "clients", "is_durable", "of",
                                            "is_on_one_core"))
        rows.setdefault(key, {})[str(each["tables"])] = float(str(each["rate"]))
    return [
        f"| {documents:,} | {clients} | {'durable' if is_durable else 'off'} | "
        + " | ".join(f"{found[side]:,.0f}" if side in found else ""
                     for side in ("bare", "usual", "Rasid"))
        + f" | {of}{', one core' if is_on_one_core else ''} |"
        for (documents, clients, is_durable, of, is_on_one_core), found in rows.items()
    ]
