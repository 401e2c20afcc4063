-- The marks have no key that a subscriber could be told of: who published them, as with all tables
-- of calc, stopped the refresher at its first delete. Costs nothing unless they are published.

alter table calc.dirty replica identity full;
