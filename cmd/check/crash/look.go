package crash

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	replays = 25 // of what the last round was answered
	eyes    = 6  // badges that are looked at together
	// patient is how long what was begun is waited for. That it comes is what is
	// looked at here; how soon says the clock of a busy machine.
	patient = 30 * time.Second
)

// replay asks again what was answered: the same key gets the same answer.
func (k *crash) replay(ctx context.Context) {
	done := k.desk.takeDone()
	k.random.Shuffle(len(done), func(i, j int) { done[i], done[j] = done[j], done[i] })
	for _, a := range done[:min(len(done), replays)] {
		status, body, err := k.desk.send(ctx, a)
		if err != nil || status != a.status || !bytes.Equal(body, a.answer) {
			k.out.broke("%s %s was answered %d %.300s, and under the same key later %d %.300s (%v)", a.path, a.body, a.status, a.answer, status, body, err)
		}
		k.out.Replays++
	}
}

// follow waits for the jobs that the last round began.
func (k *crash) follow(ctx context.Context) {
	for _, id := range k.book.takeJobs() {
		var j struct {
			State       string
			Total, Done int
			Refused     []json.RawMessage
			Credentials []string
		}
		for deadline := time.Now().Add(patient); ; pause(ctx, 20*time.Millisecond) {
			err := k.read(ctx, "/api/v1/jobs/"+id, &j)
			if err == nil && j.State == "done" {
				break
			}
			if err != nil || time.Now().After(deadline) {
				k.out.broke("job %s did not end: %s, %d of %d (%v)", id, j.State, j.Done, j.Total, err)
				return
			}
		}
		if j.Done != batchSize || len(j.Refused) > 0 {
			k.out.broke("job %s made %d of %d awards and refused %s", id, j.Done, batchSize, j.Refused)
		}
		for _, id := range j.Credentials {
			var c answered
			if err := k.read(ctx, "/api/v1/credentials/"+id, &c); err != nil || c.Credential == nil {
				k.out.broke("a job names badge %s: %v", id, err)
				continue
			}
			k.book.enter(*c.Credential)
		}
	}
}

// read reads JSON.
func (k *crash) read(ctx context.Context, path string, into any, headers ...string) error {
	status, body, err := k.desk.get(ctx, path, headers...)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("%s: %d %.200s", path, status, body)
	}
	return json.Unmarshal(body, into)
}

// place is where a badge stands in the status lists.
type place struct {
	badge
	list  string
	index int
}

// look looks at badges as their holders and others do.
func (k *crash) look(ctx context.Context, badges []badge) {
	var mu sync.Mutex
	var places []place
	var group sync.WaitGroup
	next := make(chan badge)
	for range eyes {
		group.Go(func() {
			for b := range next {
				p, err := k.lookAt(ctx, b)
				mu.Lock()
				if places = append(places, p); err != nil {
					k.out.broke("badge %s (%s): %v", b.id, b.state, err)
				}
				mu.Unlock()
			}
		})
	}
	for _, b := range badges {
		next <- b
	}
	close(next)
	group.Wait()
	if len(k.out.Broken) == 0 {
		k.lists(ctx, places)
	}
}

func (k *crash) lookAt(ctx context.Context, b badge) (place, error) {
	p := place{badge: b}
	var c answered
	if err := k.read(ctx, "/api/v1/credentials/"+b.id, &c); err != nil {
		return p, err
	}
	if s := c.Credential; s == nil || s.State != b.state || s.Person.ID != b.person || s.Achievement.Code != b.achievement {
		return p, fmt.Errorf("it is kept as %+v", c.Credential)
	}
	var report struct{ Verdict, Summary string }
	want := map[string]string{issued: "verified", revoked: "refused", superseded: "refused"}[b.state]
	if err := k.read(ctx, "/v/"+b.id, &report, "Accept", "application/json"); err != nil || report.Verdict != want {
		return p, fmt.Errorf("its page says %q (%v)", report.Summary, err)
	}
	var signed struct {
		CredentialStatus struct{ StatusListCredential, StatusListIndex string }
	}
	if err := k.read(ctx, "/v/"+b.id+".json", &signed); err != nil {
		return p, err
	}
	var err error
	p.list = strings.TrimPrefix(signed.CredentialStatus.StatusListCredential, k.url)
	if p.index, err = strconv.Atoi(signed.CredentialStatus.StatusListIndex); err != nil {
		return p, err
	}
	for deadline := time.Now().Add(patient); ; pause(ctx, 20*time.Millisecond) {
		var proof struct{ Index *int64 }
		if err = k.read(ctx, "/v/"+b.id+"/proof", &proof); err == nil && proof.Index != nil {
			return p, nil
		}
		if time.Now().After(deadline) {
			return p, fmt.Errorf("it has no place in the log: %v", err)
		}
	}
}

// lists holds the published status lists against what was acknowledged.
func (k *crash) lists(ctx context.Context, places []place) {
	begun := time.Now()
	for {
		wrong, err := k.wrong(ctx, places)
		if err == nil && wrong == nil {
			k.out.Slowest = max(k.out.Slowest, time.Since(begun))
			return
		}
		if err != nil || wrong.state == issued || time.Since(begun) > patient {
			k.out.broke("the status list does not say what was acknowledged: %+v (%v)", wrong, err)
			return
		}
		pause(ctx, 20*time.Millisecond)
	}
}

// wrong finds a badge of which its list does not say what it should.
func (k *crash) wrong(ctx context.Context, places []place) (*place, error) {
	lists := map[string][]byte{}
	for i := range places {
		p := &places[i]
		if lists[p.list] == nil {
			bits, err := k.bits(ctx, p.list)
			if err != nil {
				return nil, err
			}
			lists[p.list] = bits
		}
		bits := lists[p.list]
		if p.index/8 >= len(bits) {
			return nil, fmt.Errorf("%s has no place %d", p.list, p.index)
		}
		// Bitstring Status List §2.2: the left-most bit is the first.
		if set := bits[p.index/8]&(0x80>>(p.index%8)) != 0; set != (p.state != issued) {
			return p, nil
		}
	}
	return nil, nil
}

// bits reads a published list (Bitstring Status List §3.3).
func (k *crash) bits(ctx context.Context, list string) ([]byte, error) {
	var c struct {
		CredentialSubject struct{ EncodedList string }
	}
	if err := k.read(ctx, list, &c); err != nil {
		return nil, err
	}
	encoded, ok := strings.CutPrefix(c.CredentialSubject.EncodedList, "u")
	if !ok {
		return nil, errors.New("the list is not in base64url")
	}
	packed, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, 1<<20))
}

// compare holds every badge that the program has against those that it
// acknowledged: there is none that nobody was told of, and nobody has two.
func (k *crash) compare(ctx context.Context) {
	slots, cursor := map[string]string{}, ""
	for {
		var page struct {
			Items []shown
			Next  *string
		}
		if err := k.read(ctx, "/api/v1/credentials?state=issued&limit=200"+cursor, &page); err != nil {
			k.out.broke("list the badges: %v", err)
			return
		}
		for _, s := range page.Items {
			slot := s.Person.ID + " " + s.Achievement.Code
			if other := slots[slot]; other != "" {
				k.out.broke("%s and %s stand for the same", s.ID, other)
			}
			slots[slot] = s.ID
			if b, ok := k.book.known(s.ID); !ok || b.state != s.State {
				k.out.broke("there is a badge %s (%s) that nobody was told of", s.ID, s.State)
			}
		}
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + *page.Next
	}
	if badges, over := k.book.counts(); len(slots) != badges-over {
		k.out.broke("%d badges stand, and %d were acknowledged", len(slots), badges-over)
	}
}

// names holds the names of people against those that were put right.
func (k *crash) names(ctx context.Context) {
	for id, given := range k.book.given() {
		status, body, err := send(ctx, k.desk.sessions[admin], "GET", k.url+"/api/v1/people/"+id, "")
		var v struct{ Person struct{ Name string } }
		if err == nil {
			err = json.Unmarshal(body, &v)
		}
		if err != nil || !slices.Contains(given, v.Person.Name) {
			k.out.broke("person %s was called %q and is %d %.200s (%v)", id, given, status, body, err)
		}
	}
}
