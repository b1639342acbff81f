-- +goose Up

-- What persons did is found by who did it. Badges are left out: they are many, and
-- each has the entry of what brought it about beside it.
CREATE INDEX ix_audit_entries_actor ON audit_entries (actor, sequence)
  WHERE sequence IS NOT NULL AND actor >= 'person:' AND actor < 'person;' AND act <> 'credential.issue';

-- Who gave a role; '' for those given before it was kept, and by the service.
ALTER TABLE grants ADD COLUMN granted_by text NOT NULL DEFAULT '';

-- When someone last signed in.
ALTER TABLE people ADD COLUMN signed_in_at timestamptz;
UPDATE people SET signed_in_at = (SELECT max(at) FROM audit_entries
  WHERE object = people.id AND act = 'signin.begin' AND outcome = 'done') WHERE erased_at IS NULL;
