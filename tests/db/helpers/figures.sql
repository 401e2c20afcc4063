-- Accounts by name and what became of their documents, for the tests of calc and bi. Documents are
-- written with ids of their own, so that an example can be worked by hand.
create procedure test.open(
  p_name text default 'a',
  p_policy text default 'fifo_issue',
  p_side text default 'receivable',
  p_currency text default 'IRR'
)
language plpgsql
as $$
begin
  perform set_config(
    'test.account_' || p_name,
    test.make_account(p_side, p_currency, p_policy)::text,
    true
  );
end
$$;

create function test.account(p_name text default 'a')
returns bigint
language sql
stable
as $$
  select current_setting('test.account_' || p_name)::bigint
$$;

-- "11>1 60 auto, 21>2.3 40 pin": of each line, the credits that settle it, how far and why.
create function test.settled(p_account_id bigint default test.account())
returns text
language sql
stable
as $$
  select coalesce(
    string_agg(
      format(
        '%s>%s%s %s %s',
        a.credit_id, a.invoice_id, '.' || nullif(a.line_no, 0), trim_scale(a.amount), a.reason
      ),
      ', ' order by a.invoice_id, a.line_no, a.credit_id, a.pin_id
    ),
    ''
  )
  from bi.allocation as a
  where a.account_id = p_account_id
$$;

-- "1.2 50 2025-02-01": each line, its amount and its due date.
create function test.lines(p_account_id bigint default test.account())
returns text
language sql
stable
as $$
  select coalesce(
    string_agg(
      format(
        '%s%s %s %s', l.invoice_id, '.' || nullif(l.line_no, 0), trim_scale(l.amount), l.due_date
      ),
      ', ' order by l.invoice_id, l.line_no
    ),
    ''
  )
  from calc.line as l
  where l.account_id = p_account_id
$$;

-- "cheque 21 100": the documents a rule of bi.exception finds, and the amount at stake.
create function test.exceptions(p_rule text)
returns text
language sql
stable
as $$
  select coalesce(
    string_agg(
      concat_ws(' ', e.document_type, e.document_id, trim_scale(e.amount)),
      ', ' order by e.document_id, e.account_id
    ),
    ''
  )
  from bi.exception as e
  where e.rule = p_rule
$$;
