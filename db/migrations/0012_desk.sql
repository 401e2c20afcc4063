-- The finance desk: who may log in to its pages, and the look-ups its lists make.

create schema desk;
comment on schema desk is 'Logins of the finance desk. Read and written by the desk alone, as rasid_desk.';

do $$
begin
  if to_regrole('rasid_desk') is null then
    create role rasid_desk nologin;
    comment on role rasid_desk is
      'Rasid: the desk''s own server; reads logins, and becomes the role of the one who logged in.';
  end if;
exception
  when duplicate_object or unique_violation then
    null;  -- another database of this server is being migrated
  when insufficient_privilege then
    raise exception using
      errcode = '42501',
      message = format('the role rasid_desk is missing and %s may not create roles', current_user),
      hint = 'Let an administrator of the server run, then migrate again: create role rasid_desk nologin;';
end
$$;

create table desk.login (
  login_id bigint generated always as identity
    constraint login_pkey primary key,
  name text not null
    constraint login_name_unique unique
    constraint login_name_format check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  full_name text not null
    constraint login_full_name_given check (full_name ~ '\S'),
  password_hash text not null
    constraint login_password_is_hashed check (password_hash ~ '^(scrypt|pbkdf2):'),
  role text not null
    constraint login_role_known check (role in ('finance', 'auditor')),
  language text not null default 'fa'
    constraint login_language_known check (language in ('fa', 'en')),
  calendar text not null default 'jalali'
    constraint login_calendar_known check (calendar in ('jalali', 'gregorian')),
  money_unit text not null default 'rial'
    constraint login_money_unit_known check (money_unit in ('rial', 'toman')),
  is_active boolean not null default true,
  failed_count int not null default 0,
  locked_until timestamptz,
  last_login_at timestamptz,
  created_at timestamptz not null default now()
);

comment on table desk.login is 'One row a person who may use the desk. Made by rasid user add.';
comment on column desk.login.name is 'What is typed at the login, and what rasid.user is set to in the person''s transactions.';
comment on column desk.login.password_hash is 'Salted slow hash, in the format of werkzeug.security.';
comment on column desk.login.role is 'finance: works as rasid_finance; auditor: as rasid_auditor, who changes nothing.';
comment on column desk.login.language is 'Of the pages: fa, right to left, or en.';
comment on column desk.login.calendar is 'In which days are shown and typed.';
comment on column desk.login.money_unit is 'In which amounts of IRR are shown and typed; tables always hold rials.';
comment on column desk.login.is_active is 'False: may not log in, and is logged out at the next click.';
comment on column desk.login.failed_count is 'Wrong passwords since the last right one.';
comment on column desk.login.locked_until is 'No login before then, after too many wrong passwords.';
comment on constraint login_pkey on desk.login is
  'A login with this id exists. | Leave the id out: the database gives it.';
comment on constraint login_name_unique on desk.login is
  'There is a login of this name. | Choose another name, or change that login with rasid user.';
comment on constraint login_name_format on desk.login is
  'The login name is not small Latin letters, digits, dots and dashes. | Write it such as m.ahmadi.';
comment on constraint login_full_name_given on desk.login is
  'The login has no full name. | Give the name that colleagues know.';
comment on constraint login_password_is_hashed on desk.login is
  'The password is not hashed. | Set it with rasid user password.';
comment on constraint login_role_known on desk.login is
  'The role is unknown. | Use finance or auditor.';
comment on constraint login_language_known on desk.login is
  'The language is unknown. | Use fa or en.';
comment on constraint login_calendar_known on desk.login is
  'The calendar is unknown. | Use jalali or gregorian.';
comment on constraint login_money_unit_known on desk.login is
  'The unit of money is unknown. | Use rial or toman.';

-- Lists show the latest first, and find a document by the number on its paper in any account.
create index invoice_paper_no_idx on doc.invoice (doc_no text_pattern_ops)
where doc_no is not null;
create index payment_doc_date_idx on doc.payment (doc_date);
create index payment_paper_no_idx on doc.payment (doc_no text_pattern_ops)
where doc_no is not null;
create index credit_note_doc_date_idx on doc.credit_note (doc_date);
create index adjustment_doc_date_idx on doc.adjustment (doc_date);
create index set_off_doc_date_idx on doc.set_off (doc_date);
create index cheque_due_date_idx on doc.cheque (due_date);
create index cheque_serial_no_idx on doc.cheque (serial_no text_pattern_ops)
where serial_no is not null;
create index payment_pending_idx on doc.payment (doc_date) where status = 'pending';

-- What is open is listed by the day it is due, over the whole book.
create index line_open_due_idx on calc.line (due_date, account_id, invoice_id, line_no)
where is_open;
