-- Sessions of the desk stand in cookies that the server signs: of one that is logged out, a copy
-- would go on. Rows are needed only as long as such a copy could still be read.

create table desk.ended_session (
  session_key text
    constraint ended_session_pkey primary key,
  ended_at timestamptz not null default now()
);

comment on table desk.ended_session is
  'One row a session that was logged out, kept until its cookie is too old in any case.';
comment on column desk.ended_session.session_key is 'What the session''s cookie calls it.';
comment on constraint ended_session_pkey on desk.ended_session is
  'The session is logged out already. | Log in again.';
