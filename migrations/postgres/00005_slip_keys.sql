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
  created_at     timestamptz NOT NULL,
  active_at      timestamptz,
  retired_at     timestamptz,
  compromised_at timestamptz,
  CONSTRAINT pk_slip_keys PRIMARY KEY (id),
  CONSTRAINT fk_slip_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_slip_keys_purpose CHECK (purpose = 'slip'),
  CONSTRAINT ck_slip_keys_state CHECK (state IN ('planned', 'active', 'retired', 'compromised'))
);
CREATE UNIQUE INDEX ux_slip_keys_active ON slip_keys (issuer_id, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX ux_slip_keys_public ON slip_keys (public);

CREATE TRIGGER tg_slip_keys_state BEFORE UPDATE ON slip_keys FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised'))
  EXECUTE FUNCTION hallmark_refuse('a key that ended does not come back');

CREATE TRIGGER tg_slip_keys_kept BEFORE DELETE ON slip_keys FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('keys are not deleted');
