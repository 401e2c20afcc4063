create or replace function ref.keep_account()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ref.refuse(
    'RS103', format('account %s keeps its id, party, side and currency', old.account_id)
  );
  return null;
end
$$;

comment on function ref.keep_account() is
  'Refuses (RS103) a change of id, party, side or currency of an account.';

create or replace trigger t20_keep before update on ref.account
for each row
when (
  (new.account_id, new.party_id, new.side, new.currency)
    is distinct from (old.account_id, old.party_id, old.side, old.currency)
)
execute function ref.keep_account();
