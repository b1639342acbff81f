-- +goose Up

-- Erasing a person. What never changes is opened for that and for nothing else:
-- words of a capstone once someone of its team is erased, words of a review once
-- its reviewer or someone of the team is, and the detail of an audit entry, of
-- which a fixed mark is left. A person who was erased does not come back.

-- The high-water mark is compared with who was erased every second.
CREATE INDEX ix_people_erased ON people (id) WHERE erased_at IS NOT NULL;

DROP TRIGGER tg_submissions_sealed;
DROP TRIGGER tg_evidence_sealed;
DROP TRIGGER tg_reviews_sealed;
DROP TRIGGER tg_audit_entries_sealed;

-- +goose StatementBegin
CREATE TRIGGER tg_people_erased BEFORE UPDATE ON people
  WHEN OLD.erased_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a person who was erased does not come back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_people_kept BEFORE DELETE ON people
BEGIN
  SELECT RAISE(ABORT, 'people are erased, not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_submissions_bound BEFORE UPDATE ON submissions
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR NEW.submitted_by <> OLD.submitted_by
    OR NEW.submitted_at <> OLD.submitted_at
BEGIN
  SELECT RAISE(ABORT, 'submissions never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_submissions_sealed BEFORE UPDATE ON submissions
  WHEN NOT EXISTS (SELECT 1 FROM members m JOIN people p ON p.id = m.person_id WHERE m.capstone_id = OLD.capstone_id AND p.erased_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'submissions never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_evidence_bound BEFORE UPDATE ON evidence
  WHEN OLD.submission > 0 AND (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.kind <> OLD.kind
    OR NEW.added_by <> OLD.added_by
    OR NEW.added_at <> OLD.added_at)
BEGIN
  SELECT RAISE(ABORT, 'evidence that was handed in never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_evidence_sealed BEFORE UPDATE ON evidence
  WHEN OLD.submission > 0 AND NOT EXISTS (SELECT 1 FROM members m JOIN people p ON p.id = m.person_id WHERE m.capstone_id = OLD.capstone_id AND p.erased_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'evidence that was handed in never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_reviews_bound BEFORE UPDATE ON reviews
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.reviewer_id <> OLD.reviewer_id
    OR NEW.tier <> OLD.tier
    OR NEW.decision <> OLD.decision
    OR NEW.at <> OLD.at
BEGIN
  SELECT RAISE(ABORT, 'reviews never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_reviews_sealed BEFORE UPDATE ON reviews
  WHEN NOT EXISTS (SELECT 1 FROM people p WHERE p.erased_at IS NOT NULL AND (p.id = OLD.reviewer_id OR p.id IN (SELECT person_id FROM members WHERE capstone_id = OLD.capstone_id)))
BEGIN
  SELECT RAISE(ABORT, 'reviews never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_audit_entries_sealed BEFORE UPDATE ON audit_entries
  WHEN NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor
    OR NEW.act <> OLD.act
    OR NEW.object <> OLD.object
    OR NEW.outcome <> OLD.outcome
    OR (NEW.detail = OLD.detail AND (OLD.sequence IS NOT NULL OR NEW.sequence IS NULL))
    OR (NEW.detail <> OLD.detail AND (NEW.detail <> '{"erased":true}'
      OR NEW.sequence IS NOT OLD.sequence OR NEW.previous IS NOT OLD.previous OR NEW.hash IS NOT OLD.hash))
BEGIN
  SELECT RAISE(ABORT, 'audit entries are chained once and never change');
END;
-- +goose StatementEnd
