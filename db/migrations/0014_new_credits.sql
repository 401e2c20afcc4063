-- calc.bring() is told whether what it brings is new, calc.drop_changed() whether something is told;
-- db/functions has them with their longer lists of arguments, and no function may stand twice.

drop function if exists calc.bring(bigint, bigint[], text, bigint[], bigint[], bigint[]);
drop function if exists calc.drop_changed(
  bigint, calc.line[], calc.line[], calc.credit[], calc.credit[]
);
