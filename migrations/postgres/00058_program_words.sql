-- +goose Up

-- What a program says to people in their roles, and what it asks them, in its
-- own words; nothing for what the product says and asks by itself. Answers keep
-- the words that they were given to.

ALTER TABLE programs ADD COLUMN guidance text NOT NULL DEFAULT '{}';
ALTER TABLE programs ADD COLUMN questions text NOT NULL DEFAULT '{}';
ALTER TABLE skills ADD COLUMN question text NOT NULL DEFAULT '';
ALTER TABLE self_ratings ADD COLUMN question text NOT NULL DEFAULT '';
ALTER TABLE opinions ADD COLUMN asked_helped text NOT NULL DEFAULT '';
ALTER TABLE opinions ADD COLUMN asked_hindered text NOT NULL DEFAULT '';
