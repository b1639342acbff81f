-- +goose Up

-- What people say: stories of capstones in the gallery, feedback among peers and
-- on modules, and concerns.

-- A story is of one capstone. Whoever agrees, agrees to an edition of its words.
CREATE TABLE stories (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  program_id    text NOT NULL,
  cohort_id     text NOT NULL,
  brief_id      text NOT NULL,
  capstone_id   text NOT NULL,
  edition       bigint NOT NULL,
  title         text NOT NULL,
  words         text NOT NULL,
  department    text NOT NULL,
  impact        text NOT NULL,
  folded        text NOT NULL,
  written_by    text NOT NULL,
  created_at    timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  hidden_at     timestamptz,
  hidden_by     text NOT NULL,
  hidden_reason text NOT NULL,
  CONSTRAINT pk_stories PRIMARY KEY (id),
  CONSTRAINT fk_stories_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_stories_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_stories_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT ck_stories_hidden CHECK (hidden_at IS NULL OR hidden_reason <> '')
);
CREATE UNIQUE INDEX ux_stories_capstone ON stories (capstone_id);
CREATE INDEX ix_stories_program ON stories (program_id, created_at);
CREATE INDEX ix_stories_created ON stories (created_at, id);

CREATE TABLE story_consents (
  story_id  text NOT NULL,
  person_id text NOT NULL,
  issuer_id text NOT NULL,
  edition   bigint NOT NULL,
  agreed    boolean NOT NULL,
  named     boolean NOT NULL,
  at        timestamptz NOT NULL,
  CONSTRAINT pk_story_consents PRIMARY KEY (story_id, person_id),
  CONSTRAINT fk_story_consents_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_story_consents_story FOREIGN KEY (story_id) REFERENCES stories (id),
  CONSTRAINT fk_story_consents_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_story_consents_person ON story_consents (person_id);

CREATE TABLE feedback_rounds (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  cohort_id  text NOT NULL,
  title      text NOT NULL,
  questions  text NOT NULL,
  opens_on   text NOT NULL,
  closes_on  text NOT NULL,
  pairing    text NOT NULL,
  per_person bigint NOT NULL,
  seed       text NOT NULL,
  at_once    boolean NOT NULL,
  nameless   boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at  timestamptz,
  CONSTRAINT pk_feedback_rounds PRIMARY KEY (id),
  CONSTRAINT fk_feedback_rounds_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_feedback_rounds_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT ck_feedback_rounds_pairing CHECK (pairing IN ('team', 'drawn')),
  CONSTRAINT ck_feedback_rounds_days CHECK (opens_on <= closes_on)
);
CREATE INDEX ix_feedback_rounds_cohort ON feedback_rounds (cohort_id, opens_on);

-- A row is one person asked for feedback to another; answers come later.
CREATE TABLE peer_notes (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  round_id      text NOT NULL,
  giver_id      text NOT NULL,
  receiver_id   text NOT NULL,
  answers       text NOT NULL,
  given_at      timestamptz,
  reported_at   timestamptz,
  reported_why  text NOT NULL,
  removed_at    timestamptz,
  CONSTRAINT pk_peer_notes PRIMARY KEY (id),
  CONSTRAINT fk_peer_notes_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_peer_notes_round FOREIGN KEY (round_id) REFERENCES feedback_rounds (id),
  CONSTRAINT fk_peer_notes_giver FOREIGN KEY (giver_id) REFERENCES people (id),
  CONSTRAINT fk_peer_notes_receiver FOREIGN KEY (receiver_id) REFERENCES people (id),
  CONSTRAINT ck_peer_notes_self CHECK (giver_id <> receiver_id)
);
CREATE UNIQUE INDEX ux_peer_notes_pair ON peer_notes (round_id, giver_id, receiver_id);
CREATE INDEX ix_peer_notes_giver ON peer_notes (giver_id);
CREATE INDEX ix_peer_notes_receiver ON peer_notes (receiver_id);

-- What a learner said of a module after a completion of it. Completions of who is
-- erased are folded together, so there is no foreign key to them.
CREATE TABLE opinions (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  program_id    text NOT NULL,
  module_id     text NOT NULL,
  completion_id text NOT NULL,
  person_id     text NOT NULL,
  rating        bigint NOT NULL,
  helped        text NOT NULL,
  hindered      text NOT NULL,
  created_at    timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  CONSTRAINT pk_opinions PRIMARY KEY (id),
  CONSTRAINT fk_opinions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_opinions_module FOREIGN KEY (module_id) REFERENCES modules (id),
  CONSTRAINT fk_opinions_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_opinions_rating CHECK (rating BETWEEN 1 AND 5)
);
CREATE UNIQUE INDEX ux_opinions_completion ON opinions (completion_id);
CREATE INDEX ix_opinions_module ON opinions (program_id, module_id);
CREATE INDEX ix_opinions_person ON opinions (person_id);

-- A concern. Whoever is in concern_people of one is never shown it.
CREATE TABLE concerns (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  program_id    text NOT NULL,
  kind          text NOT NULL,
  goes_to       text NOT NULL,
  credential_id text NOT NULL,
  about         text NOT NULL,
  words         text NOT NULL,
  reporter_id   text NOT NULL,
  code_hash     text NOT NULL,
  state         text NOT NULL,
  assigned_to   text NOT NULL,
  created_at    timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  reminded_at   timestamptz NOT NULL,
  closed_at     timestamptz,
  CONSTRAINT pk_concerns PRIMARY KEY (id),
  CONSTRAINT fk_concerns_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_concerns_kind CHECK (kind IN ('badge', 'project', 'conduct', 'other')),
  CONSTRAINT ck_concerns_state CHECK (state IN ('received', 'working', 'answered', 'closed')),
  CONSTRAINT ck_concerns_goes_to CHECK (goes_to IN ('program', 'admins')),
  CONSTRAINT ck_concerns_way_back CHECK (reporter_id = '' OR code_hash = '')
);
CREATE UNIQUE INDEX ux_concerns_code ON concerns (code_hash) WHERE code_hash <> '';
CREATE INDEX ix_concerns_state ON concerns (state, changed_at);
CREATE INDEX ix_concerns_reporter ON concerns (reporter_id);

CREATE TABLE concern_people (
  concern_id text NOT NULL,
  person_id  text NOT NULL,
  issuer_id  text NOT NULL,
  CONSTRAINT pk_concern_people PRIMARY KEY (concern_id, person_id),
  CONSTRAINT fk_concern_people_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_concern_people_concern FOREIGN KEY (concern_id) REFERENCES concerns (id)
);
CREATE INDEX ix_concern_people_person ON concern_people (person_id);

CREATE TABLE concern_notes (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  concern_id text NOT NULL,
  kind       text NOT NULL,
  author_id  text NOT NULL,
  words      text NOT NULL,
  at         timestamptz NOT NULL,
  CONSTRAINT pk_concern_notes PRIMARY KEY (id),
  CONSTRAINT fk_concern_notes_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_concern_notes_concern FOREIGN KEY (concern_id) REFERENCES concerns (id),
  CONSTRAINT ck_concern_notes_kind CHECK (kind IN ('added', 'answer', 'note'))
);
CREATE INDEX ix_concern_notes_concern ON concern_notes (concern_id, at);
