-- +goose Up

-- The tree over the leaves of the public log, in tiles of up to 256 hashes, the
-- signed heads of it, and the signed head of the private audit chain.

CREATE TABLE log_tiles (
  level     integer NOT NULL,
  position  integer NOT NULL,
  issuer_id text NOT NULL,
  hashes    blob NOT NULL,
  CONSTRAINT pk_log_tiles PRIMARY KEY (level, position),
  CONSTRAINT fk_log_tiles_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_log_tiles_level CHECK (level >= 0 AND level <= 5),
  CONSTRAINT ck_log_tiles_position CHECK (position >= 0),
  CONSTRAINT ck_log_tiles_hashes CHECK (length(hashes) >= 32 AND length(hashes) <= 8192 AND length(hashes) % 32 = 0)
);

CREATE TABLE log_checkpoints (
  size      integer NOT NULL,
  issuer_id text NOT NULL,
  root      blob NOT NULL,
  note      text NOT NULL,
  CONSTRAINT pk_log_checkpoints PRIMARY KEY (size),
  CONSTRAINT fk_log_checkpoints_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_log_checkpoints_size CHECK (size >= 0),
  CONSTRAINT ck_log_checkpoints_root CHECK (length(root) = 32)
);

CREATE TABLE audit_heads (
  issuer_id text NOT NULL,
  size      integer NOT NULL,
  hash      blob NOT NULL,
  note      text NOT NULL,
  CONSTRAINT pk_audit_heads PRIMARY KEY (issuer_id),
  CONSTRAINT fk_audit_heads_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_audit_heads_size CHECK (size >= 1),
  CONSTRAINT ck_audit_heads_hash CHECK (length(hash) = 32)
);

-- +goose StatementBegin
CREATE TRIGGER tg_log_tiles_grow BEFORE UPDATE ON log_tiles
  WHEN NEW.level <> OLD.level
    OR NEW.position <> OLD.position
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN
  SELECT RAISE(ABORT, 'tiles of the log only grow');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_log_tiles_kept BEFORE DELETE ON log_tiles
BEGIN
  SELECT RAISE(ABORT, 'tiles of the log are not deleted');
END;
-- +goose StatementEnd

-- A checkpoint may be signed anew, by another key or a witness as well, and
-- says the same then.
-- +goose StatementBegin
CREATE TRIGGER tg_log_checkpoints_sealed BEFORE UPDATE ON log_checkpoints
  WHEN NEW.size <> OLD.size
    OR NEW.root <> OLD.root
BEGIN
  SELECT RAISE(ABORT, 'checkpoints of the log never change');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_log_checkpoints_kept BEFORE DELETE ON log_checkpoints
BEGIN
  SELECT RAISE(ABORT, 'checkpoints of the log are not deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_audit_heads_grow BEFORE UPDATE ON audit_heads
  WHEN NEW.issuer_id <> OLD.issuer_id
    OR NEW.size < OLD.size
    OR (NEW.size = OLD.size AND NEW.hash <> OLD.hash)
BEGIN
  SELECT RAISE(ABORT, 'the head of the audit chain never goes back');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_audit_heads_kept BEFORE DELETE ON audit_heads
BEGIN
  SELECT RAISE(ABORT, 'the head of the audit chain is not deleted');
END;
-- +goose StatementEnd
