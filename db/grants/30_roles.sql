-- What each role may do, whole: what a file took away stays away, and rights that others were given
-- by hand are left alone. Views of bi and mobile read with the owner's rights; functions run with
-- the caller's, so what they read is granted, or they run with the owner's.

do $$
declare
  v_schema text;
  v_roles constant text :=
    'rasid_integrator, rasid_finance, rasid_bi, rasid_mobile, rasid_auditor';
  v_writers constant text := 'rasid_integrator, rasid_finance';
  v_readers constant text := 'rasid_bi, rasid_finance, rasid_auditor';
  v_item record;
begin
  for v_schema in
    select n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit')
  loop
    execute format('revoke all on schema %I from %s', v_schema, v_roles);
    execute format('revoke all on all tables in schema %I from %s', v_schema, v_roles);
    execute format('revoke all on all sequences in schema %I from %s', v_schema, v_roles);
    execute format('revoke all on all routines in schema %I from %s', v_schema, v_roles);
    execute format('grant usage on schema %I to rasid_auditor', v_schema);
    execute format('grant select on all tables in schema %I to rasid_auditor', v_schema);
  end loop;

  -- Functions that do no more than their caller may: of use to all who read or write there.
  for v_item in
    select p.oid::regprocedure as name, n.nspname as schema, p.provolatile = 'v' as is_volatile
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('ref', 'calc', 'bi', 'inbox', 'audit', 'mobile')
      and p.prorettype <> 'trigger'::regtype
      and not p.prosecdef
      and (p.provolatile <> 'v' or n.nspname = 'inbox')
  loop
    execute format(
      'grant execute on routine %s to %s',
      v_item.name,
      case v_item.schema
        when 'inbox' then v_writers || case when v_item.is_volatile then '' else ', rasid_auditor' end
        when 'audit' then 'rasid_finance, rasid_auditor'
        when 'bi' then v_readers
        when 'mobile' then 'rasid_mobile, rasid_auditor'
        else v_roles
      end
    );
  end loop;

  -- Those that read figures with the owner's rights, for the views and functions of bi. The proof is
  -- the auditor's.
  for v_item in
    select p.oid::regprocedure as name
    from pg_catalog.pg_proc as p
    where p.pronamespace in ('calc'::regnamespace, 'bi'::regnamespace)
      and p.prorettype <> 'trigger'::regtype
      and p.prosecdef
      and p.provolatile <> 'v'
      and p.proname <> 'verify'
  loop
    execute format('grant execute on routine %s to %s', v_item.name, v_readers);
  end loop;

  -- Types, for those who cast to them or make a temporary table of them.
  for v_item in
    select t.oid::regtype as name
    from pg_catalog.pg_type as t
    join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
    where n.nspname in ('ref', 'doc', 'inbox', 'calc', 'audit')
      and t.typtype in ('d', 'e', 'c')
  loop
    execute format('grant usage on type %s to %s', v_item.name, v_roles);
  end loop;

  -- Documents: everything but the stamps, which the database gives.
  for v_item in
    select
      c.oid::regclass as name,
      string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'doc'::regnamespace
      and c.relkind = 'r'
      and c.relname <> 'cheque_event'
      and a.attname not in ('created_at', 'created_by', 'updated_at', 'updated_by')
    group by c.oid
  loop
    execute format('grant select, delete on %s to %s', v_item.name, v_writers);
    execute format(
      'grant insert (%2$s), update (%2$s) on %1$s to %3$s',
      v_item.name, v_item.columns, v_writers
    );
  end loop;

  -- All of ref but what has a function of its own and what is part of the rules.
  for v_item in
    select c.oid::regclass as name
    from pg_catalog.pg_class as c
    where c.relnamespace = 'ref'::regnamespace
      and c.relkind = 'r'
      and c.relname not in (
        'calendar', 'cheque_transition', 'period_fence', 'period_lock', 'refusal'
      )
  loop
    execute format('grant insert, update, delete on %s to rasid_finance', v_item.name);
  end loop;

  if to_regnamespace('mobile') is not null then
    grant usage on schema mobile to rasid_mobile;
    grant select on all tables in schema mobile to rasid_mobile;
    for v_item in
      select p.oid::regprocedure as name
      from pg_catalog.pg_proc as p
      where p.pronamespace = 'mobile'::regnamespace and p.prorettype <> 'trigger'::regtype
    loop
      execute format('grant execute on routine %s to rasid_mobile, rasid_auditor', v_item.name);
    end loop;
  end if;
end
$$;

-- Names of functions are looked up in these; of what is inside, little is granted.
grant usage on schema ref, calc
to rasid_integrator, rasid_finance, rasid_bi, rasid_mobile, rasid_auditor;
grant select on calc.this_day
to rasid_integrator, rasid_finance, rasid_bi, rasid_mobile, rasid_auditor;
grant execute on function ref.refuse(text, text, text)
to rasid_integrator, rasid_finance, rasid_bi, rasid_mobile, rasid_auditor;

-- Those who write documents.
grant usage on schema doc, inbox to rasid_integrator, rasid_finance;
grant usage on sequence doc.document_id_seq to rasid_integrator, rasid_finance;
grant select on doc.cheque_event to rasid_integrator, rasid_finance;
grant select, insert, update, delete on all tables in schema inbox
to rasid_integrator, rasid_finance;
grant select on all tables in schema ref to rasid_integrator, rasid_finance;
grant insert, update, delete on ref.party, ref.account to rasid_integrator, rasid_finance;

-- The finance desk.
grant update (is_holiday, holiday_name) on ref.calendar to rasid_finance;
grant usage on schema bi, audit to rasid_finance;
grant select on all tables in schema bi to rasid_finance;
grant select on all tables in schema audit to rasid_finance;
grant execute on function ref.close_period(date, text), ref.reopen_period(date, text)
to rasid_finance;
grant execute on function audit.keep_month_end(date) to rasid_finance;

-- BI. bi.*_as_of are inlined into the query, so that one account costs one account; they read with
-- the caller's rights, and this is what they read.
grant usage on schema bi, doc to rasid_bi;
grant select on all tables in schema bi to rasid_bi;
grant select on ref.account, ref.salesperson, ref.region, ref.agency, ref.calendar to rasid_bi;
grant select (party_id, code, name, region_id, agency_id, salesperson_id) on ref.party to rasid_bi;
grant select on doc.invoice to rasid_bi;
grant select (account_id, cheque_id, kind, doc_date, amount) on doc.cheque to rasid_bi;
grant select (account_id, cheque_event_id, cheque_id, to_status, event_date) on doc.cheque_event
to rasid_bi;
grant select (account_id, cheque_id, doc_date, amount, status) on doc.payment to rasid_bi;

-- The auditor reads everything, and asks for the proof.
grant execute on function calc.verify(bigint) to rasid_auditor;

-- The desk's server: logins, and nothing of the book until it becomes the role of who logged in.
revoke all on schema desk from rasid_desk;
revoke all on all tables in schema desk from rasid_desk;
grant usage on schema desk to rasid_desk;
grant select on desk.login to rasid_desk;
grant update (password_hash, language, calendar, money_unit, failed_count, locked_until, last_login_at)
on desk.login to rasid_desk;
grant select, insert, delete on desk.ended_session to rasid_desk;
grant usage on schema desk to rasid_auditor;
grant select (login_id, name, full_name, role, is_active, failed_count, locked_until, last_login_at)
on desk.login to rasid_auditor;
