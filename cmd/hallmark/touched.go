package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

type touchedCmd struct {
	Mentor      string `help:"Badges of capstones that this person approved and of completions that they recorded." placeholder:"EMAIL"`
	Achievement string `help:"Badges of this achievement: code or id, with @N for version N alone." placeholder:"CODE[@N]"`
	Program     string `help:"Program of the achievement, where several have that code." placeholder:"CODE"`
	Source      string `help:"Badges of completions that came this way: api, import or hand." placeholder:"SOURCE"`
	Since       string `help:"Issued on this day (UTC) or later." placeholder:"DAY"`
	Until       string `help:"Issued on this day (UTC) or earlier." placeholder:"DAY"`

	Revoke  string `help:"Revoke them, with this public reason code." placeholder:"CODE" xor:"what"`
	Resting bool   `help:"Revoke also what rests on them."`
	Reissue bool   `help:"Issue them anew." xor:"what"`
	Reason  string `help:"Public words with a revocation, or what was wrong with the old copies." placeholder:"WORDS"`
	Yes     bool   `help:"Do it; without this it is a preview."`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

// touched is what the command found and did.
type touched struct {
	Badges []touchedBadge `json:"badges"`
	Done   int            `json:"done"` // revoked or issued anew, without what rested on them
}

type touchedBadge struct {
	ID          issuer.CredentialID `json:"id"`
	URL         string              `json:"url"`
	Achievement string              `json:"achievement"`
	Version     int                 `json:"version"`
	Person      string              `json:"person"`
	AwardedOn   issuer.Day          `json:"awardedOn"`
	Problem     string              `json:"problem,omitempty"` // why nothing could be done about it
}

// Run lists the badges and, with --yes, goes through them one by one, each in a
// transaction of its own: broken off, it goes on where it stopped, because what
// is done is not on the list any more or is answered as done.
func (t *touchedCmd) Run(ctx context.Context, cli *commands, std streams) error {
	filter, err := t.filter()
	if err != nil {
		return err
	}
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	by := issuer.Caller{System: "admin"}
	found, err := parts.Registrar.Touched(ctx, by, filter)
	if err != nil {
		return err
	}
	result := touched{Badges: make([]touchedBadge, 0, len(found))}
	for _, b := range found {
		line := touchedBadge{ID: b.ID, URL: b.URL, Achievement: b.Achievement.Code, Version: b.Achievement.Version, Person: b.Person.Name, AwardedOn: b.AwardedOn}
		if t.Yes && (t.Revoke != "" || t.Reissue) {
			err := t.do(ctx, parts.Registrar, by, b.ID)
			var refusal *issuer.Error
			switch {
			case err == nil:
				result.Done++
			case !errors.As(err, &refusal):
				return err
			default:
				line.Problem = refusal.Reason
			}
		}
		result.Badges = append(result.Badges, line)
	}
	return t.tell(std, result)
}

func (t *touchedCmd) filter() (registrar.TouchedFilter, error) {
	f := registrar.TouchedFilter{Mentor: registrar.PersonRef{Email: t.Mentor}, Program: t.Program, Source: t.Source}
	var number string
	var versioned bool
	if f.Achievement, number, versioned = strings.Cut(t.Achievement, "@"); versioned {
		var err error
		if f.Version, err = strconv.Atoi(number); err != nil || f.Version < 1 {
			return f, issuer.Wrong("achievement", "Write the version as a number: %s@1.", f.Achievement)
		}
	}
	for _, day := range []struct {
		text string
		into *issuer.Day
	}{{t.Since, &f.Since}, {t.Until, &f.Until}} {
		if day.text == "" {
			continue
		}
		var err error
		if *day.into, err = issuer.ParseDay(day.text); err != nil {
			return f, err
		}
	}
	return f, nil
}

// do revokes a badge, or issues it anew.
func (t *touchedCmd) do(ctx context.Context, r *registrar.Registrar, by issuer.Caller, id issuer.CredentialID) error {
	if t.Reissue {
		_, err := r.ReissueCredential(ctx, by, id, t.Reason)
		return err
	}
	change := registrar.StatusChange{Code: t.Revoke, Reason: t.Reason}
	if t.Resting {
		resting, err := r.RestingOn(ctx, by, id)
		if err != nil {
			return err
		}
		for _, b := range resting {
			change.Also = append(change.Also, b.ID)
		}
	}
	_, err := r.RevokeCredential(ctx, by, id, change)
	return err
}

func (t *touchedCmd) tell(std streams, result touched) error {
	if t.JSON {
		return json.NewEncoder(std.out).Encode(result)
	}
	for _, b := range result.Badges {
		line := fmt.Sprintf("%s  %s@%d  %s  %s", b.URL, b.Achievement, b.Version, b.AwardedOn, b.Person)
		if b.Problem != "" {
			line += "  (" + b.Problem + ")"
		}
		if _, err := fmt.Fprintln(std.out, line); err != nil {
			return err
		}
	}
	what := fmt.Sprintf("%d badges.", len(result.Badges))
	switch {
	case t.Yes && t.Revoke != "":
		what = fmt.Sprintf("%d of %d badges were revoked.", result.Done, len(result.Badges))
	case t.Yes && t.Reissue:
		what = fmt.Sprintf("%d of %d badges were issued anew.", result.Done, len(result.Badges))
	case t.Revoke != "":
		what += " Nothing was done; with --yes they are revoked."
	case t.Reissue:
		what += " Nothing was done; with --yes they are issued anew."
	}
	_, err := fmt.Fprintln(std.out, what)
	return err
}
