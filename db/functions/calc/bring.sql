-- Brings one account to what the tables hold now.
--
-- Lock order: the account's row in calc.account, before anything is read, in a statement of its
-- own; callers go through accounts in order of their ids.
--
-- Everything is told by state, not by event: what the documents named here say now (calc.feed_*)
-- is compared with what is kept of them (calc.line, calc.credit). So it does not matter in which
-- order triggers fire, nor how often.

create or replace function calc.bring(
  p_account_id bigint,
  p_invoice_ids bigint[] default '{}',
  p_payment_ids bigint[] default '{}',
  p_cheque_ids bigint[] default '{}',
  p_set_off_ids bigint[] default '{}',
  p_credit_note_ids bigint[] default '{}',
  p_adjustment_ids bigint[] default '{}',
  p_told_invoice_ids bigint[] default '{}',
  p_told_credit_ids bigint[] default '{}',
  p_from date default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_account calc.account;
  v_is_manual boolean;
  v_from date := p_from;
  v_is_append boolean := p_from is null;
  v_is_written boolean;
  v_told_from date;
  v_credit_ids bigint[];
  v_line_now calc.line[];
  v_line_kept calc.line[];
  v_credit_now calc.credit[] := '{}';
  v_credit_kept calc.credit[] := '{}';
  v_line_turn bigint := 0;
  v_credit_turn bigint := 0;
  v_need numeric;
  r record;
  -- items of the replay
  v_n int := 0;
  v_base int := 0;
  v_is_credit boolean[] := '{}';
  v_invoice_id bigint[] := '{}';
  v_line_no int[] := '{}';
  v_credit_id bigint[] := '{}';
  v_turn_on date[] := '{}';
  v_rank int[] := '{}';
  v_is_auto boolean[] := '{}';
  v_named int[] := '{}';
  v_left numeric[] := '{}';
  v_done record;
  -- changes of allocations
  v_d_invoice bigint[];
  v_d_line int[];
  v_d_credit bigint[];
  v_d_amount numeric[];
begin
  update calc.account a
  set
    change_count = a.change_count + 1,
    has_told = a.has_told
      or p_told_invoice_ids <> '{}' or p_told_credit_ids <> '{}'
  where a.account_id = p_account_id
  returning a.* into v_account;
  if not found then
    perform ref.refuse('RS202', format('account %s is not kept by the engine', p_account_id));
  end if;

  -- Notes and adjustments follow the invoice they name.
  if v_account.has_told and p_invoice_ids <> '{}' then
    select
      p_credit_note_ids || coalesce(array_agg(n.credit_note_id), '{}'),
      v_is_append and count(*) = 0
    into p_credit_note_ids, v_is_append
    from doc.credit_note n
    where n.account_id = p_account_id
      and n.invoice_id = any (p_invoice_ids);
  end if;

  -- What the documents say, and what is kept of them.
  select
    a.policy = 'manual',
    array(
      select f
      from calc.feed_line('infinity') f
      where f.account_id = p_account_id
        and f.invoice_id = any (p_invoice_ids)
      order by f.doc_date, f.invoice_id, f.due_date, f.line_no
    ),
    array(
      select k
      from calc.line k
      where k.account_id = p_account_id
        and k.invoice_id = any (p_invoice_ids)
    )
  into v_is_manual, v_line_now, v_line_kept
  from ref.account a
  where a.account_id = p_account_id;

  if p_payment_ids <> '{}' then
    v_credit_now := v_credit_now || array(
      select f
      from calc.feed_payment('infinity') f
      where f.account_id = p_account_id
        and f.credit_id = any (p_payment_ids)
      order by f.turn_on, f.credit_id
    );
  end if;
  if p_cheque_ids <> '{}' then
    v_credit_now := v_credit_now || array(
      select f
      from calc.feed_cheque('infinity') f
      where f.account_id = p_account_id
        and f.credit_id = any (p_cheque_ids)
      order by f.turn_on, f.credit_id
    );
  end if;
  if p_set_off_ids <> '{}' then
    v_credit_now := v_credit_now || array(
      select f
      from calc.feed_set_off('infinity') f
      where f.account_id = p_account_id
        and f.credit_id = any (p_set_off_ids)
      order by f.turn_on, f.credit_id
    );
  end if;
  if p_credit_note_ids <> '{}' then
    v_credit_now := v_credit_now || array(
      select f
      from calc.feed_credit_note('infinity') f
      where f.account_id = p_account_id
        and f.credit_id = any (p_credit_note_ids)
      order by f.turn_on, f.credit_id
    );
  end if;
  if p_adjustment_ids <> '{}' then
    v_credit_now := v_credit_now || array(
      select f
      from calc.feed_adjustment('infinity') f
      where f.account_id = p_account_id
        and f.credit_id = any (p_adjustment_ids)
      order by f.turn_on, f.credit_id
    );
  end if;
  v_credit_ids :=
    p_payment_ids || p_cheque_ids || p_set_off_ids || p_credit_note_ids || p_adjustment_ids;
  if v_credit_ids <> '{}' then
    v_credit_kept := array(
      select k
      from calc.credit k
      where k.account_id = p_account_id
        and k.credit_id = any (v_credit_ids)
    );
  end if;

  -- What is kept and no longer so goes, with its allocations; what is new stays to be written.
  if v_line_kept <> '{}' or v_credit_kept <> '{}' then
    select d.r_line_new, d.r_credit_new, least(v_from, d.r_from), v_is_append and d.r_from is null
    into v_line_now, v_credit_now, v_from, v_is_append
    from calc.drop_changed(p_account_id, v_line_now, v_line_kept, v_credit_now, v_credit_kept) d;
  end if;

  -- Nothing that counts has changed.
  if v_line_now = '{}' and v_credit_now = '{}' and v_from is null
    and p_told_invoice_ids = '{}' and p_told_credit_ids = '{}' then
    return;
  end if;

  select coalesce(max(calc.turn(l.doc_date, false, l.invoice_id)), 0)
  into v_line_turn
  from unnest(v_line_now) l;
  select coalesce(max(calc.turn(c.turn_on, true, c.credit_id)), 0)
  into v_credit_turn
  from unnest(v_credit_now) c;

  -- An append comes after every turn there is. A later line under fifo_issue is last in the order
  -- too, so the credits of its own day would have passed it by: it may come after them.
  for r in
    select
      min(calc.turn(l.doc_date, false, l.invoice_id)) as turn,
      min(calc.turn(l.doc_date + 1, false, 0)) as next_day,
      bool_and(l.rank_on = l.doc_date) as is_last,
      min(l.doc_date) as day
    from unnest(v_line_now) l
    having count(*) > 0
  loop
    v_is_append := v_is_append
      and v_credit_now = '{}'
      and r.turn > v_account.last_line_turn
      and case
        when r.is_last then r.next_day > v_account.last_credit_turn
        else r.turn > v_account.last_credit_turn
      end;
    v_from := least(v_from, r.day);
  end loop;
  for r in
    select
      min(calc.turn(c.turn_on, true, c.credit_id)) as turn,
      min(c.turn_on) as day,
      bool_or(c.named_invoice_id is not null) as is_named,
      sum(c.amount) filter (where c.is_auto) as need
    from unnest(v_credit_now) c
    having count(*) > 0
  loop
    v_is_append := v_is_append
      and not r.is_named
      and r.turn > greatest(v_account.last_line_turn, v_account.last_credit_turn);
    v_from := least(v_from, r.day);
    v_need := r.need;
  end loop;

  if v_line_now <> '{}' then
    insert into calc.line
    select l.*
    from unnest(v_line_now) l;
  end if;

  -- Stage 1, for whatever hangs together with what was touched. It reads the credits where they are
  -- kept; so does the general replay. An append writes them once, with what is left of them.
  v_is_written := v_account.has_told or not v_is_append;
  if v_is_written and v_credit_now <> '{}' then
    insert into calc.credit
    select c.*
    from unnest(v_credit_now) c;
  end if;
  if v_account.has_told then
    v_told_from := calc.bring_told(
      p_account_id,
      p_invoice_ids || p_told_invoice_ids,
      v_credit_ids || p_told_credit_ids
    );
    v_is_append := v_is_append and v_told_from is null;
    v_from := least(v_from, v_told_from);
  end if;

  if v_from is null then
    return;
  end if;

  if not v_is_append then
    perform calc.bring_turns(p_account_id, v_from, v_is_manual);
    perform calc.shift(
      p_account_id, '{}', '{}', '{}', '{}',
      p_last_line_turn => v_line_turn,
      p_last_credit_turn => v_credit_turn
    );
    return;
  end if;

  -- An append meets the waiting side from its front on, as far as it reaches.
  if v_credit_now <> '{}' then
    if v_need > 0 and not v_is_manual then
      for r in
        select l.invoice_id, l.line_no, l.doc_date, l.open_amount
        from calc.line l
        where l.account_id = p_account_id
          and l.open_amount > 0
          and l.is_auto
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      loop
        v_n := v_n + 1;
        v_is_credit[v_n] := false;
        v_invoice_id[v_n] := r.invoice_id;
        v_line_no[v_n] := r.line_no;
        v_is_auto[v_n] := true;
        v_rank[v_n] := v_n;
        v_left[v_n] := r.open_amount;
        v_need := v_need - r.open_amount;
        exit when v_need <= 0;
      end loop;
    end if;
    v_base := v_n;
    for r in
      select c.credit_id, c.turn_on, c.is_auto, c.amount
      from unnest(v_credit_now) c
      order by c.turn_on, c.credit_id
    loop
      v_n := v_n + 1;
      v_is_credit[v_n] := true;
      v_credit_id[v_n] := r.credit_id;
      v_turn_on[v_n] := r.turn_on;
      v_is_auto[v_n] := r.is_auto and not v_is_manual;
      v_rank[v_n] := v_n;
      v_left[v_n] := r.amount;
    end loop;
  elsif not v_is_manual then
    select sum(l.amount)
    into v_need
    from unnest(v_line_now) l
    where l.is_auto;
    if v_need > 0 then
      for r in
        select c.credit_id, c.unapplied_amount
        from calc.credit c
        where c.account_id = p_account_id
          and c.unapplied_amount > 0
          and c.is_auto
        order by c.doc_date, c.credit_id
      loop
        v_n := v_n + 1;
        v_is_credit[v_n] := true;
        v_credit_id[v_n] := r.credit_id;
        v_is_auto[v_n] := true;
        v_rank[v_n] := v_n;
        v_left[v_n] := r.unapplied_amount;
        v_need := v_need - r.unapplied_amount;
        exit when v_need <= 0;
      end loop;
    end if;
    v_base := v_n;
    if v_base > 0 then
      for r in
        select l.invoice_id, l.line_no, l.doc_date, l.is_auto, l.amount
        from unnest(v_line_now) l
        order by l.doc_date, l.invoice_id, l.due_date, l.line_no
      loop
        v_n := v_n + 1;
        v_is_credit[v_n] := false;
        v_invoice_id[v_n] := r.invoice_id;
        v_line_no[v_n] := r.line_no;
        v_turn_on[v_n] := r.doc_date;
        v_is_auto[v_n] := r.is_auto;
        v_rank[v_n] := v_n;
        v_left[v_n] := r.amount;
      end loop;
    end if;
  end if;
  v_named := array_fill(null::int, array[v_n]);
  v_done := calc.replay(v_base, v_is_credit, v_invoice_id, v_rank, v_is_auto, v_named, v_left);

  if v_credit_now <> '{}' and not v_is_written then
    insert into calc.credit
    select
      c.account_id,
      c.credit_id,
      c.credit_type,
      c.doc_date,
      c.turn_on,
      c.value_date,
      c.is_auto,
      c.is_cleared,
      c.is_write_off,
      c.named_invoice_id,
      c.amount,
      u.left_amount
    from unnest(v_credit_id[v_base + 1 :], (v_done.r_left)[v_base + 1 :]) u(credit_id, left_amount)
    join unnest(v_credit_now) c on c.credit_id = u.credit_id;
  end if;

  with made as (
    insert into calc.allocation (
      account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
    )
    select
      p_account_id,
      v_invoice_id[u.line],
      v_credit_id[u.credit],
      v_line_no[u.line],
      coalesce(v_turn_on[u.credit], v_turn_on[u.line]),
      'auto',
      u.amount
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount)
    returning invoice_id, line_no, credit_id, amount
  )
  select array_agg(m.invoice_id), array_agg(m.line_no), array_agg(m.credit_id), array_agg(m.amount)
  into v_d_invoice, v_d_line, v_d_credit, v_d_amount
  from made m;

  perform calc.shift(
    p_account_id, v_d_invoice, v_d_line, v_d_credit, v_d_amount,
    case when v_is_written then '{}' else v_credit_id[v_base + 1 :] end,
    v_line_turn,
    v_credit_turn
  );
end
$$;

comment on function calc.bring(bigint, bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], date) is
  'Brings one account to what the tables hold now, for the documents named. p_told_*: the ends of instructions (pins, notes) that changed. p_from: replay at least from this day.';
