-- +goose Up

-- Which clients there are is defined as well: a token is read without asking the
-- database whose it is, and a client that is revoked renews the mark.

CREATE TRIGGER tg_clients_defined_insert AFTER INSERT ON clients FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();

CREATE TRIGGER tg_clients_defined_update AFTER UPDATE ON clients FOR EACH STATEMENT
  EXECUTE FUNCTION hallmark_define();
