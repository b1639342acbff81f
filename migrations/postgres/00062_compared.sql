-- +goose Up
-- The words of some checks differ on SQLite, for which a list is dear; PostgreSQL
-- compares anyway.
SELECT 1;
