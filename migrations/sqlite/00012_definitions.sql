-- +goose Up

-- A mark of what is defined: who issues and how, programs with their modules,
-- cohorts and achievements, and which status list takes entries. Whatever
-- changes any of that renews the mark in the same transaction, so that a program
-- may keep in memory what it read under a mark, and tell by one row that it still
-- holds. A mark never comes twice.

INSERT INTO settings (name, value) VALUES ('definitions', hex(randomblob(16)));

-- +goose StatementBegin
CREATE TRIGGER tg_issuers_defined_insert AFTER INSERT ON issuers
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_issuers_defined_update AFTER UPDATE ON issuers
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_settings_defined_insert AFTER INSERT ON settings
  WHEN NEW.name <> 'definitions'
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_settings_defined_update AFTER UPDATE ON settings
  WHEN NEW.name <> 'definitions'
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_programs_defined_insert AFTER INSERT ON programs
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_programs_defined_update AFTER UPDATE ON programs
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_programs_defined_delete AFTER DELETE ON programs
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_modules_defined_insert AFTER INSERT ON modules
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_modules_defined_update AFTER UPDATE ON modules
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_modules_defined_delete AFTER DELETE ON modules
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_cohorts_defined_insert AFTER INSERT ON cohorts
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_cohorts_defined_update AFTER UPDATE ON cohorts
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_cohorts_defined_delete AFTER DELETE ON cohorts
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_achievements_defined_insert AFTER INSERT ON achievements
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_achievements_defined_update AFTER UPDATE ON achievements
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_achievements_defined_delete AFTER DELETE ON achievements
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_lists_defined_insert AFTER INSERT ON status_lists
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd
