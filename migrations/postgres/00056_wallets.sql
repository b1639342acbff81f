-- +goose Up

-- Badges in wallets of their holders (OpenID for Verifiable Credential Issuance).

-- A wallet has a copy of its own: a credential for the key of the wallet, of which
-- copy_of names the one that it repeats. It never changes what it is a copy of.
ALTER TABLE credentials ADD COLUMN copy_of text NOT NULL DEFAULT '';

CREATE TRIGGER tg_credentials_copy BEFORE UPDATE ON credentials FOR EACH ROW
  WHEN (NEW.copy_of <> OLD.copy_of)
  EXECUTE FUNCTION hallmark_refuse('a copy stays a copy of the same credential');

-- Offers of a badge to a wallet, each used once, within minutes. What is kept of
-- their secrets are hashes.
CREATE TABLE wallet_offers (
  id            text NOT NULL,
  issuer_id     text NOT NULL,
  award_id      text NOT NULL,
  credential_id text NOT NULL,
  link_hash     text NOT NULL,
  code_hash     text NOT NULL,
  pin_hash      text NOT NULL,
  attempts      bigint NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  ended_at      timestamptz,
  redeemed_at   timestamptz,
  token_hash    text NOT NULL,
  token_until   timestamptz,
  copy_id       text NOT NULL,
  event         text NOT NULL,
  CONSTRAINT pk_wallet_offers PRIMARY KEY (id),
  CONSTRAINT fk_wallet_offers_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_wallet_offers_award FOREIGN KEY (award_id) REFERENCES awards (id),
  CONSTRAINT fk_wallet_offers_credential FOREIGN KEY (credential_id) REFERENCES credentials (id),
  CONSTRAINT ck_wallet_offers_attempts CHECK (attempts >= 0),
  CONSTRAINT ck_wallet_offers_token CHECK ((redeemed_at IS NULL) = (token_hash = '') AND (redeemed_at IS NULL) = (token_until IS NULL)),
  CONSTRAINT ck_wallet_offers_copy CHECK (copy_id = '' OR redeemed_at IS NOT NULL)
);
CREATE UNIQUE INDEX ux_wallet_offers_link ON wallet_offers (link_hash);
CREATE UNIQUE INDEX ux_wallet_offers_code ON wallet_offers (code_hash);
CREATE UNIQUE INDEX ux_wallet_offers_token ON wallet_offers (token_hash) WHERE token_hash <> '';
CREATE INDEX ix_wallet_offers_award ON wallet_offers (award_id, created_at);

-- Nonces that a proof of a key was made for. They are given out by calculation;
-- only those that were used are kept, until they would be too old anyway.
CREATE TABLE wallet_nonces (
  hash      text NOT NULL,
  issuer_id text NOT NULL,
  used_at   timestamptz NOT NULL,
  CONSTRAINT pk_wallet_nonces PRIMARY KEY (hash),
  CONSTRAINT fk_wallet_nonces_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id)
);
CREATE INDEX ix_wallet_nonces_used ON wallet_nonces (used_at);
