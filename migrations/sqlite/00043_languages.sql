-- +goose Up

-- Until now everyone was said to read English, and nobody had been asked.
UPDATE people SET locale = '' WHERE locale = 'en';
