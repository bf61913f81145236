-- The board: what stands where in Todoist, what was heard from there, and what is on its way.
-- +goose Up
CREATE TABLE boards (
    workspace_id  bigint PRIMARY KEY REFERENCES workspaces,
    project_id    text NOT NULL DEFAULT '',         -- '' until it is made
    namespace     uuid NOT NULL DEFAULT gen_random_uuid(), -- of the commands' uuids: another database never repeats them
    sections      jsonb NOT NULL DEFAULT '{}',      -- state → section id
    people        jsonb NOT NULL DEFAULT '{}',      -- collaborators: uid → name
    sync_token    text NOT NULL DEFAULT '*',
    synced_at     timestamptz,
    failing_since timestamptz                       -- for health; NULL while it answers
);

-- A ticket's task. What we last saw there and what we are about to set stand apart, so that our own doing is told from
-- a person's. Sweeps write heard only; everything else belongs to the ticket's own sync, one at a time.
CREATE TABLE board_tasks (
    ticket_id       bigint PRIMARY KEY REFERENCES tickets,
    workspace_id    bigint NOT NULL REFERENCES workspaces,
    task_id         text,                           -- NULL until the board answered
    detached_at     timestamptz,                    -- deleted on the board: no longer synced
    version         integer NOT NULL DEFAULT 1,     -- grows with every change but heard's; part of the commands' uuids
    seen            jsonb NOT NULL DEFAULT '{}',    -- {section, assignee, checked, title, description} as last known there
    pushing         jsonb,                          -- the same, as we are about to set it
    pushing_version integer NOT NULL DEFAULT 0,     -- tickets.version that pushing was made of
    pushed_version  integer NOT NULL DEFAULT 0,     -- tickets.version that the board has
    heard           integer NOT NULL DEFAULT 0,     -- sweeps that brought something about the task
    looked          integer NOT NULL DEFAULT 0      -- heard, as of the last look at the task
);
CREATE UNIQUE INDEX board_tasks_task ON board_tasks (workspace_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX board_tasks_due ON board_tasks (workspace_id, ticket_id)
    WHERE detached_at IS NULL AND (heard > looked OR pushing IS NOT NULL);
CREATE INDEX tickets_closed ON tickets (workspace_id, closed_at);

-- The notes that a comment is on the board: one, and one more for each further file of it.
CREATE TABLE board_notes (
    comment_id      bigint NOT NULL REFERENCES comments,
    part            integer NOT NULL,               -- 0 holds the words
    workspace_id    bigint NOT NULL REFERENCES workspaces,
    ticket_id       bigint NOT NULL REFERENCES tickets,
    note_id         text,                           -- NULL until the board answered
    direction       text NOT NULL CHECK (direction IN ('out', 'in')),
    content         text NOT NULL,                  -- as we are about to write it, or last read it
    attachment      jsonb,                          -- of an outgoing file, once uploaded
    pushing_version integer NOT NULL DEFAULT 0,     -- comments.version that content was made of
    pushed_version  integer NOT NULL DEFAULT 0,     -- comments.version that the board has
    PRIMARY KEY (comment_id, part)
);
CREATE UNIQUE INDEX board_notes_note ON board_notes (workspace_id, note_id) WHERE note_id IS NOT NULL;
CREATE INDEX board_notes_ticket ON board_notes (ticket_id);

-- Deliveries of webhooks, to drop repeats; they alone tell who moved a task.
CREATE TABLE board_deliveries (
    workspace_id bigint NOT NULL REFERENCES workspaces,
    delivery_id  text NOT NULL,
    task_id      text NOT NULL DEFAULT '',
    section_id   text NOT NULL DEFAULT '',          -- where the task stood after the event
    actor_uid    text NOT NULL DEFAULT '',
    actor_name   text NOT NULL DEFAULT '',
    received_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, delivery_id)
);
CREATE INDEX board_deliveries_task ON board_deliveries (workspace_id, task_id, received_at);
CREATE INDEX board_deliveries_old ON board_deliveries (received_at);
