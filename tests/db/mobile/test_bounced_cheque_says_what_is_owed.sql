-- The phone shows the bounced cheques of one's customers, less what the bank paid of them.
begin;

select plan(2);

set local rasid.today = '2025-03-01';
set local rasid.salesperson_id = '1';

insert into ref.salesperson (salesperson_id, name) values (1, 'one');
create temp table t as
select test.make_party() as party_id, null::bigint as account_id, null::bigint as supplier;
update ref.party p set salesperson_id = 1 from t where p.party_id = t.party_id;
update t
set
  account_id = test.make_account(p_party_id => party_id),
  supplier = test.make_account('payable', p_party_id => party_id);

create temp table q as
select
  c.name,
  test.make_cheque(
    case when c.name = 'of ours' then t.supplier else t.account_id end,
    c.amount, '2025-01-01', '2025-02-01', c.status, '2025-02-05', c.kind
  ) as cheque_id
from t
cross join (
  values
    ('whole', 100, 'bounced', 'payment'),
    ('paid in part', 200, 'bounced', 'payment'),
    ('paid whole', 50, 'bounced', 'payment'),
    ('in the bank', 400, 'deposited', 'payment'),
    ('a guarantee', 500, 'bounced', 'guarantee'),
    ('of ours', 600, 'bounced', 'payment')
) as c (name, amount, status, kind);

insert into doc.payment (account_id, cheque_id, amount, doc_date, status)
select t.account_id, q.cheque_id, p.amount, '2025-02-06', p.status
from t
cross join (
  values
    ('paid in part', 30, 'approved'),
    ('paid in part', 40, 'approved'),
    ('paid in part', 7, 'pending'),
    ('paid whole', 50, 'approved')
) as p (name, amount, status)
join q using (name);

select results_eq(
  $$
    select q.name, b.amount, b.owed_amount, b.due_date, b.bounced_on, b.days_bounced
    from mobile.bounced_cheque b
    left join q using (cheque_id)
    order by b.amount
  $$,
  $$
    values
      ('paid whole', 50::numeric, 0::numeric, date '2025-02-01', date '2025-02-05', 24),
      ('whole', 100, 100, '2025-02-01', '2025-02-05', 24),
      ('paid in part', 200, 130, '2025-02-01', '2025-02-05', 24)
  $$,
  'payment cheques of the customers that bounced, and what is owed of each'
);
select is(
  (select sum(owed_amount) from mobile.bounced_cheque),
  (select bounced_amount from bi.account join t using (account_id)),
  'which is what bi.account says'
);

select * from finish();

rollback;
