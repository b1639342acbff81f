package main

import (
	"context"
	"fmt"
)

type migrateCmd struct {
	Status migrateStatusCmd `cmd:"" help:"Say which schema the database has and which this program wants."`
	Up     migrateUpCmd     `cmd:"" help:"Bring the schema up. On PostgreSQL this is the only thing that does."`
}

type migrateStatusCmd struct{}

// Run prints both versions of the schema.
func (migrateStatusCmd) Run(ctx context.Context, cli *commands, std streams) error {
	db, err := cli.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	have, want, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	word := "up to date"
	switch {
	case have < want:
		word = "run hallmark migrate up"
	case have > want:
		word = "a newer program has been here"
	}
	_, err = fmt.Fprintf(std.out, "schema %d, this program wants %d: %s\n", have, want, word)
	return err
}

type migrateUpCmd struct{}

// Run migrates; with nothing to do it does nothing.
func (migrateUpCmd) Run(ctx context.Context, cli *commands, std streams) error {
	db, err := cli.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return migrateStatusCmd{}.Run(ctx, cli, std)
}
