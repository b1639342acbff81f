-- +goose Up

-- A random word in the Message-ID of a mail, by which a mail server's report of
-- what became of it finds it again. Mails from before have none.

ALTER TABLE messages ADD COLUMN mark text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX ux_messages_mark ON messages (mark) WHERE mark <> '';
