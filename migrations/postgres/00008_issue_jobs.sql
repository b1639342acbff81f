-- +goose Up

-- Badges that are awarded by the word of someone, many at a time: the job, and a
-- row for each award with what became of it. A row is done in the transaction
-- that awards its badge, so a job goes on where it was broken off.

CREATE TABLE issue_jobs (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  actor       text NOT NULL,
  caller      text NOT NULL,
  fingerprint text NOT NULL,
  dry_run     boolean NOT NULL,
  quiet       boolean NOT NULL,
  state       text NOT NULL,
  total       bigint NOT NULL,
  done        bigint NOT NULL,
  problem     text NOT NULL,
  created_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  CONSTRAINT pk_issue_jobs PRIMARY KEY (id),
  CONSTRAINT fk_issue_jobs_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_issue_jobs_state CHECK (state IN ('queued', 'running', 'done', 'failed')),
  CONSTRAINT ck_issue_jobs_done CHECK (done >= 0 AND done <= total)
);
CREATE INDEX ix_issue_jobs_open ON issue_jobs (created_at, id) WHERE state IN ('queued', 'running');

CREATE TABLE issue_items (
  job_id        text NOT NULL,
  item_row      bigint NOT NULL,
  issuer_id     text NOT NULL,
  achievement   text NOT NULL,
  program       text NOT NULL,
  email         text NOT NULL,
  person_id     text NOT NULL,
  reason        text NOT NULL,
  state         text NOT NULL,
  problem       text NOT NULL,
  credential_id text NOT NULL,
  CONSTRAINT pk_issue_items PRIMARY KEY (job_id, item_row),
  CONSTRAINT fk_issue_items_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_issue_items_job FOREIGN KEY (job_id) REFERENCES issue_jobs (id),
  CONSTRAINT ck_issue_items_state CHECK (state IN ('queued', 'issued', 'held', 'refused'))
);
CREATE INDEX ix_issue_items_queued ON issue_items (job_id, item_row) WHERE state = 'queued';
