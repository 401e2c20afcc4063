-- bi.cash_forecast_as_of() reads its credits from calc.state_as_of() itself.

drop function if exists calc.credit_as_of(bigint, date);
