-- +goose Up

-- The mentor's desk. A claim says who is at work on a capstone that waits: one at
-- a time, because its capstone is its key, and until a moment. A draft keeps what
-- a mentor has of a review; saved replies are a mentor's own words, used again.
-- Conflicts of interest are about one capstone, or about one person and then all
-- their work. Absences say who covers.

CREATE TABLE claims (
  capstone_id text NOT NULL,
  issuer_id   text NOT NULL,
  person_id   text NOT NULL,
  claimed_at  timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  CONSTRAINT pk_claims PRIMARY KEY (capstone_id),
  CONSTRAINT fk_claims_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_claims_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_claims_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_claims_person ON claims (person_id);

CREATE TABLE review_drafts (
  capstone_id text NOT NULL,
  person_id   text NOT NULL,
  issuer_id   text NOT NULL,
  scores      text NOT NULL,
  reason      text NOT NULL,
  note        text NOT NULL,
  saved_at    timestamptz NOT NULL,
  CONSTRAINT pk_review_drafts PRIMARY KEY (capstone_id, person_id),
  CONSTRAINT fk_review_drafts_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_review_drafts_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_review_drafts_person FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE saved_replies (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  name       text NOT NULL,
  text       text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_saved_replies PRIMARY KEY (id),
  CONSTRAINT fk_saved_replies_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_saved_replies_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ux_saved_replies_name ON saved_replies (person_id, name);

CREATE TABLE conflicts (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  reviewer_id text NOT NULL,
  capstone_id text NOT NULL,
  person_id   text NOT NULL,
  kind        text NOT NULL,
  declared_by text NOT NULL,
  declared_at timestamptz NOT NULL,
  CONSTRAINT pk_conflicts PRIMARY KEY (id),
  CONSTRAINT fk_conflicts_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_conflicts_reviewer FOREIGN KEY (reviewer_id) REFERENCES people (id),
  CONSTRAINT ck_conflicts_about CHECK ((capstone_id = '') <> (person_id = '')),
  CONSTRAINT ck_conflicts_kind CHECK (kind IN ('manages', 'close', 'worked', 'other'))
);
CREATE UNIQUE INDEX ux_conflicts_once ON conflicts (reviewer_id, capstone_id, person_id, kind);
CREATE INDEX ix_conflicts_capstone ON conflicts (capstone_id);
CREATE INDEX ix_conflicts_person ON conflicts (person_id);

CREATE TABLE absences (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  from_on    text NOT NULL,
  until_on   text NOT NULL,
  cover_id   text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_absences PRIMARY KEY (id),
  CONSTRAINT fk_absences_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_absences_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_absences_days CHECK (from_on LIKE '____-__-__' AND until_on LIKE '____-__-__' AND from_on <= until_on),
  CONSTRAINT ck_absences_cover CHECK (cover_id <> person_id)
);
CREATE INDEX ix_absences_person ON absences (person_id, until_on);

-- Why a capstone was returned, from a list of the program ('[]': the usual one);
-- and that an approval was taken back by who gave it, within minutes. Then the
-- same mentor may decide anew.

ALTER TABLE programs ADD COLUMN return_reasons text NOT NULL DEFAULT '[]';
ALTER TABLE reviews ADD COLUMN reason text NOT NULL DEFAULT '';
ALTER TABLE reviews ADD COLUMN taken_back_at timestamptz;

DROP INDEX ux_reviews_once;
CREATE UNIQUE INDEX ux_reviews_once ON reviews (capstone_id, submission, reviewer_id) WHERE taken_back_at IS NULL;

DROP TRIGGER tg_reviews_bound ON reviews;
DROP TRIGGER tg_reviews_sealed ON reviews;

CREATE TRIGGER tg_reviews_bound BEFORE UPDATE ON reviews FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.reviewer_id <> OLD.reviewer_id
    OR NEW.tier <> OLD.tier
    OR NEW.decision <> OLD.decision
    OR NEW.reason <> OLD.reason
    OR NEW.at <> OLD.at
    OR (NEW.taken_back_at IS DISTINCT FROM OLD.taken_back_at AND (OLD.taken_back_at IS NOT NULL OR OLD.decision <> 'approve')))
  EXECUTE FUNCTION hallmark_refuse('reviews never change');

CREATE TRIGGER tg_reviews_sealed BEFORE UPDATE ON reviews FOR EACH ROW
  WHEN (NOT (OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL AND NEW.note = OLD.note AND NEW.scores = OLD.scores))
  EXECUTE FUNCTION hallmark_keep_review('reviews never change');

-- +goose StatementBegin
CREATE FUNCTION hallmark_keep_impartial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM members m WHERE m.capstone_id = NEW.capstone_id AND m.person_id = NEW.reviewer_id)
    OR EXISTS (SELECT 1 FROM conflicts c WHERE c.reviewer_id = NEW.reviewer_id AND (c.capstone_id = NEW.capstone_id
      OR c.person_id IN (SELECT person_id FROM members WHERE capstone_id = NEW.capstone_id))) THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER tg_reviews_impartial BEFORE INSERT ON reviews FOR EACH ROW
  EXECUTE FUNCTION hallmark_keep_impartial('no one reviews the work of their own team, nor against a declared conflict');

-- An approval that was taken back and given again issues other badges, with ids
-- of their own.
DROP INDEX ux_allotments_once;
CREATE INDEX ix_allotments_submission ON allotments (capstone_id, submission);
