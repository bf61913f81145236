-- The board: what stands where in Todoist, what came from there, and how far we have read.
-- +goose Up
CREATE TABLE boards (
    workspace_id bigint PRIMARY KEY REFERENCES workspaces,
    project_id   text NOT NULL,
    sections     jsonb NOT NULL DEFAULT '{}',       -- state → section id
    sync_token   text NOT NULL DEFAULT '*',
    synced_at    timestamptz,
    failing_since timestamptz                       -- for health; NULL while it answers
);

-- A ticket's task. Written before the first call; what we last saw and what we are about to set stand apart, so that
-- our own echo is told from a person's move.
CREATE TABLE board_tasks (
    ticket_id    bigint PRIMARY KEY REFERENCES tickets,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    task_id      text,                              -- NULL until the board answered
    detached_at  timestamptz,                       -- deleted on the board: no longer synced
    seen         jsonb NOT NULL DEFAULT '{}',       -- {section, assignee, checked} as last seen there
    pushing      jsonb,                             -- the same, as we are about to set it
    pushed_version integer NOT NULL DEFAULT 0       -- tickets.version that the board has
);
CREATE UNIQUE INDEX board_tasks_task ON board_tasks (workspace_id, task_id) WHERE task_id IS NOT NULL;

CREATE TABLE board_comments (
    comment_id   bigint PRIMARY KEY REFERENCES comments,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    note_id      text,                              -- NULL until the board answered
    direction    text NOT NULL CHECK (direction IN ('out', 'in')),
    hash         text NOT NULL,                     -- of the note's content, to know our own echo by
    pushed_version integer NOT NULL DEFAULT 0       -- comments.version that the board has
);
CREATE UNIQUE INDEX board_comments_note ON board_comments (workspace_id, note_id) WHERE note_id IS NOT NULL;

-- Deliveries of webhooks, to drop repeats.
CREATE TABLE board_deliveries (
    workspace_id bigint NOT NULL REFERENCES workspaces,
    delivery_id  text NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, delivery_id)
);

-- What a sweep brought, until the ticket's workflow has applied it. Written in the transaction that moves sync_token on.
CREATE TABLE board_inbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces,
    ticket_id    bigint NOT NULL REFERENCES tickets,
    kind         text NOT NULL CHECK (kind IN ('item', 'note')),
    payload      jsonb NOT NULL,
    applied_at   timestamptz
);
CREATE INDEX board_inbox_waiting ON board_inbox (ticket_id, id) WHERE applied_at IS NULL;
