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
  created_at     timestamptz NOT NULL,
  active_at      timestamptz,
  retired_at     timestamptz,
  compromised_at timestamptz,
  CONSTRAINT pk_staple_keys PRIMARY KEY (id),
  CONSTRAINT fk_staple_keys_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_staple_keys_purpose CHECK (purpose = 'staple'),
  CONSTRAINT ck_staple_keys_state CHECK (state IN ('planned', 'active', 'retired', 'compromised'))
);
CREATE UNIQUE INDEX ux_staple_keys_active ON staple_keys (issuer_id, purpose, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX ux_staple_keys_public ON staple_keys (public);

CREATE TRIGGER tg_staple_keys_state BEFORE UPDATE ON staple_keys FOR EACH ROW
  WHEN (NEW.id <> OLD.id
    OR NEW.public <> OLD.public
    OR (OLD.state IN ('retired', 'compromised') AND NEW.state IN ('planned', 'active'))
    OR (OLD.state = 'compromised' AND NEW.state <> 'compromised'))
  EXECUTE FUNCTION hallmark_refuse('a key that ended does not come back');

CREATE TRIGGER tg_staple_keys_kept BEFORE DELETE ON staple_keys FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('keys are not deleted');
