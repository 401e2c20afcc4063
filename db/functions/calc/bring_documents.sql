-- Everything is told by state, not by event: what the documents named here say now (calc.feed_*) is
-- compared with what is kept of them (calc.line, calc.credit). So it does not matter in which order
-- triggers fire, nor how often.

create or replace function calc.bring_documents(
  p_account calc.account,
  p_invoice_ids bigint[],
  p_credit_type text,
  p_credit_ids bigint[],
  p_told_invoice_ids bigint[],
  p_told_credit_ids bigint[]
)
returns bigint
language plpgsql
volatile
as $$
declare
  v_is_told boolean;
  v_is_append boolean := true;
  v_is_noted boolean := false;
  v_from date;
  v_told_from date;
  v_line_now calc.line[] := '{}';
  v_line_kept calc.line[] := '{}';
  v_credit_now calc.credit[] := '{}';
  v_credit_kept calc.credit[] := '{}';
  v_line record;
  v_credit record;
  v_line_turn bigint := 0;
  v_credit_turn bigint := 0;
  v_count bigint := 0;
begin
  -- What the documents say, and what is kept of them. Notes follow the invoice they name. Looked up
  -- one by one (offset 0): a plan made while the tables were small must not read a whole account. Of
  -- an account that never had a turn on one side, nothing is kept there.
  if p_invoice_ids is not null then
    if p_account.has_told then
      select 'credit_note', array_agg(n.credit_note_id)
      into p_credit_type, p_credit_ids
      from doc.credit_note n
      where n.account_id = p_account.account_id
        and n.invoice_id = any (p_invoice_ids)
      having count(*) > 0;
      v_is_append := not found;
    end if;
    select
      array(
        select d.f
        from unnest(p_invoice_ids) i(invoice_id)
        cross join lateral (
          select f
          from calc.feed_line('infinity') f
          where f.account_id = p_account.account_id
            and f.invoice_id = i.invoice_id
          offset 0
        ) d
      ),
      array(
        select d.k
        from unnest(p_invoice_ids) i(invoice_id)
        cross join lateral (
          select k
          from calc.line k
          where k.account_id = p_account.account_id
            and k.invoice_id = i.invoice_id
          offset 0
        ) d
        where p_account.last_line_turn > 0
      )
    into v_line_now, v_line_kept;
  end if;
  if p_credit_type = 'payment' then
    v_credit_now := array(
      select d.f
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select f
        from calc.feed_payment('infinity') f
        where f.account_id = p_account.account_id
          and f.credit_id = i.credit_id
        offset 0
      ) d
    );
  elsif p_credit_type = 'cheque' then
    v_credit_now := array(
      select d.f
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select f
        from calc.feed_cheque('infinity') f
        where f.account_id = p_account.account_id
          and f.credit_id = i.credit_id
        offset 0
      ) d
    );
  elsif p_credit_type = 'set_off' then
    v_credit_now := array(
      select d.f
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select f
        from calc.feed_set_off('infinity') f
        where f.account_id = p_account.account_id
          and f.credit_id = i.credit_id
        offset 0
      ) d
    );
  elsif p_credit_type = 'credit_note' then
    v_credit_now := array(
      select d.f
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select f
        from calc.feed_credit_note('infinity') f
        where f.account_id = p_account.account_id
          and f.credit_id = i.credit_id
        offset 0
      ) d
    );
  elsif p_credit_type = 'adjustment' then
    v_credit_now := array(
      select d.f
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select f
        from calc.feed_adjustment('infinity') f
        where f.account_id = p_account.account_id
          and f.credit_id = i.credit_id
        offset 0
      ) d
    );
  end if;

  -- What is kept and no longer so goes, with its allocations; what is new stays to be written.
  if p_credit_type is not null and p_account.last_credit_turn > 0 then
    v_credit_kept := array(
      select d.k
      from unnest(p_credit_ids) i(credit_id)
      cross join lateral (
        select k
        from calc.credit k
        where k.account_id = p_account.account_id
          and k.credit_id = i.credit_id
          and k.credit_type = p_credit_type
        offset 0
      ) d
    );
  end if;
  if v_line_kept <> '{}' or v_credit_kept <> '{}' then
    select d.r_line_new, d.r_credit_new, least(v_from, d.r_from), v_is_append and d.r_from is null
    into v_line_now, v_credit_now, v_from, v_is_append
    from calc.drop_changed(
      p_account.account_id, v_line_now, v_line_kept, v_credit_now, v_credit_kept
    ) d;
  end if;

  -- An append comes after every turn there is. A later line under fifo_issue is last in the order
  -- too, so the credits of its own day would have passed it by: it may come after them. (Not where
  -- a return waits: its turn can be later than its place among the credits.)
  if v_line_now <> '{}' then
    with added as (
      insert into calc.line
      select l.*
      from unnest(v_line_now) l
      returning invoice_id, doc_date, is_auto, amount
    ),
    marked as (
      insert into calc.dirty (month)
      select distinct date_trunc('month', l.doc_date::timestamp)::date
      from added l
    )
    select
      min(calc.turn(l.doc_date, false, l.invoice_id)) as first_turn,
      max(calc.turn(l.doc_date, false, l.invoice_id)) as last_turn,
      min(l.doc_date) as day,
      sum(l.amount) filter (where l.is_auto) as need
    into v_line
    from added l;
    v_line_turn := v_line.last_turn;
    v_from := least(v_from, v_line.day);
    v_is_append := v_is_append
      and v_credit_now = '{}'
      and v_line.first_turn > p_account.last_line_turn
      and p_account.last_credit_turn < case
        when p_account.policy = 'fifo_due' or p_account.has_told then v_line.first_turn
        else calc.turn(v_line.day + 1, false, 0)
      end;
  end if;
  if v_credit_now <> '{}' then
    select
      min(calc.turn(c.turn_on, true, c.credit_id)) as first_turn,
      max(calc.turn(c.turn_on, true, c.credit_id)) as last_turn,
      min(c.turn_on) as day,
      bool_or(c.named_invoice_id is not null) as is_named,
      array_agg(true) as is_credit,
      array_agg(c.credit_id) as document_id,
      array_agg(c.turn_on) as turn_on,
      array_agg(c.is_auto) as is_auto,
      array_agg(c.amount) as left_amount,
      array_agg(c.credit) as credit,
      sum(c.amount) filter (where c.is_auto) as need
    into v_credit
    from (
      select c as credit, c.*
      from unnest(v_credit_now) c
      order by c.turn_on, c.credit_id
    ) c;
    v_credit_now := v_credit.credit;
    v_credit_turn := v_credit.last_turn;
    v_from := least(v_from, v_credit.day);
    v_is_append := v_is_append
      and not v_credit.is_named
      and v_credit.first_turn > p_account.last_line_turn
      and v_credit.first_turn > p_account.last_credit_turn;
  end if;

  -- Stage 1, for whatever hangs together with what was touched. It reads the credits where they are
  -- kept; stage 2 alone writes them once, with what is left of them.
  v_is_told := p_account.has_told and (v_from is not null or p_told_invoice_ids is not null);
  if v_is_told then
    if v_credit_now <> '{}' then
      perform calc.keep_credits(v_credit_now, v_credit.left_amount);
    end if;
    v_told_from := calc.bring_told(
      p_account.account_id,
      p_invoice_ids || p_told_invoice_ids,
      p_credit_ids || p_told_credit_ids
    );
    v_is_append := v_is_append and v_told_from is null;
    v_from := least(v_from, v_told_from);
  end if;

  -- Stage 2.
  if v_from is null then
    return 0;
  elsif not v_is_append then
    v_count := calc.bring_turns(
      p_account.account_id,
      v_from,
      p_account.policy = 'manual',
      case when v_is_told then '{}' else v_credit_now end
    );
  elsif v_credit_now <> '{}' then
    v_is_noted := calc.append_credits(
      p_account.account_id,
      p_account.policy = 'manual',
      v_is_told,
      v_credit_now,
      v_credit.document_id,
      v_credit.turn_on,
      v_credit.is_credit,
      v_credit.is_auto,
      v_credit.left_amount,
      v_credit.need,
      v_credit_turn
    );
  elsif v_line.need > 0 and p_account.policy <> 'manual' then
    v_is_noted := calc.append_lines(p_account.account_id, v_line_now, v_line.need, v_line_turn);
  end if;
  if not v_is_noted and (
    v_line_turn > p_account.last_line_turn or v_credit_turn > p_account.last_credit_turn
  ) then
    update calc.account a
    set
      last_line_turn = greatest(a.last_line_turn, v_line_turn),
      last_credit_turn = greatest(a.last_credit_turn, v_credit_turn)
    where a.account_id = p_account.account_id;
  end if;

  -- Told to the writer only where it is out of proportion to what was written: a bulk load replays
  -- what it brings and a little more.
  if v_count <= 10 * (
    coalesce(cardinality(p_invoice_ids), 0) + coalesce(cardinality(p_credit_ids), 0)
  ) then
    v_count := 0;
  end if;
  return v_count;
end
$$;

comment on function calc.bring_documents(calc.account, bigint[], text, bigint[], bigint[], bigint[]) is
  'calc.bring() under the lock of the account. p_account: as its lock found it.';
