-- +goose Up

-- Lists of who runs a program walk along its part of an index, however many people
-- and programs there are. What somebody completed is found by module within its
-- cohort.
DROP INDEX ix_completions_program;
CREATE INDEX ix_completions_program ON completions (program_id, id);
DROP INDEX ix_enrollments_program;
CREATE INDEX ix_enrollments_program ON enrollments (program_id, person_id);

-- What learners gave a module is counted along an index, and some of their words
-- are read along another.
DROP INDEX ix_opinions_module;
CREATE INDEX ix_opinions_module ON opinions (program_id, module_id, rating);
CREATE INDEX ix_opinions_remarks ON opinions (module_id, id) WHERE helped <> '' OR hindered <> '';

-- What a whole program, or the gallery, came to, counted from the records now and
-- then so that pages need not: a row that is lost is counted anew. It has numbers
-- alone. How long counting took says how soon it is worth while again.
CREATE TABLE overviews (
  name       text NOT NULL,
  issuer_id  text NOT NULL,
  counted_at datetime NOT NULL,
  took_ms    integer NOT NULL,
  sums       text NOT NULL,
  CONSTRAINT pk_overviews PRIMARY KEY (name),
  CONSTRAINT fk_overviews_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);
