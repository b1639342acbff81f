package main

import (
	"context"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

type adminEraseCmd struct {
	Email string `arg:"" help:"Address of the person."`
	Yes   bool   `help:"Do it; without this it is a preview. It cannot be undone."`
	JSON  bool   `name:"json" help:"Print what goes and what stays as JSON."`
}

// erased is what the command says goes and stays.
type erased struct {
	Person issuer.PersonID `json:"person"`
	Badges int             `json:"badges"` // withdrawn
	Live   int             `json:"live"`   // of them, that count until then
	Alone  int             `json:"alone"`  // projects whose texts go
	Shared int             `json:"shared"` // projects whose team stays
	Done   bool            `json:"done"`
}

// Run erases a person, beside a running server or without one.
func (a *adminEraseCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	by := issuer.Caller{System: "admin"}
	person, err := parts.Registrar.FindPerson(ctx, by, a.Email)
	if err != nil {
		return err
	}
	e, err := parts.Registrar.Erasure(ctx, by, person.ID)
	if err != nil {
		return err
	}
	if a.Yes {
		if err := parts.Registrar.ErasePerson(ctx, by, person.ID); err != nil {
			return err
		}
	}
	return a.tell(std, e)
}

func (a *adminEraseCmd) tell(std streams, e *registrar.Erasure) error {
	if a.JSON {
		return json.NewEncoder(std.out).Encode(erased{e.Person.ID, e.Badges, e.Live, e.Alone, e.Shared, a.Yes})
	}
	say := fmt.Sprintf(`To erase: %s
Goes: name, addresses, roles and sign-ins; %d completions' marks and links; the words of %d projects of their own; %d badges, of which %d count now: their pages answer that their holder withdrew them, and copies elsewhere are refused.
Stays, without their name: %d projects of teams they were in; %d decisions as a mentor; counts; set bits and leaves of the log, which say nothing about them any more.
`, e.Person.Name, e.Completions, e.Alone, e.Badges, e.Live, e.Shared, e.Reviews)
	switch {
	case a.Yes:
		say = fmt.Sprintf("Erased. %d badges were withdrawn. Backups made before still hold this person; a backup that is put back erases them again if the high-water mark beside the database is kept.\n", e.Badges)
	case e.LastAdmin:
		say += "This is the last admin, who cannot be erased: make another one first.\n"
	default:
		say += "Nothing was done; with --yes they are erased, for good.\n"
	}
	_, err := fmt.Fprint(std.out, say)
	return err
}
