-- +goose Up

-- A mark of what is defined: who issues and how, programs with their modules,
-- cohorts and achievements, and which status list takes entries. Whatever
-- changes any of that renews the mark in the same transaction, so that a program
-- may keep in memory what it read under a mark, and tell by one row that it still
-- holds. A mark never comes twice.

INSERT INTO settings (name, value) VALUES ('definitions', gen_random_uuid()::text);

-- +goose StatementBegin
CREATE FUNCTION hallmark_define() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE settings SET value = gen_random_uuid()::text WHERE name = 'definitions';
  RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER tg_issuers_defined_insert AFTER INSERT ON issuers FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_issuers_defined_update AFTER UPDATE ON issuers FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_settings_defined_insert AFTER INSERT ON settings FOR EACH ROW
  WHEN (NEW.name <> 'definitions')
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_settings_defined_update AFTER UPDATE ON settings FOR EACH ROW
  WHEN (NEW.name <> 'definitions')
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_programs_defined_insert AFTER INSERT ON programs FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_programs_defined_update AFTER UPDATE ON programs FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_programs_defined_delete AFTER DELETE ON programs FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_modules_defined_insert AFTER INSERT ON modules FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_modules_defined_update AFTER UPDATE ON modules FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_modules_defined_delete AFTER DELETE ON modules FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_cohorts_defined_insert AFTER INSERT ON cohorts FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_cohorts_defined_update AFTER UPDATE ON cohorts FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_cohorts_defined_delete AFTER DELETE ON cohorts FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_achievements_defined_insert AFTER INSERT ON achievements FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_achievements_defined_update AFTER UPDATE ON achievements FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_achievements_defined_delete AFTER DELETE ON achievements FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_status_lists_defined_insert AFTER INSERT ON status_lists FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();
