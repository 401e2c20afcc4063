create or replace function ref.check_payment_term()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_term record;
begin
  for v_term in
    select t.name, sum(l.percent) as total
    from ref.payment_term as t
    join ref.payment_term_line as l on l.payment_term_id = t.payment_term_id
    where t.payment_term_id in (old.payment_term_id, new.payment_term_id)
    group by t.payment_term_id
    having sum(l.percent) <> 100
  loop
    perform ref.refuse(
      'RS102', format('the percents of "%s" add up to %s', v_term.name, v_term.total)
    );
  end loop;

  return null;
end
$$;

comment on function ref.check_payment_term() is
  'At commit: refuses (RS102) a payment term whose percents don''t add up to 100. A term without lines is due on the day of the invoice.';

drop trigger if exists t60_add_up on ref.payment_term_line;
create constraint trigger t60_add_up
after insert or update or delete on ref.payment_term_line
deferrable initially deferred
for each row execute function ref.check_payment_term();
