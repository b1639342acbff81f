-- +goose Up

-- Instances sign what clients of the VC-API hand in, each with a key of its
-- own that no document of the issuer lists. Their status lists are theirs too.

CREATE TABLE instances (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  cryptosuite text NOT NULL,
  algorithm   text NOT NULL,
  status      text NOT NULL,
  public      text NOT NULL,
  sealed      text NOT NULL,
  created_at  datetime NOT NULL,
  CONSTRAINT pk_instances PRIMARY KEY (id),
  CONSTRAINT fk_instances_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_instances_algorithm CHECK (algorithm IN ('Ed25519', 'P-256', 'P-384')),
  CONSTRAINT ck_instances_status CHECK (status IN ('', 'revocation', 'suspension'))
);
CREATE UNIQUE INDEX ux_instances_public ON instances (public);

CREATE TABLE instance_lists (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  instance_id text NOT NULL,
  purpose     text NOT NULL,
  size        integer NOT NULL,
  bytes       blob NOT NULL,
  changed_at  datetime NOT NULL,
  created_at  datetime NOT NULL,
  CONSTRAINT pk_instance_lists PRIMARY KEY (id),
  CONSTRAINT fk_instance_lists_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_instance_lists_instance FOREIGN KEY (instance_id) REFERENCES instances (id),
  CONSTRAINT ck_instance_lists_purpose CHECK (purpose IN ('revocation', 'suspension')),
  CONSTRAINT ck_instance_lists_size CHECK (size >= 1)
);
CREATE INDEX ix_instance_lists_newest ON instance_lists (instance_id, created_at, id);

CREATE TABLE instance_entries (
  instance_list_id text NOT NULL,
  status_index     integer NOT NULL,
  issuer_id        text NOT NULL,
  instance_id      text NOT NULL,
  credential_id    text NOT NULL,
  set_at           datetime,
  CONSTRAINT pk_instance_entries PRIMARY KEY (instance_list_id, status_index),
  CONSTRAINT fk_instance_entries_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_instance_entries_list FOREIGN KEY (instance_list_id) REFERENCES instance_lists (id),
  CONSTRAINT fk_instance_entries_instance FOREIGN KEY (instance_id) REFERENCES instances (id),
  CONSTRAINT ck_instance_entries_index CHECK (status_index >= 0)
);
CREATE UNIQUE INDEX ux_instance_entries_credential ON instance_entries (instance_id, credential_id);
CREATE INDEX ix_instance_entries_set ON instance_entries (instance_list_id, status_index) WHERE set_at IS NOT NULL;
