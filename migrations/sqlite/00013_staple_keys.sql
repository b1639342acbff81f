-- +goose Up

-- Keys that sign stapled statuses, which travel beside badges, and nothing
-- else. They are keys like the others, with a table of their own: the purposes
-- that the other one knows are fixed.

CREATE TABLE staple_keys (
  id             text NOT NULL,
  issuer_id      text NOT NULL,
  purpose        text NOT NULL,
  algorithm      text NOT NULL,
  state          text NOT NULL,
  public         text NOT NULL,
  sealed         text NOT NULL,
  created_at     datetime NOT NULL,
  active_at      datetime,
  retired_at     datetime,
  compromised_at datetime,
  CONSTRAINT pk_staple_keys PRIMARY KEY (id),
  CONSTRAINT fk_staple_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_staple_keys_purpose CHECK (purpose = 'staple'),
  CONSTRAINT ck_staple_keys_state CHECK (state IN ('planned', 'active', 'retired', 'compromised'))
);
CREATE UNIQUE INDEX ux_staple_keys_active ON staple_keys (issuer_id, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX ux_staple_keys_public ON staple_keys (public);

-- +goose StatementBegin
CREATE TRIGGER tg_staple_keys_state BEFORE UPDATE ON staple_keys
  WHEN NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised')
BEGIN
  SELECT RAISE(ABORT, 'a key that ended does not come back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_staple_keys_kept BEFORE DELETE ON staple_keys
BEGIN
  SELECT RAISE(ABORT, 'keys are not deleted');
END;
-- +goose StatementEnd
