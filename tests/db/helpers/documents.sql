-- Short ways to documents for the pgTAP tests, and to what is refused.
create schema test;
comment on schema test is 'Helpers of the pgTAP tests.';

create sequence test.number_seq;

create function test.make_party(p_region_id bigint default null)
returns bigint
language sql
as $$
  insert into ref.party (code, name, region_id)
  values ('T' || nextval('test.number_seq'), 'a party', p_region_id)
  returning party_id
$$;

create function test.make_account(
  p_side text default 'receivable',
  p_currency text default 'IRR',
  p_policy text default 'fifo_issue',
  p_payment_term_id bigint default null,
  p_party_id bigint default null
)
returns bigint
language sql
as $$
  insert into ref.account (party_id, side, currency, policy, payment_term_id)
  values (
    coalesce(p_party_id, test.make_party()), p_side, p_currency, p_policy, p_payment_term_id
  )
  returning account_id
$$;

create function test.make_payment_term(p_days int[], p_percents numeric[])
returns bigint
language sql
as $$
  with term as (
    insert into ref.payment_term (name)
    values ('term ' || nextval('test.number_seq'))
    returning payment_term_id
  ),
  line as (
    insert into ref.payment_term_line (payment_term_id, line_no, days, percent)
    select t.payment_term_id, l.line_no, l.days, l.percent
    from term as t
    cross join unnest(p_days, p_percents) with ordinality as l (days, percent, line_no)
  )
  select payment_term_id from term
$$;

create function test.make_invoice(
  p_account_id bigint,
  p_amount numeric default 100,
  p_doc_date date default '2025-01-01',
  p_due_date date default null,
  p_payment_term_id bigint default null
)
returns bigint
language sql
as $$
  insert into doc.invoice (account_id, amount, doc_date, due_date, payment_term_id)
  values (p_account_id, p_amount, p_doc_date, p_due_date, p_payment_term_id)
  returning invoice_id
$$;

create function test.make_payment(
  p_account_id bigint,
  p_amount numeric default 100,
  p_doc_date date default '2025-01-01'
)
returns bigint
language sql
as $$
  insert into doc.payment (account_id, amount, doc_date)
  values (p_account_id, p_amount, p_doc_date)
  returning payment_id
$$;

create function test.make_cheque(
  p_account_id bigint,
  p_amount numeric default 100,
  p_doc_date date default '2025-01-01',
  p_due_date date default '2025-02-01',
  p_status text default 'in_hand',
  p_status_date date default null,
  p_kind text default 'payment'
)
returns bigint
language sql
as $$
  insert into doc.cheque (account_id, amount, doc_date, due_date, status, status_date, kind)
  values (p_account_id, p_amount, p_doc_date, p_due_date, p_status, p_status_date, p_kind)
  returning cheque_id
$$;

-- "in_hand 2025-01-01, cleared 2025-02-01": the events of a cheque, in the order they came.
create function test.history(p_cheque_id bigint)
returns text
language sql
as $$
  select string_agg(e.to_status || ' ' || e.event_date, ', ' order by e.cheque_event_id)
  from doc.cheque_event as e
  where e.cheque_id = p_cheque_id
$$;

-- What a statement, deferred rules included, is refused with: its SQLSTATE and its constraint.
create function test.refusal(p_sql text)
returns text
language plpgsql
as $$
declare
  v_constraint text;
begin
  execute p_sql;
  set constraints all immediate;
  set constraints all deferred;
  return 'not refused';
exception
  when others then
    get stacked diagnostics v_constraint = constraint_name;
    return concat_ws(' ', sqlstate, nullif(v_constraint, ''));
end
$$;

create function test.refused(
  p_sql text,
  p_sqlstate text,
  p_constraint text,
  p_description text
)
returns text
language sql
as $$
  select is(test.refusal(p_sql), concat_ws(' ', p_sqlstate, p_constraint), p_description)
$$;

create function test.accepted(p_sql text, p_description text)
returns text
language sql
as $$
  select is(test.refusal(p_sql), 'not refused', p_description)
$$;
