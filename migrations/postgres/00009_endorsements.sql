-- +goose Up

-- The mentor's own word. A submission allots the ids of the badges that its
-- approval would issue, so that an approval can be signed about a badge before
-- there is one; mentors have a key each; what they signed waits for its badge.
-- Whoever signs shows that it is them a moment before, by a mailed code or a
-- passkey.

CREATE TABLE allotments (
  credential_id  text NOT NULL,
  issuer_id      text NOT NULL,
  capstone_id    text NOT NULL,
  submission     bigint NOT NULL,
  person_id      text NOT NULL,
  achievement_id text NOT NULL,
  CONSTRAINT pk_allotments PRIMARY KEY (credential_id),
  CONSTRAINT fk_allotments_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_allotments_submission FOREIGN KEY (capstone_id, submission) REFERENCES submissions (capstone_id, number),
  CONSTRAINT fk_allotments_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT fk_allotments_achievement FOREIGN KEY (achievement_id) REFERENCES achievements (id)
);
CREATE UNIQUE INDEX ux_allotments_once ON allotments (capstone_id, submission, person_id, achievement_id);

CREATE TABLE mentor_keys (
  person_id  text NOT NULL,
  issuer_id  text NOT NULL,
  public     text NOT NULL,
  sealed     text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_mentor_keys PRIMARY KEY (person_id),
  CONSTRAINT fk_mentor_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_mentor_keys_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ux_mentor_keys_public ON mentor_keys (public);

CREATE TABLE endorsements (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  review_id     text NOT NULL,
  credential_id text NOT NULL,
  bytes         bytea NOT NULL,
  created_at    timestamptz NOT NULL,
  sent_at       timestamptz,
  voided_at     timestamptz,
  CONSTRAINT pk_endorsements PRIMARY KEY (id),
  CONSTRAINT fk_endorsements_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_endorsements_review FOREIGN KEY (review_id) REFERENCES reviews (id),
  CONSTRAINT fk_endorsements_allotment FOREIGN KEY (credential_id) REFERENCES allotments (credential_id),
  CONSTRAINT ck_endorsements_end CHECK (sent_at IS NULL OR voided_at IS NULL)
);
CREATE UNIQUE INDEX ux_endorsements_once ON endorsements (review_id, credential_id);
CREATE INDEX ix_endorsements_credential ON endorsements (credential_id);

CREATE TABLE step_up_codes (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  hash       text NOT NULL,
  attempts   bigint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT pk_step_up_codes PRIMARY KEY (id),
  CONSTRAINT fk_step_up_codes_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_step_up_codes_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_step_up_codes_person ON step_up_codes (person_id, created_at);

CREATE TABLE passkeys (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  name       text NOT NULL,
  data       text NOT NULL,
  created_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT pk_passkeys PRIMARY KEY (id),
  CONSTRAINT fk_passkeys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_passkeys_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_passkeys_person ON passkeys (person_id);

CREATE TRIGGER tg_allotments_sealed BEFORE UPDATE ON allotments FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('allotted ids never change');

CREATE TRIGGER tg_mentor_keys_sealed BEFORE UPDATE ON mentor_keys FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('keys of mentors never change');

CREATE TRIGGER tg_endorsements_sealed BEFORE UPDATE ON endorsements FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.review_id <> OLD.review_id
    OR NEW.credential_id <> OLD.credential_id
    OR NEW.bytes <> OLD.bytes
    OR OLD.sent_at IS NOT NULL
    OR OLD.voided_at IS NOT NULL)
  EXECUTE FUNCTION hallmark_refuse('an endorsement never changes and ends once');
