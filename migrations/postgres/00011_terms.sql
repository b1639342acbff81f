-- +goose Up

-- Renewal. An award says how it stands in its current term; what it said in
-- terms before is kept here. A credential names the term it was issued in.

ALTER TABLE awards ADD COLUMN term bigint NOT NULL DEFAULT 0;
ALTER TABLE awards ADD COLUMN renewed_at timestamptz;
ALTER TABLE credentials ADD COLUMN term bigint NOT NULL DEFAULT 0;

CREATE TABLE past_terms (
  award_id               text NOT NULL,
  term                   bigint NOT NULL,
  issuer_id              text NOT NULL,
  cohort_id              text NOT NULL,
  achievement_version_id text NOT NULL,
  awarded_on             text NOT NULL,
  valid_until            timestamptz,
  fact                   text NOT NULL,
  fact_id                text NOT NULL,
  reason                 text NOT NULL,
  began_at               timestamptz NOT NULL,
  CONSTRAINT pk_past_terms PRIMARY KEY (award_id, term),
  CONSTRAINT fk_past_terms_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_past_terms_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT fk_past_terms_achievement_version FOREIGN KEY (achievement_version_id) REFERENCES achievement_versions (id),
  CONSTRAINT ck_past_terms_term CHECK (term >= 0)
);
CREATE INDEX ix_past_terms_fact ON past_terms (fact_id) WHERE fact_id <> '';

-- The version is that of the term; within a term it stays.
DROP TRIGGER tg_awards_bound ON awards;
CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.person_id <> OLD.person_id
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.subject <> OLD.subject
    OR NEW.term NOT IN (OLD.term, OLD.term + 1)
    OR (NEW.term = OLD.term AND (NEW.achievement_version_id <> OLD.achievement_version_id OR NEW.awarded_on <> OLD.awarded_on)))
  EXECUTE FUNCTION hallmark_refuse('an award stays with its person and achievement');

-- Words that may name someone can be taken out; the rest stays.
CREATE TRIGGER tg_past_terms_sealed BEFORE UPDATE ON past_terms FOR EACH ROW
  WHEN (NEW.award_id <> OLD.award_id
    OR NEW.term <> OLD.term
    OR NEW.achievement_version_id <> OLD.achievement_version_id
    OR NEW.awarded_on <> OLD.awarded_on
    OR NEW.valid_until IS DISTINCT FROM OLD.valid_until
    OR NEW.fact <> OLD.fact
    OR NEW.fact_id <> OLD.fact_id
    OR (NEW.reason <> OLD.reason AND NEW.reason <> ''))
  EXECUTE FUNCTION hallmark_refuse('terms that are past never change');

CREATE TRIGGER tg_past_terms_kept BEFORE DELETE ON past_terms FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('terms that are past are not deleted');

CREATE TRIGGER tg_credentials_term BEFORE UPDATE ON credentials FOR EACH ROW
  WHEN (NEW.term <> OLD.term)
  EXECUTE FUNCTION hallmark_refuse('a credential stays in its term');
