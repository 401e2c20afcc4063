-- Lines and credits are settled by one function, calc.settle().

drop function if exists calc.settle_lines(calc.line[], calc.credit[], calc.allocation[]);
drop function if exists calc.settle_credits(calc.credit[], calc.allocation[]);
