-- `alter table … enable trigger all`, which pg_restore --disable-triggers runs too, makes an ordinary
-- trigger of each: the condition keeps that from refusing every write, and this shuts the doors again.

create or replace function doc.shut_doors()
returns void
language plpgsql
as $$
declare
  v_table regclass;
  v_is_document boolean;
  v_name name;
begin
  for v_table, v_is_document in
    select c.oid, c.relnamespace = 'doc'::regnamespace
    from pg_catalog.pg_class as c
    where c.relkind = 'r'
      and (c.relnamespace = 'doc'::regnamespace or c.oid = 'ref.account'::regclass)
    order by c.oid
  loop
    if not exists (
      select
      from pg_catalog.pg_trigger as t
      where t.tgrelid = v_table
        and t.tgname = 't00_replica'
        and t.tgenabled = 'R'
    ) then
      execute format(
        'create or replace trigger t00_replica after insert or update or delete on %s
         for each row when (current_setting(''session_replication_role'') = ''replica'')
         execute function doc.refuse_replica()',
        v_table
      );
      execute format('alter table %s enable replica trigger t00_replica', v_table);
    end if;
    if v_is_document and not exists (
      select
      from pg_catalog.pg_trigger as t
      where t.tgrelid = v_table
        and t.tgname = 't00_truncate'
        and t.tgenabled = 'A'
    ) then
      execute format(
        'create or replace trigger t00_truncate before truncate on %s
         for each statement execute function doc.refuse_truncate()',
        v_table
      );
      execute format('alter table %s enable always trigger t00_truncate', v_table);
    end if;
  end loop;

  -- What else a figure is made of may come by replication while no invoice rests on it; what the audit
  -- keeps is only added to that way, too.
  for v_table, v_name in
    select t.tgrelid, t.tgname
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    where c.relnamespace in ('ref'::regnamespace, 'audit'::regnamespace)
      and t.tgname in (
        't20_keep_insert', 't20_keep_update', 't20_keep_unit', 't60_audit_truncate',
        't00_append_only'
      )
      and t.tgenabled <> 'A'
    order by t.tgrelid, t.tgname
  loop
    execute format('alter table %s enable always trigger %I', v_table, v_name);
  end loop;
end
$$;

comment on function doc.shut_doors() is
  'Sees to it that every table of documents, and ref.account, refuses rows that come past the triggers (t00_replica, enable replica) and documents a TRUNCATE (t00_truncate, enable always); and that payment terms and currency units in use stay, ref is not truncated and what the audit keeps is not changed, there as well (enable always).';

do $$
begin
  perform doc.shut_doors();
end
$$;
