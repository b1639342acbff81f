-- +goose Up

-- What pages look for among rows that grow with people. None of these is touched by
-- issuing a badge.

-- The decisions about a capstone, those that were taken back too.
CREATE INDEX ix_reviews_capstone ON reviews (capstone_id, submission);

-- Mails that went, or were given up, by when they were written; the ones that wait
-- have an index of their own.
CREATE INDEX ix_messages_ended ON messages (created_at, id) WHERE state <> 'queued';
