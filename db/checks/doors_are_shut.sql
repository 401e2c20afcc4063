-- The triggers that keep the book are switched on, and rows past them are refused
select
  t.tgrelid::regclass as "table",
  t.tgname as "trigger",
  case t.tgenabled
    when 'D' then 'is disabled'
    else 'lets rows of session_replication_role = replica in'
  end as problem
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
where c.relnamespace::regnamespace::text in ('ref', 'doc', 'calc', 'inbox', 'audit')
  and not t.tgisinternal
  and (
    t.tgenabled = 'D'
    or t.tgname = 't00_replica' and t.tgenabled <> 'R'
    or t.tgname in (
      't00_truncate', 't20_keep_insert', 't20_keep_update', 't20_keep_unit', 't60_audit_truncate',
      't00_append_only'
    ) and t.tgenabled <> 'A'
  );
