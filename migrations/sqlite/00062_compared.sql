-- +goose Up
-- For a CHECK with a list of three or more, SQLite builds a table of its own for every
-- row that is added. In the tables that each badge goes into, the same is said by
-- comparing. Nothing on the disk is different, so the words of the schema are changed
-- as https://www.sqlite.org/lang_altertable.html (section 7, what does not affect the
-- content) describes; the table that comes and goes tells other connections to read
-- the schema again.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (fact IN (''completion'', ''review'', ''requirement'', ''explicit''))',
  'CHECK (fact = ''completion'' OR fact = ''review'' OR fact = ''requirement'' OR fact = ''explicit'')')
  WHERE type = 'table' AND name = 'awards';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state IN (''issued'', ''suspended'', ''expired'', ''revoked'', ''erased''))',
  'CHECK (state = ''issued'' OR state = ''suspended'' OR state = ''expired'' OR state = ''revoked'' OR state = ''erased'')')
  WHERE type = 'table' AND name = 'awards';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (visibility IN (''unlisted'', ''public'', ''withdrawn''))',
  'CHECK (visibility = ''unlisted'' OR visibility = ''public'' OR visibility = ''withdrawn'')')
  WHERE type = 'table' AND name = 'awards';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (source IN (''api'', ''import'', ''hand''))',
  'CHECK (source = ''api'' OR source = ''import'' OR source = ''hand'')')
  WHERE type = 'table' AND name = 'completions';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (reason IN ('''', ''revoked'', ''superseded'', ''erased''))',
  'CHECK (reason = '''' OR reason = ''revoked'' OR reason = ''superseded'' OR reason = ''erased'')')
  WHERE type = 'table' AND name = 'status_entries';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state IN (''queued'', ''sent'', ''failed''))',
  'CHECK (state = ''queued'' OR state = ''sent'' OR state = ''failed'')')
  WHERE type = 'table' AND name = 'messages';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (type IN (''issue'', ''supersede'', ''revoke'', ''suspend'', ''reinstate'', ''key''))',
  'CHECK (type = ''issue'' OR type = ''supersede'' OR type = ''revoke'' OR type = ''suspend'' OR type = ''reinstate'' OR type = ''key'')')
  WHERE type = 'table' AND name = 'log_leaves';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (withheld IN ('''', ''off'', ''digest''))',
  'CHECK (withheld = '''' OR withheld = ''off'' OR withheld = ''digest'')')
  WHERE type = 'table' AND name = 'messages';
CREATE TABLE schema_changed (id integer);
DROP TABLE schema_changed;
PRAGMA writable_schema = RESET;
