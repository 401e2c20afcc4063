-- What the engine keeps. Written by calc functions alone; every row follows from ref and doc.
-- fillfactor leaves room for HOT updates: none of the columns that change often is indexed.

create table calc.account (
  account_id bigint not null
    constraint calc_account_pkey primary key,
  change_count bigint not null default 0,
  changed_at timestamptz not null default clock_timestamp(),
  policy text not null,
  has_told boolean not null default false,
  last_line_turn bigint not null default 0,
  last_credit_turn bigint not null default 0,
  paid_amount numeric not null default 0,
  settlement_money_days numeric not null default 0,
  variance_money_days numeric not null default 0
)
with (fillfactor = 50);

comment on table calc.account is
  'One row an account: the lock that its writers take turns on, and sums that only ever add up.';
comment on column calc.account.change_count is
  'Raised by each writer before it reads anything: the update is the lock.';
comment on column calc.account.changed_at is 'When a writer last took the account.';
comment on column calc.account.policy is
  'Of ref.account; kept here, where the lock is, so that it comes with it.';
comment on column calc.account.has_told is
  'A pin, or a note or adjustment naming an invoice, was ever seen; false spares the look for them.';
comment on column calc.account.last_line_turn is
  'At least the latest turn (calc.turn) of any line: a later one is an append.';
comment on column calc.account.last_credit_turn is
  'At least the latest turn (calc.turn) of any credit: a later one is an append.';
comment on column calc.account.paid_amount is
  'Sum of money allocated to measured lines, settled or not; readers take the open invoices off.';
comment on column calc.account.settlement_money_days is
  'Sum of money × (value date − invoice date) over the same allocations.';
comment on column calc.account.variance_money_days is
  'Sum of money × (value date − due date) over the same allocations.';
comment on constraint calc_account_pkey on calc.account is
  'The account is kept already. | Rows of calc.account come and go with ref.account.';

create table calc.line (
  account_id bigint not null,
  invoice_id bigint not null,
  line_no int not null,
  doc_date date not null,
  due_date date not null,
  rank_on date not null,
  is_auto boolean not null,
  is_measured boolean not null,
  amount numeric not null,
  open_amount numeric not null,
  credited_amount numeric not null default 0,
  written_off_amount numeric not null default 0,
  paid_amount numeric not null default 0,
  cleared_amount numeric not null default 0,
  value_money_days numeric not null default 0,
  last_effective_date date,
  is_open boolean not null default true,
  constraint line_pkey primary key (account_id, invoice_id, line_no)
)
with (fillfactor = 80);

create index line_open_idx on calc.line
  (account_id, rank_on, doc_date, invoice_id, due_date, line_no)
where is_open;

comment on table calc.line is
  'One row a line of a counted invoice: what is settled, with sums of what settled it.';
comment on column calc.line.line_no is
  'Of an installment or a share of the payment term; 0: the whole invoice.';
comment on column calc.line.rank_on is
  'First key of the account''s policy: due_date under fifo_due, else doc_date.';
comment on column calc.line.is_auto is 'The invoice takes part in automatic allocation.';
comment on column calc.line.is_measured is
  'The invoice counts in settlement means: its kind is neither opening nor refund.';
comment on column calc.line.open_amount is 'amount less all allocations.';
comment on column calc.line.credited_amount is 'Allocated from credit notes and adjustments.';
comment on column calc.line.written_off_amount is 'The part of credited_amount from write-offs.';
comment on column calc.line.paid_amount is 'Allocated from money: payments, cheques, set-offs.';
comment on column calc.line.cleared_amount is
  'The part of paid_amount from payments, set-offs and cleared cheques.';
comment on column calc.line.value_money_days is
  'Sum of money × (its value date − 2000-01-01): the numerator of settlement_ras, on a fixed base.';
comment on column calc.line.last_effective_date is 'Latest effective date of its allocations.';
comment on column calc.line.is_open is
  'open_amount > 0. The index is on this and not on the amount, so that a part payment is a HOT update.';
comment on constraint line_pkey on calc.line is
  'The line is kept already. | Run calc.rebuild() for the account.';

create table calc.credit (
  account_id bigint not null,
  credit_id bigint not null,
  credit_type text not null,
  doc_date date not null,
  turn_on date not null,
  value_date date,
  is_auto boolean not null,
  is_cleared boolean,
  is_write_off boolean not null,
  named_invoice_id bigint,
  amount numeric not null,
  unapplied_amount numeric not null,
  is_left boolean not null default true,
  constraint credit_pkey primary key (account_id, credit_id)
)
with (fillfactor = 80);

create index credit_unapplied_idx on calc.credit (account_id, doc_date, credit_id)
where is_left;

comment on table calc.credit is 'One row a counted credit: what it counts for and what is left of it.';
comment on column calc.credit.credit_type is
  'payment, cheque, set_off (money), credit_note or adjustment.';
comment on column calc.credit.turn_on is
  'The day its turn comes: doc_date; of a return naming a counted invoice, the later of the two.';
comment on column calc.credit.value_date is
  'The day its money counts from in a ras (DESIGN section 6); null: not money.';
comment on column calc.credit.is_auto is 'Takes part in automatic allocation.';
comment on column calc.credit.is_cleared is 'Payment, set-off or cleared cheque; null: not money.';
comment on column calc.credit.named_invoice_id is
  'The counted invoice a return names: it goes there first.';
comment on column calc.credit.amount is
  'What it counts for: of a cheque, less the approved parts that the bank paid of it.';
comment on column calc.credit.unapplied_amount is 'amount less all allocations.';
comment on column calc.credit.is_left is
  'unapplied_amount > 0; in the index instead of the amount, for the same reason as calc.line.is_open.';
comment on constraint credit_pkey on calc.credit is
  'Two credits of the account have one id. | Leave ids to the database: all documents share doc.document_id_seq.';

create table calc.allocation (
  account_id bigint not null,
  invoice_id bigint not null,
  credit_id bigint not null,
  pin_id bigint not null default 0,
  line_no int not null,
  turn_on date,
  reason text not null,
  amount numeric not null,
  constraint allocation_pkey primary key (account_id, invoice_id, line_no, credit_id, pin_id)
);

create index allocation_credit_idx on calc.allocation (account_id, credit_id);
create index allocation_turn_idx on calc.allocation (account_id, turn_on)
where turn_on is not null;

comment on table calc.allocation is 'So much of this credit settles so much of that line.';
comment on column calc.allocation.pin_id is 'The pin that told it; 0: none.';
comment on column calc.allocation.turn_on is
  'The day of the turn at which stage 2 made it; null: told, in stage 1 (DESIGN section 5).';
comment on column calc.allocation.reason is 'linked, pin or auto.';
comment on constraint allocation_pkey on calc.allocation is
  'The allocation is kept already. | Run calc.rebuild() for the account.';

create index credit_uncleared_idx on calc.credit (account_id) where not is_cleared;

create type calc.told as (
  account_id bigint,
  phase int,
  told_on date,
  told_id bigint,
  credit_type text,
  credit_id bigint,
  invoice_id bigint,
  pin_id bigint,
  amount numeric
);

comment on type calc.told is
  'An instruction of stage 1, in the order (phase, told_on, told_id); pin_id 0: a note or an adjustment; amount null: as much as fits.';
