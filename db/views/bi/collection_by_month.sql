create or replace view bi.collection_by_month as
select
  m.first_day as month,
  m.year as gregorian_year,
  m.month as gregorian_month,
  m.side,
  m.currency,
  m.first_day,
  m.ends_on,
  m.days,
  m.opening_receivable,
  m.sales_amount,
  m.receipt_amount,
  m.ending_receivable,
  m.ending_current,
  m.dso_days,
  m.best_possible_dso_days,
  m.average_days_delinquent,
  m.collection_effectiveness_index
from calc.collection m
where m.calendar = 'gregorian';

comment on view bi.collection_by_month is
  'Collection performance by Gregorian month up to today. Formulas as the Credit Research Foundation gives them, taken over one month. Of the payable side they tell how we pay. Key: month, side, currency.';
comment on column bi.collection_by_month.ends_on is 'Last day of the month, or today in the present one: the figures are as of its end.';
comment on column bi.collection_by_month.days is 'Days from the first of the month to ends_on.';
comment on column bi.collection_by_month.opening_receivable is 'Open at the end of the day before the month.';
comment on column bi.collection_by_month.sales_amount is 'Invoices and debit notes dated in the month; opening and refund stay out.';
comment on column bi.collection_by_month.receipt_amount is 'Counted payments, cheques and set-offs dated in the month, applied or not.';
comment on column bi.collection_by_month.ending_receivable is 'Open at the end of ends_on, by the effective dates of the allocations as they are now.';
comment on column bi.collection_by_month.ending_current is 'The part of ending_receivable that was not yet due (due on ends_on or later).';
comment on column bi.collection_by_month.dso_days is 'Days sales outstanding: ending_receivable / sales_amount × days.';
comment on column bi.collection_by_month.best_possible_dso_days is 'Best possible DSO: ending_current / sales_amount × days.';
comment on column bi.collection_by_month.average_days_delinquent is 'Average days delinquent: DSO − best possible DSO.';
comment on column bi.collection_by_month.collection_effectiveness_index is 'CEI: (opening_receivable + sales − ending_receivable) / (opening_receivable + sales − ending_current) × 100; 100 when nothing overdue is left.';
comment on column bi.collection_by_month.month is 'First day of the Gregorian month.';
comment on column bi.collection_by_month.gregorian_year is 'Gregorian year.';
comment on column bi.collection_by_month.gregorian_month is 'Gregorian month, 1 to 12.';
comment on column bi.collection_by_month.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.collection_by_month.currency is 'Currency of every amount in the row.';
comment on column bi.collection_by_month.first_day is 'First day of the month, Gregorian.';
