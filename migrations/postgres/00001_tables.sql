-- +goose Up

-- One table per word of package issuer; a column per field. Every row carries
-- issuer_id. References that may be empty ('') have no foreign key; the rest do.

CREATE TABLE issuers (
  id          text NOT NULL,
  did         text NOT NULL,
  name        text NOT NULL,
  url         text NOT NULL,
  email       text NOT NULL,
  description text NOT NULL,
  base_url    text NOT NULL,
  created_at  timestamptz NOT NULL,
  CONSTRAINT pk_issuers PRIMARY KEY (id)
);

CREATE TABLE settings (
  name  text NOT NULL,
  value text NOT NULL,
  CONSTRAINT pk_settings PRIMARY KEY (name)
);

-- People ---------------------------------------------------------------

CREATE TABLE people (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  name         text NOT NULL,
  department   text NOT NULL,
  experience   text NOT NULL,
  time_zone    text NOT NULL,
  locale       text NOT NULL,
  name_consent text NOT NULL,
  consented_at timestamptz,
  created_at   timestamptz NOT NULL,
  erased_at    timestamptz,
  CONSTRAINT pk_people PRIMARY KEY (id),
  CONSTRAINT fk_people_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_people_name_consent CHECK (name_consent IN ('', 'given', 'refused'))
);
CREATE INDEX ix_people_name ON people (name, id);

CREATE TABLE emails (
  address     text NOT NULL,
  issuer_id   text NOT NULL,
  person_id   text NOT NULL,
  main        boolean NOT NULL,
  verified_at timestamptz,
  created_at  timestamptz NOT NULL,
  CONSTRAINT pk_emails PRIMARY KEY (address),
  CONSTRAINT fk_emails_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_emails_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_emails_person ON emails (person_id);
CREATE UNIQUE INDEX ux_emails_main ON emails (person_id) WHERE main;

CREATE TABLE consent_records (
  id        text NOT NULL,
  issuer_id text NOT NULL,
  person_id text NOT NULL,
  kind      text NOT NULL,
  answer    text NOT NULL,
  version   text NOT NULL,
  at        timestamptz NOT NULL,
  CONSTRAINT pk_consent_records PRIMARY KEY (id),
  CONSTRAINT fk_consent_records_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_consent_records_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_consent_records_answer CHECK (answer IN ('given', 'refused'))
);
CREATE INDEX ix_consent_records_person ON consent_records (person_id);

CREATE TABLE grants (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  role       text NOT NULL,
  program_id text NOT NULL,
  cohort_id  text NOT NULL,
  tier       text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_grants PRIMARY KEY (id),
  CONSTRAINT fk_grants_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_grants_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_grants_role CHECK (role IN ('admin', 'owner', 'mentor', 'sponsor')),
  CONSTRAINT ck_grants_tier CHECK (tier IN ('', 'lead', 'community') AND (tier = '' OR role = 'mentor'))
);
CREATE UNIQUE INDEX ux_grants_place ON grants (person_id, role, program_id, cohort_id);
CREATE INDEX ix_grants_program ON grants (program_id, cohort_id, role);

CREATE TABLE clients (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  name        text NOT NULL,
  secret_hash text NOT NULL,
  scopes      text NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  revoked_at  timestamptz,
  CONSTRAINT pk_clients PRIMARY KEY (id),
  CONSTRAINT fk_clients_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);

-- Programs -------------------------------------------------------------

CREATE TABLE programs (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  code         text NOT NULL,
  name         text NOT NULL,
  purpose      text NOT NULL,
  expectations text NOT NULL,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  CONSTRAINT pk_programs PRIMARY KEY (id),
  CONSTRAINT fk_programs_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);
CREATE UNIQUE INDEX ux_programs_code ON programs (code);

CREATE TABLE skills (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  code       text NOT NULL,
  name       text NOT NULL,
  framework  text NOT NULL,
  url        text NOT NULL,
  CONSTRAINT pk_skills PRIMARY KEY (id),
  CONSTRAINT fk_skills_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_skills_program FOREIGN KEY (program_id) REFERENCES programs (id)
);
CREATE UNIQUE INDEX ux_skills_code ON skills (program_id, code);

CREATE TABLE levels (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  code       text NOT NULL,
  name       text NOT NULL,
  rank       bigint NOT NULL,
  CONSTRAINT pk_levels PRIMARY KEY (id),
  CONSTRAINT fk_levels_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_levels_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT ck_levels_rank CHECK (rank >= 1)
);
CREATE UNIQUE INDEX ux_levels_code ON levels (program_id, code);

CREATE TABLE modules (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  level_id   text NOT NULL,
  code       text NOT NULL,
  name       text NOT NULL,
  kind       text NOT NULL,
  hours      bigint NOT NULL,
  pass       bigint,
  skills     text NOT NULL,
  requires   text NOT NULL,
  position   bigint NOT NULL,
  CONSTRAINT pk_modules PRIMARY KEY (id),
  CONSTRAINT fk_modules_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_modules_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT ck_modules_kind CHECK (kind IN ('short', 'track')),
  CONSTRAINT ck_modules_pass CHECK (pass >= 0 AND pass <= 100)
);
CREATE UNIQUE INDEX ux_modules_code ON modules (program_id, code);

CREATE TABLE briefs (
  id             text NOT NULL,
  issuer_id      text NOT NULL,
  program_id     text NOT NULL,
  level_id       text NOT NULL,
  code           text NOT NULL,
  name           text NOT NULL,
  text           text NOT NULL,
  team_min       bigint NOT NULL,
  team_max       bigint NOT NULL,
  requires       text NOT NULL,
  approvals      bigint NOT NULL,
  needs_lead     boolean NOT NULL,
  scope          boolean NOT NULL,
  evidence_kinds text NOT NULL,
  measures       text NOT NULL,
  rubric         text NOT NULL,
  position       bigint NOT NULL,
  CONSTRAINT pk_briefs PRIMARY KEY (id),
  CONSTRAINT fk_briefs_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_briefs_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT ck_briefs_team CHECK (team_min >= 1 AND team_max >= team_min),
  CONSTRAINT ck_briefs_approvals CHECK (approvals IN (1, 2))
);
CREATE UNIQUE INDEX ux_briefs_code ON briefs (program_id, code);

CREATE TABLE cohorts (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  program_id   text NOT NULL,
  code         text NOT NULL,
  name         text NOT NULL,
  purpose      text NOT NULL,
  expectations text NOT NULL,
  starts_on    text NOT NULL,
  ends_on      text NOT NULL,
  time_zone    text NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT pk_cohorts PRIMARY KEY (id),
  CONSTRAINT fk_cohorts_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_cohorts_program FOREIGN KEY (program_id) REFERENCES programs (id)
);
CREATE UNIQUE INDEX ux_cohorts_code ON cohorts (code);
CREATE INDEX ix_cohorts_program ON cohorts (program_id);

CREATE TABLE enrollments (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  cohort_id  text NOT NULL,
  program_id text NOT NULL,
  person_id  text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_enrollments PRIMARY KEY (id),
  CONSTRAINT fk_enrollments_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_enrollments_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT fk_enrollments_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_enrollments_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ux_enrollments_place ON enrollments (cohort_id, person_id);
CREATE INDEX ix_enrollments_person ON enrollments (person_id);
CREATE INDEX ix_enrollments_program ON enrollments (program_id);

-- Facts ----------------------------------------------------------------

CREATE TABLE completions (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  person_id    text NOT NULL,
  module_id    text NOT NULL,
  program_id   text NOT NULL,
  cohort_id    text NOT NULL,
  completed_on text NOT NULL,
  score        text NOT NULL,
  unit         text NOT NULL,
  passed       boolean NOT NULL,
  source       text NOT NULL,
  recorded_by  text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  CONSTRAINT pk_completions PRIMARY KEY (id),
  CONSTRAINT fk_completions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_completions_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT fk_completions_module FOREIGN KEY (module_id) REFERENCES modules (id),
  CONSTRAINT fk_completions_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_completions_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT ck_completions_completed_on CHECK (completed_on LIKE '____-__-__'),
  CONSTRAINT ck_completions_source CHECK (source IN ('api', 'import', 'hand'))
);
CREATE UNIQUE INDEX ux_completions_fact ON completions (person_id, module_id, completed_on, score, unit);
CREATE INDEX ix_completions_cohort ON completions (cohort_id, module_id);
CREATE INDEX ix_completions_program ON completions (program_id, recorded_at, id);
CREATE INDEX ix_completions_module ON completions (module_id);

CREATE TABLE completion_evidence (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  completion_id text NOT NULL,
  url           text NOT NULL,
  name          text NOT NULL,
  CONSTRAINT pk_completion_evidence PRIMARY KEY (id),
  CONSTRAINT fk_completion_evidence_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_completion_evidence_completion FOREIGN KEY (completion_id) REFERENCES completions (id)
);
CREATE INDEX ix_completion_evidence_completion ON completion_evidence (completion_id);

CREATE TABLE capstones (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  cohort_id  text NOT NULL,
  brief_id   text NOT NULL,
  title      text NOT NULL,
  summary    text NOT NULL,
  impact     text NOT NULL,
  state      text NOT NULL,
  submission bigint NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT pk_capstones PRIMARY KEY (id),
  CONSTRAINT fk_capstones_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_capstones_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_capstones_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT fk_capstones_brief FOREIGN KEY (brief_id) REFERENCES briefs (id),
  CONSTRAINT ck_capstones_state CHECK (state IN ('draft', 'scope_submitted', 'scope_approved', 'scope_returned', 'submitted', 'returned', 'approved', 'withdrawn')),
  CONSTRAINT ck_capstones_submission CHECK (submission >= 0)
);
CREATE INDEX ix_capstones_cohort ON capstones (cohort_id, state, changed_at);
CREATE INDEX ix_capstones_program ON capstones (program_id, state);
CREATE INDEX ix_capstones_brief ON capstones (brief_id);

CREATE TABLE members (
  capstone_id text NOT NULL,
  person_id   text NOT NULL,
  issuer_id   text NOT NULL,
  part        text NOT NULL,
  joined_at   timestamptz NOT NULL,
  CONSTRAINT pk_members PRIMARY KEY (capstone_id, person_id),
  CONSTRAINT fk_members_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_members_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_members_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_members_person ON members (person_id);

CREATE TABLE submissions (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  capstone_id  text NOT NULL,
  number       bigint NOT NULL,
  title        text NOT NULL,
  summary      text NOT NULL,
  impact       text NOT NULL,
  submitted_by text NOT NULL,
  submitted_at timestamptz NOT NULL,
  CONSTRAINT pk_submissions PRIMARY KEY (id),
  CONSTRAINT fk_submissions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_submissions_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_submissions_submitted_by FOREIGN KEY (submitted_by) REFERENCES people (id),
  CONSTRAINT ck_submissions_number CHECK (number >= 1)
);
CREATE UNIQUE INDEX ux_submissions_number ON submissions (capstone_id, number);

CREATE TABLE evidence (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  capstone_id text NOT NULL,
  submission  bigint NOT NULL,
  kind        text NOT NULL,
  name        text NOT NULL,
  url         text NOT NULL,
  media_type  text NOT NULL,
  size        bigint NOT NULL,
  digest      text NOT NULL,
  added_by    text NOT NULL,
  added_at    timestamptz NOT NULL,
  CONSTRAINT pk_evidence PRIMARY KEY (id),
  CONSTRAINT fk_evidence_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_evidence_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_evidence_added_by FOREIGN KEY (added_by) REFERENCES people (id),
  CONSTRAINT ck_evidence_submission CHECK (submission >= 0)
);
CREATE INDEX ix_evidence_capstone ON evidence (capstone_id, submission);

CREATE TABLE reviews (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  capstone_id text NOT NULL,
  submission  bigint NOT NULL,
  reviewer_id text NOT NULL,
  tier        text NOT NULL,
  decision    text NOT NULL,
  scores      text NOT NULL,
  note        text NOT NULL,
  at          timestamptz NOT NULL,
  CONSTRAINT pk_reviews PRIMARY KEY (id),
  CONSTRAINT fk_reviews_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_reviews_submission FOREIGN KEY (capstone_id, submission) REFERENCES submissions (capstone_id, number),
  CONSTRAINT fk_reviews_reviewer FOREIGN KEY (reviewer_id) REFERENCES people (id),
  CONSTRAINT ck_reviews_tier CHECK (tier IN ('', 'lead', 'community')),
  CONSTRAINT ck_reviews_decision CHECK (decision IN ('approve', 'return'))
);
CREATE UNIQUE INDEX ux_reviews_once ON reviews (capstone_id, submission, reviewer_id);
CREATE INDEX ix_reviews_reviewer ON reviews (reviewer_id);

-- Achievements, awards, credentials ------------------------------------

CREATE TABLE achievements (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  program_id text NOT NULL,
  code       text NOT NULL,
  version    bigint NOT NULL,
  position   bigint NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_achievements PRIMARY KEY (id),
  CONSTRAINT fk_achievements_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_achievements_program FOREIGN KEY (program_id) REFERENCES programs (id)
);
CREATE UNIQUE INDEX ux_achievements_code ON achievements (program_id, code);

CREATE TABLE achievement_versions (
  id             text NOT NULL,
  issuer_id      text NOT NULL,
  achievement_id text NOT NULL,
  version        bigint NOT NULL,
  name           text NOT NULL,
  description    text NOT NULL,
  type           text NOT NULL,
  criteria       text NOT NULL,
  valid_months   bigint NOT NULL,
  rule           text NOT NULL,
  skills         text NOT NULL,
  art            text NOT NULL,
  published_at   timestamptz NOT NULL,
  CONSTRAINT pk_achievement_versions PRIMARY KEY (id),
  CONSTRAINT fk_achievement_versions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_achievement_versions_achievement FOREIGN KEY (achievement_id) REFERENCES achievements (id),
  CONSTRAINT ck_achievement_versions_valid_months CHECK (valid_months >= 0)
);
CREATE UNIQUE INDEX ux_achievement_versions_version ON achievement_versions (achievement_id, version);

CREATE TABLE awards (
  id                     text NOT NULL,
  issuer_id              text NOT NULL,
  program_id             text NOT NULL,
  cohort_id              text NOT NULL,
  person_id              text NOT NULL,
  achievement_id         text NOT NULL,
  achievement_version_id text NOT NULL,
  subject                text NOT NULL,
  name_signed            boolean NOT NULL,
  awarded_on             text NOT NULL,
  valid_until            timestamptz,
  fact                   text NOT NULL,
  fact_id                text NOT NULL,
  reason                 text NOT NULL,
  state                  text NOT NULL,
  visibility             text NOT NULL,
  revoked_code           text NOT NULL,
  revoked_reason         text NOT NULL,
  revoked_note           text NOT NULL,
  revoked_at             timestamptz,
  suspended_at           timestamptz,
  suspended_reason       text NOT NULL,
  erased_at              timestamptz,
  created_at             timestamptz NOT NULL,
  CONSTRAINT pk_awards PRIMARY KEY (id),
  CONSTRAINT fk_awards_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_awards_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_awards_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT fk_awards_achievement FOREIGN KEY (achievement_id) REFERENCES achievements (id),
  CONSTRAINT fk_awards_achievement_version FOREIGN KEY (achievement_version_id) REFERENCES achievement_versions (id),
  CONSTRAINT ck_awards_awarded_on CHECK (awarded_on LIKE '____-__-__'),
  CONSTRAINT ck_awards_fact CHECK (fact IN ('completion', 'review', 'requirement', 'explicit')),
  CONSTRAINT ck_awards_reason CHECK (fact <> 'explicit' OR reason <> ''),
  CONSTRAINT ck_awards_state CHECK (state IN ('issued', 'suspended', 'expired', 'revoked', 'erased')),
  CONSTRAINT ck_awards_visibility CHECK (visibility IN ('unlisted', 'public', 'withdrawn')),
  CONSTRAINT ck_awards_revoked CHECK (state <> 'revoked' OR (revoked_at IS NOT NULL AND revoked_code <> '')),
  CONSTRAINT ck_awards_suspended CHECK (state <> 'suspended' OR suspended_at IS NOT NULL),
  CONSTRAINT ck_awards_erased CHECK (state <> 'erased' OR erased_at IS NOT NULL)
);
CREATE UNIQUE INDEX ux_awards_live ON awards (person_id, achievement_id) WHERE state IN ('issued', 'suspended');
CREATE UNIQUE INDEX ux_awards_subject ON awards (subject);
CREATE INDEX ix_awards_person ON awards (person_id, created_at);
CREATE INDEX ix_awards_achievement ON awards (achievement_id);
CREATE INDEX ix_awards_program ON awards (program_id, created_at);
CREATE INDEX ix_awards_cohort ON awards (cohort_id);
CREATE INDEX ix_awards_valid_until ON awards (valid_until) WHERE state IN ('issued', 'suspended');

CREATE TABLE status_lists (
  id           text NOT NULL,
  issuer_id    text NOT NULL,
  purpose      text NOT NULL,
  size         bigint NOT NULL,
  used         bigint NOT NULL,
  dirty        boolean NOT NULL,
  version      bigint NOT NULL,
  bytes        bytea,
  published_at timestamptz,
  created_at   timestamptz NOT NULL,
  CONSTRAINT pk_status_lists PRIMARY KEY (id),
  CONSTRAINT fk_status_lists_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_status_lists_purpose CHECK (purpose IN ('revocation', 'suspension', 'refresh', 'message')),
  CONSTRAINT ck_status_lists_size CHECK (size >= 1)
);
CREATE INDEX ix_status_lists_newest ON status_lists (purpose, created_at, id);

CREATE TABLE status_entries (
  status_list_id text NOT NULL,
  status_index   bigint NOT NULL,
  issuer_id      text NOT NULL,
  credential_id  text NOT NULL,
  set_at         timestamptz,
  reason         text NOT NULL,
  CONSTRAINT pk_status_entries PRIMARY KEY (status_list_id, status_index),
  CONSTRAINT fk_status_entries_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_status_entries_list FOREIGN KEY (status_list_id) REFERENCES status_lists (id),
  CONSTRAINT ck_status_entries_index CHECK (status_index >= 0),
  CONSTRAINT ck_status_entries_reason CHECK (reason IN ('', 'revoked', 'superseded', 'erased')),
  CONSTRAINT ck_status_entries_set CHECK ((set_at IS NULL) = (reason = ''))
);
CREATE UNIQUE INDEX ux_status_entries_credential ON status_entries (credential_id);
CREATE INDEX ix_status_entries_set ON status_entries (status_list_id, status_index) WHERE set_at IS NOT NULL;

CREATE TABLE keys (
  id             text NOT NULL,
  issuer_id      text NOT NULL,
  purpose        text NOT NULL,
  algorithm      text NOT NULL,
  state          text NOT NULL,
  public         text NOT NULL,
  sealed         text NOT NULL,
  created_at     timestamptz NOT NULL,
  active_at      timestamptz,
  retired_at     timestamptz,
  compromised_at timestamptz,
  CONSTRAINT pk_keys PRIMARY KEY (id),
  CONSTRAINT fk_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_keys_purpose CHECK (purpose IN ('credential', 'status', 'log', 'session')),
  CONSTRAINT ck_keys_state CHECK (state IN ('planned', 'active', 'retired', 'compromised'))
);
CREATE UNIQUE INDEX ux_keys_active ON keys (issuer_id, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX ux_keys_public ON keys (public);

CREATE TABLE credentials (
  id             text NOT NULL,
  issuer_id      text NOT NULL,
  award_id       text NOT NULL,
  status_list_id text NOT NULL,
  status_index   bigint NOT NULL,
  valid_from     timestamptz NOT NULL,
  supersedes     text NOT NULL,
  superseded_by  text NOT NULL,
  superseded_at  timestamptz,
  issued_at      timestamptz NOT NULL,
  CONSTRAINT pk_credentials PRIMARY KEY (id),
  CONSTRAINT fk_credentials_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_credentials_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT fk_credentials_status FOREIGN KEY (status_list_id, status_index) REFERENCES status_entries (status_list_id, status_index),
  CONSTRAINT ck_credentials_superseded CHECK ((superseded_by = '') = (superseded_at IS NULL))
);
CREATE UNIQUE INDEX ux_credentials_status ON credentials (status_list_id, status_index);
CREATE INDEX ix_credentials_award ON credentials (award_id);
CREATE INDEX ix_credentials_issued ON credentials (issued_at, id);

CREATE TABLE signed_copies (
  credential_id text NOT NULL,
  format        text NOT NULL,
  issuer_id     text NOT NULL,
  key_id        text NOT NULL,
  bytes         bytea NOT NULL,
  digest        bytea NOT NULL,
  signed_at     timestamptz NOT NULL,
  CONSTRAINT pk_signed_copies PRIMARY KEY (credential_id, format),
  CONSTRAINT fk_signed_copies_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_signed_copies_credential FOREIGN KEY (credential_id) REFERENCES credentials (id),
  CONSTRAINT fk_signed_copies_key FOREIGN KEY (key_id) REFERENCES keys (id),
  CONSTRAINT ck_signed_copies_format CHECK (format IN ('di', 'jwt'))
);
CREATE INDEX ix_signed_copies_key ON signed_copies (key_id);

-- Records, messages, sign-in -------------------------------------------

CREATE TABLE audit_entries (
  id        text NOT NULL,
  issuer_id text NOT NULL,
  at        timestamptz NOT NULL,
  actor     text NOT NULL,
  act       text NOT NULL,
  object    text NOT NULL,
  outcome   text NOT NULL,
  detail    text NOT NULL,
  sequence  bigint,
  previous  bytea,
  hash      bytea,
  CONSTRAINT pk_audit_entries PRIMARY KEY (id),
  CONSTRAINT ck_audit_entries_outcome CHECK (outcome IN ('done', 'refused')),
  CONSTRAINT ck_audit_entries_chained CHECK ((sequence IS NULL) = (hash IS NULL) AND (sequence IS NULL) = (previous IS NULL))
);
CREATE UNIQUE INDEX ux_audit_entries_sequence ON audit_entries (sequence);
CREATE INDEX ix_audit_entries_waiting ON audit_entries (at, id) WHERE sequence IS NULL;
CREATE INDEX ix_audit_entries_object ON audit_entries (object);

CREATE TABLE log_leaves (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  credential_id text NOT NULL,
  type          text NOT NULL,
  at            timestamptz NOT NULL,
  data          bytea NOT NULL,
  sequence      bigint,
  CONSTRAINT pk_log_leaves PRIMARY KEY (id),
  CONSTRAINT fk_log_leaves_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_log_leaves_type CHECK (type IN ('issue', 'supersede', 'revoke', 'suspend', 'reinstate', 'key'))
);
CREATE UNIQUE INDEX ux_log_leaves_sequence ON log_leaves (sequence);
CREATE INDEX ix_log_leaves_waiting ON log_leaves (at, id) WHERE sequence IS NULL;
CREATE INDEX ix_log_leaves_credential ON log_leaves (credential_id);

CREATE TABLE log_salts (
  credential_id text NOT NULL,
  issuer_id     text NOT NULL,
  salt          bytea NOT NULL,
  CONSTRAINT pk_log_salts PRIMARY KEY (credential_id),
  CONSTRAINT fk_log_salts_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);

CREATE TABLE messages (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  kind       text NOT NULL,
  recipient  text NOT NULL,
  template   text NOT NULL,
  data       text NOT NULL,
  state      text NOT NULL,
  attempts   bigint NOT NULL,
  next_at    timestamptz NOT NULL,
  sent_at    timestamptz,
  problem    text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_messages PRIMARY KEY (id),
  CONSTRAINT ck_messages_kind CHECK (kind IN ('mail', 'webhook')),
  CONSTRAINT ck_messages_state CHECK (state IN ('queued', 'sent', 'failed'))
);
CREATE INDEX ix_messages_queued ON messages (next_at, id) WHERE state = 'queued';

CREATE TABLE answers (
  caller       text NOT NULL,
  "key"        text NOT NULL,
  request_hash bytea NOT NULL,
  status       bigint NOT NULL,
  body         bytea NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT pk_answers PRIMARY KEY (caller, "key")
);
CREATE INDEX ix_answers_created ON answers (created_at);

CREATE TABLE sessions (
  token      text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  data       bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_sessions PRIMARY KEY (token)
);
CREATE INDEX ix_sessions_person ON sessions (person_id);
CREATE INDEX ix_sessions_expires ON sessions (expires_at);

CREATE TABLE signin_links (
  token      text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  purpose    text NOT NULL,
  next       text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_signin_links PRIMARY KEY (token),
  CONSTRAINT ck_signin_links_purpose CHECK (purpose IN ('signin', 'setup'))
);
CREATE INDEX ix_signin_links_expires ON signin_links (expires_at);

-- The lowest number of a program's last migration that may run on this
-- schema: a program that knows fewer refuses to start.
INSERT INTO settings (name, value) VALUES ('min_program', '1');
