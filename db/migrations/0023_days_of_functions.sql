-- A day that a function of bi is given is a ref.day, refused before anything is looked up.

drop function if exists bi.cash_forecast_as_of(date);
drop function if exists bi.statement(bigint, date, date);
