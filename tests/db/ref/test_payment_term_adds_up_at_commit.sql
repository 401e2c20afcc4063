-- The percents of a payment term add up to 100 at commit.
begin;

select plan(9);

create temporary table given as
select test.make_payment_term('{}', '{}') as payment_term_id;

create function pg_temp.share(p_line_no int, p_percent text)
returns text
language sql
as $$
  select format(
    'insert into ref.payment_term_line values (%s, %s, 30, %L);', payment_term_id, p_line_no, p_percent
  )
  from given
$$;

select test.refused(pg_temp.share(1, '99.99'), 'RS102', 'payment_term_adds_up', 'too little');
select test.refused(
  pg_temp.share(1, '60') || pg_temp.share(2, '41'), 'RS102', 'payment_term_adds_up', 'too much'
);
select test.accepted(
  pg_temp.share(1, '33.33') || pg_temp.share(2, '33.33') || pg_temp.share(3, '33.34'), '100'
);
select test.refused(
  'delete from ref.payment_term_line where line_no = 1', 'RS102', 'payment_term_adds_up',
  'one deleted'
);
select test.refused(
  'update ref.payment_term_line set percent = 30 where line_no = 1', 'RS102',
  'payment_term_adds_up', 'one changed'
);
select test.accepted(
  $$
    update ref.payment_term_line set percent = 30 where line_no = 1;
    update ref.payment_term_line set percent = 36.67 where line_no = 3
  $$,
  'two changed'
);
select test.refused(
  pg_temp.share(4, 'NaN'), '23514', 'payment_term_line_percent_range', 'NaN is no percent'
);
select test.accepted('delete from ref.payment_term_line', 'none: due on the day of the invoice');
select test.refused(
  pg_temp.share(0, '100'), '23514', 'payment_term_line_no_from_1', 'lines count from 1'
);

select * from finish();

rollback;
