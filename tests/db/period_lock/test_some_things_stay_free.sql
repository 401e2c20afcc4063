-- In a closed period these stay free: notes, flags, pins, installments, and what becomes of a cheque
-- on a day in an open one.
begin;

select plan(24);

create temporary table given as select test.make_account() as a;
create temporary table made as
select
  a,
  test.make_invoice(a, 100, '2025-01-10') as invoice_id,
  test.make_payment(a, 30, '2025-01-12') as payment_id,
  test.make_cheque(a, 50, '2025-01-11', '2025-03-01') as cheque_id,
  test.make_cheque(a, 50, '2025-01-11', '2025-01-15', 'cleared', '2025-01-31') as cleared_id,
  test.make_cheque(a, 50, '2025-01-11', '2025-03-01', 'deposited', '2025-01-31') as deposited_id
from given;
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
select a, invoice_id, n, date '2025-01-10' + n * 30, 50 from made, generate_series(1, 2) as n;
select ref.close_period('2025-01-31', 'January');

grant select on made to public;
select test.act_as('integrator');

select test.accepted('update doc.invoice set note = ''seen''', 'a note');
select test.accepted('update doc.invoice set auto_allocate = false', 'the flag of an invoice');
select test.accepted('update doc.payment set auto_allocate = false', 'the flag of a payment');
select test.accepted(
  'insert into doc.pin (account_id, payment_id, invoice_id) select a, payment_id, invoice_id from made',
  'a pin'
);
select test.accepted('update doc.pin set amount = 5', 'a pin that changes');
select test.accepted('delete from doc.pin', 'a pin that goes');
select test.accepted(
  'update doc.installment set due_date = due_date + 60', 'installments are put off'
);
select test.accepted(
  'delete from doc.installment', 'and taken away'
);
select test.accepted(
  'insert into doc.payment (account_id, cheque_id, amount, doc_date)
   select a, cheque_id, 5, ''2025-02-05'' from made',
  'a part of an old cheque that the bank pays on an open day'
);
select test.accepted(
  'update doc.payment set amount = amount where doc_date < ''2025-02-01''', 'a change of nothing'
);

-- Cheques.
select test.accepted(
  'update doc.cheque set note = ''seen'', auto_allocate = false',
  'note and flag of cheques, also of one that cleared in the closed period'
);
select test.refused(
  'update doc.cheque set status = ''deposited'', status_date = ''2025-01-31''
   where cheque_id = (select cheque_id from made)',
  'RS403', 'period_open',
  'a cheque does not change its state on a closed day'
);
select test.accepted(
  'update doc.cheque set status = ''deposited'', status_date = ''2025-02-01''
   where cheque_id = (select cheque_id from made)',
  'but it does on an open one'
);
select test.accepted(
  'update doc.cheque set status_date = ''2025-02-04''
   where cheque_id = (select cheque_id from made)',
  'and that day can be put right'
);
select test.refused(
  'update doc.cheque set status_date = ''2025-01-31''
   where cheque_id = (select cheque_id from made)',
  'RS403', 'period_open',
  'not to a closed one'
);
select test.refused(
  'update doc.cheque set status = ''cleared'', status_date = ''2025-02-05'', cleared_on = ''2025-01-31''
   where cheque_id = (select cheque_id from made)',
  'RS403', 'period_open',
  'it does not clear on a closed day'
);
select test.accepted(
  'update doc.cheque set status = ''bounced'', status_date = ''2025-02-05''
   where cheque_id = (select cheque_id from made)',
  'it bounces on an open one'
);
select test.refused(
  'update doc.cheque set status = ''returned'', status_date = ''2025-02-06'', amount = 51
   where cheque_id = (select cheque_id from made)',
  'RS403', 'period_open',
  'its amount stays when its state changes'
);
select test.refused(
  'update doc.cheque set cleared_on = ''2025-02-02'' where cheque_id = (select cleared_id from made)',
  'RS403', 'period_open',
  'a clearing of the closed period is not dated anew'
);
select test.refused(
  'update doc.cheque set status_date = ''2025-02-02'' where cheque_id = (select cleared_id from made)',
  'RS403', 'period_open',
  'nor is its state'
);
select test.refused(
  'update doc.cheque set status_date = ''2025-02-02'' where cheque_id = (select deposited_id from made)',
  'RS403', 'period_open',
  'nor that of one not cleared'
);
select test.accepted(
  'update doc.cheque set status = ''bounced'', status_date = ''2025-02-02''
   where cheque_id = (select cleared_id from made)',
  'it bounces on an open day'
);
select test.refused(
  'insert into doc.cheque (account_id, amount, doc_date, due_date, status, status_date, cleared_on)
   select a, 1, ''2025-02-02'', ''2025-02-02'', ''cleared'', ''2025-02-02'', ''2025-01-31'' from made',
  'RS403', 'period_open',
  'a new cheque did not clear in the closed period'
);
select test.act_as(null);

select is_empty('select * from calc.verify()', 'the figures follow');

select * from finish();

rollback;
