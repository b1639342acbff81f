-- +goose Up

-- When those who are asked in a round of feedback were told that it opened, and
-- that it ends soon. Of rounds from before nobody is told any more.

ALTER TABLE feedback_rounds ADD COLUMN opened_told_at datetime;
ALTER TABLE feedback_rounds ADD COLUMN ending_told_at datetime;
UPDATE feedback_rounds SET opened_told_at = created_at, ending_told_at = created_at;
