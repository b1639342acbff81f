package crash

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// Config says what is killed, and how often.
type Config struct {
	Binary  string // hallmark, built
	Dir     string // a folder for the installation; it is left as it is
	DB      string // an empty PostgreSQL database; "" is a SQLite file in Dir
	Rounds  int
	Writers int
	Audit   int           // every so many rounds, and at the end, the whole log is checked
	Mails   time.Duration // how long to wait at the end for mails; one that was under way at a kill is due again after ten minutes
	Seed    uint64
	Out     io.Writer // tells how it goes
}

// Result is what was done, and what was found broken.
type Result struct {
	Rounds, Kills, Starting int           // Starting: of the kills, those before the program was ready
	Acts                    int           // acknowledged
	Again                   int           // asked anew, because the first answer never came
	Replays                 int           // asked anew although it was answered, with the same answer
	Badges, Revoked         int           // acknowledged
	Mails                   int           // that came
	Slowest                 time.Duration // from the answer that is asked for until the status list said so
	Audits                  int
	Broken                  []string
}

func (r *Result) String() string {
	return fmt.Sprintf("%d rounds, %d kills (%d while it started), %d acts acknowledged, %d asked again, %d answers given twice, %d badges, %d of them revoked or replaced, %d mails, %d checks of the log, status lists right after %s at most",
		r.Rounds, r.Kills, r.Starting, r.Acts, r.Again, r.Replays, r.Badges, r.Revoked, r.Mails, r.Audits, r.Slowest.Round(time.Millisecond))
}

// broke notes what must not be. A run ends with the round that broke something.
func (r *Result) broke(format string, args ...any) {
	r.Broken = append(r.Broken, fmt.Sprintf(format, args...))
}

// crash is one run.
type crash struct {
	Config
	*program
	mailbox *mailbox
	desk    *desk
	book    *book
	random  *rand.Rand

	learners int
	out      Result
}

// Run runs the rounds. Its error is that they could not be run; what they found
// is in the result.
func Run(ctx context.Context, c Config) (*Result, error) {
	box, err := openMailbox()
	if err != nil {
		return nil, err
	}
	defer box.listener.Close()
	p, err := install(c.Binary, c.Dir, c.DB, box.port())
	if err != nil {
		return nil, err
	}
	k := &crash{Config: c, program: p, mailbox: box, book: newBook(), random: rand.New(rand.NewPCG(c.Seed, 24))}
	if err := k.prepare(ctx); err != nil {
		return nil, err
	}
	stop := k.work(ctx)
	err = k.rounds(ctx)
	stop()
	if ended := k.kill(); err == nil {
		err = ended
	}
	k.out.Acts, k.out.Again = k.desk.counts()
	k.out.Badges, k.out.Revoked = k.book.counts()
	return &k.out, err
}

func (k *crash) rounds(ctx context.Context) error {
	for k.out.Rounds < k.Rounds && len(k.out.Broken) == 0 && ctx.Err() == nil {
		if err := k.round(ctx); err != nil {
			return fmt.Errorf("round %d: %w", k.out.Rounds+1, err)
		}
		if k.out.Rounds++; k.out.Rounds%10 == 0 {
			acts, again := k.desk.counts()
			badges, revoked := k.book.counts()
			fmt.Fprintf(k.Out, "   %s %d rounds: %d acts, %d of them asked again, %d badges, %d revoked or replaced\n", time.Now().Format(time.TimeOnly), k.out.Rounds, acts, again, badges, revoked)
		}
	}
	if len(k.out.Broken) > 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	return k.end(ctx)
}

// round starts the program, holds it to what it acknowledged, lets the writers
// write, and kills it. One in eight is killed while it starts.
func (k *crash) round(ctx context.Context) error {
	if k.random.IntN(8) == 0 {
		if err := k.startAndKill(ctx); err != nil {
			return err
		}
	}
	if err := k.resume(ctx); err != nil {
		return err
	}
	k.desk.open()
	pause(ctx, time.Duration(30+k.random.IntN(400))*time.Millisecond)
	if err := k.kill(); err != nil {
		return err
	}
	k.out.Kills++
	k.desk.close()
	return nil
}

func (k *crash) startAndKill(ctx context.Context) error {
	early, stop := context.WithTimeout(ctx, time.Duration(k.random.IntN(150))*time.Millisecond)
	defer stop()
	switch err := k.startUntil(early); {
	case err != nil && early.Err() == nil:
		return err
	case err != nil:
		k.out.Starting++
	}
	k.out.Kills++
	return k.kill()
}

// resume starts the program again, lets the writers ask again what was not
// answered, and looks at everything that was touched.
func (k *crash) resume(ctx context.Context) error {
	if err := k.startUntil(ctx); err != nil {
		return err
	}
	if err := k.desk.sign(ctx, k.program); err != nil {
		return err
	}
	k.desk.retry()
	if !k.desk.settled(ctx, k.Writers, 30*time.Second) {
		k.out.broke("what was asked before the kill is not answered after it: %s", k.desk.waiting())
	}
	for _, broken := range k.book.takeBroken() {
		k.out.broke("%s", broken)
	}
	k.replay(ctx)
	k.follow(ctx)
	k.look(ctx, k.book.takeTouched())
	if k.out.Rounds%k.Audit == 0 {
		return k.audit(ctx)
	}
	return nil
}

// end looks at all that was ever acknowledged.
func (k *crash) end(ctx context.Context) error {
	if err := k.resume(ctx); err != nil {
		return err
	}
	k.look(ctx, k.book.all())
	k.compare(ctx)
	k.names(ctx)
	if k.out.Rounds%k.Audit != 0 {
		if err := k.audit(ctx); err != nil {
			return err
		}
	}
	k.mails(ctx)
	return nil
}

// audit asks the program to hold its records against its log.
func (k *crash) audit(ctx context.Context) error {
	out, err := k.run(ctx, "log", "check", "--json")
	var r struct {
		Credentials int
		Findings    []struct{ Record, ID, Reason string }
	}
	if bad := json.Unmarshal([]byte(out), &r); bad != nil {
		return errors.Join(err, bad)
	}
	for _, f := range r.Findings {
		k.out.broke("log check: %s %s: %s", f.Record, f.ID, f.Reason)
	}
	if badges, _ := k.book.counts(); r.Credentials < badges {
		k.out.broke("log check: %d credentials, and %d were acknowledged", r.Credentials, badges)
	}
	k.out.Audits++
	return nil
}

// mails waits for a mail about every badge, but for those that wait for a digest.
func (k *crash) mails(ctx context.Context) {
	const atOnce = 20 // mails are under way together at most
	due := k.book.ids()
	var missing []string
	for deadline := time.Now().Add(max(k.Mails, 20*time.Second)); time.Now().Before(deadline) && ctx.Err() == nil; pause(ctx, 200*time.Millisecond) {
		if missing = k.mailbox.overdue(k.mailbox.missing(due), due, k.book.holder); len(missing) == 0 || k.Mails == 0 && len(missing) <= atOnce*k.out.Kills && k.mailbox.quiet(3*time.Second) {
			break
		}
	}
	k.out.Mails = k.mailbox.count()
	switch {
	case k.Mails > 0 && len(missing) > 0:
		k.out.broke("no mail came about %d badges, such as %s", len(missing), missing[0])
	case len(missing) > atOnce*k.out.Kills:
		k.out.broke("no mail came about %d badges, and the kills can have put off %d", len(missing), atOnce*k.out.Kills)
	case len(missing) > 0:
		fmt.Fprintf(k.Out, "   %d mails were under way when the program was killed, and are due again after ten minutes\n", len(missing))
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// prepare sets the installation up: people, a program, clients, sessions.
func (k *crash) prepare(ctx context.Context) error {
	if k.DB != "" {
		if _, err := k.run(ctx, "migrate", "up"); err != nil {
			return err
		}
	}
	if err := k.startUntil(ctx); err != nil { // the first start sets it up
		return err
	}
	k.learners = 100 + 8*k.Rounds // so many that there is always something to earn
	for _, in := range []struct{ kind, file, text string }{
		{"program", "program.yaml", programFile()}, {"people", "people.csv", peopleFile(k.learners)},
	} {
		if err := os.WriteFile(filepath.Join(k.dir, in.file), []byte(in.text), 0o600); err != nil {
			return err
		}
		if _, err := k.run(ctx, "import", in.kind, in.file); err != nil {
			return err
		}
	}
	var err error
	if k.desk, err = newDesk(ctx, k.program); err != nil {
		return err
	}
	return k.kill()
}
