-- What was told apart since: whether what is brought is new, whether something is told in the account,
-- and which credits are kept already. db/functions has these with their new lists of arguments, and no
-- function may stand twice.

drop function if exists calc.bring(bigint, bigint[], text, bigint[], bigint[], bigint[]);
drop function if exists calc.drop_changed(
  bigint, calc.line[], calc.line[], calc.credit[], calc.credit[]
);
drop function if exists calc.bring_turns(bigint, date, boolean);
drop function if exists calc.shift(
  bigint, bigint[], int[], bigint[], numeric[], boolean, bigint, bigint
);
