-- A set-off is checked once a transaction, however many legs were written: each statement leaves
-- the set-offs it touched in a list, and the first row of the list that comes to its turn at commit
-- checks all of it.

drop function if exists doc.check_set_off() cascade;

create table calc.set_off_touched (
  set_off_touched_id bigint generated always as identity
    constraint set_off_touched_pkey primary key,
  source text not null,
  set_off_no text not null,
  currency text not null
)
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

comment on table calc.set_off_touched is
  'Set-offs whose legs changed in this transaction and were not checked since; empty to everyone else. Written by calc.touch_set_off(), taken away by calc.check_set_off().';
comment on constraint set_off_touched_pkey on calc.set_off_touched is
  'The row is in the list already. | Rows of calc.set_off_touched come and go with the statements on doc.set_off.';

create table calc.set_off_lock (
  set_off_lock_no int not null
    constraint set_off_lock_pkey primary key,
  change_count bigint not null default 0
)
with (fillfactor = 50);

comment on table calc.set_off_lock is
  'The locks that checks of a set-off take turns on: 1024, each for the set-offs whose names hash to it. Updated, not just locked, so that under REPEATABLE READ whoever comes too late gets 40001.';
comment on column calc.set_off_lock.change_count is 'Raised by each check before it reads the legs.';
comment on constraint set_off_lock_pkey on calc.set_off_lock is
  'The lock is there already. | Rows of calc.set_off_lock are written by calc.check_set_off() alone.';
