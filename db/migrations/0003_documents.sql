-- Documents: the contract for those who write. Every key begins with the account.

create sequence doc.document_id_seq maxvalue 17592186044415;
comment on sequence doc.document_id_seq is
  'Ids of all documents, so that an id tells the order of entry across tables. 44 bits: calc.turn() packs a day and an id into one bigint.';

create table doc.invoice (
  account_id bigint not null
    constraint invoice_account_fkey references ref.account,
  invoice_id bigint not null default nextval('doc.document_id_seq')
    constraint invoice_id_range check (invoice_id between 1 and 17592186044415),
  kind text not null default 'invoice'
    constraint invoice_kind_known check (kind in ('invoice', 'debit_note', 'opening', 'refund')),
  doc_no text,
  doc_date ref.day not null,
  due_date ref.day,
  payment_term_id bigint
    constraint invoice_payment_term_fkey references ref.payment_term,
  amount ref.amount not null,
  salesperson_id bigint
    constraint invoice_salesperson_fkey references ref.salesperson,
  region_id bigint
    constraint invoice_region_fkey references ref.region,
  agency_id bigint
    constraint invoice_agency_fkey references ref.agency,
  auto_allocate boolean not null default true,
  status text not null default 'active'
    constraint invoice_status_known check (status in ('active', 'void')),
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint invoice_pkey primary key (account_id, invoice_id),
  constraint invoice_external_id_unique unique (account_id, source, external_id)
);

create table doc.installment (
  account_id bigint not null,
  installment_id bigint not null default nextval('doc.document_id_seq')
    constraint installment_id_range check (installment_id between 1 and 17592186044415),
  invoice_id bigint not null,
  line_no int not null
    constraint installment_line_no_from_1 check (line_no >= 1),
  due_date ref.day not null,
  amount ref.amount not null,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint installment_pkey primary key (account_id, installment_id),
  constraint installment_line_no_unique unique (account_id, invoice_id, line_no),
  constraint installment_invoice_fkey foreign key (account_id, invoice_id)
    references doc.invoice on delete cascade on update cascade
);

create table doc.cheque (
  account_id bigint not null
    constraint cheque_account_fkey references ref.account,
  cheque_id bigint not null default nextval('doc.document_id_seq')
    constraint cheque_id_range check (cheque_id between 1 and 17592186044415),
  kind text not null default 'payment'
    constraint cheque_kind_known check (kind in ('payment', 'guarantee')),
  sayad_id text
    constraint cheque_sayad_id_format check (sayad_id ~ '^[0-9]{16}$'),
  serial_no text,
  bank text,
  branch text,
  drawer_name text,
  doc_date ref.day not null,
  due_date ref.day not null,
  amount ref.amount not null,
  status text not null default 'in_hand'
    constraint cheque_status_known check (
      status in (
        'submitted', 'in_hand', 'deposited', 'cleared', 'bounced', 'endorsed', 'returned', 'void'
      )
    ),
  status_date ref.day not null,
  cleared_on ref.day,
  replaces_cheque_id bigint,
  auto_allocate boolean not null default true,
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint cheque_pkey primary key (account_id, cheque_id),
  constraint cheque_external_id_unique unique (account_id, source, external_id),
  constraint cheque_cleared_on_only_when_cleared check ((cleared_on is not null) = (status = 'cleared')),
  constraint cheque_replaces_fkey foreign key (account_id, replaces_cheque_id)
    references doc.cheque,
  constraint cheque_not_own_replacement check (replaces_cheque_id <> cheque_id)
);

create table doc.cheque_event (
  account_id bigint not null,
  cheque_event_id bigint not null default nextval('doc.document_id_seq')
    constraint cheque_event_id_range check (cheque_event_id between 1 and 17592186044415),
  cheque_id bigint not null,
  from_status text,
  to_status text not null,
  event_date ref.day not null,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint cheque_event_pkey primary key (account_id, cheque_event_id),
  constraint cheque_event_cheque_fkey foreign key (account_id, cheque_id)
    references doc.cheque on delete cascade on update cascade
);

create table doc.payment (
  account_id bigint not null
    constraint payment_account_fkey references ref.account,
  payment_id bigint not null default nextval('doc.document_id_seq')
    constraint payment_id_range check (payment_id between 1 and 17592186044415),
  method text not null default 'transfer'
    constraint payment_method_known check (
      method in ('cash', 'transfer', 'card', 'deposit_slip', 'opening')
    ),
  doc_no text,
  doc_date ref.day not null,
  value_date ref.day,
  amount ref.amount not null,
  bank_reference text,
  cheque_id bigint,
  auto_allocate boolean not null default true,
  status text not null default 'approved'
    constraint payment_status_known check (status in ('pending', 'approved', 'rejected', 'void')),
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint payment_pkey primary key (account_id, payment_id),
  constraint payment_external_id_unique unique (account_id, source, external_id),
  constraint payment_cheque_fkey foreign key (account_id, cheque_id)
    references doc.cheque
);

create table doc.credit_note (
  account_id bigint not null
    constraint credit_note_account_fkey references ref.account,
  credit_note_id bigint not null default nextval('doc.document_id_seq')
    constraint credit_note_id_range check (credit_note_id between 1 and 17592186044415),
  kind text not null default 'return'
    constraint credit_note_kind_known check (kind in ('return', 'price', 'other')),
  doc_no text,
  doc_date ref.day not null,
  amount ref.amount not null,
  invoice_id bigint,
  status text not null default 'active'
    constraint credit_note_status_known check (status in ('active', 'void')),
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint credit_note_pkey primary key (account_id, credit_note_id),
  constraint credit_note_external_id_unique unique (account_id, source, external_id),
  constraint credit_note_invoice_fkey foreign key (account_id, invoice_id)
    references doc.invoice
);

create table doc.adjustment (
  account_id bigint not null
    constraint adjustment_account_fkey references ref.account,
  adjustment_id bigint not null default nextval('doc.document_id_seq')
    constraint adjustment_id_range check (adjustment_id between 1 and 17592186044415),
  kind text not null default 'discount'
    constraint adjustment_kind_known check (kind in ('discount', 'write_off', 'rounding')),
  doc_no text,
  doc_date ref.day not null,
  amount ref.amount not null,
  invoice_id bigint,
  status text not null default 'active'
    constraint adjustment_status_known check (status in ('active', 'void')),
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint adjustment_pkey primary key (account_id, adjustment_id),
  constraint adjustment_external_id_unique unique (account_id, source, external_id),
  constraint adjustment_invoice_fkey foreign key (account_id, invoice_id)
    references doc.invoice
);

create table doc.set_off (
  account_id bigint not null
    constraint set_off_account_fkey references ref.account,
  set_off_id bigint not null default nextval('doc.document_id_seq')
    constraint set_off_id_range check (set_off_id between 1 and 17592186044415),
  set_off_no text not null,
  doc_date ref.day not null,
  amount ref.amount not null,
  status text not null default 'active'
    constraint set_off_status_known check (status in ('active', 'void')),
  source text not null default 'manual',
  external_id text,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint set_off_pkey primary key (account_id, set_off_id),
  constraint set_off_external_id_unique unique (account_id, source, external_id)
);

create table doc.pin (
  account_id bigint not null,
  pin_id bigint not null default nextval('doc.document_id_seq')
    constraint pin_id_range check (pin_id between 1 and 17592186044415),
  payment_id bigint,
  cheque_id bigint,
  set_off_id bigint,
  invoice_id bigint not null,
  amount ref.amount,
  note text,
  created_at timestamptz not null default now(),
  created_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  updated_at timestamptz not null default now(),
  updated_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  constraint pin_pkey primary key (account_id, pin_id),
  constraint pin_names_one_credit check (num_nonnulls(payment_id, cheque_id, set_off_id) = 1),
  constraint pin_payment_fkey foreign key (account_id, payment_id)
    references doc.payment on delete cascade,
  constraint pin_cheque_fkey foreign key (account_id, cheque_id)
    references doc.cheque on delete cascade,
  constraint pin_set_off_fkey foreign key (account_id, set_off_id)
    references doc.set_off on delete cascade,
  constraint pin_invoice_fkey foreign key (account_id, invoice_id)
    references doc.invoice on delete cascade
);

alter sequence doc.document_id_seq owned by none;

-- Look-ups along the foreign keys, and those the engine makes.
create index invoice_payment_term_idx on doc.invoice (payment_term_id) where payment_term_id is not null;
create index invoice_salesperson_idx on doc.invoice (salesperson_id) where salesperson_id is not null;
create index invoice_region_idx on doc.invoice (region_id) where region_id is not null;
create index invoice_agency_idx on doc.invoice (agency_id) where agency_id is not null;
create index cheque_event_cheque_idx on doc.cheque_event (account_id, cheque_id);
create unique index cheque_sayad_id_unique on doc.cheque (account_id, sayad_id)
where sayad_id is not null and status not in ('returned', 'void');
create index cheque_sayad_id_idx on doc.cheque (sayad_id) where sayad_id is not null;
create index cheque_uncleared_idx on doc.cheque (account_id)
where kind = 'payment' and status in ('submitted', 'in_hand', 'deposited', 'endorsed', 'bounced');
create index cheque_replaces_idx on doc.cheque (account_id, replaces_cheque_id)
where replaces_cheque_id is not null;
create index payment_cheque_idx on doc.payment (account_id, cheque_id) where cheque_id is not null;
create index payment_bank_reference_idx on doc.payment (bank_reference)
where bank_reference is not null;
create index credit_note_invoice_idx on doc.credit_note (account_id, invoice_id)
where invoice_id is not null;
create index adjustment_invoice_idx on doc.adjustment (account_id, invoice_id)
where invoice_id is not null;
create index set_off_no_idx on doc.set_off (source, set_off_no);
create index pin_payment_idx on doc.pin (account_id, payment_id) where payment_id is not null;
create index pin_cheque_idx on doc.pin (account_id, cheque_id) where cheque_id is not null;
create index pin_set_off_idx on doc.pin (account_id, set_off_id) where set_off_id is not null;
create index pin_invoice_idx on doc.pin (account_id, invoice_id);

comment on table doc.invoice is
  'Raises what is owed: an invoice, a debit note, an opening balance or money given back.';
comment on table doc.installment is
  'One dated part of an invoices commitment. Together they add up to the invoice, at commit.';
comment on table doc.cheque is
  'A cheque handed over (or, of kind guarantee, held as security and never counted).';
comment on table doc.cheque_event is
  'Each change of state of a cheque, written by the database alone.';
comment on table doc.payment is
  'Money received (paid, on the payable side) other than by cheque.';
comment on table doc.credit_note is
  'Lowers the debt without money: goods returned, a price put right, other.';
comment on table doc.adjustment is
  'Lowers the debt without money: a discount, a write-off, a rounding.';
comment on table doc.set_off is
  'One leg of a set-off (tahator): what they owe us against what we owe them.';
comment on table doc.pin is
  'An instruction: this credit belongs to that invoice. It can give less than it says, never more.';
comment on column doc.invoice.kind is 'opening and refund are settled like any other but stay out of account means, behaviour and sales.';
comment on column doc.invoice.due_date is 'The commitment when there are no installments; null: the payment term, else the day of the invoice.';
comment on column doc.invoice.payment_term_id is 'From the account if not given. Used when there are neither installments nor a due date.';
comment on column doc.invoice.salesperson_id is 'From the party if not given, as region and agency are; kept as it was at entry.';
comment on column doc.invoice.auto_allocate is 'false: disputed; settled only by what names it.';
comment on column doc.cheque.sayad_id is 'The 16-digit Sayad number; unique within an account among cheques not returned or void.';
comment on column doc.cheque.doc_date is 'The day it was handed over.';
comment on column doc.cheque.status_date is 'The day of the present state; the day of hand-over if not given, calc.today() on a change of state that does not name it.';
comment on column doc.cheque.cleared_on is 'Only while cleared; status_date if not given.';
comment on column doc.cheque.replaces_cheque_id is 'The bounced cheque this one makes good.';
comment on column doc.cheque.auto_allocate is 'false: kept for something; goes only where it is pinned.';
comment on column doc.cheque_event.from_status is 'null: the first state of the cheque.';
comment on column doc.payment.value_date is 'The day the money counts from in a ras; null: doc_date.';
comment on column doc.payment.cheque_id is 'The cheque of which the bank paid this part; lowers what the cheque counts for.';
comment on column doc.payment.auto_allocate is 'false: kept for something; goes only where it is pinned.';
comment on column doc.credit_note.invoice_id is 'The invoice it belongs to; null: any.';
comment on column doc.adjustment.invoice_id is 'The invoice it belongs to; null: any.';
comment on column doc.set_off.set_off_no is 'Legs with one (source, set_off_no, currency) balance: receivable = payable, on one day.';
comment on column doc.pin.amount is 'null: as much as fits; may be more than fits.';
comment on constraint invoice_id_range on doc.invoice is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint invoice_pkey on doc.invoice is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint installment_id_range on doc.installment is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint installment_pkey on doc.installment is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint cheque_id_range on doc.cheque is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint cheque_pkey on doc.cheque is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint cheque_event_id_range on doc.cheque_event is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint cheque_event_pkey on doc.cheque_event is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint payment_id_range on doc.payment is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint payment_pkey on doc.payment is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint credit_note_id_range on doc.credit_note is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint credit_note_pkey on doc.credit_note is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint adjustment_id_range on doc.adjustment is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint adjustment_pkey on doc.adjustment is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint set_off_id_range on doc.set_off is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint set_off_pkey on doc.set_off is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint pin_id_range on doc.pin is
  'The id is outside 1 to 2^44 − 1. | Leave the id out: the database gives it.';
comment on constraint pin_pkey on doc.pin is
  'A row with this id exists in the account. | Leave the id out: the database gives it.';
comment on constraint invoice_account_fkey on doc.invoice is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint invoice_external_id_unique on doc.invoice is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint cheque_account_fkey on doc.cheque is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint cheque_external_id_unique on doc.cheque is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint payment_account_fkey on doc.payment is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint payment_external_id_unique on doc.payment is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint credit_note_account_fkey on doc.credit_note is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint credit_note_external_id_unique on doc.credit_note is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint adjustment_account_fkey on doc.adjustment is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint adjustment_external_id_unique on doc.adjustment is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint set_off_account_fkey on doc.set_off is
  'The account does not exist, or it still has documents. | Create the account first; delete or move its documents before it.';
comment on constraint set_off_external_id_unique on doc.set_off is
  'A document with this source and external id exists in the account. | It was loaded before: update it, or write with on conflict.';
comment on constraint invoice_kind_known on doc.invoice is
  'The kind is unknown. | Use invoice, debit_note, opening or refund.';
comment on constraint cheque_kind_known on doc.cheque is
  'The kind is unknown. | Use payment or guarantee.';
comment on constraint credit_note_kind_known on doc.credit_note is
  'The kind is unknown. | Use return, price or other.';
comment on constraint adjustment_kind_known on doc.adjustment is
  'The kind is unknown. | Use discount, write_off or rounding.';
comment on constraint payment_method_known on doc.payment is
  'The method is unknown. | Use cash, transfer, card, deposit_slip or opening.';
comment on constraint invoice_status_known on doc.invoice is
  'The status is unknown. | Use active or void.';
comment on constraint cheque_status_known on doc.cheque is
  'The status is unknown. | Use a state of ref.cheque_transition.';
comment on constraint payment_status_known on doc.payment is
  'The status is unknown. | Use pending, approved, rejected or void.';
comment on constraint credit_note_status_known on doc.credit_note is
  'The status is unknown. | Use active or void.';
comment on constraint adjustment_status_known on doc.adjustment is
  'The status is unknown. | Use active or void.';
comment on constraint set_off_status_known on doc.set_off is
  'The status is unknown. | Use active or void.';
comment on constraint invoice_payment_term_fkey on doc.invoice is
  'The payment term does not exist, or invoices still use it. | Create the term first; a term in use stays.';
comment on constraint invoice_salesperson_fkey on doc.invoice is
  'The salesperson does not exist, or invoices name them. | Create them first; one who has sold stays.';
comment on constraint invoice_region_fkey on doc.invoice is
  'The region does not exist, or invoices name it. | Create it first; one that has sold stays.';
comment on constraint invoice_agency_fkey on doc.invoice is
  'The agency does not exist, or invoices name it. | Create it first; one that has sold stays.';
comment on constraint installment_line_no_from_1 on doc.installment is
  'Installments count from 1. | Number them 1, 2, 3 …';
comment on constraint installment_line_no_unique on doc.installment is
  'The invoice has this installment already. | Number the installments of an invoice 1, 2, 3 …';
comment on constraint installment_invoice_fkey on doc.installment is
  'The invoice is not in this account. | Write the invoice first, in the same account.';
comment on constraint cheque_sayad_id_format on doc.cheque is
  'The Sayad id is not 16 digits. | Write its 16 Latin digits without blanks.';
comment on constraint cheque_cleared_on_only_when_cleared on doc.cheque is
  'cleared_on stands on a cheque that is not cleared. | Give cleared_on only with status cleared.';
comment on constraint cheque_replaces_fkey on doc.cheque is
  'The cheque to be replaced is not in this account, or another cheque replaces this one. | Name a cheque of the same account.';
comment on constraint cheque_not_own_replacement on doc.cheque is
  'A cheque cant replace itself. | Name the bounced cheque that this one makes good.';
comment on constraint cheque_event_cheque_fkey on doc.cheque_event is
  'The cheque is not in this account. | Events are written by the database: change the cheque.';
comment on constraint payment_cheque_fkey on doc.payment is
  'The cheque is not in this account, or payments name it as theirs. | Name a cheque of the same account; void a cheque that payments name.';
comment on constraint credit_note_invoice_fkey on doc.credit_note is
  'The invoice is not in this account, or credit notes name it. | Name an invoice of the same account; void an invoice that is named instead of deleting or moving it.';
comment on constraint adjustment_invoice_fkey on doc.adjustment is
  'The invoice is not in this account, or adjustments name it. | Name an invoice of the same account; void an invoice that is named instead of deleting or moving it.';
comment on constraint pin_names_one_credit on doc.pin is
  'A pin names exactly one of payment, cheque and set-off. | Fill one of payment_id, cheque_id, set_off_id.';
comment on constraint pin_payment_fkey on doc.pin is
  'The payment is not in this account, or a pin names it. | Name a payment of the same account; take the pin away before moving it.';
comment on constraint pin_cheque_fkey on doc.pin is
  'The cheque is not in this account, or a pin names it. | Name a cheque of the same account; take the pin away before moving it.';
comment on constraint pin_set_off_fkey on doc.pin is
  'The set-off is not in this account, or a pin names it. | Name a set-off of the same account; take the pin away before moving it.';
comment on constraint pin_invoice_fkey on doc.pin is
  'The invoice is not in this account, or a pin names it. | Name an invoice of the same account; take the pin away before moving it.';
comment on index doc.cheque_sayad_id_unique is
  'The account has a cheque with this Sayad id that is neither returned nor void. | Look for it by its Sayad id; it may have been entered twice.';
