-- +goose Up

-- The pictures that badges name by their digests, to the byte: one for each
-- version of an achievement and year, made when the first badge of these is
-- issued and kept for as long as there are such badges.

CREATE TABLE pictures (
  achievement_version_id text NOT NULL,
  year                   bigint NOT NULL,
  issuer_id              text NOT NULL,
  digest                 text NOT NULL,
  bytes                  bytea NOT NULL,
  created_at             timestamptz NOT NULL,
  CONSTRAINT pk_pictures PRIMARY KEY (achievement_version_id, year),
  CONSTRAINT fk_pictures_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_pictures_version FOREIGN KEY (achievement_version_id) REFERENCES achievement_versions (id)
);
CREATE INDEX ix_pictures_digest ON pictures (digest);

CREATE TRIGGER tg_pictures_sealed BEFORE UPDATE ON pictures FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('pictures of badges never change');

CREATE TRIGGER tg_pictures_kept BEFORE DELETE ON pictures FOR EACH ROW
  EXECUTE FUNCTION hallmark_refuse('pictures of badges are not deleted');

CREATE TRIGGER tg_pictures_defined_insert AFTER INSERT ON pictures FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();
