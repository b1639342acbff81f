-- +goose Up

-- What the file of a program said after each change of it, as JSON, so that it
-- can be looked at, compared and put back. The first may be what it said before
-- versions were kept; nobody is named then.

CREATE TABLE program_versions (
  program_id text NOT NULL,
  number     integer NOT NULL,
  issuer_id  text NOT NULL,
  actor      text NOT NULL,
  at         datetime NOT NULL,
  put_back   integer NOT NULL,
  file       text NOT NULL,
  CONSTRAINT pk_program_versions PRIMARY KEY (program_id, number),
  CONSTRAINT fk_program_versions_program FOREIGN KEY (program_id) REFERENCES programs (id),
  CONSTRAINT fk_program_versions_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_program_versions_number CHECK (number > 0 AND put_back >= 0 AND put_back < number)
);

-- +goose StatementBegin
CREATE TRIGGER tg_program_versions_sealed BEFORE UPDATE ON program_versions
BEGIN
  SELECT RAISE(ABORT, 'versions of programs never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_program_versions_kept BEFORE DELETE ON program_versions
BEGIN
  SELECT RAISE(ABORT, 'versions of programs are not deleted');
END;
-- +goose StatementEnd
