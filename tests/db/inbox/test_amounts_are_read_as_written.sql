-- An amount is read in any of the ways in which people write one, and in no other.
begin;

select plan(30);

select is(inbox.try_amount(written), amount, format('"%s" is read', written))
from (
  values
    ('4166.66', 4166.66),
    ('4,166.66', 4166.66),
    (' 4 166.66 ', 4166.66),
    ('1,234,567', 1234567),
    ('+12', 12),
    ('12.500', 12.5),
    ('۴۱۶۶٫۶۶', 4166.66),
    ('۴٬۱۶۶٫۶۶', 4166.66),
    ('٤١٦٦٫٦٦', 4166.66),
    ('۱۲۳,۴۵۶', 123456),
    (E'\u200F12\u00A0', 12)
) as t (written, amount);

select is(
  (select string_agg(c.code, ',') from unnest(inbox.amount_complaint('amount', written)) as c),
  code,
  format('"%s" is refused: %s', written, code)
)
from (
  values
    ('(8.02)', 'amount_positive'),
    ('-8.02', 'amount_positive'),
    ('8.02-', 'amount_positive'),
    (E'\u22128', 'amount_positive'),
    ('0', 'amount_positive'),
    ('0.001', 'amount_two_decimals'),
    ('-1.234', 'amount_positive,amount_two_decimals'),
    ('1000000000000000000', 'amount_below_limit'),
    ('4.166,66', 'amount_readable'),
    ('41,66', 'amount_readable'),
    ('1,2345', 'amount_readable'),
    ('1e5', 'amount_readable'),
    ('12 ریال', 'amount_readable'),
    ('$12', 'amount_readable'),
    ('NaN', 'amount_readable'),
    ('Infinity', 'amount_readable'),
    ('--5', 'amount_readable')
) as t (written, code);

select is(inbox.try_amount(repeat('9', 200000)), null, 'a number without end is none');
select is(inbox.amount_complaint('amount', ' '), null, 'nothing written is nothing wrong');

select * from finish();

rollback;
