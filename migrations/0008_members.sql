-- Members in their general form: a role may hold at one place only, and invites name it too. Sessions of the web.
-- +goose Up
ALTER TABLE people ADD COLUMN post text NOT NULL DEFAULT '';  -- "terminal:3", "company:5"; '' everywhere
ALTER TABLE invites ADD COLUMN post text NOT NULL DEFAULT '';

CREATE TABLE sessions (
    token  text PRIMARY KEY,                       -- SHA-256 of the cookie
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);
