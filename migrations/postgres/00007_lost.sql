-- +goose Up

-- What was published after the state that a database was put back to, as far as
-- it is known from outside of it: bits of status lists and badges whose records
-- are lost. The bits stay set and the places are not taken again.

CREATE TABLE lost_entries (
  status_list_id text NOT NULL,
  status_index   bigint NOT NULL,
  issuer_id      text NOT NULL,
  found_at       timestamptz NOT NULL,
  CONSTRAINT pk_lost_entries PRIMARY KEY (status_list_id, status_index),
  CONSTRAINT fk_lost_entries_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_lost_entries_list FOREIGN KEY (status_list_id) REFERENCES status_lists (id)
);

CREATE TABLE lost_credentials (
  id        text NOT NULL,
  issuer_id text NOT NULL,
  found_at  timestamptz NOT NULL,
  CONSTRAINT pk_lost_credentials PRIMARY KEY (id),
  CONSTRAINT fk_lost_credentials_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);
