-- +goose Up

-- What a program no longer offers is retired: nothing new comes of it, and what
-- came of it stays. What nobody has anything of can be removed; an achievement
-- with its versions as long as no badge was made of it.

ALTER TABLE levels ADD COLUMN retired_at timestamptz;
ALTER TABLE modules ADD COLUMN retired_at timestamptz;
ALTER TABLE briefs ADD COLUMN retired_at timestamptz;
ALTER TABLE achievements ADD COLUMN retired_at timestamptz;

DROP TRIGGER tg_achievement_versions_kept ON achievement_versions;
-- +goose StatementBegin
CREATE FUNCTION hallmark_awarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM achievements a JOIN awards w ON w.program_id = a.program_id AND w.achievement_id = a.id
    WHERE a.id = OLD.achievement_id) THEN
    RAISE EXCEPTION 'versions of achievements that were awarded are not deleted' USING ERRCODE = 'HM001';
  END IF;
  RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER tg_achievement_versions_kept BEFORE DELETE ON achievement_versions FOR EACH ROW
  EXECUTE FUNCTION hallmark_awarded();
