-- What stage 2 allots at a turn follows from the documents to that turn: as of a day is what is kept, cut
-- off there. An account in which a document was another then, counted or naming, is computed.
begin;

select plan(17);

create function pg_temp.opened()
returns bigint
language plpgsql
as $$
declare
  v_account_id bigint := test.make_account();
begin
  perform test.make_invoice(v_account_id, 100, '2025-01-01');
  return v_account_id;
end
$$;

create function pg_temp.seen(p_account_id bigint)
returns text
language sql
as $$
  select concat_ws(
    ' ',
    trim_scale(a.open_amount), trim_scale(a.unapplied_amount), trim_scale(a.uncleared_amount)
  )
  from bi.account_as_of('2025-01-31') as a
  where a.account_id = p_account_id
$$;

create temporary table example on commit drop as
select e.name, pg_temp.opened() as account_id
from unnest(array[
  'a payment since', 'a cheque cleared since', 'a payment pinned by then', 'a cheque bounced since',
  'a part of a cheque that the bank paid since', 'a return naming an invoice of later',
  'a payment of later pinned to it', 'a payment of later pinned to an invoice of later'
]) as e (name);

create function pg_temp.account(p_name text)
returns bigint
language sql
as $$ select account_id from example where name = p_name $$;

insert into doc.payment (account_id, doc_date, amount)
select e.account_id, p.doc_date, p.amount
from example as e
cross join (values (date '2025-01-05', 40), (date '2025-02-05', 60)) as p (doc_date, amount)
where e.name = 'a payment since';

insert into doc.cheque (account_id, doc_date, due_date, amount)
select account_id, '2025-01-05', '2025-02-20', 40
from example
where name like '%cheque%';
update doc.cheque
set status = 'cleared', status_date = '2025-02-20'
where account_id = pg_temp.account('a cheque cleared since');
update doc.cheque
set status = 'bounced', status_date = '2025-02-20'
where account_id = pg_temp.account('a cheque bounced since');
insert into doc.payment (account_id, doc_date, amount, cheque_id)
select q.account_id, '2025-02-20', 10, q.cheque_id
from doc.cheque as q
where q.account_id = pg_temp.account('a part of a cheque that the bank paid since');

insert into doc.pin (account_id, payment_id, invoice_id)
select e.account_id, test.make_payment(e.account_id, 40, '2025-01-05'), i.invoice_id
from example as e
join doc.invoice as i on i.account_id = e.account_id
where e.name = 'a payment pinned by then';

insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)
select account_id, 'return', '2025-01-05', 40, test.make_invoice(account_id, 100, '2025-02-05')
from example
where name = 'a return naming an invoice of later';

insert into doc.payment (account_id, doc_date, amount)
select account_id, '2025-01-05', 40
from example
where name like 'a payment of later pinned to %';
insert into doc.invoice (account_id, doc_date, amount)
select account_id, '2025-02-05', 100
from example
where name = 'a payment of later pinned to an invoice of later';
insert into doc.pin (account_id, payment_id, invoice_id)
select e.account_id, test.make_payment(e.account_id, 90, '2025-02-05'), max(i.invoice_id)
from example as e
join doc.invoice as i on i.account_id = e.account_id
where e.name like 'a payment of later pinned to %'
group by e.account_id;

select is(
  pg_temp.seen(account_id),
  case when name like '%cheque%' then '60 0 40' else '60 0 0' end,
  name
)
from example;

-- What is kept is read where it says it: an allocation falsified is seen there, and nowhere else.
update calc.allocation set amount = 1 where account_id in (select account_id from example);
select is(
  pg_temp.seen(account_id),
  case
    when name in (
      'a payment since', 'a payment pinned by then',
      'a payment of later pinned to an invoice of later'
    ) then '99 39 0'
    when name = 'a cheque cleared since' then '99 39 40'
    when name like '%cheque%' then '60 0 40'
    else '60 0 0'
  end,
  'falsified: ' || name
)
from example;
select is(
  (
    select count(*)
    from calc.state_as_of(array(select account_id from example), '2025-01-31') as s
    cross join unnest(s.r_line) as l
    where l.open_amount = 60
  ),
  4::bigint,
  'both kinds in one call'
);

select * from finish();

rollback;
