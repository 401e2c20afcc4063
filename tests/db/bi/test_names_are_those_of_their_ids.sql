-- Beside each id of a party, a salesperson, a region or an agency stands its own name.
begin;

select plan(2);

select test.make_settled_book();
insert into ref.salesperson (code, name) values ('S2', 'Bita');
insert into ref.region (code, name) values ('R2', 'South');
insert into ref.agency (code, name) values ('A2', 'Second agency');
insert into ref.party (code, name, salesperson_id, region_id, agency_id)
select 'P2', 'another party', s.salesperson_id, r.region_id, g.agency_id
from ref.salesperson as s
cross join ref.region as r
cross join ref.agency as g
where s.code = 'S2' and r.code = 'R2' and g.code = 'A2';
create temp table t as
select test.make_account(p_party_id => p.party_id) as account_id
from ref.party as p
where p.code = 'P2';
do $$
begin
  perform test.make_invoice(account_id, 50, '2025-01-05', '2025-01-04'),
    test.make_invoice(account_id, 50, '2025-02-05', '2025-02-28'),
    test.make_payment(account_id, 60, '2025-01-15'),
    test.make_cheque(account_id, 5, '2025-03-01', '2025-04-01')
  from t;
end
$$;

create temp table found (view_name text, what text, id bigint, name text);
do $$
declare
  r record;
begin
  for r in
    select i.table_name, w.what
    from (values ('party'), ('salesperson'), ('region'), ('agency')) as w (what)
    join information_schema.columns as i
      on i.table_schema = 'bi' and i.column_name = w.what || '_id'
    join information_schema.columns as n
      on n.table_schema = 'bi' and n.table_name = i.table_name and n.column_name = w.what || '_name'
  loop
    execute format(
      'insert into found select distinct %1$L, %2$L, %2$I_id, %2$I_name from bi.%1$I',
      r.table_name, r.what
    );
  end loop;
end
$$;
select is_empty(
  $$
    select f.*
    from found as f
    left join (
      select 'party' as what, party_id as id, name from ref.party
      union all select 'salesperson', salesperson_id, name from ref.salesperson
      union all select 'region', region_id, name from ref.region
      union all select 'agency', agency_id, name from ref.agency
    ) as k using (what, id)
    where f.name is distinct from k.name
  $$,
  'in every view'
);
select results_eq(
  $$
    select what, count(distinct view_name) filter (where name in ('Bita', 'South', 'Second agency'))
      > 3
    from found where what <> 'party' group by what order by what
  $$,
  $$values ('agency', true), ('region', true), ('salesperson', true)$$,
  'of which there are some'
);

select * from finish();

rollback;
