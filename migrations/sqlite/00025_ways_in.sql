-- +goose Up

-- Ways in beside a mailed link, and what becomes of mail.

-- A link lets in by the address that it went to, for as long as that is theirs.
ALTER TABLE signin_links ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';

-- Addresses that someone says are theirs, until the mail to one is answered.
-- They stand apart from emails, so that a claim keeps nobody from their own.
CREATE TABLE address_claims (
  token      text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  address    text NOT NULL,
  expires_at datetime NOT NULL,
  created_at datetime NOT NULL,
  CONSTRAINT pk_address_claims PRIMARY KEY (token),
  CONSTRAINT fk_address_claims_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_address_claims_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_address_claims_person ON address_claims (person_id, created_at);

-- Accounts with providers of OpenID Connect, each bound to one person.
CREATE TABLE identities (
  provider   text NOT NULL,
  subject    text NOT NULL,
  issuer_id  text NOT NULL,
  person_id  text NOT NULL,
  created_at datetime NOT NULL,
  used_at    datetime NOT NULL,
  CONSTRAINT pk_identities PRIMARY KEY (provider, subject),
  CONSTRAINT fk_identities_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_identities_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_identities_person ON identities (person_id);

-- Browsers that a person signed in with; id is the SHA-256 of a cookie.
CREATE TABLE devices (
  id         text NOT NULL,
  person_id  text NOT NULL,
  issuer_id  text NOT NULL,
  name       text NOT NULL,
  created_at datetime NOT NULL,
  seen_at    datetime NOT NULL,
  CONSTRAINT pk_devices PRIMARY KEY (id, person_id),
  CONSTRAINT fk_devices_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_devices_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_devices_person ON devices (person_id, seen_at);

-- Who was asked to take part, by address. What is kept of the link is its hash.
CREATE TABLE invitations (
  id          text NOT NULL,
  issuer_id   text NOT NULL,
  hash        text NOT NULL,
  address     text NOT NULL,
  name        text NOT NULL,
  role        text NOT NULL,
  tier        text NOT NULL,
  program_id  text NOT NULL,
  cohort_id   text NOT NULL,
  message_id  text NOT NULL,
  sends       integer NOT NULL,
  created_by  text NOT NULL,
  created_at  datetime NOT NULL,
  sent_at     datetime NOT NULL,
  expires_at  datetime NOT NULL,
  person_id   text NOT NULL,
  accepted_at datetime,
  revoked_at  datetime,
  CONSTRAINT pk_invitations PRIMARY KEY (id),
  CONSTRAINT fk_invitations_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT ck_invitations_role CHECK (role IN ('learner', 'admin', 'owner', 'mentor', 'sponsor')),
  CONSTRAINT ck_invitations_tier CHECK (tier IN ('', 'lead', 'community') AND (tier = '' OR role = 'mentor')),
  CONSTRAINT ck_invitations_end CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  CONSTRAINT ck_invitations_sends CHECK (sends >= 1)
);
CREATE UNIQUE INDEX ux_invitations_hash ON invitations (hash);
CREATE UNIQUE INDEX ux_invitations_open ON invitations (address, role, program_id, cohort_id) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX ix_invitations_program ON invitations (program_id, created_at);

-- Mail: whose it is, the secret of the link that stops its kind, whether it
-- waits to go with others, why it did not go by itself, and that it came back.
ALTER TABLE messages ADD COLUMN person_id text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN stop text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN held numeric NOT NULL DEFAULT false;
ALTER TABLE messages ADD COLUMN withheld text NOT NULL DEFAULT '' CONSTRAINT ck_messages_withheld CHECK (withheld IN ('', 'off', 'digest'));
ALTER TABLE messages ADD COLUMN bounced_at datetime;
CREATE UNIQUE INDEX ux_messages_stop ON messages (stop) WHERE stop <> '';
CREATE INDEX ix_messages_failed ON messages (created_at) WHERE state = 'failed';
CREATE INDEX ix_messages_person ON messages (person_id, created_at) WHERE person_id <> '';

-- What people said of a kind of mail; without a row it comes at once.
CREATE TABLE mail_choices (
  person_id text NOT NULL,
  moment    text NOT NULL,
  issuer_id text NOT NULL,
  choice    text NOT NULL,
  CONSTRAINT pk_mail_choices PRIMARY KEY (person_id, moment),
  CONSTRAINT fk_mail_choices_issuer FOREIGN KEY (issuer_id) REFERENCES issuers (id),
  CONSTRAINT fk_mail_choices_person FOREIGN KEY (person_id) REFERENCES people (id),
  CONSTRAINT ck_mail_choices_choice CHECK (choice IN ('at once', 'daily', 'off'))
);
