-- Raw rows waiting to become documents: one table a document, every column of it text, so that
-- anything can be copied in. inbox.process() turns good rows into documents and says of each
-- other one why it was left.

create type inbox.complaint as (code text, words text);
comment on type inbox.complaint is
  'Why a row of the inbox can''t become a document: the rule''s name, and words for people.';

-- Documents name an invoice by its number when they have no external id.
create index invoice_doc_no_idx on doc.invoice (account_id, doc_no) where doc_no is not null;

create table inbox.party (
  inbox_id bigint generated always as identity
    constraint party_pkey primary key,
  code text,
  name text,
  national_id text,
  phone text,
  email text,
  region_code text,
  agency_code text,
  salesperson_code text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.account (
  inbox_id bigint generated always as identity
    constraint account_pkey primary key,
  party_code text,
  side text,
  currency text,
  policy text,
  payment_term_code text,
  credit_limit text,
  tolerance_days text,
  risk_days text,
  cheque_grace_days text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.invoice (
  inbox_id bigint generated always as identity
    constraint invoice_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  kind text,
  doc_no text,
  doc_date text,
  due_date text,
  payment_term_code text,
  amount text,
  salesperson_code text,
  region_code text,
  agency_code text,
  auto_allocate text,
  status text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.installment (
  inbox_id bigint generated always as identity
    constraint installment_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  invoice_external_id text,
  invoice_no text,
  line_no text,
  due_date text,
  amount text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.cheque (
  inbox_id bigint generated always as identity
    constraint cheque_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  kind text,
  sayad_id text,
  serial_no text,
  bank text,
  branch text,
  drawer_name text,
  doc_date text,
  due_date text,
  amount text,
  status text,
  status_date text,
  cleared_on text,
  replaces_cheque_external_id text,
  replaces_cheque_sayad_id text,
  invoice_external_id text,
  invoice_no text,
  auto_allocate text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.payment (
  inbox_id bigint generated always as identity
    constraint payment_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  method text,
  doc_no text,
  doc_date text,
  value_date text,
  amount text,
  bank_reference text,
  cheque_external_id text,
  cheque_sayad_id text,
  invoice_external_id text,
  invoice_no text,
  auto_allocate text,
  status text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.credit_note (
  inbox_id bigint generated always as identity
    constraint credit_note_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  kind text,
  doc_no text,
  doc_date text,
  amount text,
  invoice_external_id text,
  invoice_no text,
  status text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.adjustment (
  inbox_id bigint generated always as identity
    constraint adjustment_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  kind text,
  doc_no text,
  doc_date text,
  amount text,
  invoice_external_id text,
  invoice_no text,
  status text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.set_off (
  inbox_id bigint generated always as identity
    constraint set_off_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  external_id text,
  set_off_no text,
  doc_date text,
  amount text,
  invoice_external_id text,
  invoice_no text,
  status text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);

create table inbox.pin (
  inbox_id bigint generated always as identity
    constraint pin_pkey primary key,
  account_id text,
  party_code text,
  side text,
  currency text,
  party_name text,
  source text,
  payment_external_id text,
  payment_no text,
  cheque_external_id text,
  cheque_sayad_id text,
  set_off_external_id text,
  set_off_no text,
  invoice_external_id text,
  invoice_no text,
  amount text,
  note text,
  batch text,
  row_no int,
  date_style text not null default 'iso',
  received_at timestamptz not null default now(),
  tried_at timestamptz,
  reason text,
  reason_code text
);


comment on table inbox.party is
  'A customer or supplier to be; found again by its code.';
comment on constraint party_pkey on inbox.party is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.party.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.party.row_no is 'Its place in that file, where there is one.';
comment on column inbox.party.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.party.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.party.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.account is
  'An account to be; found again by party, side and currency.';
comment on constraint account_pkey on inbox.account is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.account.side is 'receivable if empty.';
comment on column inbox.account.currency is 'IRR if empty.';
comment on column inbox.account.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.account.row_no is 'Its place in that file, where there is one.';
comment on column inbox.account.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.account.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.account.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.invoice is
  'An invoice to be.';
comment on constraint invoice_pkey on inbox.invoice is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.invoice.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.invoice.side is 'receivable if empty.';
comment on column inbox.invoice.currency is 'IRR if empty.';
comment on column inbox.invoice.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.invoice.source is 'inbox if empty.';
comment on column inbox.invoice.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.invoice.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.invoice.row_no is 'Its place in that file, where there is one.';
comment on column inbox.invoice.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.invoice.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.invoice.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.installment is
  'An installment to be; found again by its invoice and line. Those of an invoice stay together.';
comment on constraint installment_pkey on inbox.installment is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.installment.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.installment.side is 'receivable if empty.';
comment on column inbox.installment.currency is 'IRR if empty.';
comment on column inbox.installment.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.installment.source is 'inbox if empty.';
comment on column inbox.installment.invoice_external_id is
  'The invoice it belongs to, by external id within the same source.';
comment on column inbox.installment.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.installment.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.installment.row_no is 'Its place in that file, where there is one.';
comment on column inbox.installment.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.installment.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.installment.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.cheque is
  'A cheque to be, or news of one.';
comment on constraint cheque_pkey on inbox.cheque is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.cheque.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.cheque.side is 'receivable if empty.';
comment on column inbox.cheque.currency is 'IRR if empty.';
comment on column inbox.cheque.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.cheque.source is 'inbox if empty.';
comment on column inbox.cheque.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.cheque.invoice_external_id is
  'The invoice it is pinned to, by external id within the same source.';
comment on column inbox.cheque.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.cheque.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.cheque.row_no is 'Its place in that file, where there is one.';
comment on column inbox.cheque.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.cheque.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.cheque.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.payment is
  'A payment to be.';
comment on constraint payment_pkey on inbox.payment is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.payment.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.payment.side is 'receivable if empty.';
comment on column inbox.payment.currency is 'IRR if empty.';
comment on column inbox.payment.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.payment.source is 'inbox if empty.';
comment on column inbox.payment.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.payment.invoice_external_id is
  'The invoice it is pinned to, by external id within the same source.';
comment on column inbox.payment.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.payment.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.payment.row_no is 'Its place in that file, where there is one.';
comment on column inbox.payment.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.payment.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.payment.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.credit_note is
  'A credit note to be.';
comment on constraint credit_note_pkey on inbox.credit_note is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.credit_note.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.credit_note.side is 'receivable if empty.';
comment on column inbox.credit_note.currency is 'IRR if empty.';
comment on column inbox.credit_note.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.credit_note.source is 'inbox if empty.';
comment on column inbox.credit_note.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.credit_note.invoice_external_id is
  'The invoice it belongs to, by external id within the same source.';
comment on column inbox.credit_note.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.credit_note.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.credit_note.row_no is 'Its place in that file, where there is one.';
comment on column inbox.credit_note.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.credit_note.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.credit_note.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.adjustment is
  'An adjustment to be.';
comment on constraint adjustment_pkey on inbox.adjustment is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.adjustment.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.adjustment.side is 'receivable if empty.';
comment on column inbox.adjustment.currency is 'IRR if empty.';
comment on column inbox.adjustment.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.adjustment.source is 'inbox if empty.';
comment on column inbox.adjustment.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.adjustment.invoice_external_id is
  'The invoice it belongs to, by external id within the same source.';
comment on column inbox.adjustment.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.adjustment.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.adjustment.row_no is 'Its place in that file, where there is one.';
comment on column inbox.adjustment.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.adjustment.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.adjustment.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.set_off is
  'A leg of a set-off to be. All legs of a set-off in a batch stay together.';
comment on constraint set_off_pkey on inbox.set_off is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.set_off.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.set_off.side is 'receivable if empty.';
comment on column inbox.set_off.currency is 'IRR if empty.';
comment on column inbox.set_off.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.set_off.source is 'inbox if empty.';
comment on column inbox.set_off.external_id is
  'Finds the document again; if empty it is made from the row (docs/import.md).';
comment on column inbox.set_off.invoice_external_id is
  'The invoice it is pinned to, by external id within the same source.';
comment on column inbox.set_off.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.set_off.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.set_off.row_no is 'Its place in that file, where there is one.';
comment on column inbox.set_off.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.set_off.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.set_off.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
comment on table inbox.pin is
  'A pin to be; found again by its credit and invoice.';
comment on constraint pin_pkey on inbox.pin is
  'A row of the inbox has this id already. | Leave inbox_id out: the database gives it.';
comment on column inbox.pin.account_id is
  'Names the account; or else party_code, side and currency do.';
comment on column inbox.pin.side is 'receivable if empty.';
comment on column inbox.pin.currency is 'IRR if empty.';
comment on column inbox.pin.party_name is
  'Used only by inbox.propose_parties, which opens accounts for unknown customers.';
comment on column inbox.pin.source is 'inbox if empty.';
comment on column inbox.pin.invoice_external_id is
  'The invoice it belongs to, by external id within the same source.';
comment on column inbox.pin.invoice_no is 'The same by number, if there is no external id.';
comment on column inbox.pin.batch is
  'The file or run it came with: rows of a batch are held against each other.';
comment on column inbox.pin.row_no is 'Its place in that file, where there is one.';
comment on column inbox.pin.date_style is
  'How all its dates are written: iso (2025-07-28) or jalali (1404/05/06). Told, never guessed.';
comment on column inbox.pin.reason is 'Why it was left, all reasons; null while it waits.';
comment on column inbox.pin.reason_code is
  'The names of the rules broken (constraints, else SQLSTATEs), with commas.';
