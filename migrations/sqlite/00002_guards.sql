-- +goose Up

-- What is final stays final, whatever code above the database does. Each
-- guard refuses a change; package store answers it as ErrFinal.

-- +goose StatementBegin
CREATE TRIGGER tg_awards_state BEFORE UPDATE ON awards
  WHEN (OLD.state IN ('expired', 'revoked') AND NEW.state IN ('issued', 'suspended'))
    OR (OLD.state = 'revoked' AND NEW.state = 'expired')
    OR (OLD.state = 'erased' AND NEW.state <> 'erased')
BEGIN
  SELECT RAISE(ABORT, 'an award that ended does not come back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards
  WHEN NEW.id <> OLD.id
    OR NEW.person_id <> OLD.person_id
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.achievement_version_id <> OLD.achievement_version_id
    OR NEW.subject <> OLD.subject
BEGIN
  SELECT RAISE(ABORT, 'an award stays with its person and achievement');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_awards_kept BEFORE DELETE ON awards
BEGIN
  SELECT RAISE(ABORT, 'awards are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_credentials_bound BEFORE UPDATE ON credentials
  WHEN NEW.id <> OLD.id
    OR NEW.award_id <> OLD.award_id
    OR NEW.status_list_id <> OLD.status_list_id
    OR NEW.status_index <> OLD.status_index
    OR (OLD.superseded_by <> '' AND NEW.superseded_by <> OLD.superseded_by)
BEGIN
  SELECT RAISE(ABORT, 'a credential stays with its award and status entry');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_credentials_kept BEFORE DELETE ON credentials
BEGIN
  SELECT RAISE(ABORT, 'credentials are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_signed_copies_sealed BEFORE UPDATE ON signed_copies
BEGIN
  SELECT RAISE(ABORT, 'signed copies never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_signed_copies_kept BEFORE DELETE ON signed_copies
  WHEN NOT EXISTS (SELECT 1 FROM credentials c JOIN awards a ON a.id = c.award_id WHERE c.id = OLD.credential_id AND a.state = 'erased')
BEGIN
  SELECT RAISE(ABORT, 'signed copies go only when their award is erased');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_entries_monotone BEFORE UPDATE ON status_entries
  WHEN NEW.status_list_id <> OLD.status_list_id
    OR NEW.status_index <> OLD.status_index
    OR NEW.credential_id <> OLD.credential_id
    OR (OLD.set_at IS NOT NULL AND NEW.set_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'a set status bit is never cleared and an index never moves');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_entries_kept BEFORE DELETE ON status_entries
BEGIN
  SELECT RAISE(ABORT, 'status entries are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_lists_monotone BEFORE UPDATE ON status_lists
  WHEN NEW.id <> OLD.id
    OR NEW.size <> OLD.size
    OR NEW.version < OLD.version
BEGIN
  SELECT RAISE(ABORT, 'a status list never goes back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_lists_kept BEFORE DELETE ON status_lists
BEGIN
  SELECT RAISE(ABORT, 'status lists are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_keys_state BEFORE UPDATE ON keys
  WHEN NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised')
BEGIN
  SELECT RAISE(ABORT, 'a key that ended does not come back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_keys_kept BEFORE DELETE ON keys
BEGIN
  SELECT RAISE(ABORT, 'keys are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_submissions_sealed BEFORE UPDATE ON submissions
BEGIN
  SELECT RAISE(ABORT, 'submissions never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_submissions_kept BEFORE DELETE ON submissions
BEGIN
  SELECT RAISE(ABORT, 'submissions are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_evidence_sealed BEFORE UPDATE ON evidence
  WHEN OLD.submission > 0
BEGIN
  SELECT RAISE(ABORT, 'evidence that was handed in never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_evidence_kept BEFORE DELETE ON evidence
  WHEN OLD.submission > 0
BEGIN
  SELECT RAISE(ABORT, 'evidence that was handed in is not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_reviews_sealed BEFORE UPDATE ON reviews
BEGIN
  SELECT RAISE(ABORT, 'reviews never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_reviews_kept BEFORE DELETE ON reviews
BEGIN
  SELECT RAISE(ABORT, 'reviews are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_achievement_versions_sealed BEFORE UPDATE ON achievement_versions
BEGIN
  SELECT RAISE(ABORT, 'versions of achievements never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_achievement_versions_kept BEFORE DELETE ON achievement_versions
BEGIN
  SELECT RAISE(ABORT, 'versions of achievements are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_audit_entries_sealed BEFORE UPDATE ON audit_entries
  WHEN OLD.sequence IS NOT NULL
    OR NEW.sequence IS NULL
    OR NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor
    OR NEW.act <> OLD.act
    OR NEW.object <> OLD.object
    OR NEW.outcome <> OLD.outcome
    OR NEW.detail <> OLD.detail
BEGIN
  SELECT RAISE(ABORT, 'audit entries are chained once and never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_audit_entries_kept BEFORE DELETE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'audit entries are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_log_leaves_sealed BEFORE UPDATE ON log_leaves
  WHEN OLD.sequence IS NOT NULL
    OR NEW.sequence IS NULL
    OR NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.credential_id <> OLD.credential_id
    OR NEW.type <> OLD.type
    OR NEW.at <> OLD.at
    OR NEW.data <> OLD.data
BEGIN
  SELECT RAISE(ABORT, 'log leaves get their place once and never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_log_leaves_kept BEFORE DELETE ON log_leaves
BEGIN
  SELECT RAISE(ABORT, 'log leaves are not deleted');
END;
-- +goose StatementEnd

UPDATE settings SET value = '2' WHERE name = 'min_program';
