-- A cheque goes from state to state as ref.cheque_transition says; anything else is refused by name.
begin;

select plan(2 * 64 + 3);

create temporary table state as
select unnest(
  '{submitted,in_hand,deposited,cleared,bounced,endorsed,returned,void}'::text[]
) as name;

create temporary table given as
select
  k.kind,
  f.name as from_status,
  t.name as to_status,
  test.make_cheque(a.account_id, p_status => f.name, p_kind => k.kind) as cheque_id
from test.make_account() as a (account_id)
cross join (values ('payment'), ('guarantee')) as k (kind)
cross join state as f
cross join state as t;

-- The pairs of DESIGN.md section 4, written out.
select is(
  test.refusal(
    format('update doc.cheque set status = %L where cheque_id = %s', to_status, cheque_id)
  ),
  case
    when to_status = from_status or (from_status, to_status) in (
      ('submitted', 'in_hand'), ('submitted', 'returned'), ('submitted', 'void'),
      ('in_hand', 'deposited'), ('in_hand', 'endorsed'), ('in_hand', 'cleared'),
      ('in_hand', 'bounced'), ('in_hand', 'returned'), ('in_hand', 'void'),
      ('deposited', 'in_hand'), ('deposited', 'cleared'), ('deposited', 'bounced'),
      ('endorsed', 'cleared'), ('endorsed', 'bounced'), ('endorsed', 'in_hand'),
      ('bounced', 'deposited'), ('bounced', 'cleared'), ('bounced', 'returned'),
      ('cleared', 'deposited'), ('cleared', 'bounced'),
      ('returned', 'in_hand'), ('void', 'in_hand')
    )
      then 'not refused'
    else 'RS004 cheque_transition_known'
  end,
  format('%s: %s to %s', kind, from_status, to_status)
)
from given
order by kind, from_status, to_status;

create temporary table pair as
select
  a.account_id,
  test.make_cheque(a.account_id) as first_id,
  test.make_cheque(a.account_id, p_status => 'returned') as second_id
from test.make_account() as a (account_id);

select test.refused(
  $$update doc.cheque set status = 'deposited' where account_id = (select account_id from pair)$$,
  'RS004', 'cheque_transition_known',
  'one wrong step among many refuses them all'
);
select is(
  (select status from doc.cheque join pair on cheque_id = first_id),
  'in_hand',
  'and none is taken'
);
select test.refused(
  $$update doc.cheque set status = 'lost' where account_id = (select account_id from pair)$$,
  'RS004', 'cheque_transition_known',
  'nor is there a way to a state that is none'
);

select * from finish();

rollback;
