package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// keysCmd cares for the signing keys, beside a running server or without one:
// a server reads them again within a second.
type keysCmd struct {
	List       keysListCmd       `cmd:"" help:"List the signing keys and where each stands."`
	Rotate     keysRotateCmd     `cmd:"" help:"Publish a new key, then let it sign in the place of the one that does."`
	Retire     keysRetireCmd     `cmd:"" help:"Drop a key that was planned."`
	Compromise keysCompromiseCmd `cmd:"" help:"Say that a key is in other hands; one that signs is replaced first."`
	Reissue    keysReissueCmd    `cmd:"" help:"Issue the badges of a key that signs no more anew, under the key of now."`
	Export     keysExportCmd     `cmd:"" help:"Print the sealing key, which opens all others, for safekeeping."`
}

// byKeys is who acts for these commands in the audit trail.
var byKeys = issuer.Caller{System: "keys"}

type keysListCmd struct {
	JSON bool `name:"json" help:"Print the keys as JSON."`
}

// Run lists the keys.
func (k *keysListCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	keys, err := parts.Registrar.Keys(ctx, byKeys)
	if err != nil {
		return err
	}
	if k.JSON {
		return json.NewEncoder(std.out).Encode(struct {
			Keys []*registrar.KeyView `json:"keys"`
		}{keys})
	}
	return keyTable(std.out, keys)
}

func keyTable(w io.Writer, keys []*registrar.KeyView) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range keys {
		since := k.CreatedAt
		for state, at := range map[issuer.KeyState]*time.Time{issuer.KeyActive: k.ActiveAt, issuer.KeyRetired: k.RetiredAt, issuer.KeyCompromised: k.CompromisedAt} {
			if k.State == state && at != nil {
				since = *at
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\tsince %s\t%s\n", k.Purpose, k.Algorithm, k.State, since.UTC().Format("2006-01-02 15:04:05Z"), k.ID)
	}
	return table.Flush()
}

type keysRotateCmd struct {
	Purpose   string        `arg:"" optional:"" default:"credential" help:"What the key is for: credential, status, session, log, slip or staple."`
	Algorithm string        `help:"Ed25519; for badges as tokens RSA-2048 (RS256) or P-256 (ES256)." default:"Ed25519"`
	Wait      time.Duration `help:"How long the new key is published before it signs. Others may keep our documents for half a minute." default:"1m"`
	JSON      bool          `name:"json" help:"Print what was done as JSON."`
}

// Run publishes the next key, waits until everyone can know it, and lets it
// sign. Stopped in between, nothing is lost: the next call goes on with the key
// that is published, and waits for what is left of the time.
func (k *keysRotateCmd) Run(ctx context.Context, cli *commands, std streams) error {
	if k.Wait < 0 {
		return usage("hallmark: --wait cannot be negative.")
	}
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	next, err := parts.Registrar.PlanKey(ctx, byKeys, k.Purpose, k.Algorithm)
	if err != nil {
		return err
	}
	if left := time.Until(next.CreatedAt.Add(k.Wait)); left > 0 {
		fmt.Fprintf(std.err, "The key %s is published and signs in %s.\n", next.ID, left.Round(time.Second))
		if err := pause(ctx, left); err != nil {
			return err
		}
	}
	done, err := parts.Registrar.ActivateKey(ctx, byKeys, next.ID)
	if err != nil {
		return err
	}
	if k.JSON {
		return json.NewEncoder(std.out).Encode(done)
	}
	fmt.Fprintf(std.out, "The key %s signs now.\n", done.Active.ID)
	for _, old := range done.Retired {
		fmt.Fprintf(std.out, "The key %s is retired; what it signed stays good.\n", old.ID)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

type keysRetireCmd struct {
	ID   string `arg:"" help:"Id of the key."`
	JSON bool   `name:"json" help:"Print the key as JSON."`
}

// Run retires a key.
func (k *keysRetireCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	key, err := parts.Registrar.RetireKey(ctx, byKeys, issuer.KeyID(k.ID))
	if err != nil {
		return err
	}
	if k.JSON {
		return json.NewEncoder(std.out).Encode(key)
	}
	_, err = fmt.Fprintf(std.out, "The key %s is retired.\n", key.ID)
	return err
}

type keysCompromiseCmd struct {
	ID    string `arg:"" help:"Id of the key."`
	Since string `help:"When it got into other hands, such as 2026-11-20T08:30:00Z; now, if nothing is said. It can be set earlier later." placeholder:"TIME"`
	JSON  bool   `name:"json" help:"Print the key as JSON."`
}

// servers is how long a running server may go on with the keys that it knows.
const servers = time.Second

// Run replaces a key that signs, waits until every server signs with the new
// one, and gives the old one up.
func (k *keysCompromiseCmd) Run(ctx context.Context, cli *commands, std streams) error {
	var since time.Time
	if k.Since != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, k.Since); err != nil {
			return usage("hallmark: --since %q is not a time such as 2026-11-20T08:30:00Z.", k.Since)
		}
	}
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	if lost, err := parts.Registrar.CompromiseMentorKey(ctx, byKeys, k.ID, since); !errors.Is(err, issuer.NotFound) {
		if err != nil {
			return err
		}
		if k.JSON {
			return json.NewEncoder(std.out).Encode(lost)
		}
		_, err = fmt.Fprintf(std.out, "The key %s of a mentor is given up as compromised since %s. What it signed since is not shown as their word; their next approval makes a new key.\n",
			lost.Public, lost.Since.UTC().Format("2006-01-02 15:04:05 MST"))
		return err
	}
	if err := parts.replaceActive(ctx, issuer.KeyID(k.ID), std.err); err != nil {
		return err
	}
	key, err := parts.Registrar.CompromiseKey(ctx, byKeys, issuer.KeyID(k.ID), since)
	if err != nil {
		return err
	}
	if k.JSON {
		return json.NewEncoder(std.out).Encode(key)
	}
	_, err = fmt.Fprintf(std.out, "The key %s is given up as compromised since %s.\n", key.ID, key.CompromisedAt.UTC().Format("2006-01-02 15:04:05 MST"))
	if key.Purpose == "credential" && key.Algorithm == "Ed25519" && err == nil {
		_, err = fmt.Fprintf(std.out, "Badges that the public log has from before stay good here, with a note; other verifiers refuse all that it signed.\nTo issue the good ones anew: hallmark keys reissue %s\n", key.ID)
	}
	return err
}

// replaceActive puts a new key in the place of one, if that signs.
func (p *parts) replaceActive(ctx context.Context, id issuer.KeyID, say io.Writer) error {
	keys, err := p.Registrar.Keys(ctx, byKeys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.ID != id || key.State != issuer.KeyActive {
			continue
		}
		done, err := p.Registrar.ReplaceKey(ctx, byKeys, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(say, "The key %s signs now in its place.\n", done.Active.ID)
		return pause(ctx, servers)
	}
	return nil
}

type keysReissueCmd struct {
	ID       string `arg:"" help:"Id of the key."`
	Doubtful bool   `help:"Also badges that were logged after the key was stolen: look at them first."`
	Notify   bool   `help:"Tell the holders by mail."`
	JSON     bool   `name:"json" help:"Print what was done as JSON."`
}

// Run issues badges anew, batch by batch. Stopped in between it can be called
// again; what was done is not done twice.
func (k *keysReissueCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	in, all := registrar.KeyReissue{Key: issuer.KeyID(k.ID), Doubtful: k.Doubtful, Notify: k.Notify}, registrar.KeyReissued{}
	for {
		batch, err := parts.Registrar.ReissueOfKey(ctx, byKeys, in)
		if err != nil {
			return err
		}
		all.Reissued, all.Doubtful, in.Cursor = all.Reissued+batch.Reissued, all.Doubtful+batch.Doubtful, batch.Next
		if batch.Next == "" {
			break
		}
	}
	if k.JSON {
		return json.NewEncoder(std.out).Encode(all)
	}
	fmt.Fprintf(std.out, "Issued anew: %d.\n", all.Reissued)
	if all.Doubtful > 0 {
		_, err = fmt.Fprintf(std.out, "Left as they are, refused: %d, which were logged after the key was stolen. Look at them; --doubtful issues them anew as well.\n", all.Doubtful)
	}
	return err
}

type keysExportCmd struct {
	JSON bool `name:"json" help:"Print the sealing key as JSON."`
}

// Run prints the sealing key. It opens nothing but its file: this must work
// when the database does not.
func (k *keysExportCmd) Run(ctx context.Context, cli *commands, std streams) error {
	cfg, err := cli.load()
	if err != nil {
		return err
	}
	key, err := cfg.sealingKey(ctx, true)
	if err != nil {
		return err
	}
	text := base64.StdEncoding.EncodeToString(key)
	if k.JSON {
		return json.NewEncoder(std.out).Encode(struct {
			SealingKey string `json:"sealing_key"`
			File       string `json:"file"`
		}{text, cfg.SealingKeyFile})
	}
	fmt.Fprintln(std.out, text)
	_, err = fmt.Fprintf(std.err, "This is the sealing key in base64: with it and a copy of the database anyone can sign badges as you.\nKeep it apart from the backups. To put it back: base64 -d > %s, and chmod 600.\n", cfg.SealingKeyFile)
	return err
}
