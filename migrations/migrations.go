// Package migrations holds the schema of the database as numbered SQL files,
// one folder per database, with the same names and numbers in both.
//
// The files are in the format of goose and go forward only: going back is
// restoring a backup. An applied file is never edited. Every constraint and
// index has a name, and columns are of five kinds only: text, integer
// (bigint), truth (numeric in SQLite, boolean), time (datetime, timestamptz)
// and bytes (blob, bytea). New columns of later files carry a default, so
// that the program before them still runs on the schema after them.
//
// It owns the files and nothing else; package store runs them.
package migrations

import "embed"

// Files holds sqlite/NNNNN_name.sql and postgres/NNNNN_name.sql.
//
//go:embed sqlite/*.sql postgres/*.sql
var Files embed.FS
