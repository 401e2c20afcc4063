-- The k-th share is round(amount × percent of the first k, unit) less the shares before it; the
-- last takes what is left; empty shares make no line.
begin;

select plan(4);

call test.open();
call test.open('usd', p_currency => 'USD');

create temporary table term as
select
  test.make_payment_term(array[0, 30, 60], array[33.33, 33.33, 33.34]) as thirds,
  test.make_payment_term(array[30, 60], array[50, 50]::numeric[]) as halves,
  test.make_payment_term(array[30, 60], array[99, 1]::numeric[]) as nearly;

insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
select test.account(), v.id, '2025-01-01', v.amount,
  case v.term when 'thirds' then t.thirds when 'halves' then t.halves else t.nearly end
from term as t
cross join (
  values
    (1, 100, 'thirds'), (2, 5, 'halves'), (3, 1, 'halves'), (4, 0.4, 'halves'), (5, 1.6, 'nearly')
) as v (id, amount, term);
select is(
  test.lines(),
  -- 33.33 → 33, 66.66 → 67
  '1.1 33 2025-01-01, 1.2 34 2025-01-31, 1.3 33 2025-03-02,'
  -- 2.5 → 3
  ' 2.1 3 2025-01-31, 2.2 2 2025-03-02,'
  -- 0.5 → 1: nothing is left for the second
  ' 3.1 1 2025-01-31,'
  -- 0.2 → 0: all of it is left for the second
  ' 4.2 0.4 2025-03-02,'
  -- 1.584 → 2, but never more than there is
  ' 5.1 1.6 2025-01-31',
  'rials'
);

insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
select test.account('usd'), v.id, '2025-01-01', v.amount, t.halves
from term as t
cross join (values (1, 10.01), (2, 0.01)) as v (id, amount);
select is(
  test.lines(test.account('usd')),
  '1.1 5.01 2025-01-31, 1.2 5 2025-03-02, 2.1 0.01 2025-01-31',
  'cents'
);
call test.open('fine');
insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
values (
  test.account('fine'), 1, '2025-01-01', 45122976525.41,
  test.make_payment_term(array[30, 60], array[40.104939, 59.895061])
);
select is(
  (select amount from calc.line where account_id = test.account('fine') and line_no = 1),
  -- 18096542210.4999999999
  18096542210::numeric,
  'rounded once'
);
select is(
  (select sum(amount) from calc.line where account_id = test.account()),
  108::numeric,
  'the shares of an invoice are the invoice'
);

select * from finish();

rollback;
