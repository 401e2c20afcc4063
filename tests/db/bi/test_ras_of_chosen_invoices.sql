-- What-if: the ras of the open part of chosen invoices.
begin;

select plan(10);

set local rasid.today = '2025-12-31';
create temp table t as select test.make_account() as account_id, test.make_account() as other;
create temp table i as
select
  account_id,
  test.make_invoice(account_id, 150, '2025-12-01', '2026-01-10') as a,
  test.make_invoice(account_id, 300, '2025-12-21', '2026-01-30') as b,
  test.make_invoice(account_id, 900, '2025-12-25', '2026-03-31') as c,
  test.make_invoice(other, 900, '2025-12-25', '2026-03-31') as d
from t;
do $$
begin
  perform test.make_payment(account_id, 50, '2025-12-30') from t;
end
$$;

select results_eq(
  'select r.* from i cross join lateral bi.ras_of_invoices(account_id, array[a, b]) as r',
  $$
    values (
      2, 450::numeric, 400::numeric, date '2025-12-16', 15.00, date '2026-01-25', 25.00
    )
  $$,
  '100 and 300: (0 + 300·20) / 400 after the 1st, due in (100·10 + 300·30) / 400 days'
);
select results_eq(
  'select r.open_amount from i'
  ' cross join lateral bi.ras_of_invoices(account_id, array[a, b, a]) as r',
  'values (400::numeric)',
  'an invoice given twice counts once'
);
select results_eq(
  $$
    select r.open_amount, r.debt_ras, r.debt_age_days, r.due_ras
    from i cross join lateral bi.ras_of_invoices(account_id, array[a, b, c]) as r
  $$,
  'select open_amount, debt_ras, debt_age_days, due_ras from bi.account join t using (account_id)',
  'of all open invoices it is the account''s'
);
select results_eq(
  'select r.invoice_count, r.amount, r.open_amount, r.debt_ras from i'
  ' cross join lateral bi.ras_of_invoices(account_id, ''{}'') as r',
  'values (0, 0::numeric, 0::numeric, null::date)',
  'none chosen, nothing open'
);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
select account_id, c, n.line_no, n.due_date, 450
from i, (values (1, date '2026-03-01'), (2, '2026-03-31')) as n (line_no, due_date);
select results_eq(
  'select r.invoice_count, r.amount, r.due_ras from i'
  ' cross join lateral bi.ras_of_invoices(account_id, array[c]) as r',
  $$values (1, 900::numeric, date '2026-03-16')$$,
  'one in installments is one'
);

select test.refused(
  'select r.* from i cross join lateral bi.ras_of_invoices(account_id, array[a, d]) as r',
  'RS501', 'invoices_of_account', 'an invoice of another account'
);
select test.refused(
  'select r.* from i cross join lateral bi.ras_of_invoices(account_id, array[a, 0]) as r',
  'RS501', 'invoices_of_account', 'no invoice'
);
select test.refused(
  'select r.* from i cross join lateral bi.ras_of_invoices(account_id, array[a, null]) as r',
  'RS501', 'invoices_of_account', 'nor null'
);
update doc.invoice as v set status = 'void' from i
where v.account_id = i.account_id and v.invoice_id = i.c;
select test.refused(
  'select r.* from i cross join lateral bi.ras_of_invoices(account_id, array[c]) as r',
  'RS501', 'invoices_of_account', 'a void one'
);
do $$
begin
  perform test.make_payment(account_id, 100, '2025-12-30') from t;
end
$$;
select results_eq(
  'select r.invoice_count, r.amount, r.open_amount, r.due_ras from i'
  ' cross join lateral bi.ras_of_invoices(account_id, array[a]) as r',
  'values (1, 150::numeric, 0::numeric, null::date)',
  'a settled one adds nothing'
);

select * from finish();

rollback;
