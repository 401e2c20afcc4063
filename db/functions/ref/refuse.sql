-- Every refusal by a trigger or function, once: code, name of the rule, what is wrong, what to do.
with refusal (code, constraint_name, sentence, hint) as (
  values
    -- Documents
    (
      'RS001', 'stamps_given_by_database',
      'created_at, created_by, updated_at and updated_by are given by the database.',
      'Leave them out; set_config(''rasid.user'', …) says who writes.'
    ),
    (
      'RS002', 'documents_not_truncated',
      'A table of documents is not truncated.',
      'Delete the rows: the figures follow a delete.'
    ),
    (
      'RS003', 'rows_come_through_triggers',
      'Rows don''t come in past the triggers (session_replication_role, logical replication).',
      'Write them with plain SQL; after a data-only restore call calc.rebuild().'
    ),
    (
      'RS004', 'cheque_transition_known',
      'The cheque can''t go from its state to the one given.',
      'Take one of the steps in ref.cheque_transition.'
    ),
    (
      'RS005', 'cheque_event_by_database',
      'Events of a cheque are written by the database alone.',
      'Change status, status_date or doc_date of the cheque: its events follow.'
    ),
    (
      'RS006', 'installments_add_up',
      'The installments of an invoice don''t add up to its amount at commit.',
      'Write all installments of an invoice, and a change of its amount, in one transaction.'
    ),
    (
      'RS007', 'set_off_balances',
      'The active receivable legs of a set-off don''t equal its payable legs at commit.',
      'Write, change and void all legs of a set-off in one transaction.'
    ),
    (
      'RS008', 'set_off_on_one_day',
      'The active legs of a set-off are not on one day.',
      'Give all legs of a set-off the same doc_date.'
    ),

    -- Reference data
    (
      'RS101', 'payment_term_in_use',
      'The lines of a payment term that an invoice names don''t change.',
      'Make a new term and use it from now on.'
    ),
    (
      'RS102', 'payment_term_adds_up',
      'The percents of a payment term don''t add up to 100 at commit.',
      'Write all lines of a term in one transaction.'
    ),
    (
      'RS103', 'account_key_fixed',
      'The id, party, side and currency of an account don''t change.',
      'Open another account and move the documents there.'
    ),
    (
      'RS104', 'time_zone_known',
      'The setting time_zone does not name a time zone.',
      'Use a name of pg_timezone_names, such as Asia/Tehran.'
    ),
    (
      'RS105', 'currency_unit_in_use',
      'The unit of a currency in which there are invoices does not change.',
      'Set the unit before the first invoice.'
    ),
    (
      'RS106', 'region_without_cycle',
      'A region can''t lie under itself.',
      'Name a parent that is not one of the regions under it.'
    ),
    (
      'RS107', 'terms_see_all',
      'The lines of a payment term, and the unit of a currency, change in a READ COMMITTED transaction only.',
      'Change them in a transaction of their own, at the default isolation level.'
    ),

    -- The engine
    (
      'RS201', 'ras_amount_positive',
      'A ras is the mean day of amounts over 0 on finite days.',
      'Leave out what is not over 0: nets are never averaged.'
    ),
    (
      'RS202', 'account_kept',
      'The engine has no row for the account, so its figures can''t be kept.',
      'Write an account in a statement before its first document; call calc.rebuild() for it if rows came in past the triggers.'
    ),
    (
      'RS203', 'account_exists',
      'There is no such account.',
      'Name an account_id of ref.account, or none for the whole book.'
    ),

    -- The inbox

    -- Roles, audit, closed periods
    (
      'RS401', 'kept_for_good',
      'What the audit and the month-ends keep is never changed or taken away.',
      'Leave it; a correction of the documents leaves its own trace.'
    ),
    (
      'RS402', 'reference_not_truncated',
      'A table of reference data is not truncated.',
      'Delete the rows: the audit keeps what was deleted.'
    ),
    (
      'RS403', 'period_open',
      'What is dated in a closed period is not written, changed or deleted.',
      'Date it in an open period, or ask the finance desk (rasid_finance), who may with a reason.'
    ),
    (
      'RS404', 'lock_reason_given',
      'A closed period is touched only with a reason.',
      'Say why: set_config(''rasid.lock_reason'', …); the audit keeps it.'
    ),
    (
      'RS405', 'period_ended',
      'A period that has not ended is not closed.',
      'Close it to a day that is not after today.'
    ),
    (
      'RS406', 'period_not_closed_twice',
      'A period is closed after the ones before it, once.',
      'Close to a later day, or reopen with ref.reopen_period() first.'
    ),
    (
      'RS407', 'period_closed_known',
      'No period was closed to this day.',
      'Name a closed_upto of ref.period_lock.'
    ),
    (
      'RS408', 'closing_sees_all',
      'A period is closed in a READ COMMITTED transaction only.',
      'Close it in a transaction of its own, at the default isolation level.'
    ),

    -- What is read
    (
      'RS501', 'invoices_of_account',
      'An invoice chosen is not an active invoice of the account.',
      'Choose from the invoices of the account in bi.invoice that are not void.'
    ),
    (
      'RS502', 'plan_of_open_invoices',
      'Nothing is open of the invoices chosen.',
      'Choose invoices with an open amount.'
    ),
    (
      'RS503', 'plan_cheques_readable',
      'The cheques proposed can''t be read.',
      'Give a JSON list of objects with amount and due_date (2025-05-01); only the last may be without a due_date.'
    ),
    (
      'RS510', 'refresh_read_committed',
      'The materialized views are refreshed in READ COMMITTED only.',
      'Call calc.refresh() in a transaction of its own, without an isolation level.'
    ),

    -- The calendar
    (
      'RS801', 'jalali_date_valid',
      'The text is not a Jalali date.',
      'Write year/month/day, such as 1404/05/06.'
    )
),
gone as (
  delete from ref.refusal as r
  where not exists (select from refusal as n where n.code = r.code)
)
insert into ref.refusal as r (code, constraint_name, sentence, hint)
select n.code, n.constraint_name, n.sentence, n.hint
from refusal as n
on conflict (code) do update
set
  constraint_name = excluded.constraint_name,
  sentence = excluded.sentence,
  hint = excluded.hint
where (r.constraint_name, r.sentence, r.hint)
  is distinct from (excluded.constraint_name, excluded.sentence, excluded.hint);

create or replace function ref.refuse(p_code text, p_message text, p_hint text default null)
returns void
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_refusal record;
begin
  select r.constraint_name, r.hint
  into strict v_refusal
  from ref.refusal as r
  where r.code = p_code;

  raise exception using
    errcode = p_code,
    message = p_message,
    hint = coalesce(p_hint, v_refusal.hint),
    constraint = v_refusal.constraint_name;
end
$$;

comment on function ref.refuse(text, text, text) is
  'Raises the refusal of this code (ref.refusal) with the message given, the rule''s name as constraint, and its hint if none is given.';
