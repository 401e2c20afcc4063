-- A book worked out by hand: two settled invoices, an open one, and an opening balance.
create function test.make_settled_book()
returns void
language plpgsql
as $$
declare
  v_salesperson_id bigint;
  v_region_id bigint;
  v_agency_id bigint;
  v_party_id bigint;
  v_account_id bigint;
begin
  perform set_config('rasid.today', '2025-03-10', true);
  insert into ref.salesperson (code, name) values ('S1', 'Ava') returning salesperson_id into v_salesperson_id;
  insert into ref.region (code, name) values ('R1', 'North') returning region_id into v_region_id;
  insert into ref.agency (code, name) values ('A1', 'Agency') returning agency_id into v_agency_id;
  insert into ref.party (code, name, salesperson_id, region_id, agency_id)
  values ('P1', 'a party', v_salesperson_id, v_region_id, v_agency_id)
  returning party_id into v_party_id;
  v_account_id := test.make_account(p_party_id => v_party_id);

  -- 100: 60 after 20 days (10 early), 40 after 40 (10 late): 28 days, 2 early.
  perform test.make_invoice(v_account_id, 100, '2025-01-01', '2025-01-31');
  perform test.make_payment(v_account_id, 60, '2025-01-21');
  perform test.make_payment(v_account_id, 40, '2025-02-10');
  -- 300 after 40 days, 10 late.
  perform test.make_invoice(v_account_id, 300, '2025-01-10', '2025-02-09');
  perform test.make_payment(v_account_id, 300, '2025-02-19');
  -- 200 open, 7 days past due.
  perform test.make_invoice(v_account_id, 200, '2025-02-01', '2025-03-03');
  -- An opening balance tells nothing of how the customer pays.
  v_account_id := test.make_account(p_currency => 'USD', p_party_id => v_party_id);
  insert into doc.invoice (account_id, kind, doc_date, amount)
  values (v_account_id, 'opening', '2024-12-01', 50);
  perform test.make_payment(v_account_id, 50, '2025-01-15');
end
$$;
