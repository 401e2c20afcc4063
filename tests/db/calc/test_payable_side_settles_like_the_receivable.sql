-- The same documents give the same figures on both sides, under each policy.
begin;

select plan(2);

create temporary table made as
select
  side,
  policy,
  test.make_account(side, p_policy => policy) as account_id
from unnest(array['receivable', 'payable']) as s (side)
cross join unnest(array['fifo_issue', 'fifo_due', 'manual']) as p (policy);

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
select m.account_id, v.*
from made as m
cross join (
  values
    (1, date '2025-01-01', date '2025-06-01', 100),
    (2, '2025-01-10', '2025-02-01', 100),
    (3, '2025-02-10', '2025-03-01', 100)
) as v;
insert into doc.payment (account_id, payment_id, doc_date, amount)
select m.account_id, 11, '2025-01-20', 130 from made as m;
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
select m.account_id, 21, '2025-01-25', '2025-03-25', 30 from made as m;
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
select m.account_id, 31, '2025-01-30', 10, 2 from made as m;
insert into doc.pin (account_id, cheque_id, invoice_id)
select m.account_id, 21, 3 from made as m;

select results_eq(
  $$
    select side, policy, test.settled(account_id)
    from made
    order by side desc, policy
  $$,
  $$
    select side, policy, settled
    from (
      values
        ('fifo_due', '11>1 30 auto, 31>1 10 auto, 11>2 100 auto, 21>3 30 pin'),
        ('fifo_issue', '11>1 100 auto, 11>2 30 auto, 31>2 10 linked, 21>3 30 pin'),
        ('manual', '31>2 10 linked, 21>3 30 pin')
    ) as e (policy, settled)
    cross join unnest(array['receivable', 'payable']) as s (side)
    order by side desc, policy
  $$,
  'three policies on two sides'
);
select results_eq(
  $$
    select policy, open_amount, unapplied_amount, balance, overdue_amount, debt_ras
    from bi.account
    where account_id in (select account_id from made where side = 'receivable')
    order by policy
  $$,
  $$
    select policy, open_amount, unapplied_amount, balance, overdue_amount, debt_ras
    from bi.account
    where account_id in (select account_id from made where side = 'payable')
    order by policy
  $$,
  'and the figures of the accounts'
);

select * from finish();

rollback;
