create or replace view calc.marked_most as
select
  exists (
    select
    from calc.marked_month
  )
  and 4 * (
    select count(*)
    from calc.marked_month m
  ) > (
    select count(distinct k.month)
    from calc.receivable_day k
  ) as is_most;

comment on view calc.marked_most is
  'Whether so many months are marked, such as after a load, that reading all of it is quicker than looking up invoice by invoice. One row.';
