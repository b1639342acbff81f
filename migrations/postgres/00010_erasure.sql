-- +goose Up

-- Erasing a person. What never changes is opened for that and for nothing else:
-- words of a capstone once someone of its team is erased, words of a review once
-- its reviewer or someone of the team is, and the detail of an audit entry, of
-- which a fixed mark is left. A person who was erased does not come back.

-- The high-water mark is compared with who was erased every second.
CREATE INDEX ix_people_erased ON people (id) WHERE erased_at IS NOT NULL;

DROP TRIGGER tg_submissions_sealed ON submissions;
DROP TRIGGER tg_evidence_sealed ON evidence;
DROP TRIGGER tg_reviews_sealed ON reviews;
DROP TRIGGER tg_audit_entries_sealed ON audit_entries;

-- A trigger's condition cannot look into other tables, so these are whole.
-- +goose StatementBegin
CREATE FUNCTION hallmark_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM members m JOIN people p ON p.id = m.person_id WHERE m.capstone_id = OLD.capstone_id AND p.erased_at IS NOT NULL) THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION hallmark_keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM people p WHERE p.erased_at IS NOT NULL AND (p.id = OLD.reviewer_id OR p.id IN (SELECT person_id FROM members WHERE capstone_id = OLD.capstone_id))) THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
  END IF;
  RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER tg_people_erased BEFORE UPDATE ON people FOR EACH ROW
  WHEN (OLD.erased_at IS NOT NULL)
  EXECUTE FUNCTION hallmark_refuse('a person who was erased does not come back');

CREATE TRIGGER tg_people_kept BEFORE DELETE ON people FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('people are erased, not deleted');

CREATE TRIGGER tg_submissions_bound BEFORE UPDATE ON submissions FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.number <> OLD.number
    OR NEW.submitted_by <> OLD.submitted_by
    OR NEW.submitted_at <> OLD.submitted_at)
  EXECUTE FUNCTION hallmark_refuse('submissions never change');

CREATE TRIGGER tg_submissions_sealed BEFORE UPDATE ON submissions FOR EACH ROW
  EXECUTE FUNCTION hallmark_keep_words('submissions never change');

CREATE TRIGGER tg_evidence_bound BEFORE UPDATE ON evidence FOR EACH ROW
  WHEN (OLD.submission > 0 AND (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.kind <> OLD.kind
    OR NEW.added_by <> OLD.added_by
    OR NEW.added_at <> OLD.added_at))
  EXECUTE FUNCTION hallmark_refuse('evidence that was handed in never changes');

CREATE TRIGGER tg_evidence_sealed BEFORE UPDATE ON evidence FOR EACH ROW
  WHEN (OLD.submission > 0)
  EXECUTE FUNCTION hallmark_keep_words('evidence that was handed in never changes');

CREATE TRIGGER tg_reviews_bound BEFORE UPDATE ON reviews FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.capstone_id <> OLD.capstone_id
    OR NEW.submission <> OLD.submission
    OR NEW.reviewer_id <> OLD.reviewer_id
    OR NEW.tier <> OLD.tier
    OR NEW.decision <> OLD.decision
    OR NEW.at <> OLD.at)
  EXECUTE FUNCTION hallmark_refuse('reviews never change');

CREATE TRIGGER tg_reviews_sealed BEFORE UPDATE ON reviews FOR EACH ROW
  EXECUTE FUNCTION hallmark_keep_review('reviews never change');

CREATE TRIGGER tg_audit_entries_sealed BEFORE UPDATE ON audit_entries FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor
    OR NEW.act <> OLD.act
    OR NEW.object <> OLD.object
    OR NEW.outcome <> OLD.outcome
    OR (NEW.detail = OLD.detail AND (OLD.sequence IS NOT NULL OR NEW.sequence IS NULL))
    OR (NEW.detail <> OLD.detail AND (NEW.detail <> '{"erased":true}'
      OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.previous IS DISTINCT FROM OLD.previous OR NEW.hash IS DISTINCT FROM OLD.hash)))
  EXECUTE FUNCTION hallmark_refuse('audit entries are chained once and never change');
