package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/highwater"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

type doctorCmd struct {
	JSON        bool `name:"json" help:"Print what was found as JSON."`
	Reach       bool `help:"Also ask the base URL whether it answers, over the network."`
	Reconcile   bool `help:"Let records that were restored go on, with what the high-water mark knows of the time after the backup."`
	WithoutMark bool `help:"Reconcile although no high-water mark is left: nothing was published after the backup, as far as you know."`
}

// finding is the answer to one question.
type finding struct {
	Check string `json:"check"`
	State string `json:"state"` // "good", "care" or "bad"
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // what to do about it
}

func good(says string, args ...any) finding {
	return finding{State: "good", Says: fmt.Sprintf(says, args...)}
}
func care(do, says string, args ...any) finding {
	return finding{State: "care", Says: fmt.Sprintf(says, args...), Do: do}
}
func bad(do, says string, args ...any) finding {
	return finding{State: "bad", Says: fmt.Sprintf(says, args...), Do: do}
}

// Run looks at the installation and exits 1 if something is bad. Without
// --reconcile it changes nothing, and a server may run meanwhile.
func (d *doctorCmd) Run(ctx context.Context, cli *commands, std streams) error {
	if d.Reconcile {
		return d.reconcile(ctx, cli, std)
	}
	cfg, err := cli.load()
	if err != nil {
		return err
	}
	db, err := cli.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	found := d.examine(ctx, &patient{cfg, db})
	if err := d.print(std, found); err != nil {
		return err
	}
	for _, f := range found {
		if f.State == "bad" {
			return exit(exitFailed)
		}
	}
	return nil
}

// patient is what is looked at.
type patient struct {
	*Config
	db *store.Store
}

func (d *doctorCmd) examine(ctx context.Context, p *patient) []finding {
	checks := []struct {
		name string
		look func(context.Context) finding
	}{
		{"schema", p.schema}, {"sealing key", p.sealing}, {"records", p.records}, {"high-water mark", p.mark},
		{"log", p.log}, {"clock", p.clock}, {"mail", p.mail}, {"base URL", p.base}, {"disk", p.disk}, {"evidence", p.files}, {"backup", p.backup}, {"retention", p.retention},
	}
	var found []finding
	for i, c := range checks {
		f := c.look(ctx)
		f.Check = c.name
		found = append(found, f)
		if i == 0 && f.State == "bad" {
			return found // nothing else can be read
		}
	}
	if d.Reach {
		f := p.reach(ctx)
		f.Check = "reach"
		found = append(found, f)
	}
	return found
}

func (d *doctorCmd) print(std streams, found []finding) error {
	if d.JSON {
		return json.NewEncoder(std.out).Encode(struct {
			Checks []finding `json:"checks"`
		}{found})
	}
	var out strings.Builder
	for _, f := range found {
		fmt.Fprintf(&out, "%-4s  %-15s  %s\n", f.State, f.Check, f.Says)
		if f.Do != "" {
			fmt.Fprintf(&out, "%23s  → %s\n", "", f.Do)
		}
	}
	_, err := fmt.Fprint(std.out, out.String())
	return err
}

// unread is the finding of a question that could not be answered.
func unread(err error) finding {
	var refusal *issuer.Error
	if errors.As(err, &refusal) {
		return bad("", "%s", refusal.Reason)
	}
	return bad("Look whether the database is well.", "It cannot be read: %v.", err)
}

func (p *patient) schema(ctx context.Context) finding {
	have, want, err := p.db.Schema(ctx)
	switch {
	case err != nil:
		return unread(err)
	case have < want:
		return bad("Run hallmark migrate up.", "The database has schema %d and this program needs %d.", have, want)
	case have > want:
		return care("Use the newer program where you can.", "A newer program has been here: schema %d, this program knows %d.", have, want)
	}
	return good("The database answers, with schema %d.", have)
}

func (p *patient) sealing(ctx context.Context) finding {
	if _, err := os.Stat(p.SealingKeyFile); errors.Is(err, os.ErrNotExist) {
		return bad("Put back the one that this installation began with.", "There is no sealing key at %s.", p.SealingKeyFile)
	}
	ring, err := openRing(ctx, p.Config, p.db, slog.New(slog.DiscardHandler))
	switch {
	case err != nil:
		return unread(err)
	case !onPostgres(p.DB) && sameFolder(p.SealingKeyFile, p.DB):
		return care("Keep it on another disk or in a key service, and name it with sealing_key_file.",
			"The sealing key %s opens the keys, but lies beside the data: whoever copies the folder can sign.", p.SealingKeyFile)
	case ring.Trial():
		return care("For real badges, begin anew with an https base URL on a DNS name.", "Trial mode: the issuer is a did:key, which can never have another key.")
	}
	return good("The sealing key opens the keys.")
}

func (p *patient) records(ctx context.Context) finding {
	h, err := store.Read(ctx, p.db, (*store.Tx).Held)
	switch {
	case err != nil:
		return unread(err)
	case h.Holds() && !h.Known:
		return bad("Put the high-water mark of the installation in its place if you have it, then run hallmark doctor --reconcile.",
			"The records were restored from a backup; nothing is issued and no list is signed since %s.", h.Since.Format(time.RFC3339))
	case h.Holds():
		return bad("Run hallmark doctor --reconcile.", "The records are behind what was published; nothing is issued since %s.", h.Since.Format(time.RFC3339))
	}
	return good("The records go on from where they were.")
}

func (p *patient) mark(ctx context.Context) finding {
	m, err := highwater.New(p.HighWaterFile).Read()
	if err != nil {
		return bad("Move it away if it is broken; the next serve begins another.", "%v.", err)
	}
	if m == nil {
		return care("Run hallmark serve; it keeps one.", "There is none at %s yet: a database put back past the program would not be noticed.", p.HighWaterFile)
	}
	behind, err := store.Read(ctx, p.db, func(tx *store.Tx) (bool, error) { return registrar.Behind(tx, m) })
	switch {
	case err != nil:
		return unread(err)
	case behind:
		return bad("Run hallmark doctor --reconcile.", "The records are behind it: the log had %d leaves.", m.Size)
	case sameDisk(p.HighWaterFile, p.DB):
		return good("The records are not behind it (%d leaves). It lies beside the database: keep it when you restore one.", m.Size)
	}
	return good("The records are not behind it (%d leaves).", m.Size)
}

func sameDisk(a, db string) bool { return !onPostgres(db) && sameFolder(a, db) }

func (p *patient) log(ctx context.Context) finding {
	type state struct {
		at      time.Time
		waiting bool
		size    int64
	}
	s, err := store.Read(ctx, p.db, func(tx *store.Tx) (state, error) {
		var s state
		last, err := tx.LastCheckpoint()
		if err != nil {
			return s, err
		}
		if last != nil {
			s.size = last.Size
		}
		waiting, err := tx.WaitingAudit(1)
		if err == nil && len(waiting) > 0 {
			s.at, s.waiting = waiting[0].At, true
		}
		return s, err
	})
	switch {
	case err != nil:
		return unread(err)
	case s.waiting && time.Since(s.at) > time.Minute:
		return care("Run hallmark serve, and look at its log.", "Entries have waited for their position since %s; a server gives it within a second.", s.at.Format(time.RFC3339))
	}
	return good("The public log has %d leaves under its newest checkpoint; hallmark log check holds every record against it.", s.size)
}

// clock compares the clock with the newest thing that was recorded.
func (p *patient) clock(ctx context.Context) finding {
	last, err := store.Read(ctx, p.db, (*store.Tx).LastAudit)
	switch now := time.Now(); {
	case err != nil:
		return unread(err)
	case last != nil && last.At.After(now.Add(time.Minute)):
		return bad("Set the clock; let the machine ask a time server.", "The clock says %s, and something was recorded at %s.", now.UTC().Format(time.RFC3339), last.At.Format(time.RFC3339))
	default:
		return good("The clock says %s.", now.UTC().Format(time.RFC3339))
	}
}

func (p *patient) mail(ctx context.Context) finding {
	waiting, err := store.Read(ctx, p.db, func(tx *store.Tx) (int, error) { return tx.OverdueMessages(tx.Now.Add(-time.Hour)) })
	switch {
	case err != nil:
		return unread(err)
	case p.SMTP.Host == "":
		return care("Name a mail server under smtp; until then hallmark admin link gives sign-in links.", "No mail server is named; %d messages wait.", waiting)
	case waiting > 0:
		return bad("Look at the log of the server for what the mail server answers.", "%d messages should have been sent an hour ago.", waiting)
	}
	return good("Mail goes by %s; nothing is late.", p.SMTP.Host)
}

func (p *patient) base(ctx context.Context) finding {
	us, err := store.Read(ctx, p.db, (*store.Tx).Issuer)
	switch {
	case errors.Is(err, issuer.NotFound):
		return care("Run hallmark serve --base-url https://….", "The installation has not been set up yet.")
	case err != nil:
		return unread(err)
	case p.BaseURL != "" && p.BaseURL != us.BaseURL:
		return bad("Take that one, or start hallmark serve once with --move-base-url to move for good.", "The configuration says %s and the installation is at %s.", p.BaseURL, us.BaseURL)
	case !strings.HasPrefix(us.BaseURL, "https://") && !isLoopback(hostOf(us.BaseURL)) && hostOf(us.BaseURL) != "localhost":
		return care("Put TLS in front.", "%s is not https: browsers of other machines keep no sign-in.", us.BaseURL)
	}
	former, err := store.Read(ctx, p.db, (*store.Tx).FormerIdentities)
	if err != nil {
		return unread(err)
	}
	var left []string
	for _, f := range former {
		if f.BaseURL != us.BaseURL && !slices.Contains(left, f.BaseURL) {
			left = append(left, f.BaseURL)
		}
	}
	if len(left) > 0 {
		return good("Badges carry %s; those from before it moved carry %s, which must go on leading here.", us.BaseURL, strings.Join(left, " and "))
	}
	return good("Badges carry %s.", us.BaseURL)
}

// leastFree is how much room a disk should have left.
const leastFree = 500 << 20

func (p *patient) disk(context.Context) finding {
	dir := filepath.Dir(p.HighWaterFile)
	free, known := freeSpace(dir)
	switch {
	case !known:
		return good("How much room is left in %s is not known on this system.", dir)
	case free < leastFree:
		return bad("Make room, or move the data.", "%d MB are left in %s.", free>>20, dir)
	}
	return good("%d MB are left in %s.", free>>20, dir)
}

// files looks whether every file that was handed in is there; hallmark log check
// reads them, too.
func (p *patient) files(ctx context.Context) finding {
	there, sum := map[string]bool{}, int64(0)
	err := p.Config.files().Each(ctx, func(k evidence.Kept) error {
		there[k.Digest], sum = true, sum+k.Size
		return nil
	})
	if err != nil {
		return bad("Look at its rights.", "The folder %s cannot be read: %v.", p.evidence, err)
	}
	missing, err := store.Read(ctx, p.db, func(tx *store.Tx) (n int, err error) {
		for after := ""; ; {
			files, err := tx.Files(after, 1000)
			if err != nil || len(files) == 0 {
				return n, err
			}
			for _, f := range files {
				if !there[f.Digest] {
					n++
				}
			}
			after = files[len(files)-1].Digest
		}
	})
	switch {
	case err != nil:
		return unread(err)
	case missing > 0:
		return bad("Bring them back from a backup; hallmark log check names them.", "%d files that were handed in are not in %s.", missing, p.evidence)
	}
	return good("%d files that were handed in take %d MB; every backup holds them all.", len(there), sum>>20)
}

func (p *patient) backup(context.Context) finding {
	if p.Backup.Dir == "" {
		return care("Name a folder under backup, or run hallmark backup by a timer of your own.", "Serve makes no backups: the configuration names no folder.")
	}
	last, err := p.Backup.lastBackup()
	every, again := p.Backup.every()
	switch {
	case errors.Join(err, again) != nil:
		return bad("", "The folder of the backups cannot be read: %v.", errors.Join(err, again))
	case last.IsZero():
		return bad("Run hallmark serve, and look at its log.", "There is no backup in %s yet.", p.Backup.Dir)
	case time.Since(last) > 2*every:
		return bad("Look at the log of the server for why none is made.", "The last backup in %s is of %s.", p.Backup.Dir, last.Format(time.RFC3339))
	}
	return good("The last backup is of %s.", last.Format(time.RFC3339))
}

// reach asks our own address, and no other, whether it answers.
func (p *patient) reach(ctx context.Context) finding {
	us, err := store.Read(ctx, p.db, (*store.Tx).Issuer)
	if err != nil {
		return unread(err)
	}
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, us.BaseURL+"/readyz", nil)
	if err != nil {
		return unread(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return bad("Look whether hallmark serve runs and what stands before it.", "%s does not answer: %v.", us.BaseURL, err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		return bad("Open its /readyz; it says why.", "%s answers %s.", us.BaseURL, resp.Status)
	}
	return good("%s answers.", us.BaseURL)
}

func (d *doctorCmd) reconcile(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	r, err := parts.Registrar.Reconcile(ctx, issuer.Caller{System: "doctor"}, highwater.New(parts.Config.HighWaterFile), d.WithoutMark)
	if err != nil {
		return err
	}
	if d.JSON {
		return json.NewEncoder(std.out).Encode(r)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "The records go on: %d leaves of the log came back, %d bits of status lists were set again, %d keys came back or moved on.\n", r.Leaves, r.Bits, r.Keys)
	for _, list := range []struct {
		ids  []issuer.CredentialID
		says string
	}{
		{r.Changed, "was revoked, suspended or reinstated again; give revocations their words anew"},
		{r.Lost, "was issued after the backup and its records are lost; issue it anew"},
		{r.Replace, "had been replaced by one that is lost; issue it anew"},
		{r.Unread, "is said by the log to have changed in a way that cannot be told; look at it"},
	} {
		for _, id := range list.ids {
			fmt.Fprintf(&out, "%s/v/%s %s.\n", parts.Config.BaseURL, id, list.says)
		}
	}
	_, err = fmt.Fprint(std.out, out.String())
	return err
}

// retention tells how long records are kept, as /privacy does.
func (p *patient) retention(context.Context) finding {
	keep, err := p.Retention.times()
	if err != nil {
		return bad("Mend retention in the configuration.", "%s.", err)
	}
	days := func(d time.Duration) int { return int(d.Hours() / 24) }
	says := fmt.Sprintf("Mails go after %d days, browsers after %d, closed concerns after %d, drafts of reviews after %d.",
		days(keep.Mails), days(keep.Browsers), days(keep.Concerns), days(keep.Drafts))
	if p.Legal.ImprintFile == "" {
		says += " No legal.imprint_file is named: /imprint has the name and address of the issuer alone."
	}
	return good("%s", says)
}
