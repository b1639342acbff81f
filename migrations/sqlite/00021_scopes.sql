-- +goose Up

-- Before a capstone is built: its scope, which a mentor approves where the brief
-- asks for that. While it is built: which state of the draft a member of the team
-- read, so that two do not write over each other. And who confirmed what it is
-- worth.

ALTER TABLE briefs ADD COLUMN policy text NOT NULL DEFAULT '{}';
ALTER TABLE capstones ADD COLUMN plan text NOT NULL DEFAULT '{}';
ALTER TABLE capstones ADD COLUMN revision integer NOT NULL DEFAULT 0;

CREATE TABLE capstone_scopes (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  capstone_id  text NOT NULL,
  number       integer NOT NULL,
  plan         text NOT NULL,
  policy       text NOT NULL,
  submitted_by text NOT NULL,
  submitted_at datetime NOT NULL,
  decision     text NOT NULL,
  reviewer_id  text,
  tier         text NOT NULL,
  note         text NOT NULL,
  decided_at   datetime,
  CONSTRAINT pk_capstone_scopes PRIMARY KEY (id),
  CONSTRAINT fk_capstone_scopes_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_capstone_scopes_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_capstone_scopes_submitted_by FOREIGN KEY (submitted_by) REFERENCES people (id),
  CONSTRAINT fk_capstone_scopes_reviewer FOREIGN KEY (reviewer_id) REFERENCES people (id),
  CONSTRAINT ck_capstone_scopes_number CHECK (number >= 1),
  CONSTRAINT ck_capstone_scopes_tier CHECK (tier IN ('', 'lead', 'community')),
  CONSTRAINT ck_capstone_scopes_decision CHECK (decision IN ('', 'approve', 'return') AND (decision = '') = (decided_at IS NULL) AND (decided_at IS NULL) = (reviewer_id IS NULL))
);
CREATE UNIQUE INDEX ux_capstone_scopes_number ON capstone_scopes (capstone_id, number);
CREATE INDEX ix_capstone_scopes_reviewer ON capstone_scopes (reviewer_id);

CREATE TABLE confirmations (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  capstone_id text NOT NULL,
  impact      text NOT NULL,
  address     text NOT NULL,
  hash        text NOT NULL,
  asked_by    text NOT NULL,
  asked_at    datetime NOT NULL,
  expires_at  datetime NOT NULL,
  answer      text NOT NULL,
  person_id   text,
  name        text NOT NULL,
  answered_at datetime,
  CONSTRAINT pk_confirmations PRIMARY KEY (id),
  CONSTRAINT fk_confirmations_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_confirmations_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_confirmations_asked_by FOREIGN KEY (asked_by) REFERENCES people (id),
  CONSTRAINT fk_confirmations_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_confirmations_answer CHECK (answer IN ('', 'yes', 'no') AND (answer = '') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX ux_confirmations_hash ON confirmations (hash);
CREATE INDEX ix_confirmations_capstone ON confirmations (capstone_id, asked_at);
CREATE INDEX ix_confirmations_person ON confirmations (person_id);

-- Which files are still asked for, and how much room somebody's take.
CREATE INDEX ix_evidence_digest ON evidence (digest) WHERE digest <> '';
CREATE INDEX ix_evidence_added_by ON evidence (added_by) WHERE digest <> '';

-- A scope is decided once, and then it never changes.
-- +goose StatementBegin
CREATE TRIGGER tg_capstone_scopes_bound BEFORE UPDATE ON capstone_scopes
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR NEW.policy <> OLD.policy
    OR NEW.submitted_by <> OLD.submitted_by
    OR NEW.submitted_at <> OLD.submitted_at
    OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at IS NOT OLD.decided_at
      OR NEW.decision <> OLD.decision
      OR NEW.reviewer_id IS NOT OLD.reviewer_id
      OR NEW.tier <> OLD.tier))
BEGIN
  SELECT RAISE(ABORT, 'a scope is decided once and never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_capstone_scopes_sealed BEFORE UPDATE ON capstone_scopes
  WHEN (NEW.plan <> OLD.plan OR OLD.decided_at IS NOT NULL AND NEW.note <> OLD.note)
    AND NOT EXISTS (SELECT 1 FROM people p WHERE p.erased_at IS NOT NULL AND (p.id = OLD.reviewer_id OR p.id IN (SELECT person_id FROM members WHERE capstone_id = OLD.capstone_id)))
BEGIN
  SELECT RAISE(ABORT, 'a scope is decided once and never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_capstone_scopes_kept BEFORE DELETE ON capstone_scopes
BEGIN
  SELECT RAISE(ABORT, 'scopes are not deleted');
END;
-- +goose StatementEnd

-- Who handed something in stays in its team: nobody reviews their own work.
-- +goose StatementBegin
CREATE TRIGGER tg_members_kept BEFORE DELETE ON members
  WHEN EXISTS (SELECT 1 FROM submissions s WHERE s.capstone_id = OLD.capstone_id)
BEGIN
  SELECT RAISE(ABORT, 'nobody leaves a team that handed something in');
END;
-- +goose StatementEnd
