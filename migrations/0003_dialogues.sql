-- Drafts: dialogues left unfinished, kept with what was answered so far.
-- +goose Up
CREATE TABLE drafts (
    bot_id     bigint NOT NULL,
    chat_id    bigint NOT NULL,
    user_id    bigint NOT NULL,
    dialogue   text NOT NULL,                      -- "desk.new"
    answers    jsonb NOT NULL,
    saved_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, chat_id, user_id, dialogue)
);
