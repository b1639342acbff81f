-- +goose Up

-- What cohorts came to, counted from the records now and then so that pages need
-- not: a row that is lost is counted anew. It has numbers alone, and names of
-- groups of five people or more.
CREATE TABLE cohort_sums (
  cohort_id  text NOT NULL,
  issuer_id  text NOT NULL,
  counted_at datetime NOT NULL,
  sums       text NOT NULL,
  unearned   integer NOT NULL,
  unseen     integer NOT NULL,
  CONSTRAINT pk_cohort_sums PRIMARY KEY (cohort_id),
  CONSTRAINT fk_cohort_sums_cohort FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
  CONSTRAINT fk_cohort_sums_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);

CREATE INDEX ix_cohort_sums_stuck ON cohort_sums (cohort_id) WHERE unearned > 0 OR unseen > 0;

-- What is stuck is few among many.
CREATE INDEX ix_capstones_waiting ON capstones (program_id, changed_at) WHERE state IN ('submitted', 'scope_submitted');
CREATE INDEX ix_confirmations_open ON confirmations (asked_at) WHERE answered_at IS NULL;
