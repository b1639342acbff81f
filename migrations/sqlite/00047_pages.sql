-- +goose Up

-- What pages look for among rows that grow with people. None of these is touched by
-- issuing a badge.

-- The decisions about a capstone, those that were taken back too.
CREATE INDEX ix_reviews_capstone ON reviews (capstone_id, submission);

-- Mails that went, or were given up, by when they were written; the ones that wait
-- have an index of their own.
CREATE INDEX ix_messages_ended ON messages (created_at, id) WHERE state <> 'queued';

-- Mails that were given up or came back, and jobs by how they stand: few, and asked
-- for on the first page of who runs this.
CREATE INDEX ix_messages_given_up ON messages (state, bounced_at) WHERE state = 'failed';
CREATE INDEX ix_messages_bounced ON messages (bounced_at, state) WHERE bounced_at IS NOT NULL;
CREATE INDEX ix_issue_jobs_state ON issue_jobs (state, created_at, id);
