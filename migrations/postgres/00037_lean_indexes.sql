-- +goose Up

-- What each badge adds to indexes, and no more than statements ask for.

-- Rows that wait have no position yet.
DROP INDEX ux_audit_entries_sequence;
CREATE UNIQUE INDEX ux_audit_entries_sequence ON audit_entries (sequence) WHERE sequence IS NOT NULL;
DROP INDEX ux_log_leaves_sequence;
CREATE UNIQUE INDEX ux_log_leaves_sequence ON log_leaves (sequence) WHERE sequence IS NOT NULL;

-- One index finds a person's awards and keeps two from being live: an award that
-- ended counts as one of its own.
DROP INDEX ux_awards_live;
DROP INDEX ix_awards_person;
CREATE UNIQUE INDEX ux_awards_live ON awards (person_id, achievement_id, (CASE WHEN state IN ('issued', 'suspended') THEN '' ELSE id END));

-- What is earned belongs to a program, and is asked for with it.
DROP INDEX ix_awards_achievement;
DROP INDEX ix_awards_program;
CREATE INDEX ix_awards_program ON awards (program_id, achievement_id);
DROP INDEX ix_completions_module;
DROP INDEX ix_completions_program;
CREATE INDEX ix_completions_program ON completions (program_id, module_id);

-- Random subjects never meet, and a credential's place in a status list is that of
-- the one entry which names the credential: the auditor holds both against the
-- signed bytes.
DROP INDEX ux_awards_subject;
DROP INDEX ux_credentials_status;

-- Copies are asked for by key when a key is given up, credential by credential.
DROP INDEX ix_signed_copies_key;
