-- +goose Up

-- What is final stays final, whatever code above the database does. Each
-- guard refuses a change; package store answers it as ErrFinal.

-- +goose StatementBegin
CREATE FUNCTION hallmark_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
END
$$;
-- +goose StatementEnd

-- A trigger's condition cannot look into other tables, so this one is whole.
-- +goose StatementBegin
CREATE FUNCTION hallmark_keep_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM credentials c JOIN awards a ON a.id = c.award_id WHERE c.id = OLD.credential_id AND a.state = 'erased') THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HM001';
  END IF;
  RETURN OLD;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER tg_awards_state BEFORE UPDATE ON awards FOR EACH ROW
  WHEN ((OLD.state IN ('expired', 'revoked') AND NEW.state IN ('issued', 'suspended'))
    OR (OLD.state = 'revoked' AND NEW.state = 'expired')
    OR (OLD.state = 'erased' AND NEW.state <> 'erased'))
  EXECUTE FUNCTION hallmark_refuse('an award that ended does not come back');

CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.person_id <> OLD.person_id
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.achievement_version_id <> OLD.achievement_version_id
    OR NEW.subject <> OLD.subject)
  EXECUTE FUNCTION hallmark_refuse('an award stays with its person and achievement');

CREATE TRIGGER tg_awards_kept BEFORE DELETE ON awards FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('awards are not deleted');

CREATE TRIGGER tg_credentials_bound BEFORE UPDATE ON credentials FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.award_id <> OLD.award_id
    OR NEW.status_list_id <> OLD.status_list_id
    OR NEW.status_index <> OLD.status_index
    OR (OLD.superseded_by <> '' AND NEW.superseded_by <> OLD.superseded_by))
  EXECUTE FUNCTION hallmark_refuse('a credential stays with its award and status entry');

CREATE TRIGGER tg_credentials_kept BEFORE DELETE ON credentials FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('credentials are not deleted');

CREATE TRIGGER tg_signed_copies_sealed BEFORE UPDATE ON signed_copies FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('signed copies never change');

CREATE TRIGGER tg_signed_copies_kept BEFORE DELETE ON signed_copies FOR EACH ROW
  EXECUTE FUNCTION hallmark_keep_copy('signed copies go only when their award is erased');

CREATE TRIGGER tg_status_entries_monotone BEFORE UPDATE ON status_entries FOR EACH ROW
  WHEN (NEW.status_list_id <> OLD.status_list_id
    OR NEW.status_index <> OLD.status_index
    OR NEW.credential_id <> OLD.credential_id
    OR (OLD.set_at IS NOT NULL AND NEW.set_at IS NULL))
  EXECUTE FUNCTION hallmark_refuse('a set status bit is never cleared and an index never moves');

CREATE TRIGGER tg_status_entries_kept BEFORE DELETE ON status_entries FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('status entries are not deleted');

CREATE TRIGGER tg_status_lists_monotone BEFORE UPDATE ON status_lists FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.size <> OLD.size
    OR NEW.version < OLD.version)
  EXECUTE FUNCTION hallmark_refuse('a status list never goes back');

CREATE TRIGGER tg_status_lists_kept BEFORE DELETE ON status_lists FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('status lists are not deleted');

CREATE TRIGGER tg_keys_state BEFORE UPDATE ON keys FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised'))
  EXECUTE FUNCTION hallmark_refuse('a key that ended does not come back');

CREATE TRIGGER tg_keys_kept BEFORE DELETE ON keys FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('keys are not deleted');

CREATE TRIGGER tg_submissions_sealed BEFORE UPDATE ON submissions FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('submissions never change');

CREATE TRIGGER tg_submissions_kept BEFORE DELETE ON submissions FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('submissions are not deleted');

CREATE TRIGGER tg_evidence_sealed BEFORE UPDATE ON evidence FOR EACH ROW
  WHEN (OLD.submission > 0)
  EXECUTE FUNCTION hallmark_refuse('evidence that was handed in never changes');

CREATE TRIGGER tg_evidence_kept BEFORE DELETE ON evidence FOR EACH ROW
  WHEN (OLD.submission > 0)
  EXECUTE FUNCTION hallmark_refuse('evidence that was handed in is not deleted');

CREATE TRIGGER tg_reviews_sealed BEFORE UPDATE ON reviews FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('reviews never change');

CREATE TRIGGER tg_reviews_kept BEFORE DELETE ON reviews FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('reviews are not deleted');

CREATE TRIGGER tg_achievement_versions_sealed BEFORE UPDATE ON achievement_versions FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('versions of achievements never change');

CREATE TRIGGER tg_achievement_versions_kept BEFORE DELETE ON achievement_versions FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('versions of achievements are not deleted');

CREATE TRIGGER tg_audit_entries_sealed BEFORE UPDATE ON audit_entries FOR EACH ROW
  WHEN (OLD.sequence IS NOT NULL
    OR NEW.sequence IS NULL
    OR NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.at <> OLD.at
    OR NEW.actor <> OLD.actor
    OR NEW.act <> OLD.act
    OR NEW.object <> OLD.object
    OR NEW.outcome <> OLD.outcome
    OR NEW.detail <> OLD.detail)
  EXECUTE FUNCTION hallmark_refuse('audit entries are chained once and never change');

CREATE TRIGGER tg_audit_entries_kept BEFORE DELETE ON audit_entries FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('audit entries are not deleted');

CREATE TRIGGER tg_log_leaves_sealed BEFORE UPDATE ON log_leaves FOR EACH ROW
  WHEN (OLD.sequence IS NOT NULL
    OR NEW.sequence IS NULL
    OR NEW.id <> OLD.id
    OR NEW.issuer_id <> OLD.issuer_id
    OR NEW.credential_id <> OLD.credential_id
    OR NEW.type <> OLD.type
    OR NEW.at <> OLD.at
    OR NEW.data <> OLD.data)
  EXECUTE FUNCTION hallmark_refuse('log leaves get their place once and never change');

CREATE TRIGGER tg_log_leaves_kept BEFORE DELETE ON log_leaves FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('log leaves are not deleted');

UPDATE settings SET value = '2' WHERE name = 'min_program';
