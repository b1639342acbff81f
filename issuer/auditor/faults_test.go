package auditor_test

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/jobs"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
)

// scene is a service whose database can be made to fail, and which can be
// started anew on the same records. Each step has a person of its own.
type scene struct {
	*issuertest.Service
	t      *testing.T
	dsn    string
	mark   string                          // file of the high-water mark
	fail   func(what string) (mend func()) // makes the database refuse something
	sent   map[string]int
	client issuer.ClientID // who asks over HTTP
	secret string
	person issuer.PersonID
	former issuer.PersonID // who becomes the person
	email  string
	id     issuer.CredentialID // that the step is about
	fact   string              // completion that the step is about
	list   string              // where it stands
	index  uint64
	key    string // Idempotency-Key of the step
	answer []byte // first answer of the step
	steps  int
	seen   int64     // size of the log that the witness has signed
	since  time.Time // when the key of the step was lost
	token  string    // of a wallet
	wallet ed25519.PrivateKey
}

// onFile is a scene whose database refuses writes, as a disk does.
func onFile(t *testing.T) *scene {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	x := newScene(t, path)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)") // past the program
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	x.fail = func(what string) func() {
		if !strings.Contains(what, " ") {
			what = "INSERT ON " + what
		}
		run := func(statement string) {
			if _, err := db.Exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		run("CREATE TRIGGER broken BEFORE " + what + " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END")
		return func() { run("DROP TRIGGER broken") }
	}
	return x
}

func newScene(t *testing.T, dsn string) *scene {
	x := &scene{t: t, dsn: dsn, mark: filepath.Join(t.TempDir(), "high-water"), sent: map[string]int{}}
	x.Service = issuertest.New(t, issuertest.Options{DSN: dsn})
	x.wire()
	client, secret, err := x.Registrar.AddClient(t.Context(), issuer.Caller{System: "test"}, "faults", []string{"completions:write", "credentials:read", "credentials:write", "credentials:revoke"})
	if err != nil {
		t.Fatal(err)
	}
	x.client, x.secret = client.ID, secret
	return x
}

// wire gives the jobs a mail server and a high-water mark.
func (x *scene) wire() {
	x.Jobs.Mailer, x.Jobs.Mark, x.Jobs.Remind = x, highwater.New(x.mark), x.Registrar.Remind
	x.Jobs.Witness = &jobs.Witness{URL: "https://witness.example", Key: witnessKey(), Post: x.witness}
	x.Jobs.Render = func(_, template string, data json.RawMessage) (subject, text, html string, err error) {
		return template, string(data), "", nil
	}
	if err := x.Jobs.Raise(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
}

// Send is the mail server.
func (x *scene) Send(_ context.Context, m jobs.Mail) error {
	x.sent[m.To]++
	return nil
}

// restart begins anew on the records, with nothing remembered.
func (x *scene) restart() {
	known, ahead := x.Sample, time.Until(x.Clock.Now())
	base := x.URL
	x.Service = issuertest.NewEmpty(x.t, issuertest.Options{DSN: x.dsn, Base: base})
	x.Sample = known
	x.Clock.Advance(ahead)
	x.wire()
	mark, err := x.Jobs.Mark.Read()
	if err == nil {
		err = x.Registrar.HoldIfBehind(x.t.Context(), mark)
	}
	if err != nil {
		x.t.Fatal(err)
	}
}

// newcomer gives the next step a person.
func (x *scene) newcomer() {
	x.t.Helper()
	x.steps++
	x.email, x.key, x.answer, x.id = fmt.Sprintf("p%d@faults.example", x.steps), fmt.Sprint("step ", x.steps), nil, ""
	row := registrar.PersonRow{Row: 2, Email: x.email, Name: fmt.Sprint("Person ", x.steps), Role: "learner", Cohort: "craft-1", TimeZone: "Europe/Berlin"}
	r, err := x.Registrar.ImportPeople(x.t.Context(), issuer.Caller{System: "test"}, []registrar.PersonRow{row}, registrar.ImportOptions{})
	if err != nil || len(r.Refused) > 0 {
		x.t.Fatalf("%+v %v", r, err)
	}
	p, err := x.Registrar.FindPerson(x.t.Context(), issuer.Caller{System: "test"}, x.email)
	if err != nil {
		x.t.Fatal(err)
	}
	x.person = p.ID
	x.signInAgain()
}

// signInAgain gives the client a token: the clock goes on, and one ends after an
// hour.
func (x *scene) signInAgain() {
	x.t.Helper()
	var err error
	if x.Tokens["lms"], _, err = x.Signin.ClientToken(x.t.Context(), x.client, x.secret, ""); err != nil {
		x.t.Fatal(err)
	}
}

// post asks for a change over HTTP, under the key of the step: the same again is
// answered as it was the first time.
func (x *scene) post(path, body string) error {
	a := x.Service.Send(x.t, "lms", "POST", path, body, "Idempotency-Key", x.key)
	switch {
	case a.Status >= 500:
		return fmt.Errorf("answered %d", a.Status)
	case a.Status >= 300:
		x.t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	case x.answer != nil && string(x.answer) != string(a.Body):
		x.t.Errorf("%s: the same again was answered %s, and first %s", path, a.Body, x.answer)
	}
	x.answer = a.Body
	return nil
}

func (x *scene) award() error {
	return x.post("/api/v1/credentials", fmt.Sprintf(`{"achievement":"honour","person":{"id":%q},"reason":"For the chair."}`, x.person))
}

// holding prepares a step about a badge that its person has.
func holding(x *scene) {
	x.t.Helper()
	if err := x.award(); err != nil {
		x.t.Fatal(err)
	}
	var a struct {
		Credential struct{ ID issuer.CredentialID }
	}
	if err := json.Unmarshal(x.answer, &a); err != nil {
		x.t.Fatal(err)
	}
	x.id, x.key, x.answer = a.Credential.ID, x.key+" then", nil
	var c struct {
		CredentialStatus struct{ StatusListCredential, StatusListIndex string }
	}
	x.Service.Send(x.t, "nobody", "GET", "/v/"+string(x.id)+".json", "").Want(x.t, http.StatusOK).JSON(x.t, &c)
	delete(x.sent, x.email) // what follows has a mail of its own
	x.list = strings.TrimPrefix(c.CredentialStatus.StatusListCredential, x.URL)
	var err error
	if x.index, err = statuslist.ParseIndex(c.CredentialStatus.StatusListIndex); err != nil {
		x.t.Fatal(err)
	}
	x.settle()
}

// settle lets the clockwork do what there is to do.
func (x *scene) settle() {
	x.t.Helper()
	x.Clock.Advance(11 * time.Minute) // a mail whose attempt was not heard of is due again
	for _, duty := range []func(context.Context) error{x.Registrar.RunBatches, x.Jobs.Sequence, x.Jobs.Publish, x.Jobs.Send, x.Jobs.Raise} {
		if err := duty(x.t.Context()); err != nil {
			x.t.Fatal(err)
		}
	}
}

// badges counts what the person of the step has, by state.
func (x *scene) badges() map[string]int {
	x.t.Helper()
	var list struct{ Items []struct{ ID, State string } }
	x.Service.Send(x.t, "lms", "GET", "/api/v1/credentials?person="+string(x.person), "").Want(x.t, http.StatusOK).JSON(x.t, &list)
	states := map[string]int{}
	for _, i := range list.Items {
		states[i.State]++
	}
	return states
}

func (x *scene) has(states string) error {
	if got := fmt.Sprint(x.badges()); got != states {
		return fmt.Errorf("they have %s, want %s", got, states)
	}
	return nil
}

// told tells besides whether they had a mail about the step.
func (x *scene) told(states string) error {
	err := x.has(states)
	if x.sent[x.email] == 0 {
		err = errors.Join(err, errors.New("no mail came"))
	}
	return err
}

// faulty is one step of what is issued and what follows it.
type faulty struct {
	name    string
	breaks  []string // what a disk refuses, one after the other
	prepare func(x *scene)
	do      func(x *scene) error
	holds   func(x *scene) error // in the end
}

var faults = []faulty{
	{"award", strings.Split("awards status_entries credentials signed_copies log_salts log_leaves audit_entries messages answers", " "), nil,
		(*scene).award, func(x *scene) error { return x.told("map[issued:1]") }},
	{"completion", strings.Split("completions credentials audit_entries answers", " "), nil,
		func(x *scene) error {
			return x.post("/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1"}`, x.person))
		}, func(x *scene) error { return x.told("map[issued:1]") }},
	{"revoke", []string{"UPDATE ON awards", "UPDATE ON status_entries", "UPDATE ON status_lists", "log_leaves", "audit_entries", "messages", "answers"}, holding,
		func(x *scene) error {
			return x.post("/api/v1/credentials/"+string(x.id)+"/revoke", `{"code":"issued-in-error"}`)
		}, func(x *scene) error { return errors.Join(x.told("map[revoked:1]"), x.listed(true)) }},
	{"withdrawal", []string{"UPDATE ON completions", "UPDATE ON awards", "UPDATE ON status_entries", "log_leaves", "audit_entries", "messages", "answers"}, completed,
		func(x *scene) error {
			return x.post("/api/v1/completions/"+x.fact+"/withdraw", `{"reason":"Another's."}`)
		}, func(x *scene) error { return x.told("map[revoked:1]") }},
	{"correction", []string{"completions", "UPDATE ON completions", "credentials", "signed_copies", "log_leaves", "audit_entries", "answers"}, completed,
		func(x *scene) error {
			return x.post("/api/v1/completions/"+x.fact+"/correct", `{"right":{"completedAt":"2026-11-02"},"reason":"A day late."}`)
		}, func(x *scene) error { return x.told("map[issued:1 superseded:1]") }},
	{"signing on read", []string{"signed_copies"}, holding, (*scene).read, func(x *scene) error { return x.has("map[issued:1]") }},
	{"share", []string{"UPDATE ON awards", "share_links", "audit_entries"}, holding, (*scene).share, func(x *scene) error { return x.has("map[issued:1]") }},
	{"wallet", []string{"wallet_nonces", "credentials", "status_entries", "signed_copies", "log_salts", "log_leaves", "audit_entries", "UPDATE ON wallet_offers"}, redeemed, (*scene).copy,
		func(x *scene) error { return errors.Join(x.has("map[issued:1]"), x.copied()) }},
	{"mail asked for", []string{"signin_links", "messages", "audit_entries"}, nil,
		func(x *scene) error { return x.Signin.Ask(x.t.Context(), x.email, "/home") }, func(x *scene) error { return x.told("map[]") }},
	{"reissue", []string{"credentials", "signed_copies", "UPDATE ON credentials", "UPDATE ON status_entries", "log_leaves", "audit_entries", "answers"}, holding,
		func(x *scene) error {
			return x.post("/api/v1/credentials/"+string(x.id)+"/reissue", `{"reason":"A slip."}`)
		}, func(x *scene) error { return errors.Join(x.told("map[issued:1 superseded:1]"), x.listed(true)) }},
	{"batch asked for", []string{"issue_jobs", "issue_items", "audit_entries", "answers"}, nil, (*scene).batch,
		func(x *scene) error { return x.told("map[issued:1]") }},
	{"batch item", []string{"awards", "credentials", "audit_entries", "UPDATE ON issue_items", "UPDATE ON issue_jobs"},
		func(x *scene) {
			if err := x.batch(); err != nil {
				x.t.Fatal(err)
			}
		},
		func(x *scene) error { return x.Registrar.RunBatches(x.t.Context()) }, func(x *scene) error { return x.told("map[issued:1]") }},
	{"position in the log", []string{"UPDATE ON audit_entries", "UPDATE ON audit_heads", "UPDATE ON log_leaves", "UPDATE ON log_tiles", "log_checkpoints"}, awarded,
		func(x *scene) error { return x.Jobs.Sequence(x.t.Context()) }, func(x *scene) error { return x.told("map[issued:1]") }},
	{"status list", []string{"UPDATE ON status_lists"}, revoked,
		func(x *scene) error { return x.Jobs.Publish(x.t.Context()) }, func(x *scene) error { return x.listed(true) }},
	{"mail", []string{"UPDATE ON messages", "UPDATE ON messages WHEN NEW.state = 'sent'"}, awarded,
		func(x *scene) error { x.Clock.Advance(11 * time.Minute); return x.Jobs.Send(x.t.Context()) },
		func(x *scene) error { return x.told("map[issued:1]") }},
	{"erase", []string{"UPDATE ON people", "UPDATE ON awards", "UPDATE ON status_entries", "log_leaves", "audit_entries"}, holding, (*scene).erase, (*scene).erased},
	{"merge", []string{"UPDATE ON people", "UPDATE ON awards", "UPDATE ON status_entries", "UPDATE ON emails", "log_leaves", "audit_entries"}, twice, (*scene).merge, (*scene).merged},
	{"key", []string{"keys", "UPDATE ON keys", "log_leaves", "audit_entries"}, holding, (*scene).replaceKey,
		func(x *scene) error { return errors.Join(x.has("map[issued:1]"), x.oneKey()) }},
	{"suspend", []string{"UPDATE ON awards", "log_leaves", "audit_entries", "answers"}, holding, (*scene).suspend,
		func(x *scene) error { return errors.Join(x.has("map[suspended:1]"), x.listed(false)) }},
	{"reinstate", []string{"UPDATE ON awards", "log_leaves", "audit_entries", "answers"}, suspended,
		func(x *scene) error { return x.post("/api/v1/credentials/"+string(x.id)+"/reinstate", "") },
		func(x *scene) error { return errors.Join(x.has("map[issued:1]"), x.listed(false)) }},
	{"signature of the witness", []string{"UPDATE ON log_checkpoints"}, holding,
		func(x *scene) error { return x.Jobs.Cosign(x.t.Context()) }, (*scene).cosigned},
	{"sums of cohorts", []string{"cohort_sums"}, holding,
		func(x *scene) error { return x.Registrar.CountCohorts(x.t.Context()) }, (*scene).counted},
	{"key of a mentor given up", []string{"lost_mentor_keys", "audit_entries"}, signing, (*scene).loseKey, (*scene).lost},
	{"reminder", []string{"messages"}, ending(30), func(x *scene) error { return x.Registrar.Remind(x.t.Context()) },
		func(x *scene) error { return x.told("map[issued:1]") }},
	{"expiry", []string{"UPDATE ON awards", "audit_entries"}, ending(-1), func(x *scene) error { return x.Jobs.Expire(x.t.Context()) },
		(*scene).expired},
}

func awarded(x *scene) {
	if err := x.award(); err != nil {
		x.t.Fatal(err)
	}
}

// completed prepares a step about a completion that its person has.
func completed(x *scene) {
	x.t.Helper()
	if err := x.post("/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1","completedAt":"2026-11-03"}`, x.person)); err != nil {
		x.t.Fatal(err)
	}
	var a struct{ Completion struct{ ID string } }
	if err := json.Unmarshal(x.answer, &a); err != nil {
		x.t.Fatal(err)
	}
	x.fact, x.key, x.answer = a.Completion.ID, x.key+" then", nil
	x.settle()
	delete(x.sent, x.email) // what follows has a mail of its own
}

// read asks for the form of a badge that is signed when it is first asked for.
func (x *scene) read() error {
	if a := x.Service.Send(x.t, "nobody", "GET", "/v/"+string(x.id)+".jwt", ""); a.Status != http.StatusOK {
		return fmt.Errorf("answered %d", a.Status)
	}
	return nil
}

// share makes the badge of the step public and gives a link to it.
func (x *scene) share() error {
	holder, err := x.Registrar.Caller(x.t.Context(), x.person)
	if err != nil {
		return err
	}
	if _, err := x.Registrar.SetVisibility(x.t.Context(), holder, x.id, issuer.Public); err != nil {
		return err
	}
	_, _, err = x.Registrar.AddShareLink(x.t.Context(), holder, x.id, "x", 1)
	return err
}

func revoked(x *scene) {
	holding(x)
	if err := x.post("/api/v1/credentials/"+string(x.id)+"/revoke", `{"code":"issued-in-error"}`); err != nil {
		x.t.Fatal(err)
	}
}

func (x *scene) batch() error {
	return x.post("/api/v1/credentials/batch", fmt.Sprintf(`{"items":[{"achievement":"honour","person":{"id":%q},"reason":"For the chair."}]}`, x.person))
}

// listed tells whether the list at the origin shows the badge of the step as
// revoked.
func (x *scene) listed(want bool) error {
	list := x.Service.Send(x.t, "nobody", "GET", x.list, "").Want(x.t, http.StatusOK).Body
	doc, err := strictjson.Parse(list)
	if err != nil {
		return err
	}
	bit, err := statuslist.Lookup(doc.Get("credentialSubject").Get("encodedList").Text(), x.index, 1)
	if on := bit == 1; err == nil && on != want {
		err = fmt.Errorf("the list shows place %d as %v", x.index, on)
	}
	return err
}

func (x *scene) erase() error {
	return x.Registrar.ErasePerson(x.t.Context(), issuer.Caller{System: "test"}, x.person)
}

// twice gives the step a person who is known twice, with the same badge.
func twice(x *scene) {
	holding(x)
	x.former = x.person
	x.newcomer()
	x.Clock.Advance(time.Second)
	holding(x)
}

func (x *scene) merge() error {
	return x.Registrar.MergePeople(x.t.Context(), issuer.Caller{System: "test"}, x.person, x.former, false)
}

// merged tells whether the later badge gave way to the earlier one.
func (x *scene) merged() error {
	b, err := x.Registrar.Badge(x.t.Context(), issuer.Caller{System: "test"}, x.id)
	if err == nil && (b.RevokedCode != issuer.Duplicate || b.ReplacedBy == "") {
		err = fmt.Errorf("the later badge is %s %q and leads to %q", b.State, b.RevokedCode, b.ReplacedBy)
	}
	return err
}

func (x *scene) erased() error {
	if a := x.Service.Send(x.t, "nobody", "GET", "/v/"+string(x.id), ""); a.Status != http.StatusGone {
		return fmt.Errorf("the page of an erased badge is answered %d", a.Status)
	}
	return x.listed(true)
}

// replaceKey gives the key of the log up for another: it can be replaced in
// trial mode too.
func (x *scene) replaceKey() error {
	ctx, operator := x.t.Context(), issuer.Caller{System: "test"}
	keys, err := x.Registrar.Keys(ctx, operator)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Purpose == "log" && k.State == issuer.KeyActive {
			_, err = x.Registrar.ReplaceKey(ctx, operator, k.ID)
			return err
		}
	}
	return errors.New("there is no active key of the log")
}

// oneKey tells whether the log has one active key.
func (x *scene) oneKey() error {
	keys, err := x.Registrar.Keys(x.t.Context(), issuer.Caller{System: "test"})
	active := 0
	for _, k := range keys {
		if k.Purpose == "log" && k.State == issuer.KeyActive {
			active++
		}
	}
	if err == nil && active != 1 {
		err = fmt.Errorf("%d active keys of the log", active)
	}
	return err
}

// rules holds the records against everything that the auditor knows, and the
// mark.
func (x *scene) rules() {
	x.t.Helper()
	r := check(x.t, auditorOf(x.Service))
	for _, f := range r.Findings {
		x.t.Errorf("%+v", f)
	}
	if r.Waiting > 0 {
		x.t.Errorf("%d rows wait for their position", r.Waiting)
	}
	held, err := store.Read(x.t.Context(), x.Store, (*store.Tx).Held)
	if err != nil || held.Holds() {
		x.t.Errorf("the records are held: %+v %v", held, err)
	}
}

// TestFaults breaks each step of issuing, and of what follows it, in both ways:
// it is not done though it was begun (the disk refuses one of its writes), or it
// is done and who asked for it does not hear of it. Then it is done again, by the
// same process or by one that was started anew on the records; the rules hold in
// the end.
func TestFaults(t *testing.T) {
	for _, anew := range []bool{false, true} {
		name := "retried"
		if anew {
			name = "restarted"
		}
		t.Run(name, func(t *testing.T) {
			x := onFile(t)
			for _, f := range faults {
				breaks := f.breaks
				if anew { // a restart is slow, and forgets the same whichever write failed
					breaks = []string{breaks[0], breaks[len(breaks)-1]}
				}
				for _, broken := range append(slices.Clone(breaks), "") {
					x.fault(f, broken, anew)
					if t.Failed() {
						t.Fatalf("%s, %q broken", f.name, broken)
					}
				}
			}
		})
	}
}

func (x *scene) fault(f faulty, broken string, anew bool) {
	x.t.Helper()
	x.newcomer()
	if f.prepare != nil {
		f.prepare(x)
	}
	mend := func() {}
	if broken != "" {
		mend = x.fail(broken)
	}
	err := f.do(x)
	mend()
	if failed := err != nil; failed != (broken != "") {
		x.t.Errorf("done while the database refuses %q: %v", broken, err)
	}
	if anew {
		x.restart()
	}
	if err := f.do(x); err != nil {
		x.t.Errorf("done again: %v", err)
	}
	x.settle()
	if err := f.holds(x); err != nil {
		x.t.Error(err)
	}
	x.rules()
}

// TestMarkFails: while the high-water mark cannot be written no status list is
// published whose bits it does not know; afterwards it is raised, and the records
// are not taken for ones that were put back.
func TestMarkFails(t *testing.T) {
	for _, anew := range []bool{false, true} {
		x := onFile(t)
		x.newcomer()
		revoked(x)
		mark := x.Jobs.Mark
		x.Jobs.Mark = highwater.New(filepath.Join(x.mark, "no folder", "high-water"))
		for name, duty := range map[string]func(context.Context) error{"sequence": x.Jobs.Sequence, "publish": x.Jobs.Publish} {
			if err := duty(t.Context()); err == nil {
				t.Errorf("%s went on without its mark", name)
			}
		}
		if err := x.listed(false); err != nil {
			t.Errorf("published before the mark knew: %v", err)
		}
		if x.Jobs.Mark = mark; anew {
			x.restart()
		}
		x.settle()
		if err := errors.Join(x.listed(true), x.has("map[revoked:1]")); err != nil {
			t.Error(err)
		}
		x.rules()
	}
}
