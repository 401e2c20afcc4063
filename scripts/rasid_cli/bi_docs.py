"""`docs/bi.md`: what BI tools read, from the comments in the database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import click
import psycopg

from rasid_cli import db

_INTRODUCTION = """\
# The views for BI

Everything a BI tool reads is in the schema `bi`: one row per thing, under names that don't change,
with account, side, currency, party, salesperson, region and agency beside the figures, so that no
joins are needed. Figures are right when the statement that changed a document ends. Reading takes
no lock that a writer waits for.

Made by `./scripts/rasid bi-docs` from the comments in the database; a BI tool that shows comments
shows the same words.

- **Currency and side** are in every grain: amounts of two currencies, or of receivable and payable
  accounts, don't add up.
- **A mean over any group** comes from its sums, never from means: `sum(settlement_money_days) /
  sum(paid_amount)`. The `*_money_days` columns are there for that. In `bi.invoice` leave out the
  rows where they are null: `opening` and `refund` have a `paid_amount`, but it doesn't weigh.
- **Today** is the day in the book's time zone; `set rasid.today = '2025-03-20'` makes it another
  for a session. `bi.*_as_of(day)` goes further: what the figures were at the end of that day.
- **Days** are Gregorian dates; `bi.calendar` has the Jalali ones.

## Three worked queries

Whom to call first: what is overdue, with the numbers that tell how the customer pays.

```sql
select a.party_name, a.salesperson_name, a.currency, a.overdue_amount, a.debt_depth_days,
       b.class, b.score, b.late_share, b.bounced_count
from bi.account as a
join bi.behaviour as b on b.account_id = a.account_id
where a.side = 'receivable' and a.overdue_amount > 0
order by a.debt_depth desc
limit 20;
```

Settlement period by salesperson and Jalali month of settlement. An invoice keeps the salesperson
it was written under; the mean is formed from sums, so it can be rolled up to any level.

```sql
select i.salesperson_name, i.currency, c.jalali_year, c.jalali_month,
       count(*) as invoices,
       sum(i.paid_amount) as paid_amount,
       round(sum(i.settlement_money_days) / sum(i.paid_amount), 2) as settlement_period_days,
       round(sum(i.variance_money_days) / sum(i.paid_amount), 2) as variance_days
from bi.invoice as i
join bi.calendar as c on c.day = i.settled_on
where i.side = 'receivable' and i.status = 'settled' and i.settlement_period_days is not null
group by i.salesperson_id, i.salesperson_name, i.currency, c.jalali_year, c.jalali_month
order by i.salesperson_name, i.currency, c.jalali_year, c.jalali_month;
```

What has moved in the aging of a region since the end of a quarter.

```sql
select n.region_name, n.currency,
       sum(n.open_amount) as open_now, sum(t.open_amount) as open_then,
       sum(n.over_120) as over_120_now, sum(t.over_120) as over_120_then
from bi.aging as n
join bi.aging_as_of('2025-09-22') as t on t.account_id = n.account_id
where n.side = 'receivable'
group by n.region_id, n.region_name, n.currency
order by n.region_name, n.currency;
```
"""

_COLUMNS = """
select c.relname, obj_description(c.oid, 'pg_class'), a.attname,
       format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'bi'::regnamespace and c.relkind in ('v', 'm')
order by c.relname collate "C", a.attnum
"""

_FUNCTIONS = """
select p.proname, pg_get_function_identity_arguments(p.oid), obj_description(p.oid, 'pg_proc'),
       (
         select array_agg(a.name order by a.place)
         from unnest(p.proargnames, p.proargmodes) with ordinality as a (name, mode, place)
         where a.mode = 't'
       ),
       p.prorettype::regtype::text
from pg_proc as p
where p.pronamespace = 'bi'::regnamespace and p.prokind = 'f'
  and p.prorettype <> 'trigger'::regtype
order by p.proname collate "C"
"""


def render(connection: psycopg.Connection[Any]) -> str:
    """Return the text of `docs/bi.md` as the connected database has it."""
    return "\n".join(_lines(connection)) + "\n"


def _lines(connection: psycopg.Connection[Any]) -> Iterator[str]:
    yield _INTRODUCTION
    views = {
        view: list(rows)
        for view, rows in groupby(connection.execute(_COLUMNS).fetchall(), key=lambda row: row[0])
    }
    yield "## Views"
    yield ""
    for view in views:
        yield f"- [`bi.{view}`](#bi{view})"
    for view, rows in views.items():
        yield f"\n### bi.{view}\n"
        grain, _, key = (rows[0][1] or "").partition(" Key: ")
        key, _, more = key.partition(".")
        yield f"{grain}{more}"
        yield f"\n**Key:** {', '.join(f'`{name}`' for name in key.split(', '))}\n"
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for _, _, column, kind, comment in rows:
            yield f"| `{column}` | {kind} | {_cell(comment)} |"
    yield "\n## Functions"
    shapes = {tuple(row[2] for row in rows): view for view, rows in views.items()}
    for name, arguments, comment, columns, kind in connection.execute(_FUNCTIONS):
        yield f"\n### bi.{name}({arguments})\n"
        yield comment or ""
        if columns is None:
            yield f"\nGives {kind}."
        elif tuple(columns) in shapes:
            yield f"\nColumns: those of `bi.{shapes[tuple(columns)]}`."
        else:
            yield f"\nColumns: {', '.join(f'`{column}`' for column in columns)}."


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


@click.command("bi-docs")
def command() -> None:
    """Print docs/bi.md: every view for BI, its key and columns."""
    with db.connect() as connection:
        click.echo(render(connection), nl=False)
