-- An endorsed cheque stands on two accounts; when it bounces, on both.
begin;

select plan(5);

set local rasid.today = '2025-06-15';
call test.open();

call test.open('b', p_side => 'payable');
insert into doc.cheque (account_id, cheque_id, sayad_id, doc_date, due_date, amount, status)
values
  (test.account(), 21, '1111111111111111', '2025-05-01', '2025-08-01', 1, 'bounced'),
  (test.account('b'), 22, '1111111111111111', '2025-05-01', '2025-08-01', 1, 'in_hand'),
  (test.account(), 23, '2222222222222222', '2025-05-01', '2025-08-01', 2, 'bounced'),
  (test.account('b'), 24, '2222222222222222', '2025-05-01', '2025-08-01', 2, 'bounced'),
  (test.account(), 25, '3333333333333333', '2025-05-01', '2025-08-01', 4, 'endorsed'),
  (test.account('b'), 26, '3333333333333333', '2025-05-01', '2025-08-01', 4, 'deposited');
select is(test.exceptions('endorsed_half_bounced'), 'cheque 21 1', 'one leg only bounced');
update doc.cheque set status = 'bounced' where cheque_id = 22;
select is(test.exceptions('endorsed_half_bounced'), '', 'then the other');
update doc.cheque set status = 'bounced' where cheque_id = 26;
select is(test.exceptions('endorsed_half_bounced'), 'cheque 26 4', 'from the other side');

call test.open('c', p_side => 'payable');
insert into doc.cheque (account_id, cheque_id, sayad_id, doc_date, due_date, amount, status)
values
  (test.account(), 27, '4444444444444444', '2025-05-01', '2025-08-01', 8, 'bounced'),
  (test.account('b'), 28, '4444444444444444', '2025-05-01', '2025-08-01', 8, 'in_hand'),
  (test.account('c'), 29, '4444444444444444', '2025-05-01', '2025-08-01', 8, 'deposited');
select results_eq(
  $$
    select document_id, detail from bi.exception
    where rule = 'endorsed_half_bounced' and document_id = 27
  $$,
  $$values (27::bigint, 'other leg deposited, in_hand')$$,
  'one row, however many other legs'
);

call test.open('d');
insert into doc.cheque (account_id, cheque_id, sayad_id, doc_date, due_date, amount, status)
values
  (test.account(), 30, '5555555555555555', '2025-05-01', '2025-08-01', 16, 'bounced'),
  (test.account('d'), 31, '5555555555555555', '2025-05-01', '2025-08-01', 16, 'in_hand');
select is(
  test.exceptions('endorsed_half_bounced'), 'cheque 26 4, cheque 27 8',
  'one of another customer is no other leg'
);

select * from finish();

rollback;
