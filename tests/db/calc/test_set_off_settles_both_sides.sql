-- Each leg is money on its own account; the legs of one set-off go together.
begin;

select plan(4);

call test.open();
call test.open('b', p_side => 'payable');

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100), (test.account('b'), 2, '2025-01-01', 70);
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount)
values (test.account(), 51, 's', '2025-01-31', 70), (test.account('b'), 52, 's', '2025-01-31', 70);
select is(
  test.settled() || '; ' || test.settled(test.account('b')),
  '51>1 70 auto; 52>2 70 auto',
  'what they owe us, what we owe them'
);
select is(
  (select (value_date, is_cleared)::text from bi.allocation where credit_id = 51),
  '(2025-01-31,t)',
  'it counts from its day, and as cleared'
);
insert into doc.pin (account_id, pin_id, set_off_id, invoice_id, amount)
values (test.account(), 61, 51, 1, 5);
select is(test.settled(), '51>1 5 pin, 51>1 65 auto', 'it can be pinned');
update doc.set_off set status = 'void';
select is(test.settled() || test.settled(test.account('b')), '', 'void: both legs are gone');

select * from finish();

rollback;
