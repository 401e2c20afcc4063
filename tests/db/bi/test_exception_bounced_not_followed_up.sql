-- A bounced cheque that no other makes good.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.cheque
  (account_id, cheque_id, kind, doc_date, due_date, amount, status, replaces_cheque_id)
values
  (test.account(), 21, 'payment', '2025-05-01', '2025-05-31', 100, 'bounced', null),
  (test.account(), 22, 'payment', '2025-05-01', '2025-05-31', 200, 'bounced', null),
  (test.account(), 23, 'payment', '2025-06-01', '2025-07-31', 200, 'in_hand', 22),
  (test.account(), 24, 'guarantee', '2025-05-01', '2025-05-31', 400, 'bounced', null),
  (test.account(), 25, 'payment', '2025-05-01', '2025-06-30', 800, 'in_hand', null);
select is(
  test.exceptions('bounced_not_followed_up'), 'cheque 21 100', 'the one that nothing replaces'
);
update doc.cheque set status = 'bounced' where cheque_id = 23;
select is(
  test.exceptions('bounced_not_followed_up'),
  'cheque 21 100, cheque 22 200, cheque 23 200',
  'the one that replaced it bounced too'
);
update doc.cheque set status = 'cleared' where status = 'bounced';
select is(test.exceptions('bounced_not_followed_up'), '', 'made good');

select * from finish();

rollback;
