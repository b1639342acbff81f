-- +goose Up

-- Links by which people join a cohort by themselves: for so many, until a day,
-- and until they are closed. What is kept of the secret is its hash.

CREATE TABLE join_links (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  cohort_id  text NOT NULL,
  hash       text NOT NULL,
  places     integer NOT NULL,
  used       integer NOT NULL,
  expires_at datetime NOT NULL,
  created_by text NOT NULL,
  created_at datetime NOT NULL,
  closed_at  datetime,
  CONSTRAINT pk_join_links PRIMARY KEY (id),
  CONSTRAINT fk_join_links_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_join_links_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT ck_join_links_used CHECK (used >= 0 AND used <= places)
);
CREATE UNIQUE INDEX ux_join_links_hash ON join_links (hash);
CREATE INDEX ix_join_links_cohort ON join_links (cohort_id, created_at);
