-- rasid_integrator: documents, the inbox, parties and accounts; nothing else.
begin;

select plan(38);

create temporary table given as
select test.make_account() as a, test.make_account(p_side => 'payable') as p,
  test.make_payment_term('{0,30}', '{50,50}') as term;
grant select on given to public;

select test.act_as('integrator');

select test.accepted(s.statement, s.statement)
from (
  values
    ('insert into ref.party (code, name) values (''I1'', ''new'')'),
    ('insert into ref.account (party_id, policy) select party_id, ''fifo_due'' from ref.party where code = ''I1'''),
    ('update ref.account set policy = ''fifo_issue'' where policy = ''fifo_due'''),
    ('update ref.party set name = ''known'' where code = ''I1'''),
    ('insert into doc.invoice (account_id, invoice_id, amount, doc_date, payment_term_id)
      select a, 17000000000001, 100, ''2025-01-01'', term from given'),
    ('insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
      select a, 17000000000001, n, ''2025-02-01'', 50 from given, generate_series(1, 2) as n'),
    ('update doc.installment set due_date = ''2025-03-01'''),
    ('delete from doc.installment'),
    ('insert into doc.payment (account_id, payment_id, amount, doc_date)
      select a, 17000000000002, 40, ''2025-01-02'' from given'),
    ('insert into doc.pin (account_id, payment_id, invoice_id)
      select a, 17000000000002, 17000000000001 from given'),
    ('insert into doc.cheque (account_id, cheque_id, amount, doc_date, due_date)
      select a, 17000000000003, 40, ''2025-01-02'', ''2025-02-01'' from given'),
    ('update doc.cheque set status = ''bounced'''),
    ('insert into doc.credit_note (account_id, amount, doc_date, invoice_id)
      select a, 1, ''2025-01-02'', 17000000000001 from given'),
    ('insert into doc.adjustment (account_id, amount, doc_date, invoice_id)
      select a, 1, ''2025-01-02'', 17000000000001 from given'),
    ('insert into doc.set_off (account_id, set_off_no, amount, doc_date)
      select x, ''s'', 5, ''2025-01-02'' from given, unnest(array[a, p]) as x'),
    ('merge into doc.payment as p using given as g on p.account_id = g.a
      when matched then update set amount = 41'),
    ('insert into doc.payment (account_id, payment_id, amount, doc_date)
      select a, 17000000000002, 42, ''2025-01-02'' from given
      on conflict (account_id, payment_id) do update set amount = excluded.amount'),
    ('delete from doc.pin'),
    ('insert into inbox.payment (account_id, amount, doc_date) select a, ''5'', ''2025-01-03'' from given'),
    ('insert into inbox.party (code, name) values (''I2'', ''from the inbox'')'),
    ('select inbox.process()'),
    ('delete from doc.credit_note')
) as s (statement);

select test.refused(
  'update doc.cheque set status = ''endorsed''', 'RS004', 'cheque_transition_known',
  'what a rule refuses is refused by its code'
);

select test.denied(s.statement, s.statement)
from (
  values
    ('insert into doc.invoice (account_id, amount, doc_date, created_at)
      select a, 1, ''2025-01-01'', now() from given'),
    ('update doc.invoice set updated_by = ''somebody'''),
    ('insert into doc.cheque_event (account_id, cheque_id, to_status, event_date)
      select a, 17000000000003, ''cleared'', ''2025-01-01'' from given'),
    ('update doc.cheque_event set event_date = ''2025-01-01'''),
    ('truncate doc.payment'),
    ('insert into ref.payment_term (name) values (''mine'')'),
    ('update ref.setting set value = ''UTC'''),
    ('update ref.currency set name = ''x'''),
    ('insert into ref.period_lock (closed_upto, reason) values (''2020-01-01'', ''x'')'),
    ('select audit.keep_month_end(''2025-01-31'')'),
    ('select from bi.account'),
    ('select from calc.line'),
    ('select calc.rebuild()'),
    ('select from rasid.migration'),
    ('create table doc.mine ()')
) as s (statement);

select test.act_as(null);
select * from finish();

rollback;
