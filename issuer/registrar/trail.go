package registrar

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// The audit trail as people read it. Who runs the installation reads all of it, who
// runs a program what was done about its things, and of the rest what they did
// themselves. Of deeds at which people were promised that nobody learns who did
// them nobody reads more than that there was one.

// TrailFilter narrows the trail. Days are those of the reader's zone, the last one
// included.
type TrailFilter struct {
	Who     string // address or id of who did it
	About   string // id of what it was about
	Group   issuer.DeedGroup
	From    issuer.Day
	Until   issuer.Day
	Refused bool   // only what was refused
	Before  string // cursor
	Limit   int    // entries of a page; 0: 50
}

// TrailLine is one entry. Sentence names the text of the catalogue that tells it with
// who, what and the group as values; the trail itself knows no language.
type TrailLine struct {
	Position int64
	At       time.Time // in the reader's zone
	Day      issuer.Day
	Clock    string // "14:05:09 CET"
	Act      string
	Group    issuer.DeedGroup
	Sentence string
	Who      TrailName
	What     TrailName // what it was about
	Refused  bool
	Facts    []TrailFact
	Words    []string // that someone wrote
	Actor    string   // as it is kept
	Object   string
}

// TrailName is someone or something in a sentence. Kind is that of store.Thing, or,
// without a name, "system", "nobody", "erased", "nameless" and "gone".
type TrailName struct {
	Kind, Name, Ref string
	Place           string // code of the cohort that Ref lies in
}

// TrailFact is something more about a deed, under one of the keys of trailFacts.
type TrailFact struct{ Key, Value string }

// trailFacts are what of the detail of entries is shown, in this order.
var trailFacts = []string{"person", "role", "program", "cohort", "mentor", "reviewer", "cover", "submission", "code", "rows", "added", "refused", "issued", "revoked", "mails", "browsers", "drafts"}

// TrailView is a page of the trail, the newest entry first.
type TrailView struct {
	Items []TrailLine
	Next  string     // cursor of what is older; "" at the end
	Back  issuer.Day // how far was looked, where a page was not filled
	Who   TrailName  // whom Filter.Who means
	Zone  string     // of its days and times
}

// A page looks at no more entries than these windows have, so that a filter that
// few entries pass costs no more than another: it is looked on from its cursor.
const (
	trailPage    = 50
	trailSome    = 250
	trailWindow  = 2500
	trailWindows = 4
)

// Trail lists what was done, as far as the caller may read of it.
func (r *Registrar) Trail(ctx context.Context, by issuer.Caller, f TrailFilter) (*TrailView, error) {
	return look(ctx, r, by, func(w *work) (*TrailView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		t, err := w.trail(f)
		if err != nil {
			return nil, err
		}
		return t.page()
	})
}

// trail is a look at the audit trail under way.
type trail struct {
	*work
	filter   TrailFilter
	query    store.TrailQuery
	low      int64 // first position that the days let in
	all      bool
	programs []issuer.ProgramID
	zone     *time.Location
	view     *TrailView
	known    *names
	some     int // entries whose names are read at once
}

// names are what ids mean, as far as it was asked.
type names struct {
	things map[string]store.Thing
	places *places
	placed map[issuer.PersonID]bool // in the caller's programs
}

func (w *work) trail(f TrailFilter) (*trail, error) {
	t := &trail{work: w, filter: f, view: &TrailView{}, some: trailSome}
	t.programs, t.all = w.managed()
	if err := t.readZone(); err != nil {
		return nil, err
	}
	if err := t.readFilter(); err != nil {
		return nil, err
	}
	return t, t.readDays()
}

// readZone takes the zone that the caller lives in.
func (t *trail) readZone() error {
	t.zone = time.UTC
	if t.by.Person != "" {
		p, err := t.Person(t.by.Person)
		if err != nil {
			return err
		}
		if zone, err := time.LoadLocation(p.TimeZone); err == nil && p.TimeZone != "" {
			t.zone = zone
		}
	}
	t.view.Zone = t.zone.String()
	return nil
}

func (t *trail) readFilter() error {
	f := &t.filter
	if f.Limit <= 0 || f.Limit > trailPage {
		f.Limit = trailPage
	}
	if f.Group != "" && !slices.Contains(issuer.DeedGroups, f.Group) {
		return issuer.Wrong("group", "Choose one of the kinds.")
	}
	t.query = store.TrailQuery{Object: f.About}
	if f.Who != "" {
		p, err := t.whoever(f.Who)
		if err != nil {
			return err
		}
		t.query.Actor = issuer.Caller{Person: p.ID}.Actor()
		t.view.Who = TrailName{Kind: string(store.PersonThing), Name: p.Name, Ref: string(p.ID)}
	}
	if f.Group == "" && f.Who == "" && t.all {
		return nil
	}
	t.query.Acts = []string{}
	for _, d := range issuer.Deeds(f.Group, !t.all) {
		if !d.Nameless || f.Who == "" { // else the filter would tell
			t.query.Acts = append(t.query.Acts, d.Act)
		}
	}
	return nil
}

// whoever finds the person that a filter means, among those whom the caller may
// know.
func (t *trail) whoever(who string) (*issuer.Person, error) {
	ref := PersonRef{Email: who}
	if issuer.IsID(strings.ToUpper(who)) {
		ref = PersonRef{ID: issuer.PersonID(strings.ToUpper(who))}
	}
	p, err := t.person(ref)
	if err == nil {
		p, err = t.mayKnow(p.ID)
	}
	if errors.Is(err, issuer.NotFound) || errors.Is(err, issuer.Invalid) || errors.Is(err, issuer.Gone) {
		return nil, issuer.Wrong("who", "Nobody here has this address.")
	}
	return p, err
}

// readDays brings the days and the cursor to positions.
func (t *trail) readDays() error {
	last, err := t.LastAudit()
	if err != nil {
		return err
	}
	if last != nil {
		t.query.Before = *last.Sequence + 1
	}
	if t.filter.From != "" {
		from, err := t.midnight("from", t.filter.From, 0)
		if err != nil {
			return err
		}
		if t.low, err = t.TrailSince(from); err != nil {
			return err
		}
	}
	if t.filter.Until != "" {
		until, err := t.midnight("until", t.filter.Until, 1)
		if err != nil {
			return err
		}
		if t.query.Before, err = t.TrailSince(until); err != nil {
			return err
		}
	}
	if t.filter.Before != "" {
		before, err := strconv.ParseInt(t.filter.Before, 10, 64)
		if err != nil || before < 0 {
			return issuer.Wrong("before", "There is no such page.")
		}
		t.query.Before = min(t.query.Before, before)
	}
	return nil
}

func (t *trail) midnight(field string, d issuer.Day, after int) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, string(d), t.zone)
	if err != nil {
		return time.Time{}, issuer.Wrong(field, "Write the day as 2026-11-21.")
	}
	return day.AddDate(0, 0, after), nil
}

// page reads windows until a page is full, the trail ends, or enough was looked at.
func (t *trail) page() (*TrailView, error) {
	indexed := t.query.Actor != "" || t.query.Object != ""
	for range trailWindows {
		t.query.From, t.query.Limit = t.low, t.filter.Limit+1
		if !indexed {
			t.query.From = max(t.low, t.query.Before-trailWindow)
		}
		if !t.all || t.filter.Refused {
			t.query.Limit = trailWindow
		}
		found, err := t.Tx.Trail(t.query)
		if err != nil {
			return nil, err
		}
		full, err := t.add(found)
		if err != nil || full {
			return t.view, err
		}
		if len(found) == t.query.Limit {
			t.query.Before = *found[len(found)-1].Sequence
		} else {
			t.query.Before = t.query.From
		}
		if t.query.Before <= t.low {
			return t.view, nil
		}
	}
	t.view.Next = strconv.FormatInt(t.query.Before, 10)
	edge, err := t.Tx.Trail(store.TrailQuery{Before: t.query.Before + 1, From: t.query.Before, Limit: 1})
	if err == nil && len(edge) == 1 {
		t.view.Back = issuer.Day(edge[0].At.In(t.zone).Format(time.DateOnly))
	}
	return t.view, err
}

// add adds those entries to the page that the caller may read of, and tells
// whether it is full. Names are read for few entries at first, most often enough for
// a page, and for twice as many each time after: whose entries are rare reads far.
func (t *trail) add(found []issuer.AuditEntry) (full bool, err error) {
	found = slices.DeleteFunc(found, func(e issuer.AuditEntry) bool { return t.filter.Refused && e.Outcome != "refused" })
	for len(found) > 0 {
		n := min(len(found), t.some)
		some := found[:n]
		found, t.some = found[n:], 2*t.some
		told := make([]*telling, len(some))
		for i := range some {
			told[i] = tellingOf(&some[i])
		}
		if t.known, err = t.learn(told); err != nil {
			return false, err
		}
		for _, e := range told {
			if !t.reads(e) {
				continue
			}
			if len(t.view.Items) == t.filter.Limit {
				t.view.Next = strconv.FormatInt(t.view.Items[t.filter.Limit-1].Position, 10)
				return true, nil
			}
			t.view.Items = append(t.view.Items, t.line(e))
		}
	}
	return false, nil
}
