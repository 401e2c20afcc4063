-- The figures of the phone are those of the desk; cheques that are done with stay for 90 days.
begin;

select plan(4);

set local rasid.today = '2025-03-01';
set local rasid.salesperson_id = '1';

insert into ref.salesperson (salesperson_id, name) values (1, 'one');
call test.open();
update ref.party set salesperson_id = 1;
update ref.account set credit_limit = 1000;

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount, payment_term_id)
values
  (test.account(), 1, '2025-01-01', '2025-02-01', 100, null),
  (test.account(), 2, '2025-02-01', null, 90, test.make_payment_term('{14, 60}', '{50, 50}')),
  (test.account(), 3, '2025-02-11', '2025-03-01', 40, null),
  (test.account(), 4, '2024-12-01', '2024-12-20', 60, null);
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values (test.account(), 11, '2025-02-12', 70, true), (test.account(), 12, '2025-02-12', 7, false);
insert into doc.cheque (
  account_id, cheque_id, doc_date, due_date, amount, kind, status, status_date, auto_allocate
)
values
  (test.account(), 21, '2024-11-01', '2025-04-01', 20, 'payment', 'in_hand', '2024-11-01', false),
  (test.account(), 22, '2024-11-01', '2024-12-01', 21, 'payment', 'cleared', '2024-12-01', false),
  (test.account(), 23, '2024-11-01', '2024-12-02', 22, 'payment', 'cleared', '2024-12-02', false),
  (test.account(), 24, '2024-11-01', '2024-11-05', 50, 'payment', 'bounced', '2024-11-05', true),
  (test.account(), 25, '2024-11-01', '2024-11-05', 51, 'guarantee', 'bounced', '2024-11-05', true),
  (test.account(), 26, '2024-11-01', '2024-11-05', 52, 'payment', 'void', '2025-02-20', true),
  (test.account(), 27, '2024-11-01', '2024-11-05', 8, 'payment', 'bounced', '2024-11-05', true);
insert into doc.payment (account_id, payment_id, doc_date, amount, cheque_id, status)
values
  (test.account(), 13, '2025-02-12', 30, 24, 'approved'),
  (test.account(), 14, '2025-02-12', 5, 24, 'pending');

select results_eq(
  $$
    select balance, open_amount, overdue_amount, debt_age_days, uncleared_amount, bounced_amount,
      credit_limit::numeric, credit_room
    from mobile.customer
  $$,
  $$
    select balance, open_amount, overdue_amount, debt_age_days, uncleared_amount, bounced_amount,
      credit_limit, credit_room
    from bi.account where account_id = test.account()
  $$,
  'the customer as bi.account has it'
);
select results_eq(
  'select open_amount, overdue_amount, uncleared_amount, bounced_amount from mobile.customer',
  $$values (190::numeric, 105::numeric, 20::numeric, 28::numeric)$$,
  'of which nothing is none'
);
select results_eq(
  $$
    select invoice_id, amount, open_amount, overdue_amount, due_date, days_past_due
    from mobile.open_invoice order by invoice_id
  $$,
  $$
    values
      (1::bigint, 100::numeric, 60::numeric, 60::numeric, date '2025-02-01', 28),
      (2, 90, 90, 45, '2025-02-15', 14),
      (3, 40, 40, 0, '2025-03-01', 0)
  $$,
  'open invoices by their first open due date'
);
select results_eq(
  'select cheque_id from mobile.cheque order by cheque_id',
  'values (21::bigint), (23), (24), (26), (27)',
  'cheques to come, bounced ones, and those done with in 90 days'
);

select * from finish();

rollback;
