-- A cheque names the first one that makes it good: a void one doesn't, nor one that went back or bounced.
begin;

select plan(5);

call test.open();

insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status, replaces_cheque_id)
values
  (test.account(), 21, '2025-05-01', '2025-05-31', 100, 'bounced', null),
  (test.account(), 22, '2025-06-01', '2025-07-31', 100, 'in_hand', 21),
  (test.account(), 23, '2025-06-02', '2025-07-31', 100, 'in_hand', 21);

create function pg_temp.replaced_by()
returns bigint
language sql
as $$
  select replaced_by_cheque_id
  from bi.cheque
  where account_id = test.account() and cheque_id = 21
$$;
select is(pg_temp.replaced_by(), 22::bigint, 'the first');
select is_empty(
  $$
    select cheque_id from bi.cheque
    where account_id = test.account() and cheque_id <> 21 and replaced_by_cheque_id is not null
  $$,
  'of that one alone'
);
update doc.cheque set status = 'void' where cheque_id = 22;
select is(pg_temp.replaced_by(), 23::bigint, 'not one that was entered in error');
update doc.cheque set status = 'returned' where cheque_id = 23;
select is(pg_temp.replaced_by(), null, 'nor one that went back');
update doc.cheque set status = 'in_hand' where cheque_id in (22, 23);
update doc.cheque set status = 'bounced' where cheque_id in (22, 23);
select is(pg_temp.replaced_by(), null, 'nor one that bounced too');

select * from finish();

rollback;
