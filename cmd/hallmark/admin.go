package main

import (
	"context"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

type adminCmd struct {
	Add  adminAddCmd  `cmd:"" help:"Make a person an admin of the installation and print their sign-in link."`
	Link adminLinkCmd `cmd:"" help:"Print a sign-in link for a person, where there is no mail."`

	StopIssuing   stopIssuingCmd   `cmd:"" help:"Issue nothing from now on: approvals are refused, facts are kept for later."`
	ResumeIssuing resumeIssuingCmd `cmd:"" help:"Issue again, beginning with what was earned meanwhile."`

	Touched touchedCmd `cmd:"" help:"List the badges that a mentor, a rule or an import touched, and revoke them or issue them anew."`

	Erase adminEraseCmd `cmd:"" help:"Erase a person for good, after a preview."`

	Client    adminClientCmd    `cmd:"" help:"Make a client that asks for access tokens, and print its secret."`
	Instances adminInstancesCmd `cmd:"" help:"List the signers of the VC-API with their identifiers."`
}

type adminAddCmd struct {
	Email string `arg:"" help:"Address of the person."`
	Name  string `help:"Name, if the person is new." placeholder:"NAME"`
}

// Run makes the admin; doing it twice changes nothing but prints a new link.
func (a *adminAddCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	person, err := parts.Registrar.AddAdmin(ctx, issuer.Caller{System: "admin"}, a.Email, a.Name)
	if err != nil {
		return err
	}
	return parts.printLink(ctx, std, person.ID)
}

type adminLinkCmd struct {
	Email string `arg:"" help:"Address of the person."`
}

// Run prints a link that signs the person in once.
func (a *adminLinkCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	person, err := parts.Registrar.FindPerson(ctx, issuer.Caller{System: "admin"}, a.Email)
	if err != nil {
		return err
	}
	return parts.printLink(ctx, std, person.ID)
}

func (p *parts) printLink(ctx context.Context, std streams, person issuer.PersonID) error {
	link, err := p.Signin.Link(ctx, issuer.Caller{System: "admin"}, registrar.PersonRef{ID: person}, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s\nThis link signs in once, within 15 minutes, and is as good as a password until then.\n", link)
	return err
}
