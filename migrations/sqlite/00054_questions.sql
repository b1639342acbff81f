-- +goose Up

-- A question that a reader of a badge asks its issuer. It counts from confirmed_at
-- on, when whoever reads the mail of the address said that it is theirs.
CREATE TABLE questions (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  program_id    text NOT NULL,
  cohort_id     text NOT NULL,
  award_id      text NOT NULL,
  credential_id text NOT NULL,
  hash          text NOT NULL,
  name          text NOT NULL,
  address       text NOT NULL,
  language      text NOT NULL,
  words         text NOT NULL,
  state         text NOT NULL,
  answer        text NOT NULL,
  answered_by   text NOT NULL,
  asked_at      datetime NOT NULL,
  confirmed_at  datetime,
  changed_at    datetime NOT NULL,
  reminded_at   datetime NOT NULL,
  CONSTRAINT pk_questions PRIMARY KEY (id),
  CONSTRAINT fk_questions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_questions_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT ck_questions_state CHECK (state IN ('asked', 'open', 'answered', 'closed')),
  CONSTRAINT ck_questions_confirmed CHECK (state IN ('asked', 'closed') OR confirmed_at IS NOT NULL),
  CONSTRAINT ck_questions_answer CHECK (state = 'answered' OR answer = '')
);
CREATE UNIQUE INDEX ux_questions_hash ON questions (hash);
CREATE INDEX ix_questions_open ON questions (confirmed_at, id) WHERE state = 'open';
CREATE INDEX ix_questions_award ON questions (award_id, confirmed_at);
CREATE INDEX ix_questions_address ON questions (address, asked_at);
CREATE INDEX ix_questions_changed ON questions (changed_at);
