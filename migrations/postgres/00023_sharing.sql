-- +goose Up

-- How people show what they earned, and what they ask of those who run it.

-- Links that show one badge until a day, or until they are ended. What is kept
-- of the secret is its hash.
CREATE TABLE share_links (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  award_id   text NOT NULL,
  label      text NOT NULL,
  hash       text NOT NULL,
  opened     bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at   timestamptz,
  CONSTRAINT pk_share_links PRIMARY KEY (id),
  CONSTRAINT fk_share_links_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_share_links_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT ck_share_links_opened CHECK (opened >= 0)
);
CREATE UNIQUE INDEX ux_share_links_hash ON share_links (hash);
CREATE INDEX ix_share_links_award ON share_links (award_id, created_at);

-- How often the page of a badge was looked at on a day, and nothing of by whom.
CREATE TABLE badge_views (
  award_id  text NOT NULL,
  on_day    text NOT NULL,
  issuer_id text NOT NULL,
  seen      bigint NOT NULL,
  CONSTRAINT pk_badge_views PRIMARY KEY (award_id, on_day),
  CONSTRAINT fk_badge_views_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_badge_views_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT ck_badge_views_seen CHECK (seen > 0)
);

-- The page that a person chose to have. Looks is the handle without what the
-- eye does not tell apart, so that no two are taken for each other.
CREATE TABLE portfolios (
  person_id  text NOT NULL,
  issuer_id  text NOT NULL,
  handle     text NOT NULL,
  looks      text NOT NULL,
  headline   text NOT NULL,
  named      boolean NOT NULL,
  links      text NOT NULL,
  capstones  text NOT NULL,
  shown      boolean NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT pk_portfolios PRIMARY KEY (person_id),
  CONSTRAINT fk_portfolios_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_portfolios_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX ux_portfolios_handle ON portfolios (handle);
CREATE UNIQUE INDEX ux_portfolios_looks ON portfolios (looks);

-- What people say their name should be, one question at a time.
CREATE TABLE name_requests (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  person_id   text NOT NULL,
  name        text NOT NULL,
  note        text NOT NULL,
  state       text NOT NULL,
  answer      text NOT NULL,
  answered_by text NOT NULL,
  created_at  timestamptz NOT NULL,
  answered_at timestamptz,
  CONSTRAINT pk_name_requests PRIMARY KEY (id),
  CONSTRAINT fk_name_requests_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_name_requests_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_name_requests_state CHECK (state IN ('open', 'done', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX ux_name_requests_open ON name_requests (person_id) WHERE state = 'open';
CREATE INDEX ix_name_requests_person ON name_requests (person_id, created_at);
CREATE INDEX ix_name_requests_state ON name_requests (created_at) WHERE state = 'open';

-- What a team says against a return, once for each submission.
CREATE TABLE appeals (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  capstone_id text NOT NULL,
  submission  bigint NOT NULL,
  person_id   text NOT NULL,
  words       text NOT NULL,
  state       text NOT NULL,
  answer      text NOT NULL,
  answered_by text NOT NULL,
  created_at  timestamptz NOT NULL,
  answered_at timestamptz,
  CONSTRAINT pk_appeals PRIMARY KEY (id),
  CONSTRAINT fk_appeals_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_appeals_capstone FOREIGN KEY (capstone_id) REFERENCES capstones (id),
  CONSTRAINT fk_appeals_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_appeals_state CHECK (state IN ('open', 'stands', 'reopened'))
);
CREATE UNIQUE INDEX ux_appeals_submission ON appeals (capstone_id, submission);
CREATE INDEX ix_appeals_person ON appeals (person_id);
CREATE INDEX ix_appeals_open ON appeals (created_at) WHERE state = 'open';
