-- +goose Up

-- The tree over the leaves of the public log, in tiles of up to 256 hashes, the
-- signed heads of it, and the signed head of the private audit chain.

CREATE TABLE log_tiles (
  level     bigint NOT NULL,
  position  bigint NOT NULL,
  issuer_id text NOT NULL,
  hashes    bytea NOT NULL,
  CONSTRAINT pk_log_tiles PRIMARY KEY (level, position),
  CONSTRAINT fk_log_tiles_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_log_tiles_level CHECK (level >= 0 AND level <= 5),
  CONSTRAINT ck_log_tiles_position CHECK (position >= 0),
  CONSTRAINT ck_log_tiles_hashes CHECK (length(hashes) >= 32 AND length(hashes) <= 8192 AND length(hashes) % 32 = 0)
);

CREATE TABLE log_checkpoints (
  size      bigint NOT NULL,
  issuer_id text NOT NULL,
  root      bytea NOT NULL,
  note      text NOT NULL,
  CONSTRAINT pk_log_checkpoints PRIMARY KEY (size),
  CONSTRAINT fk_log_checkpoints_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_log_checkpoints_size CHECK (size >= 0),
  CONSTRAINT ck_log_checkpoints_root CHECK (length(root) = 32)
);

CREATE TABLE audit_heads (
  issuer_id text NOT NULL,
  size      bigint NOT NULL,
  hash      bytea NOT NULL,
  note      text NOT NULL,
  CONSTRAINT pk_audit_heads PRIMARY KEY (issuer_id),
  CONSTRAINT fk_audit_heads_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_audit_heads_size CHECK (size >= 1),
  CONSTRAINT ck_audit_heads_hash CHECK (length(hash) = 32)
);

CREATE TRIGGER tg_log_tiles_grow BEFORE UPDATE ON log_tiles FOR EACH ROW
  WHEN (NEW.level <> OLD.level
    OR NEW.position <> OLD.position
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes)
  EXECUTE FUNCTION hallmark_refuse('tiles of the log only grow');

CREATE TRIGGER tg_log_tiles_kept BEFORE DELETE ON log_tiles FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('tiles of the log are not deleted');

-- A checkpoint may be signed anew, by another key or a witness as well, and
-- says the same then.
CREATE TRIGGER tg_log_checkpoints_sealed BEFORE UPDATE ON log_checkpoints FOR EACH ROW
  WHEN (NEW.size <> OLD.size
    OR NEW.root <> OLD.root)
  EXECUTE FUNCTION hallmark_refuse('checkpoints of the log never change');

CREATE TRIGGER tg_log_checkpoints_kept BEFORE DELETE ON log_checkpoints FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('checkpoints of the log are not deleted');

CREATE TRIGGER tg_audit_heads_grow BEFORE UPDATE ON audit_heads FOR EACH ROW
  WHEN (NEW.issuer_id <> OLD.issuer_id
    OR NEW.size < OLD.size
    OR (NEW.size = OLD.size AND NEW.hash <> OLD.hash))
  EXECUTE FUNCTION hallmark_refuse('the head of the audit chain never goes back');

CREATE TRIGGER tg_audit_heads_kept BEFORE DELETE ON audit_heads FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('the head of the audit chain is not deleted');
