-- calc.replay() no longer says which allocations are of a return to its invoice: places say that.
-- calc.allocate() gives an array.

drop function if exists calc.replay(
  int, boolean[], bigint[], int[], boolean[], int[], numeric[], bigint[]
);
drop function if exists calc.allocate(calc.line[], calc.credit[], calc.told[], bigint[]);
