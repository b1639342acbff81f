-- +goose Up

-- A completion is never changed: one that was wrong is withdrawn, with a reason,
-- and replaced_by names the right one. delivery says how someone delivered in a
-- team, the note is for mentors and who runs the program.

ALTER TABLE completions ADD COLUMN delivery text NOT NULL DEFAULT '';
ALTER TABLE completions ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE completions ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE completions ADD COLUMN withdrawn_by text NOT NULL DEFAULT '';
ALTER TABLE completions ADD COLUMN withdrawn_reason text NOT NULL DEFAULT '';
ALTER TABLE completions ADD COLUMN replaced_by text NOT NULL DEFAULT '';

-- The day of an award goes with its fact: corrected is the one with the other.
DROP TRIGGER tg_awards_bound ON awards;
CREATE TRIGGER tg_awards_bound BEFORE UPDATE ON awards FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.person_id <> OLD.person_id
    OR NEW.achievement_id <> OLD.achievement_id
    OR NEW.subject <> OLD.subject
    OR NEW.term NOT IN (OLD.term, OLD.term + 1)
    OR (NEW.term = OLD.term AND (NEW.achievement_version_id <> OLD.achievement_version_id
      OR (NEW.awarded_on <> OLD.awarded_on AND NEW.fact_id = OLD.fact_id))))
  EXECUTE FUNCTION hallmark_refuse('an award stays with its person and achievement');

-- Nobody new comes into a cohort that is closed; one that is archived is only
-- read. Who left a cohort stays in its records.
ALTER TABLE cohorts ADD COLUMN closed_at timestamptz;
ALTER TABLE cohorts ADD COLUMN archived_at timestamptz;
ALTER TABLE enrollments ADD COLUMN left_at timestamptz;

CREATE TABLE touchpoints (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  cohort_id    text NOT NULL,
  kind         text NOT NULL,
  title        text NOT NULL,
  at           timestamptz NOT NULL,
  host_id      text NOT NULL,
  notes        text NOT NULL,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL,
  cancelled_at timestamptz,
  CONSTRAINT pk_touchpoints PRIMARY KEY (id),
  CONSTRAINT fk_touchpoints_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_touchpoints_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT fk_touchpoints_host FOREIGN KEY (host_id) REFERENCES people (id),
  CONSTRAINT ck_touchpoints_kind CHECK (kind IN ('check-in', 'code-review', 'demo'))
);
CREATE INDEX ix_touchpoints_cohort ON touchpoints (cohort_id, at);
CREATE INDEX ix_touchpoints_host ON touchpoints (host_id);

CREATE TABLE attendances (
  touchpoint_id text NOT NULL,
  person_id     text NOT NULL,
  issuer_id     text NOT NULL,
  state         text NOT NULL,
  noted_at      timestamptz NOT NULL,
  CONSTRAINT pk_attendances PRIMARY KEY (touchpoint_id, person_id),
  CONSTRAINT fk_attendances_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_attendances_touchpoint FOREIGN KEY (touchpoint_id) REFERENCES touchpoints (id),
  CONSTRAINT fk_attendances_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_attendances_state CHECK (state IN ('present', 'absent', 'excused'))
);
CREATE INDEX ix_attendances_person ON attendances (person_id);

CREATE TABLE self_ratings (
  cohort_id text NOT NULL,
  person_id text NOT NULL,
  skill_id  text NOT NULL,
  moment    text NOT NULL,
  issuer_id text NOT NULL,
  rating    bigint NOT NULL,
  at        timestamptz NOT NULL,
  CONSTRAINT pk_self_ratings PRIMARY KEY (cohort_id, person_id, skill_id, moment),
  CONSTRAINT fk_self_ratings_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_self_ratings_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT fk_self_ratings_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT fk_self_ratings_skill FOREIGN KEY (skill_id) REFERENCES skills (id),
  CONSTRAINT ck_self_ratings_moment CHECK (moment IN ('start', 'end')),
  CONSTRAINT ck_self_ratings_rating CHECK (rating BETWEEN 1 AND 5)
);
CREATE INDEX ix_self_ratings_person ON self_ratings (person_id);
CREATE INDEX ix_self_ratings_skill ON self_ratings (skill_id);
