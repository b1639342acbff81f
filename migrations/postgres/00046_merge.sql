-- +goose Up

-- Two persons of one human become one. The row of the one that ends is emptied as
-- by an erasure and names who it was merged into; what was theirs goes there, and
-- what never changes is opened for that and for nothing else: a row may go from a
-- person to whom that person was merged into.

ALTER TABLE people ADD COLUMN merged_into text NOT NULL DEFAULT '';
CREATE INDEX ix_people_merged ON people (merged_into) WHERE merged_into <> '';

-- +goose StatementBegin
CREATE FUNCTION hallmark_merged(ended text, into_whom text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM people p WHERE p.id = ended AND p.merged_into = into_whom)
$$;
-- +goose StatementEnd

DROP TRIGGER tg_awards_bound ON awards;
CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR (NEW.person_id <> OLD.person_id AND NOT hallmark_merged(OLD.person_id, NEW.person_id))
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.subject <> OLD.subject
    OR NEW.term NOT IN (OLD.term, OLD.term + 1)
    OR (NEW.term = OLD.term AND (NEW.achievement_version_id <> OLD.achievement_version_id
      OR (NEW.awarded_on <> OLD.awarded_on AND NEW.fact_id = OLD.fact_id))))
  EXECUTE FUNCTION hallmark_refuse('an award stays with its person and achievement');

DROP TRIGGER tg_submissions_bound ON submissions;
CREATE TRIGGER tg_submissions_bound BEFORE UPDATE ON submissions FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR (NEW.submitted_by <> OLD.submitted_by AND NOT hallmark_merged(OLD.submitted_by, NEW.submitted_by))
    OR NEW.submitted_at <> OLD.submitted_at)
  EXECUTE FUNCTION hallmark_refuse('submissions never change');

DROP TRIGGER tg_evidence_bound ON evidence;
CREATE TRIGGER tg_evidence_bound BEFORE UPDATE ON evidence FOR EACH ROW
  WHEN (OLD.submission > 0 AND (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.kind <> OLD.kind
    OR (NEW.added_by <> OLD.added_by AND NOT hallmark_merged(OLD.added_by, NEW.added_by))
    OR NEW.added_at <> OLD.added_at))
  EXECUTE FUNCTION hallmark_refuse('evidence that was handed in never changes');

DROP TRIGGER tg_reviews_bound ON reviews;
CREATE TRIGGER tg_reviews_bound BEFORE UPDATE ON reviews FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR (NEW.reviewer_id <> OLD.reviewer_id AND NOT hallmark_merged(OLD.reviewer_id, NEW.reviewer_id))
    OR NEW.tier <> OLD.tier
    OR NEW.decision <> OLD.decision
    OR NEW.reason <> OLD.reason
    OR NEW.at <> OLD.at
    OR (NEW.taken_back_at IS DISTINCT FROM OLD.taken_back_at AND (OLD.taken_back_at IS NOT NULL OR OLD.decision <> 'approve')))
  EXECUTE FUNCTION hallmark_refuse('reviews never change');

DROP TRIGGER tg_capstone_scopes_bound ON capstone_scopes;
CREATE TRIGGER tg_capstone_scopes_bound BEFORE UPDATE ON capstone_scopes FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR NEW.policy <> OLD.policy
    OR (NEW.submitted_by <> OLD.submitted_by AND NOT hallmark_merged(OLD.submitted_by, NEW.submitted_by))
    OR NEW.submitted_at <> OLD.submitted_at
    OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at IS DISTINCT FROM OLD.decided_at
      OR NEW.decision <> OLD.decision
      OR (NEW.reviewer_id IS DISTINCT FROM OLD.reviewer_id AND NOT hallmark_merged(OLD.reviewer_id, NEW.reviewer_id))
      OR NEW.tier <> OLD.tier)))
  EXECUTE FUNCTION hallmark_refuse('a scope is decided once and never changes');

DROP TRIGGER tg_allotments_sealed ON allotments;
CREATE TRIGGER tg_allotments_sealed BEFORE UPDATE ON allotments FOR EACH ROW
  WHEN (NEW.credential_id <> OLD.credential_id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.achievement_id <> OLD.achievement_id
    OR (NEW.person_id <> OLD.person_id AND NOT hallmark_merged(OLD.person_id, NEW.person_id)))
  EXECUTE FUNCTION hallmark_refuse('allotted ids never change');

-- Who handed something in stays in its team, but for one who is in it twice.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION hallmark_keep_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM submissions s WHERE s.capstone_id = OLD.capstone_id)
    AND NOT EXISTS (SELECT 1 FROM members o JOIN people p ON p.merged_into = o.person_id WHERE p.id = OLD.person_id AND o.capstone_id = OLD.capstone_id) THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
  END IF;
  RETURN OLD;
END
$$;
-- +goose StatementEnd
