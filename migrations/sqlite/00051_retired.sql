-- +goose Up

-- What a program no longer offers is retired: nothing new comes of it, and what
-- came of it stays. What nobody has anything of can be removed; an achievement
-- with its versions as long as no badge was made of it.

ALTER TABLE levels ADD COLUMN retired_at datetime;
ALTER TABLE modules ADD COLUMN retired_at datetime;
ALTER TABLE briefs ADD COLUMN retired_at datetime;
ALTER TABLE achievements ADD COLUMN retired_at datetime;

DROP TRIGGER tg_achievement_versions_kept;
-- +goose StatementBegin
CREATE TRIGGER tg_achievement_versions_kept BEFORE DELETE ON achievement_versions
  WHEN EXISTS (SELECT 1 FROM achievements a JOIN awards w ON w.program_id = a.program_id AND w.achievement_id = a.id
    WHERE a.id = OLD.achievement_id)
BEGIN
  SELECT RAISE(ABORT, 'versions of achievements that were awarded are not deleted');
END;
-- +goose StatementEnd
