-- calc.bring() is told whether what it brings is new; db/functions has it with the longer list of
-- arguments, and no function may stand twice.

drop function if exists calc.bring(bigint, bigint[], text, bigint[], bigint[], bigint[]);
