-- What triggers and functions refuse. The rows come from db/functions/ref/refuse.sql.

create table ref.refusal (
  code text
    constraint refusal_pkey primary key
    constraint refusal_code_format check (code ~ '^RS[0-9]{3}$'),
  constraint_name text not null
    constraint refusal_constraint_name_unique unique,
  sentence text not null,
  hint text not null
);

comment on table ref.refusal is
  'Every SQLSTATE of class RS: RS0xx documents, RS1xx reference data, RS2xx the engine, RS3xx the inbox, RS8xx the calendar.';
comment on column ref.refusal.constraint_name is 'The name by which programs know the rule; unique, like the code.';
comment on column ref.refusal.sentence is 'What is wrong, in general; the message of a refusal names the case.';
comment on column ref.refusal.hint is 'What to do; the hint of a refusal that has none of its own.';
comment on constraint refusal_pkey on ref.refusal is
  'There is a refusal with this code. | Take the next free number of its group.';
comment on constraint refusal_code_format on ref.refusal is
  'The code is not RS and three digits. | Take the next free number of its group.';
comment on constraint refusal_constraint_name_unique on ref.refusal is
  'There is a refusal with this constraint name. | Name it for its own rule.';
