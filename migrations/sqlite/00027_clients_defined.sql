-- +goose Up

-- Which clients there are is defined as well: a token is read without asking the
-- database whose it is, and a client that is revoked renews the mark.

-- +goose StatementBegin
CREATE TRIGGER tg_clients_defined_insert AFTER INSERT ON clients
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tg_clients_defined_update AFTER UPDATE ON clients
BEGIN
  UPDATE settings SET value = hex(randomblob(16)) WHERE name = 'definitions';
END;
-- +goose StatementEnd
