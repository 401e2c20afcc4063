create or replace view bi.exception as
select
  e.rule,
  e.title,
  e.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  p.salesperson_id,
  sp.name as salesperson_name,
  p.region_id,
  rg.name as region_name,
  p.agency_id,
  ag.name as agency_name,
  e.document_type,
  e.document_id,
  e.on_date::date as on_date,
  e.amount::numeric as amount,
  e.detail
from (
  select 'unapplied_long'::text as rule, 'Money unapplied for more than 30 days'::text as title, x.*
  from (
    select
      c.account_id,
      c.credit_type as document_type,
      c.credit_id as document_id,
      c.doc_date as on_date,
      c.unapplied_amount as amount,
      null::text as detail
    from calc.credit c
    where c.is_left
      and c.doc_date < (select calc.today()) - 30
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'pin_over_covered'::text as rule, 'A pin gives less than it says'::text as title, x.*
  from (
    select
      n.account_id,
      'pin',
      n.pin_id,
      null::date,
      n.amount - coalesce(k.amount, 0),
      'invoice ' || n.invoice_id
    from doc.pin n
    left join lateral (
      select sum(k.amount) as amount
      from calc.allocation k
      where k.account_id = n.account_id
        and k.invoice_id = n.invoice_id
        and k.pin_id = n.pin_id
    ) k on true
    where n.amount > coalesce(k.amount, 0)
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'due_before_document'::text as rule, 'A due date before its document'::text as title, x.*
  from (
    select i.account_id, 'invoice', i.invoice_id, i.doc_date, i.amount, 'due ' || i.due_date
    from doc.invoice i
    where i.due_date < i.doc_date
      and i.status = 'active'
    union all
    select n.account_id, 'installment', n.installment_id, n.due_date, n.amount, 'invoice ' || n.invoice_id
    from doc.installment n
    join doc.invoice i on i.account_id = n.account_id and i.invoice_id = n.invoice_id
    where n.due_date < i.doc_date
      and i.status = 'active'
    union all
    select q.account_id, 'cheque', q.cheque_id, q.doc_date, q.amount, 'due ' || q.due_date
    from doc.cheque q
    where q.due_date < q.doc_date
      and q.status not in ('void', 'returned')
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'bounced_not_followed_up'::text as rule, 'A bounced cheque not followed up'::text as title, x.*
  from (
    select q.account_id, 'cheque', q.cheque_id, q.status_date, q.amount, 'bounced ' || q.status_date
    from doc.cheque q
    where q.kind = 'payment'
      and q.status = 'bounced'
      and not exists (
        select
        from doc.cheque r
        where r.account_id = q.account_id
          and r.replaces_cheque_id = q.cheque_id
          and r.status not in ('void', 'returned', 'bounced')
      )
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'cheque_overpaid'::text as rule, 'The bank paid more of a cheque than it is worth'::text as title, x.*
  from (
    select q.account_id, 'cheque', q.cheque_id, q.doc_date, p.amount - q.amount, 'paid ' || p.amount
    from doc.cheque q
    join (
      select p.account_id, p.cheque_id, sum(p.amount) as amount
      from doc.payment p
      where p.cheque_id is not null
        and p.status = 'approved'
      group by p.account_id, p.cheque_id
    ) p on p.account_id = q.account_id and p.cheque_id = q.cheque_id
    where p.amount > q.amount
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'bank_reference_twice'::text as rule, 'One bank reference on several payments'::text as title, x.*
  from (
    select d.account_id, 'payment', d.payment_id, d.doc_date, d.amount, d.bank_reference
    from (
      select p.*, count(*) over (partition by p.bank_reference) as times
      from doc.payment p
      where p.bank_reference is not null
        and p.status in ('pending', 'approved')
    ) d
    where d.times > 1
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'invoice_blocked'::text as rule, 'An open invoice kept from automatic allocation'::text as title, x.*
  from (
    select l.account_id, 'invoice', l.invoice_id, l.doc_date, sum(l.open_amount), null
    from calc.line l
    where l.is_open
      and not l.is_auto
    group by l.account_id, l.invoice_id, l.doc_date
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'dated_after_today'::text as rule, 'A document dated after today'::text as title, x.*
  from (
    select i.account_id, 'invoice', i.invoice_id, i.doc_date, i.amount, null
    from doc.invoice i
    where i.doc_date > (select calc.today())
      and i.status = 'active'
    union all
    select c.account_id, c.credit_type, c.credit_id, c.doc_date, c.amount, null
    from calc.credit c
    where c.doc_date > (select calc.today())
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'names_void_invoice'::text as rule, 'A note, an adjustment or a pin naming a void invoice'::text as title, x.*
  from (
    select n.account_id, 'credit_note', n.credit_note_id, n.doc_date, n.amount, 'invoice ' || n.invoice_id
    from doc.credit_note n
    join doc.invoice i on i.account_id = n.account_id and i.invoice_id = n.invoice_id
    where n.status = 'active'
      and i.status = 'void'
    union all
    select d.account_id, 'adjustment', d.adjustment_id, d.doc_date, d.amount, 'invoice ' || d.invoice_id
    from doc.adjustment d
    join doc.invoice i on i.account_id = d.account_id and i.invoice_id = d.invoice_id
    where d.status = 'active'
      and i.status = 'void'
    union all
    select n.account_id, 'pin', n.pin_id, null, n.amount, 'invoice ' || n.invoice_id
    from doc.pin n
    join doc.invoice i on i.account_id = n.account_id and i.invoice_id = n.invoice_id
    where i.status = 'void'
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'external_id_on_two_accounts'::text as rule, 'One (source, external_id) on two accounts'::text as title, x.*
  from (
    select d.account_id, d.document_type, d.document_id, d.doc_date, d.amount, d.source || ' ' || d.external_id
    from (
      select
        d.*,
        min(d.account_id) over w <> max(d.account_id) over w as is_twice
      from (
        select i.account_id, 'invoice' as document_type, i.invoice_id as document_id,
          i.doc_date::date as doc_date, i.amount::numeric as amount, i.source, i.external_id
        from doc.invoice i
        union all
        select c.account_id, c.credit_type, c.credit_id, c.doc_date, c.amount, c.source, c.external_id
        from bi.credit c
        where c.credit_type <> 'set_off'
      ) d
      where d.external_id is not null
      window w as (partition by d.document_type, d.source, d.external_id)
    ) d
    where d.is_twice
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'sayad_id_twice'::text as rule, 'One Sayad id on several live cheques of one side'::text as title, x.*
  from (
    select d.account_id, 'cheque', d.cheque_id, d.doc_date, d.amount, d.sayad_id
    from (
      select q.*, count(*) over (partition by a.side, q.sayad_id) as times
      from doc.cheque q
      join ref.account a on a.account_id = q.account_id
      where q.sayad_id is not null
        and q.status not in ('void', 'returned')
    ) d
    where d.times > 1
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'endorsed_half_bounced'::text as rule, 'One leg of an endorsed cheque bounced and the other not'::text as title, x.*
  from (
    select q.account_id, 'cheque', q.cheque_id, q.status_date, q.amount,
      'other leg ' || string_agg(distinct o.status, ', ')
    from doc.cheque q
    join ref.account a on a.account_id = q.account_id
    join doc.cheque o on o.sayad_id = q.sayad_id and o.account_id <> q.account_id
    join ref.account b on b.account_id = o.account_id and b.side <> a.side
    where q.status = 'bounced'
      and o.status not in ('bounced', 'void', 'returned')
    group by q.account_id, q.cheque_id, q.status_date, q.amount
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'cheque_without_result'::text as rule, 'A cheque past due with no result'::text as title, x.*
  from (
    select q.account_id, 'cheque', q.cheque_id, q.due_date, q.amount, q.status
    from doc.cheque q
    where q.kind = 'payment'
      and q.status in ('submitted', 'in_hand', 'deposited', 'endorsed')
      and q.due_date < (select calc.today())
  ) x (account_id, document_type, document_id, on_date, amount, detail)
  union all
  select 'money_beside_write_off'::text as rule, 'Money left over on an account with write-offs'::text as title, x.*
  from (
    select c.account_id, c.credit_type, c.credit_id, c.doc_date, c.unapplied_amount, null
    from calc.credit c
    where c.is_left
      and c.value_date is not null
      and exists (
        select
        from calc.credit w
        where w.account_id = c.account_id
          and w.is_write_off
      )
  ) x (account_id, document_type, document_id, on_date, amount, detail)
) e
join ref.account a on a.account_id = e.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id;

comment on view bi.exception is
  'What a controller must look at. Key: rule, account_id, document_type, document_id. Rules: unapplied_long, pin_over_covered, due_before_document, bounced_not_followed_up, cheque_overpaid, bank_reference_twice, invoice_blocked, dated_after_today, names_void_invoice, external_id_on_two_accounts, sayad_id_twice, endorsed_half_bounced, cheque_without_result, money_beside_write_off.';
comment on column bi.exception.rule is 'Stable name of the rule; title says it.';
comment on column bi.exception.amount is 'The amount at stake: of the document, left over, not covered or paid too much.';
comment on column bi.exception.salesperson_id is 'Of the party, at present; region and agency likewise.';
comment on column bi.exception.title is 'The rule in words.';
comment on column bi.exception.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.exception.party_id is 'The party of the account.';
comment on column bi.exception.party_code is 'Code of the party.';
comment on column bi.exception.party_name is 'Name of the party.';
comment on column bi.exception.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.exception.currency is 'Currency of every amount in the row.';
comment on column bi.exception.salesperson_name is 'Name of the salesperson.';
comment on column bi.exception.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.exception.region_name is 'Name of the region.';
comment on column bi.exception.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.exception.agency_name is 'Name of the agency.';
comment on column bi.exception.document_type is 'invoice, installment, pin, or a type of credit.';
comment on column bi.exception.document_id is 'The document, by document_type.';
comment on column bi.exception.on_date is 'The day it is about; null: none.';
comment on column bi.exception.detail is 'What else helps to find it.';
