"""What people do to documents, as SQL: one operation is the statements of one transaction.

An operation is a name and a seed. Given the documents now in the tables, the seed decides on the
rest, so that a sequence of (name, seed) can be cut shorter and still means the same.

Days and amounts are few, so that ties, exact cover and over-payment are common. Some of it is
nonsense that the database must refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from model import Cheque, Documents, Invoice

FIRST_DAY = date(2025, 1, 1)
TODAY = date(2025, 3, 1)
OFFSETS = (0, 0, 1, 2, 2, 3, 5, 10, 20, 28, 30, 31, 45, 58, 59, 60, 61, 75, 90, 150)
AMOUNTS = (
    "1", "5", "10", "10", "10", "20", "20", "30", "50", "50", "100", "100", "100", "150", "200",
    "0.01", "0.90", "33.33", "66.67", "99.99", "999999999999999999.99",
)  # fmt: skip

TABLES = (
    "invoice", "payment", "cheque", "credit_note", "adjustment", "set_off",
)  # fmt: skip
CHEQUE_STATES = (
    "submitted", "in_hand", "deposited", "cleared", "bounced", "endorsed", "returned", "void",
)  # fmt: skip
CHEQUE_NEXT = {
    "submitted": ("in_hand", "returned", "void"),
    "in_hand": ("deposited", "endorsed", "cleared", "bounced", "returned", "void"),
    "deposited": ("in_hand", "cleared", "bounced"),
    "endorsed": ("cleared", "bounced", "in_hand"),
    "bounced": ("deposited", "cleared", "returned"),
    "cleared": ("deposited", "bounced"),
    "returned": ("in_hand",),
    "void": ("in_hand",),
}


@dataclass(frozen=True)
class Copy:
    """`copy … from stdin` and what comes in."""

    statement: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.statement};", *self.lines, "\\."])


Statement = str | Copy
Row = dict[str, Any]


@dataclass
class World:
    """The documents now in the tables, and what else an operation may name."""

    documents: dict[int, Documents]
    terms: tuple[int, ...]

    @property
    def accounts(self) -> list[int]:
        """Ids, in order."""
        return sorted(self.documents)

    def invoices(self) -> list[tuple[int, Invoice]]:
        """(account, invoice), in order of entry."""
        found = [(a, i) for a in self.accounts for i in self.documents[a].invoices]
        return sorted(found, key=lambda x: x[1].invoice_id)

    def cheques(self) -> list[tuple[int, Cheque]]:
        """(account, cheque), in order of entry."""
        found = [(a, c) for a in self.accounts for c in self.documents[a].cheques]
        return sorted(found, key=lambda x: x[1].cheque_id)

    def ids(self, table: str) -> list[tuple[int, int]]:
        """(account, id) of every row of a document table."""
        return sorted(
            (account_id, getattr(document, f"{table}_id"))
            for account_id, docs in self.documents.items()
            for document in getattr(docs, f"{table}s")
        )

    def size(self) -> int:
        """Count the documents."""
        return sum(len(self.ids(table)) for table in TABLES)


# ---------------------------------------------------------------------------------------- pieces


class Default:
    """The column's default, where other rows of the statement give a value."""


def literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Default):
        return "default"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, date):
        return f"date '{value}'"
    return "'" + str(value).replace("'", "''") + "'"


def insert(table: str, some: Sequence[Row], tail: str = "") -> str:
    names = list(dict.fromkeys(name for row in some for name in row))
    values = ", ".join(
        "(" + ", ".join(literal(row.get(n, Default())) for n in names) + ")" for row in some
    )
    return f"insert into doc.{table} ({', '.join(names)}) values {values}{tail}"


def copy(table: str, some: Sequence[Row]) -> Copy:
    names = list(dict.fromkeys(name for row in some for name in row))

    def text(value: Any) -> str:
        if value is None:
            return "\\N"
        return str(value).lower() if isinstance(value, bool) else str(value)

    lines = tuple("\t".join(text(row.get(n)) for n in names) for row in some)
    return Copy(f"copy doc.{table} ({', '.join(names)}) from stdin", lines)


def a_day(rng: Random) -> date:
    return FIRST_DAY + timedelta(days=rng.choice(OFFSETS))


def an_amount(rng: Random) -> Decimal:
    if rng.random() < 0.01:
        return Decimal(rng.choice(["0", "-5", "1.001"]))  # refused
    chosen = rng.choice(AMOUNTS)
    if len(chosen) > 10 and rng.random() < 0.8:
        chosen = "100"
    return Decimal(chosen)


def an_account(rng: Random, world: World) -> int:
    return rng.choice(world.accounts)


def an_invoice_of(rng: Random, world: World, account_id: int) -> int | None:
    mine = [i.invoice_id for i in world.documents[account_id].invoices]
    if rng.random() < 0.03:
        mine = [i.invoice_id for _, i in world.invoices()]  # perhaps of another account: refused
    return rng.choice(sorted(mine)) if mine else None


def invoice_row(rng: Random, world: World, account_id: int) -> Row:
    day = a_day(rng)
    row: Row = {"account_id": account_id, "doc_date": day, "amount": an_amount(rng)}
    if rng.random() < 0.5:
        row["due_date"] = rng.choice([a_day(rng), day, day + timedelta(days=30)])
    if rng.random() < 0.2:
        row["payment_term_id"] = rng.choice(world.terms)
    if rng.random() < 0.2:
        row["auto_allocate"] = False
    if rng.random() < 0.2:
        row["kind"] = rng.choice(["debit_note", "opening", "refund"])
    if rng.random() < 0.05:
        row["status"] = "void"
    return row


def payment_row(rng: Random, world: World, account_id: int) -> Row:
    row: Row = {"account_id": account_id, "doc_date": a_day(rng), "amount": an_amount(rng)}
    if rng.random() < 0.3:
        row["value_date"] = a_day(rng)
    if rng.random() < 0.15:
        row["auto_allocate"] = False
    if rng.random() < 0.2:
        row["status"] = rng.choice(["pending", "rejected", "void"])
    cheques = [c.cheque_id for c in world.documents[account_id].cheques]
    if cheques and rng.random() < 0.25:
        row["cheque_id"] = rng.choice(sorted(cheques))
    return row


def cheque_row(rng: Random, world: World, account_id: int) -> Row:
    del world
    row: Row = {
        "account_id": account_id,
        "doc_date": a_day(rng),
        "due_date": a_day(rng),
        "amount": an_amount(rng),
    }
    if rng.random() < 0.3:
        row["status"] = rng.choice(CHEQUE_STATES)
        if rng.random() < 0.7:
            row["status_date"] = a_day(rng)
        if row["status"] == "cleared" and rng.random() < 0.5:
            row["cleared_on"] = a_day(rng)
    if rng.random() < 0.1:
        row["kind"] = "guarantee"
    if rng.random() < 0.15:
        row["auto_allocate"] = False
    if rng.random() < 0.1:
        row["sayad_id"] = rng.choice(["1" * 16, "2" * 16])
    return row


def note_row(rng: Random, world: World, account_id: int) -> Row:
    row: Row = {
        "account_id": account_id,
        "kind": rng.choice(["return", "return", "price", "other"]),
        "doc_date": a_day(rng),
        "amount": an_amount(rng),
    }
    if rng.random() < 0.7:
        row["invoice_id"] = an_invoice_of(rng, world, account_id)
    return row


def adjustment_row(rng: Random, world: World, account_id: int) -> Row:
    row = note_row(rng, world, account_id)
    row["kind"] = rng.choice(["discount", "write_off", "rounding"])
    return row


def pin_row(rng: Random, world: World, account_id: int) -> Row:
    docs = world.documents[account_id]
    invoice_id = an_invoice_of(rng, world, account_id)
    named = (
        [("payment_id", p.payment_id) for p in docs.payments]
        + [("cheque_id", c.cheque_id) for c in docs.cheques]
        + [("set_off_id", s.set_off_id) for s in docs.set_offs]
    )
    if not named or invoice_id is None:
        return {}
    name, credit_id = rng.choice(sorted(named))
    row: Row = {"account_id": account_id, "invoice_id": invoice_id, name: credit_id}
    if rng.random() < 0.6:
        row["amount"] = an_amount(rng)
    return row


ROW = {
    "invoice": invoice_row,
    "payment": payment_row,
    "cheque": cheque_row,
    "credit_note": note_row,
    "adjustment": adjustment_row,
}


def a_change(rng: Random, world: World, table: str, account_id: int) -> str:
    """`column = value` for one column of a document, status apart."""
    choices: list[tuple[str, Any]] = [("amount", an_amount(rng)), ("doc_date", a_day(rng))] * 2
    choices.append(("note", rng.choice(["a", "b"])))
    if table in ("invoice", "payment", "cheque"):
        choices += [("auto_allocate", rng.choice([True, False]))] * 2
    if table in ("invoice", "cheque"):
        choices += [("due_date", a_day(rng))] * 2
    if table == "invoice":
        choices += [
            ("due_date", None),
            ("payment_term_id", rng.choice([None, *world.terms])),
            ("kind", rng.choice(["invoice", "opening", "refund", "debit_note"])),
        ]
    if table == "payment":
        choices += [("value_date", rng.choice([None, a_day(rng)]))]
        cheques = sorted(c.cheque_id for c in world.documents[account_id].cheques)
        choices += [("cheque_id", rng.choice([None, *cheques]))]
    if table == "cheque":
        choices += [("kind", rng.choice(["payment", "guarantee"])), ("cleared_on", a_day(rng))]
    if table in ("credit_note", "adjustment"):
        kinds = {
            "credit_note": ["return", "price", "other"],
            "adjustment": ["discount", "write_off", "rounding"],
        }
        choices += [("kind", rng.choice(kinds[table]))] * 2
        choices += [("invoice_id", rng.choice([None, an_invoice_of(rng, world, account_id)]))] * 3
    name, value = rng.choice(choices)
    if name == "amount" and rng.random() < 0.3:
        value = Decimal(rng.choice(["10", "30", "100"]))
        return f"amount = amount + {value}"
    if name == "doc_date" and rng.random() < 0.3:
        return f"doc_date = doc_date + {rng.choice([-1, 1, 30])}"
    return f"{name} = {literal(value)}"


def where(table: str, some: Sequence[tuple[int, int]]) -> str:
    pairs = ", ".join(f"({account_id}, {row_id})" for account_id, row_id in some)
    return f"(account_id, {table}_id) in ({pairs})"


def some_of(rng: Random, world: World, table: str) -> list[tuple[int, int]]:
    """Mostly one row, now and then several, over accounts."""
    ids = world.ids(table)
    if not ids:
        return []
    number = rng.choice([1, 1, 1, 2, 3, len(ids)])
    return sorted(rng.sample(ids, min(number, len(ids))))


def a_table(rng: Random, world: World) -> str:
    there = [table for table in TABLES if world.ids(table)]
    return rng.choice(there or ["invoice"])


# ------------------------------------------------------------------------------------ operations

Operation = Callable[[Random, World], list[Statement]]


def insert_one(rng: Random, world: World) -> list[Statement]:
    table = rng.choice(["invoice", "invoice", "payment", "payment", "cheque", "credit_note",
                        "adjustment"])  # fmt: skip
    return [insert(table, [ROW[table](rng, world, an_account(rng, world))])]


def insert_many(rng: Random, world: World) -> list[Statement]:
    if world.size() > 60:
        return delete(rng, world)
    table = rng.choice(list(ROW))
    number = rng.choice([2, 3, 5, 8])
    some = [ROW[table](rng, world, an_account(rng, world)) for _ in range(number)]
    return [insert(table, some)]


def copy_many(rng: Random, world: World) -> list[Statement]:
    if world.size() > 60:
        return delete(rng, world)
    table = rng.choice(["invoice", "payment", "cheque"])
    number = rng.choice([1, 4, 9])
    some = [ROW[table](rng, world, an_account(rng, world)) for _ in range(number)]
    names = {
        "invoice": ("account_id", "doc_date", "due_date", "amount"),
        "payment": ("account_id", "doc_date", "value_date", "amount", "cheque_id"),
        "cheque": ("account_id", "doc_date", "due_date", "amount"),
    }[table]
    return [copy(table, [{name: row.get(name) for name in names} for row in some])]


def insert_pin(rng: Random, world: World) -> list[Statement]:
    some = [pin_row(rng, world, an_account(rng, world)) for _ in range(rng.choice([1, 1, 2]))]
    some = [row for row in some if row]
    return [insert("pin", some)] if some else []


def change_pin(rng: Random, world: World) -> list[Statement]:
    ids = world.ids("pin")
    if not ids:
        return []
    account_id, pin_id = rng.choice(ids)
    this = where("pin", [(account_id, pin_id)])
    what = rng.choice(["delete", "delete", "amount", "amount", "null", "invoice"])
    if what == "delete":
        return [f"delete from doc.pin where {this}"]
    if what == "invoice":
        invoice_id = an_invoice_of(rng, world, account_id)
        return [f"update doc.pin set invoice_id = {literal(invoice_id)} where {this}"]
    amount = literal(an_amount(rng)) if what == "amount" else "null"
    return [f"update doc.pin set amount = {amount} where {this}"]


def set_off(rng: Random, world: World) -> list[Statement]:
    """Legs that balance (mostly), in one statement or in two."""
    number = f"S{rng.randrange(10**6)}"
    day, amount = a_day(rng), an_amount(rng)
    payable = [a for a in world.accounts if world.documents[a].account.side == "payable"]
    receivable = [a for a in world.accounts if a not in payable]
    legs = [
        {"account_id": a, "set_off_no": number, "doc_date": day, "amount": amount}
        for a in (rng.choice(receivable), rng.choice(payable))
    ]
    if rng.random() < 0.1:
        legs[0]["amount"] = amount + 1  # refused
    if rng.random() < 0.5:
        return [insert("set_off", legs)]
    return [insert("set_off", legs[:1]), insert("set_off", legs[1:])]


def change_set_off(rng: Random, world: World) -> list[Statement]:
    """All the legs of one set-off at once."""
    ids = world.ids("set_off")
    if not ids:
        return []
    account_id, set_off_id = rng.choice(ids)
    legs = (
        "set_off_no = (select set_off_no from doc.set_off"
        f" where {where('set_off', [(account_id, set_off_id)])})"
    )
    return [
        rng.choice(
            [
                f"update doc.set_off set amount = {an_amount(rng)} where {legs}",
                f"update doc.set_off set doc_date = {literal(a_day(rng))} where {legs}",
                f"update doc.set_off set status = 'void' where {legs}",
                f"update doc.set_off set status = 'active' where {legs}",
                f"delete from doc.set_off where {legs}",
            ]
        )
    ]


def change(rng: Random, world: World) -> list[Statement]:
    table = a_table(rng, world)
    some = some_of(rng, world, table)
    if not some:
        return []
    changes = {}
    for _ in range(rng.choice([1, 1, 2])):
        text = a_change(rng, world, table, some[0][0])
        changes[text.split(" = ")[0]] = text
    return [f"update doc.{table} set {', '.join(changes.values())} where {where(table, some)}"]


def change_status(rng: Random, world: World) -> list[Statement]:
    table = rng.choice(["invoice", "invoice", "payment", "credit_note", "adjustment"])
    some = some_of(rng, world, table)
    if not some:
        return []
    status = rng.choice(
        ["pending", "approved", "approved", "rejected", "void"]
        if table == "payment"
        else ["active", "void"]
    )
    return [f"update doc.{table} set status = {literal(status)} where {where(table, some)}"]


def change_cheque_status(rng: Random, world: World) -> list[Statement]:
    cheques = world.cheques()
    if not cheques:
        return []
    account_id, cheque = rng.choice(cheques)
    status = rng.choice(CHEQUE_NEXT[cheque.status])
    some = [(account_id, cheque.cheque_id)]
    if rng.random() < 0.25:  # the others in the same state with it
        some = [(a, c.cheque_id) for a, c in cheques if c.status == cheque.status]
    if rng.random() < 0.05:
        status = rng.choice(CHEQUE_STATES)  # perhaps refused
    text = f"status = {literal(status)}"
    if rng.random() < 0.6:
        text += f", status_date = {literal(a_day(rng))}"
    if status == "cleared" and rng.random() < 0.4:
        text += f", cleared_on = {literal(a_day(rng))}"
    if rng.random() < 0.1:
        text += f", amount = {an_amount(rng)}"
    return [f"update doc.cheque set {text} where {where('cheque', some)}"]


def delete(rng: Random, world: World) -> list[Statement]:
    table = a_table(rng, world)
    some = some_of(rng, world, table)
    if not some:
        return []
    if rng.random() < 0.1:
        return [f"delete from doc.{table} where account_id = {some[0][0]}"]
    return [f"delete from doc.{table} where {where(table, some)}"]


def move(rng: Random, world: World) -> list[Statement]:
    """To another account, where nothing names it."""
    table = a_table(rng, world)
    some = some_of(rng, world, table)
    if not some:
        return []
    text = f"account_id = {an_account(rng, world)}"
    if rng.random() < 0.3:
        text += f", {a_change(rng, world, table, some[0][0])}"
    return [f"update doc.{table} set {text} where {where(table, some)}"]


def installments(rng: Random, world: World) -> list[Statement]:
    """Put in, replaced, changed together with the amount, taken away."""
    invoices = world.invoices()
    if not invoices:
        return []
    account_id, invoice = rng.choice(invoices)
    this = where("invoice", [(account_id, invoice.invoice_id)])
    clear = f"delete from doc.installment where {this}"
    if invoice.installments and rng.random() < 0.3:
        return [clear]
    statements: list[Statement] = [clear] if invoice.installments else []
    amount = invoice.amount
    if rng.random() < 0.3:
        amount = Decimal(rng.choice(["10", "100", "99.99"]))
        statements.append(f"update doc.invoice set amount = {amount} where {this}")
    number = rng.choice([1, 2, 3])
    part = (amount / number).quantize(Decimal("0.01"))
    parts = [part] * (number - 1) + [amount - part * (number - 1)]
    some: list[Row] = [
        {
            "account_id": account_id,
            "invoice_id": invoice.invoice_id,
            "line_no": line_no,
            "due_date": a_day(rng),
            "amount": part,
        }
        for line_no, part in enumerate(parts, start=1)
    ]
    if rng.random() < 0.05:
        some[0]["amount"] = parts[0] + 1  # refused at commit
    if rng.random() < 0.5:
        rng.shuffle(some)
        return [*statements, *(insert("installment", [row]) for row in some)]
    return [*statements, insert("installment", some)]


def change_installments(rng: Random, world: World) -> list[Statement]:
    """Change the due dates, or shift an amount from one to another."""
    with_parts = [(a, i) for a, i in world.invoices() if i.installments]
    if not with_parts:
        return []
    account_id, invoice = rng.choice(with_parts)
    this = where("invoice", [(account_id, invoice.invoice_id)])
    if rng.random() < 0.5:
        return [f"update doc.installment set due_date = {literal(a_day(rng))} where {this}"]
    return [
        "update doc.installment set amount = amount + case line_no when 1 then 1 when 2 then -1"
        f" else 0 end where {this}"
    ]


def account_settings(rng: Random, world: World) -> list[Statement]:
    text = rng.choice(
        [f"policy = '{policy}'" for policy in ("fifo_issue", "fifo_issue", "fifo_due", "manual")]
        + [
            f"tolerance_days = {rng.choice([0, 3, 30])}",
            f"risk_days = {rng.choice([0, 30, 60])}",
            f"cheque_grace_days = {rng.choice([0, 1, 7, 30])}",
            f"cheque_grace_days = {rng.choice([0, 1, 7, 30])}",
            f"credit_limit = {rng.choice(['null', '0', '500'])}",
            f"currency = '{rng.choice(['IRR', 'USD'])}'",
        ]
    )
    some = rng.choice([[an_account(rng, world)], world.accounts])
    ids = ", ".join(str(a) for a in some)
    return [f"update ref.account set {text} where account_id in ({ids})"]


def terms_and_units(rng: Random, world: World) -> list[Statement]:
    """Change what the lines of an invoice also hang on: to be refused, or to be followed."""
    term = rng.choice(world.terms)
    line = f"payment_term_id = {term} and line_no = 1"
    return [
        rng.choice(
            [
                "update ref.currency set unit = 1.01 - unit where code in ('IRR', 'USD')",
                f"update ref.payment_term_line set days = days + 1 where {line}",
                f"delete from ref.payment_term_line where {line}",
            ]
        )
    ]


def change_key(rng: Random, world: World) -> list[Statement]:
    """Give another id, which decides between documents of one day."""
    table = a_table(rng, world)
    some = some_of(rng, world, table)
    if not some:
        return []
    return [
        f"update doc.{table} set {table}_id = nextval('doc.document_id_seq')"
        f" where {where(table, some)}"
    ]


def several_tables(rng: Random, world: World) -> list[Statement]:
    """One statement that writes to several tables: their triggers fire after all parts."""
    account_id = an_account(rng, world)
    parts = [
        insert("invoice", [invoice_row(rng, world, account_id)], " returning 1"),
        insert("payment", [payment_row(rng, world, account_id)], " returning 1"),
        insert("cheque", [cheque_row(rng, world, an_account(rng, world))], " returning 1"),
    ]
    for table in ("invoice", "payment", "cheque"):
        some = some_of(rng, world, table)
        if some:
            text = a_change(rng, world, table, some[0][0])
            parts.append(f"update doc.{table} set {text} where {where(table, some)} returning 1")
            parts.append(f"delete from doc.{table} where {where(table, some)} returning 1")
    chosen = rng.sample(parts, rng.choice([2, 3]))
    named = ", ".join(f"p{number} as ({part})" for number, part in enumerate(chosen))
    return [f"with {named} select 1"]


def invoice_with_pin(rng: Random, world: World) -> list[Statement]:
    """Write an invoice, its receipt and the pin between them in one statement."""
    account_id = an_account(rng, world)
    invoice = insert("invoice", [invoice_row(rng, world, account_id)], " returning *")
    payment = insert("payment", [payment_row(rng, world, account_id)], " returning *")
    return [
        f"with i as ({invoice}), p as ({payment})"
        " insert into doc.pin (account_id, invoice_id, payment_id)"
        " select i.account_id, i.invoice_id, p.payment_id from i, p"
    ]


def merge(rng: Random, world: World) -> list[Statement]:
    """Insert, update and delete in one."""
    account_id = an_account(rng, world)
    source = ", ".join(
        f"('{key}', {literal(a_day(rng))}, {an_amount(rng)})" for key in rng.sample("abcd", 2)
    )
    table = rng.choice(["payment", "invoice"])
    return [
        f"merge into doc.{table} as t"
        f" using (values {source}) as s (external_id, doc_date, amount)"
        f" on t.account_id = {account_id} and t.source = 'feed'"
        " and t.external_id = s.external_id"
        " when matched and s.amount < 20 then delete"
        " when matched then update set amount = s.amount, doc_date = s.doc_date"
        " when not matched then insert (account_id, source, external_id, doc_date, amount)"
        f" values ({account_id}, 'feed', s.external_id, s.doc_date, s.amount)"
    ]


def on_conflict(rng: Random, world: World) -> list[Statement]:
    table = rng.choice(["payment", "invoice", "cheque", "credit_note", "adjustment"])
    some = [
        {
            **ROW[table](rng, world, an_account(rng, world)),
            "source": "feed",
            "external_id": key,
        }
        for key in rng.sample("abcd", 2)
    ]
    tail = rng.choice(
        [
            " on conflict (account_id, source, external_id) do nothing",
            " on conflict (account_id, source, external_id)"
            " do update set amount = excluded.amount, doc_date = excluded.doc_date",
            " on conflict (account_id, source, external_id)"
            " do update set amount = excluded.amount, status = excluded.status",
        ]
    )
    return [insert(table, some, tail)]


def rolled_back(rng: Random, world: World) -> list[Statement]:
    """Something in a savepoint that is given up, and something after it."""
    first = rng.choice([insert_one, change, delete, change_status, account_settings])
    then = rng.choice([insert_one, change])
    return [
        "savepoint given_up",
        *first(rng, world),
        "rollback to savepoint given_up",
        *then(rng, world),
    ]


def several_statements(rng: Random, world: World) -> list[Statement]:
    """Do several statements in a transaction, each right at its own end."""
    parts = [insert_one, change, change_status, change_cheque_status, delete, insert_pin]
    return [statement for part in rng.sample(parts, 2) for statement in part(rng, world)]


def shift_everything(rng: Random, world: World) -> list[Statement]:
    table = rng.choice(["invoice", "payment", "cheque", "credit_note"])
    ids = ", ".join(str(a) for a in world.accounts)
    return [
        f"update doc.{table} set doc_date = doc_date + {rng.choice([-1, 1, 30])},"
        f" amount = amount + {rng.choice([0, 1, 10])} where account_id in ({ids})"
    ]


OPERATIONS: dict[str, Operation] = {
    operation.__name__: operation
    for operation in (
        insert_one, insert_many, copy_many, insert_pin, change_pin, set_off, change_set_off,
        change, change_status, change_cheque_status, delete, move, installments,
        change_installments, account_settings, terms_and_units,
        change_key, several_tables, invoice_with_pin, merge,
        on_conflict, rolled_back, several_statements, shift_everything,
    )
}  # fmt: skip

# How often each is chosen: mostly what people do all day.
WEIGHTS = {
    **dict.fromkeys(OPERATIONS, 2),
    "insert_one": 8, "insert_many": 4, "insert_pin": 4, "change": 6, "change_cheque_status": 6,
    "change_status": 4, "installments": 3, "shift_everything": 1, "terms_and_units": 1,
    "change_key": 1,
}  # fmt: skip
