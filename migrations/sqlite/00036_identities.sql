-- +goose Up

-- What the issuer was called before it moved to another address. Badges keep the
-- address and the issuer that they were signed with; each goes by the identity of
-- its status list: the number of a row here, or where there is none of that
-- number, what the issuer is now.

CREATE TABLE former_identities (
  number    integer NOT NULL,
  issuer_id text NOT NULL,
  base_url  text NOT NULL,
  did       text NOT NULL,
  ended_at  datetime NOT NULL,
  CONSTRAINT pk_former_identities PRIMARY KEY (number),
  CONSTRAINT fk_former_identities_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);

ALTER TABLE status_lists ADD COLUMN identity integer NOT NULL DEFAULT 0;

-- +goose StatementBegin
CREATE TRIGGER tg_former_identities_sealed BEFORE UPDATE ON former_identities
BEGIN
  SELECT RAISE(ABORT, 'former identities never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_former_identities_kept BEFORE DELETE ON former_identities
BEGIN
  SELECT RAISE(ABORT, 'former identities are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_status_lists_identity BEFORE UPDATE ON status_lists
  WHEN NEW.identity <> OLD.identity
BEGIN
  SELECT RAISE(ABORT, 'a status list keeps its identity');
END;
-- +goose StatementEnd

-- Keys of mentors that were in other hands. The private part is gone; what the key
-- signed since is not shown as its mentor's word.

CREATE TABLE lost_mentor_keys (
  public     text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  since      datetime NOT NULL,
  created_at datetime NOT NULL,
  CONSTRAINT pk_lost_mentor_keys PRIMARY KEY (public),
  CONSTRAINT fk_lost_mentor_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_lost_mentor_keys_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- A program that does not know identities would sign old lists under the new one.
UPDATE settings SET value = '36' WHERE name = 'min_program';
