package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What there is to earn.
const (
	modules   = 6
	awards    = 4
	capstones = 60
	batchSize = 6
)

// programFile is a program with modules, one badge that stacks on two of them,
// badges on somebody's word, and capstones that one mentor approves.
func programFile() string {
	var f strings.Builder
	f.WriteString("version: 1\nissuer: {name: Crash Academy}\nprogram: {code: crash, name: Crash Program}\nlevels: [{code: l, name: Level, order: 1}]\nmodules:\n")
	for n := range modules {
		fmt.Fprintf(&f, "  - {code: M%d, name: Module %d, level: l, kind: short}\n", n, n)
	}
	f.WriteString("capstones:\n")
	for n := range capstones {
		fmt.Fprintf(&f, "  - {code: C%d, name: Capstone %d, level: l, brief: Build it., evidence: [link], approvals: {count: 1}, rubric: [{code: build, name: It works, levels: [no, sound], required: sound}]}\n", n, n)
	}
	f.WriteString("achievements:\n")
	for n := range modules {
		fmt.Fprintf(&f, "  - {code: M%d, name: Badge of module %d, type: Badge, description: Knows it., award: {module: M%d}}\n", n, n, n)
	}
	f.WriteString("  - {code: pair, name: Both, type: MicroCredential, description: Knows both., award: {all: [M0, M1]}}\n")
	for n := range awards {
		fmt.Fprintf(&f, "  - {code: A%d, name: Thanks %d, type: Award, description: Helped., criteria: By the word of the program.}\n", n, n)
	}
	for n := range capstones {
		fmt.Fprintf(&f, "  - {code: C%d, name: Builder %d, type: Achievement, description: Built it., award: {capstone: C%d}}\n", n, n, n)
	}
	now := time.Now()
	fmt.Fprintf(&f, "cohorts: [{code: c, name: Cohort, starts: %s, ends: %s, timeZone: Europe/Berlin}]\n", now.AddDate(0, -1, 0).Format(time.DateOnly), now.AddDate(0, 6, 0).Format(time.DateOnly))
	return f.String()
}

func learner(n int) string { return fmt.Sprintf("p%05d@crash.example", n) }

func peopleFile(learners int) string {
	var f strings.Builder
	f.WriteString("email,name,role,tier,cohort\n")
	for n := range learners {
		fmt.Fprintf(&f, "%s,Person %d,learner,,c\n", learner(n), n)
	}
	for n := range authors {
		fmt.Fprintf(&f, "%s,Author %d,learner,,c\n", author(n), n)
	}
	for n := range mentors {
		fmt.Fprintf(&f, "%s,Mentor %d,mentor,lead,c\n", mentor(n), n)
	}
	return f.String()
}

// writer asks for one thing after the other.
type writer struct {
	*desk
	*book
	random   *rand.Rand
	number   int
	learners int // that there are
	capstone int // that its author hands in next
}

// work starts the writers; stop ends them and waits.
func (k *crash) work(ctx context.Context) (stop func()) {
	var group sync.WaitGroup
	for n := range k.Writers {
		w := &writer{desk: k.desk, book: k.book, number: n, learners: k.learners, random: rand.New(rand.NewPCG(k.Seed, uint64(1000+n)))}
		group.Go(func() { w.work(ctx) })
	}
	return func() { k.desk.end(); group.Wait() }
}

func (w *writer) work(ctx context.Context) {
	kinds := []struct {
		weight int
		do     func(context.Context) error
	}{{30, w.complete}, {20, w.award}, {18, w.revoke}, {10, w.reissue}, {8, w.batch}, {5, w.rename}}
	if w.number < authors {
		kinds = append(kinds, struct {
			weight int
			do     func(context.Context) error
		}{20, w.handIn})
	}
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	for {
		n := w.random.IntN(total)
		for _, k := range kinds {
			if n -= k.weight; n < 0 {
				if k.do(ctx) != nil {
					return // the run is over
				}
				break
			}
		}
		pause(ctx, time.Duration(w.random.IntN(60))*time.Millisecond)
	}
}

// post asks for a change as the client, or as somebody who signed in.
func (w *writer) post(ctx context.Context, as, path string, body any) (*ask, error) {
	text := []byte{}
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	a := &ask{as: as, path: path, body: string(text), key: newKey()}
	return a, w.ask(ctx, a)
}

type object = map[string]any

func (w *writer) someone() object { return object{"email": learner(w.random.IntN(w.learners))} }

func (w *writer) complete(ctx context.Context) error {
	a, err := w.post(ctx, "", "/api/v1/completions", object{"person": w.someone(), "module": fmt.Sprintf("M%d", w.random.IntN(modules))})
	if err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusCreated, http.StatusOK); ok {
		w.enter(standing(v.Credentials)...)
	}
	return nil
}

// standing leaves out what an answer shows of badges that are over: a fact that
// is recorded already is answered with what it brought about then.
func standing(all []shown) (list []shown) {
	for _, s := range all {
		if s.State == issued {
			list = append(list, s)
		}
	}
	return list
}

func (w *writer) award(ctx context.Context) error {
	a, err := w.post(ctx, "", "/api/v1/credentials", object{"achievement": fmt.Sprintf("A%d", w.random.IntN(awards)), "person": w.someone(), "reason": "Helped."})
	if err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusCreated, http.StatusOK); ok && v.Credential != nil {
		w.enter(append(v.Further, *v.Credential)...)
	}
	return nil
}

func (w *writer) revoke(ctx context.Context) error {
	k := w.take(w.random.IntN(1 << 30))
	if k == nil {
		return nil
	}
	a, err := w.post(ctx, "", "/api/v1/credentials/"+k.id+"/revoke", object{"code": "issued-in-error", "reason": "A slip."})
	if err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusOK); ok && v.Credential != nil {
		if v.Credential.State != revoked {
			w.broke("%s was to be revoked and is %s", k.id, v.Credential.State)
		}
		w.change(k, revoked)
	}
	return nil
}

func (w *writer) reissue(ctx context.Context) error {
	k := w.take(w.random.IntN(1 << 30))
	if k == nil {
		return nil
	}
	a, err := w.post(ctx, "", "/api/v1/credentials/"+k.id+"/reissue", object{"reason": "A slip of the pen."})
	if err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusCreated); ok && v.Credential != nil {
		w.enter(*v.Credential)
		w.change(k, superseded)
	}
	return nil
}

// batch asks for many awards and follows the job to its end.
func (w *writer) batch(ctx context.Context) error {
	var items []object
	for n, first := 0, w.random.IntN(w.learners); n < batchSize; n++ { // each person once: a row that asks again is refused
		person := object{"email": learner((first + n) % w.learners)}
		items = append(items, object{"achievement": fmt.Sprintf("A%d", w.random.IntN(awards)), "person": person, "reason": "Helped."})
	}
	a, err := w.post(ctx, "", "/api/v1/credentials/batch", object{"items": items})
	if err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusAccepted); ok {
		w.job(v.Job.ID)
	}
	return nil
}

// handIn starts, saves and hands in a capstone, and has it approved.
func (w *writer) handIn(ctx context.Context) error {
	if w.capstone == capstones {
		return nil
	}
	code := fmt.Sprintf("C%d", w.capstone)
	w.capstone++
	me, judge := author(w.number), mentor(w.number%mentors)
	a, err := w.post(ctx, me, "/api/v1/capstones", object{"brief": code, "cohort": "c", "title": "It", "team": []string{}})
	if err != nil {
		return err
	}
	started, ok := w.read(a, http.StatusCreated)
	if !ok {
		return nil
	}
	path := "/api/v1/capstones/" + started.Capstone.ID
	draft, err := json.Marshal(object{"title": "It", "summary": "It works.", "evidence": []object{{"kind": "link", "name": "It", "url": "https://it.example/"}}})
	if err != nil {
		return err
	}
	saved := &ask{as: me, method: http.MethodPut, path: path, body: string(draft), key: newKey()}
	if err := w.ask(ctx, saved); err != nil {
		return err
	}
	if _, ok := w.read(saved, http.StatusOK); !ok {
		return nil
	}
	if a, err = w.post(ctx, me, path+"/submissions", nil); err != nil {
		return err
	}
	if _, ok := w.read(a, http.StatusCreated); !ok {
		return nil
	}
	if a, err = w.post(ctx, judge, path+"/reviews", object{"submission": 1, "decision": "approve", "scores": object{"build": "sound"}, "note": "Good."}); err != nil {
		return err
	}
	if v, ok := w.read(a, http.StatusCreated); ok {
		if len(v.Credentials) != 1 {
			w.broke("an approval brought %d badges: %.300s", len(v.Credentials), a.answer)
		}
		w.enter(v.Credentials...)
	}
	return nil
}

// rename puts right the name of the holder of some badge.
func (w *writer) rename(ctx context.Context) error {
	k := w.take(w.random.IntN(1 << 30))
	if k == nil {
		return nil
	}
	name := fmt.Sprintf("Person %d", w.random.IntN(1<<30))
	a, err := w.post(ctx, admin, "/api/v1/people/"+k.person, object{"name": name})
	if err != nil {
		return err
	}
	if _, ok := w.read(a, http.StatusOK); ok {
		w.book.rename(k.person, name)
	}
	w.change(k, issued)
	return nil
}
