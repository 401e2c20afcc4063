-- Who changed what. Written by triggers alone; nothing here is ever changed or taken away.

create schema audit;
comment on schema audit is 'Who changed which document or reference row, when, and what it was before. Append-only.';

create table audit.change (
  change_id bigint generated always as identity
    constraint change_pkey primary key,
  table_name text not null,
  action text not null
    constraint change_action_known check (action in ('insert', 'update', 'delete')),
  account_id bigint,
  row_key text not null,
  new_account_id bigint,
  new_row_key text,
  row_kept jsonb not null,
  changed_at timestamptz not null default now(),
  changed_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user),
  login text not null default session_user,
  transaction_id xid8 not null default pg_current_xact_id(),
  reason text default nullif(current_setting('rasid.lock_reason', true), '')
);

create index change_row_idx on audit.change (table_name, row_key);
create index change_new_row_idx on audit.change (table_name, new_row_key)
where new_row_key is not null;
create index change_at_idx on audit.change using brin (changed_at);

comment on table audit.change is
  'A row for each row of doc and ref that was changed or deleted, as it was before. A new document is told by its own stamps and is not written here, save into a closed period; a new row of ref, which has no stamps, is.';
comment on column audit.change.change_id is 'In the order of the changes of one row.';
comment on column audit.change.table_name is 'Such as doc.invoice.';
comment on column audit.change.account_id is 'The account before the change; null: the table has none.';
comment on column audit.change.row_key is 'The key without the account, before the change; several columns joined by /.';
comment on column audit.change.new_account_id is 'Where it was moved, if its key or account changed; else null.';
comment on column audit.change.new_row_key is 'Its key after the change, if that or the account changed; else null.';
comment on column audit.change.row_kept is 'The row before the change; of an insert, the new row. Columns that are null are left out.';
comment on column audit.change.changed_at is 'The start of the transaction, as in the stamps.';
comment on column audit.change.changed_by is 'The setting rasid.user, else the login.';
comment on column audit.change.login is 'The database user of the session: it can''t be given.';
comment on column audit.change.reason is 'The setting rasid.lock_reason, which a change in a closed period must give.';
comment on constraint change_pkey on audit.change is
  'The change is kept already. | Nobody writes here but the database.';
comment on constraint change_action_known on audit.change is
  'The action is unknown. | Nobody writes here but the database.';

create table audit.signature (
  signed_at timestamptz not null default now(),
  name text not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  login text not null default session_user,
  constraint signature_pkey primary key (signed_at, name, transaction_id)
);

comment on table audit.signature is
  'Which login wrote new documents under which name (rasid.user), a row a transaction; none where the name is the login''s own.';
comment on column audit.signature.name is 'What the documents carry in created_by.';
comment on column audit.signature.signed_at is 'What the documents carry in created_at: the start of the transaction.';
comment on constraint signature_pkey on audit.signature is
  'The transaction is signed already. | Nobody writes here but the database.';

create type audit.event as (
  changed_at timestamptz,
  changed_by text,
  login text,
  action text,
  changes text,
  reason text,
  transaction_id xid8
);

comment on type audit.event is 'One thing that happened to a row, as audit.history() tells it.';
