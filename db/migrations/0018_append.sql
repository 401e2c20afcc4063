-- A new credit or invoice that comes last is brought by calc.append_credit() and calc.append_invoice(),
-- which lock the account themselves; db/functions has them and calc.bring() with their new lists of
-- arguments, and no function may stand twice.

drop function if exists calc.bring(bigint, bigint[], text, bigint[], bigint[], bigint[], boolean);
drop function if exists calc.append_credit(calc.account, calc.credit);
