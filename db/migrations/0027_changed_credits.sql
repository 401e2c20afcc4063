-- A credit with another amount stays where something is told too. db/functions has this with its new
-- list of arguments, and no function may stand twice.

drop function if exists calc.drop_changed(
  bigint, calc.line[], calc.line[], calc.credit[], calc.credit[], boolean
);
