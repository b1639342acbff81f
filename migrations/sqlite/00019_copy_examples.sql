-- +goose Up

-- Signed copies of one kind of badge differ in a few words. An example of the kind,
-- which is about nobody, is kept once, and of each copy what differs from it.

CREATE TABLE copy_examples (
  id         text NOT NULL,
  issuer_id  text NOT NULL,
  kind       text NOT NULL,
  bytes      blob NOT NULL,
  created_at datetime NOT NULL,
  CONSTRAINT pk_copy_examples PRIMARY KEY (id),
  CONSTRAINT fk_copy_examples_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);
CREATE INDEX ix_copy_examples_kind ON copy_examples (kind, created_at);

-- '': the bytes are kept whole.
ALTER TABLE signed_copies ADD COLUMN example_id text NOT NULL DEFAULT '';

-- +goose StatementBegin
CREATE TRIGGER tg_copy_examples_sealed BEFORE UPDATE ON copy_examples
BEGIN
  SELECT RAISE(ABORT, 'examples of signed copies never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_copy_examples_kept BEFORE DELETE ON copy_examples
BEGIN
  SELECT RAISE(ABORT, 'examples of signed copies are not deleted');
END;
-- +goose StatementEnd

-- A program that does not know examples would serve what differs from them.
UPDATE settings SET value = '19' WHERE name = 'min_program';
