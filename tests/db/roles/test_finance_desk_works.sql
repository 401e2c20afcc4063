-- rasid_finance: documents as an integrator, the rest of ref, periods and month-ends, and it reads.
begin;

select plan(32);

create temporary table given as
select test.make_account() as a, test.make_account(p_side => 'payable') as p;
grant select on given to public;

select test.act_as('finance');

select test.accepted(s.statement, s.statement)
from (
  values
    ('insert into ref.party (code, name) values (''F1'', ''new'')'),
    ('insert into ref.account (party_id) select party_id from ref.party where code = ''F1'''),
    ('with t as (insert into ref.payment_term (name) values (''net 30'') returning payment_term_id)
      insert into ref.payment_term_line (payment_term_id, line_no, days, percent)
      select payment_term_id, 1, 30, 100 from t'),
    ('insert into ref.region (name) values (''north'')'),
    ('insert into ref.agency (name) values (''one'')'),
    ('insert into ref.salesperson (name) values (''one'')'),
    ('insert into ref.currency (code) values (''TRY'')'),
    ('insert into ref.setting (name, value) values (''x'', ''y'')'),
    ('update ref.calendar set is_holiday = true, holiday_name = ''x'' where day = ''2025-01-01'''),
    ('insert into doc.invoice (account_id, invoice_id, amount, doc_date)
      select a, 17000000000001, 100, ''2025-01-01'' from given'),
    ('insert into doc.payment (account_id, amount, doc_date) select a, 100, ''2025-01-01'' from given'),
    ('update doc.invoice set note = ''x'''),
    ('insert into inbox.payment (account_id, amount, doc_date) select a, ''5'', ''2025-01-03'' from given'),
    ('select inbox.process()'),
    ('select ref.close_period(''2025-01-31'', ''January'')'),
    ('select audit.keep_month_end(''2025-01-31'')'),
    ('select from bi.month_end_drift'),
    ('select * from bi.account_as_of(''2025-01-31'')'),
    ('select * from audit.history(''invoice'', (select a from given), 17000000000001)'),
    ('select * from audit.change'),
    ('select ref.reopen_period(''2025-01-31'', ''too early'')')
) as s (statement);

select test.denied(s.statement, s.statement)
from (
  values
    ('insert into doc.payment (account_id, amount, doc_date, created_by)
      select a, 1, ''2025-01-01'', ''x'' from given'),
    ('delete from ref.period_lock'),
    ('update ref.period_fence set closing_count = 0'),
    ('insert into ref.cheque_transition (from_status, to_status) values (''void'', ''cleared'')'),
    ('update ref.refusal set hint = ''x'''),
    ('update ref.calendar set jalali_day = 1'),
    ('delete from audit.change'),
    ('update audit.month_end_account set balance = 0'),
    ('select calc.rebuild()'),
    ('truncate ref.region'),
    ('set role rasid_owner')
) as s (statement);

select test.act_as(null);
select * from finish();

rollback;
