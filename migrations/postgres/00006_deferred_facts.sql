-- +goose Up

-- Facts that were recorded while issuing was stopped. What they bring about is
-- issued when the stop is over, and the row goes in the same transaction.

CREATE TABLE deferred_facts (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  kind       text NOT NULL,
  fact_id    text NOT NULL,
  person_id  text NOT NULL,
  quiet      boolean NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_deferred_facts PRIMARY KEY (id),
  CONSTRAINT fk_deferred_facts_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_deferred_facts_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_deferred_facts_kind CHECK (kind IN ('completion', 'reviewing', 'consent'))
);
CREATE UNIQUE INDEX ux_deferred_facts_fact ON deferred_facts (kind, fact_id, person_id);
