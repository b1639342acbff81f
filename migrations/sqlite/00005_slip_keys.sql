-- +goose Up

-- Keys that sign slips, the short forms of badges in QR codes, and nothing
-- else. They are keys like the others, with a table of their own: the purposes
-- that the other one knows are fixed.

CREATE TABLE slip_keys (
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
  CONSTRAINT pk_slip_keys PRIMARY KEY (id),
  CONSTRAINT fk_slip_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_slip_keys_purpose CHECK (purpose = 'slip'),
  CONSTRAINT ck_slip_keys_state CHECK (state IN ('planned', 'active', 'retired', 'compromised'))
);
CREATE UNIQUE INDEX ux_slip_keys_active ON slip_keys (issuer_id, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX ux_slip_keys_public ON slip_keys (public);

-- +goose StatementBegin
CREATE TRIGGER tg_slip_keys_state BEFORE UPDATE ON slip_keys
  WHEN NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised')
BEGIN
  SELECT RAISE(ABORT, 'a key that ended does not come back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_slip_keys_kept BEFORE DELETE ON slip_keys
BEGIN
  SELECT RAISE(ABORT, 'keys are not deleted');
END;
-- +goose StatementEnd
