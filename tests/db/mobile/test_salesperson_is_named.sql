-- Who asks: a tied login above all, else the claim and the setting, if they agree.
begin;

select plan(17);

create function pg_temp.asks(p_setting text, p_claims text)
returns bigint
language plpgsql
as $$
begin
  perform set_config('rasid.salesperson_id', p_setting, true);
  perform set_config('request.jwt.claims', p_claims, true);
  return mobile.salesperson_id();
end
$$;

select is(mobile.salesperson_id(), null, 'nobody is named');
select is(pg_temp.asks(setting, claims), salesperson_id, description)
from (
  values
    ('', '', null::bigint, 'nor by empty settings'),
    ('7', '', 7, 'the setting'),
    ('', '{"salesperson_id": 7}', 7, 'the claim, a number'),
    ('', '{"salesperson_id": "7", "role": "app"}', 7, 'the claim, a text'),
    ('7', '{"salesperson_id": 7}', 7, 'both'),
    ('7', '{"salesperson_id": 8}', null, 'they contradict each other'),
    ('7', '{"role": "anonymous"}', null, 'a token that names nobody'),
    ('7 or true', '', null, 'garbage'),
    ('-7', '', null, 'no id'),
    ('7777777777777777777777', '', null, 'an id too long'),
    ('', '{"salesperson_id": 7', null, 'a torn token'),
    ('7', 'nonsense', null, 'and one beside a setting'),
    ('', '[7]', null, 'a token that is a list'),
    ('', '{"salesperson_id": [7]}', null, 'a list of them'),
    ('', '{"salesperson_id": null}', null, 'null')
) as v (setting, claims, salesperson_id, description);

insert into ref.salesperson (salesperson_id, name) values (9, 'one');
insert into ref.salesperson_login (login_name, salesperson_id) values (session_user, 9);
select is(
  pg_temp.asks('7', '{"salesperson_id": 7}'), 9::bigint,
  'a login that stands for a salesperson stands for no other'
);

select * from finish();

rollback;
