create or replace view inbox.party_reading as
select
  r.inbox_id,
  r.batch,
  null::text as unit,
  f.party_id as found_id,
  t.code as key,
  -- Who wrote it directly spelt it so, and looks for it so.
  coalesce(f.code, t.code) as code,
  t.name,
  t.national_id,
  t.phone,
  t.email,
  region.region_id,
  agency.agency_id,
  salesperson.salesperson_id,
  case
    when region.region_id is null and r.region_code is not null
      then inbox.unknown_complaint('region_code', r.region_code)
  end
  || case
    when agency.agency_id is null and r.agency_code is not null
      then inbox.unknown_complaint('agency_code', r.agency_code)
  end
  || case
    when salesperson.salesperson_id is null and r.salesperson_code is not null
      then inbox.unknown_complaint('salesperson_code', r.salesperson_code)
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.party as r
cross join lateral (
  select
    inbox.clean(r.code) as code,
    inbox.clean(r.name) as name,
    inbox.clean(r.national_id) as national_id,
    inbox.clean(r.phone) as phone,
    inbox.clean(r.email) as email
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
left join ref.region on region.code = inbox.clean(r.region_code)
left join ref.agency on agency.code = inbox.clean(r.agency_code)
left join ref.salesperson on salesperson.code = inbox.clean(r.salesperson_code)
left join ref.party as f on ref.persian_text(f.code) = t.code;

comment on view inbox.party_reading is
  'Each row of inbox.party as it reads now, with what is wrong with it (null: nothing).';
