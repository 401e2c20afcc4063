create or replace function inbox.style_complaint(p_style text)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when p_style not in ('iso', 'jalali')
      then array[(
        'date_style_known', format('date_style "%s" is neither iso nor jalali', p_style)
      )::inbox.complaint]
  end
$$;

comment on function inbox.style_complaint(text) is
  'Complains of a date style other than iso and jalali; else null. Inlined.';
