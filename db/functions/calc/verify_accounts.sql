create or replace function calc.verify_accounts(p_account_ids bigint[])
returns table (
  account_id bigint,
  kept_in text,
  is_kept boolean,
  row_kept jsonb
)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v record;
begin
  v := calc.state(p_account_ids, 'infinity');
  return query
  select (d.k).account_id, 'calc.line', true, to_jsonb(d.k)
  from (
    select k from calc.line k where k.account_id = any (p_account_ids)
    except
    select l from unnest(v.r_line) l
  ) d
  union all
  select (d.l).account_id, 'calc.line', false, to_jsonb(d.l)
  from (
    select l from unnest(v.r_line) l
    except
    select k from calc.line k where k.account_id = any (p_account_ids)
  ) d
  union all
  select (d.k).account_id, 'calc.credit', true, to_jsonb(d.k)
  from (
    select k from calc.credit k where k.account_id = any (p_account_ids)
    except
    select c from unnest(v.r_credit) c
  ) d
  union all
  select (d.c).account_id, 'calc.credit', false, to_jsonb(d.c)
  from (
    select c from unnest(v.r_credit) c
    except
    select k from calc.credit k where k.account_id = any (p_account_ids)
  ) d
  union all
  select (d.k).account_id, 'calc.allocation', true, to_jsonb(d.k)
  from (
    select k from calc.allocation k where k.account_id = any (p_account_ids)
    except
    select a from unnest(v.r_allocation) a
  ) d
  union all
  select (d.a).account_id, 'calc.allocation', false, to_jsonb(d.a)
  from (
    select a from unnest(v.r_allocation) a
    except
    select k from calc.allocation k where k.account_id = any (p_account_ids)
  ) d
  union all
  select s.account_id, 'calc.account', k.account_id is not null, to_jsonb(s)
  from calc.settle_accounts(p_account_ids, v.r_line, v.r_credit) s
  join ref.account a on a.account_id = s.account_id and a.account_id = any (p_account_ids)
  left join calc.account k on k.account_id = s.account_id and k.account_id = any (p_account_ids)
  where (k.policy, k.paid_amount, k.settlement_money_days, k.variance_money_days)
    is distinct from (a.policy, s.paid_amount, s.settlement_money_days, s.variance_money_days)
    or k.last_line_turn < s.last_line_turn
    or k.last_credit_turn < s.last_credit_turn
    or not k.has_told and exists (
      select
      from unnest(v.r_allocation) t
      where t.account_id = s.account_id
        and t.turn_on is null
    );
end
$$;

comment on function calc.verify_accounts(bigint[]) is
  'calc.verify() of some accounts, all at once.';
