-- +goose Up

-- Two persons of one human become one. The row of the one that ends is emptied as
-- by an erasure and names who it was merged into; what was theirs goes there, and
-- what never changes is opened for that and for nothing else: a row may go from a
-- person to whom that person was merged into.

ALTER TABLE people ADD COLUMN merged_into text NOT NULL DEFAULT '';
CREATE INDEX ix_people_merged ON people (merged_into) WHERE merged_into <> '';

DROP TRIGGER tg_awards_bound;
-- +goose StatementBegin
CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards
  WHEN NEW.id <> OLD.id
    OR (NEW.person_id <> OLD.person_id AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.merged_into = NEW.person_id))
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.subject <> OLD.subject
    OR NEW.term NOT IN (OLD.term, OLD.term + 1)
    OR (NEW.term = OLD.term AND (NEW.achievement_version_id <> OLD.achievement_version_id
      OR (NEW.awarded_on <> OLD.awarded_on AND NEW.fact_id = OLD.fact_id)))
BEGIN
  SELECT RAISE(ABORT, 'an award stays with its person and achievement');
END;
-- +goose StatementEnd

DROP TRIGGER tg_submissions_bound;
-- +goose StatementBegin
CREATE TRIGGER tg_submissions_bound BEFORE UPDATE ON submissions
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR (NEW.submitted_by <> OLD.submitted_by AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.submitted_by AND p.merged_into = NEW.submitted_by))
    OR NEW.submitted_at <> OLD.submitted_at
BEGIN
  SELECT RAISE(ABORT, 'submissions never change');
END;
-- +goose StatementEnd

DROP TRIGGER tg_evidence_bound;
-- +goose StatementBegin
CREATE TRIGGER tg_evidence_bound BEFORE UPDATE ON evidence
  WHEN OLD.submission > 0 AND (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.kind <> OLD.kind
    OR (NEW.added_by <> OLD.added_by AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.added_by AND p.merged_into = NEW.added_by))
    OR NEW.added_at <> OLD.added_at)
BEGIN
  SELECT RAISE(ABORT, 'evidence that was handed in never changes');
END;
-- +goose StatementEnd

DROP TRIGGER tg_reviews_bound;
-- +goose StatementBegin
CREATE TRIGGER tg_reviews_bound BEFORE UPDATE ON reviews
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR (NEW.reviewer_id <> OLD.reviewer_id AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.reviewer_id AND p.merged_into = NEW.reviewer_id))
    OR NEW.tier <> OLD.tier
    OR NEW.decision <> OLD.decision
    OR NEW.reason <> OLD.reason
    OR NEW.at <> OLD.at
    OR (NEW.taken_back_at IS NOT OLD.taken_back_at AND (OLD.taken_back_at IS NOT NULL OR OLD.decision <> 'approve'))
BEGIN
  SELECT RAISE(ABORT, 'reviews never change');
END;
-- +goose StatementEnd

DROP TRIGGER tg_capstone_scopes_bound;
-- +goose StatementBegin
CREATE TRIGGER tg_capstone_scopes_bound BEFORE UPDATE ON capstone_scopes
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR NEW.policy <> OLD.policy
    OR (NEW.submitted_by <> OLD.submitted_by AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.submitted_by AND p.merged_into = NEW.submitted_by))
    OR NEW.submitted_at <> OLD.submitted_at
    OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at IS NOT OLD.decided_at
      OR NEW.decision <> OLD.decision
      OR (NEW.reviewer_id IS NOT OLD.reviewer_id AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.reviewer_id AND p.merged_into = NEW.reviewer_id))
      OR NEW.tier <> OLD.tier))
BEGIN
  SELECT RAISE(ABORT, 'a scope is decided once and never changes');
END;
-- +goose StatementEnd

DROP TRIGGER tg_allotments_sealed;
-- +goose StatementBegin
CREATE TRIGGER tg_allotments_sealed BEFORE UPDATE ON allotments
  WHEN NEW.credential_id <> OLD.credential_id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.achievement_id <> OLD.achievement_id
    OR (NEW.person_id <> OLD.person_id AND NOT EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.merged_into = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'allotted ids never change');
END;
-- +goose StatementEnd

-- Who handed something in stays in its team, but for one who is in it twice.
DROP TRIGGER tg_members_kept;
-- +goose StatementBegin
CREATE TRIGGER tg_members_kept BEFORE DELETE ON members
  WHEN EXISTS (SELECT 1 FROM submissions s WHERE s.capstone_id = OLD.capstone_id)
    AND NOT EXISTS (SELECT 1 FROM members o JOIN people p ON p.merged_into = o.person_id WHERE p.id = OLD.person_id AND o.capstone_id = OLD.capstone_id)
BEGIN
  SELECT RAISE(ABORT, 'nobody leaves a team that handed something in');
END;
-- +goose StatementEnd
