-- What a phone may see, who a login stands for, and when an account last changed.

create schema mobile;

comment on schema mobile is
  'What the sales visitor''s app reads: narrow views of the customers of the salesperson who asks.';

create table ref.salesperson_login (
  login_name text
    constraint salesperson_login_pkey primary key,
  salesperson_id bigint not null
    constraint salesperson_login_salesperson_fkey references ref.salesperson
);

create index salesperson_login_salesperson_idx on ref.salesperson_login (salesperson_id);

comment on table ref.salesperson_login is
  'Database logins that stand for one salesperson: in mobile such a login sees that salesperson''s customers, whatever its session sets.';
comment on column ref.salesperson_login.login_name is
  'The name the session was opened with (session_user), as in pg_roles; it need not exist yet.';
comment on constraint salesperson_login_pkey on ref.salesperson_login is
  'The login stands for a salesperson already. | Change its row: a login stands for one salesperson.';
comment on constraint salesperson_login_salesperson_fkey on ref.salesperson_login is
  'The salesperson does not exist, or logins still stand for them. | Create the salesperson first; delete their logins before them.';
