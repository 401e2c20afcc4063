create or replace function inbox.find_account(
  p_account_id text, p_party_code text, p_side text, p_currency text
)
returns table (account_id bigint, currency text, complaint inbox.complaint[])
language sql
stable
as $$
  select
    case when said.account_id is null then opened.account_id else known.account_id end,
    case when said.account_id is null then opened.currency else known.currency end,
    case
      when said.account_id is not null and known.account_id is null
        then array[(
          'account_unknown', format('account "%s" is not known', said.account_id)
        )::inbox.complaint]
      when said.account_id is not null and party.party_id <> known.party_id
        then array[(
          'account_contradicts',
          format('account %s does not belong to party "%s"', said.account_id, said.party_code)
        )::inbox.complaint]
      when said.account_id is not null
        then null
      when said.party_code is null
        then array[(
          'account_missing', 'neither party_code nor account_id is given'
        )::inbox.complaint]
      when said.side is null
        then inbox.word_complaint('side', p_side, array['receivable', 'payable'])
      when opened.account_id is not null
        then null
      when not exists (select from ref.currency as c where c.code = said.currency)
        then inbox.unknown_complaint('currency', said.currency)
      when party.party_id is null
        then inbox.unknown_complaint('party_code', said.party_code)
      else
        array[(
          'account_unknown',
          format(
            'party "%s" has no %s account in %s', said.party_code, said.side, said.currency
          )
        )::inbox.complaint]
    end
  from (
    select
      inbox.clean(p_account_id) as account_id,
      inbox.clean(p_party_code) as party_code,
      inbox.try_word(
        coalesce(inbox.clean(p_side), 'receivable'), array['receivable', 'payable']
      ) as side,
      coalesce(upper(inbox.clean(p_currency)), 'IRR') as currency
    offset 0
  ) as said
  left join ref.account as known
    on known.account_id = substring(said.account_id from '^[0-9]{1,18}$')::bigint
  left join ref.party on ref.persian_text(party.code) = said.party_code
  left join ref.account as opened
    on opened.party_id = party.party_id
    and opened.side = said.side
    and opened.currency = said.currency
$$;

comment on function inbox.find_account(text, text, text, text) is
  'The account that a row of the inbox names, by its id or by party code, side (receivable if empty)
and currency (IRR if empty); else why there is none. One row.';
