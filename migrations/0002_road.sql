-- The road of a message: the journal of updates in, the outbox of messages out, and the limits they hold to.
-- +goose Up
CREATE TABLE chats (
    bot_id       bigint NOT NULL REFERENCES bots,
    chat_id      bigint NOT NULL,
    lang         text NOT NULL DEFAULT 'en',       -- of the chat's person; messages without a language use it
    unreachable  text,                             -- why nothing can be sent there: "bot was blocked by the user"
    next_send    timestamptz NOT NULL DEFAULT 'epoch', -- GCRA theoretical arrival time of the chat's limit
    held_until   timestamptz NOT NULL DEFAULT 'epoch', -- Telegram said wait (429)
    PRIMARY KEY (bot_id, chat_id)
) WITH (fillfactor = 80);

-- No foreign key to bots: each row would lock the bot's, and bots are never deleted.
CREATE TABLE updates (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of arrival
    bot_id       bigint NOT NULL,
    update_id    bigint NOT NULL,
    conversation text NOT NULL,                    -- workflow id it is handed to; '' for what nobody handles
    chat_id      bigint,
    user_id      bigint,
    kind         text NOT NULL,                    -- Telegram's name: message, edited_message, callback_query, …
    reply_to     bigint,                           -- message of the same chat it answers
    button_of    bigint,                           -- outbox row whose button was pressed, as callback_data claims
    raw          json NOT NULL,                    -- as it came; json, for jsonb refuses \u0000 and lone surrogates
    received_at  timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz,                      -- handed to the conversation (or nothing to hand over)
    handled_at   timestamptz,                      -- the conversation wrote what came of it
    outcome      text,
    UNIQUE (bot_id, update_id)
) WITH (fillfactor = 80);
CREATE INDEX updates_waiting ON updates (conversation, seq) WHERE delivered_at IS NULL;
CREATE INDEX updates_chat ON updates (bot_id, chat_id, seq);

CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of sending within a chat
    workspace_id bigint NOT NULL REFERENCES workspaces,
    bot_id       bigint NOT NULL,
    chat_id      bigint NOT NULL,
    key          text COLLATE "C" NOT NULL,        -- idempotency key; "C" so that the unique index finds prefixes
    edits        text COLLATE "C",                 -- key of the row whose message this one replaces
    about        text,
    bulk         boolean NOT NULL DEFAULT false,
    message      jsonb NOT NULL,                   -- rendered: html, files, buttons
    status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'dead')),
    attempts     integer NOT NULL DEFAULT 0,
    not_before   timestamptz NOT NULL DEFAULT now(),
    aside        boolean NOT NULL DEFAULT false,   -- its file cannot be had for now: what comes after it need not wait
    claimed_until timestamptz,                     -- a sender is at it; afterwards another may take it over
    parts_sent   integer NOT NULL DEFAULT 0,       -- requests done so far: long texts and albums take several
    message_id   bigint,                           -- Telegram's, once sent: of the part with the words and buttons
    message_ids  bigint[] NOT NULL DEFAULT '{}',   -- of all parts
    error        text,                             -- the last one, without secrets
    created_at   timestamptz NOT NULL DEFAULT now(),
    sent_at      timestamptz,
    UNIQUE (bot_id, key),
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats
) WITH (fillfactor = 80);
CREATE INDEX outbox_waiting ON outbox (bot_id, bulk, id) WHERE status = 'pending';
CREATE INDEX outbox_chat_waiting ON outbox (bot_id, chat_id, bulk, id) WHERE status = 'pending';
CREATE INDEX outbox_edits ON outbox (bot_id, edits) WHERE edits IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (workspace_id, id) WHERE status = 'dead';

-- What each message in Telegram is about, in both directions, so that a reply or an edit finds its thing.
CREATE TABLE messages (
    bot_id       bigint NOT NULL,
    chat_id      bigint NOT NULL,
    message_id   bigint NOT NULL,
    about        text NOT NULL,                    -- "ticket:12"
    part         text NOT NULL DEFAULT '',         -- which part of it: "comment:34"
    PRIMARY KEY (bot_id, chat_id, message_id)
);
CREATE INDEX messages_part ON messages (bot_id, part) WHERE part <> '';

-- Token buckets of the bots, shared by every sender (the chats' stand in chats.next_send). A sender claims rows of a bot
-- only while it holds the lock of the bot's row here, so that no two send the same.
CREATE TABLE bot_limits (
    bot_id       bigint PRIMARY KEY REFERENCES bots,
    next_send    timestamptz NOT NULL DEFAULT 'epoch',
    held_until   timestamptz NOT NULL DEFAULT 'epoch'
) WITH (fillfactor = 50);
