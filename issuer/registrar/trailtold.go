package registrar

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// How entries of the audit trail become lines, and whose programs they are about.

// telling is an entry with its detail read.
type telling struct {
	*issuer.AuditEntry
	deed   issuer.Deed
	detail map[string]any
}

// tellingOf reads the detail of an entry; one that was erased says nothing.
func tellingOf(e *issuer.AuditEntry) *telling {
	t := &telling{AuditEntry: e, deed: issuer.DeedOf(e.Act), detail: map[string]any{}}
	_ = json.Unmarshal([]byte(e.Detail), &t.detail) // what is no object has no facts
	return t
}

func (t *telling) text(key string) string {
	s, _ := t.detail[key].(string)
	return s
}

// ids are what the entry names that could be looked up.
func (t *telling) ids() []string {
	all := []string{t.Object}
	if kind, id, _ := strings.Cut(t.Actor, ":"); kind == "person" || kind == "client" {
		all = append(all, id)
	}
	for _, key := range trailFacts {
		all = append(all, t.text(key))
	}
	return slices.DeleteFunc(all, func(id string) bool { return !issuer.IsID(id) })
}

// learn finds out what some entries name.
func (t *trail) learn(told []*telling) (*names, error) {
	var ids []string
	for _, e := range told {
		ids = append(ids, e.ids()...)
	}
	ids = unique(ids, func(id string) string { return id })
	known := &names{}
	var err error
	if known.things, err = t.Things(ids...); err != nil {
		return nil, err
	}
	holders := unique(slices.Collect(maps.Values(known.things)), func(x store.Thing) string { return string(x.Person) })
	more, err := t.Things(slices.DeleteFunc(holders, func(id string) bool { return known.things[id].ID != "" })...)
	if err != nil {
		return nil, err
	}
	for id, x := range more {
		known.things[id] = x
	}
	if known.places, err = t.places(); err != nil || t.all {
		return known, err
	}
	var people []issuer.PersonID
	for id, x := range known.things {
		if x.Kind == store.PersonThing {
			people = append(people, issuer.PersonID(id))
		}
	}
	known.placed, err = t.PlacedAmong(t.programs, people...)
	return known, err
}

// reads tells whether the caller reads of an entry: about their programs, and of
// the deeds about programs what they did themselves.
func (t *trail) reads(e *telling) bool {
	if t.all {
		return true
	}
	if !e.deed.Ours {
		return false
	}
	if e.Actor == t.by.Actor() {
		return true
	}
	about, said := t.programsOf(e)
	if said {
		return slices.ContainsFunc(about, func(p issuer.ProgramID) bool { return slices.Contains(t.programs, p) })
	}
	return t.known.placed[issuer.PersonID(e.Object)]
}

// programsOf gives the programs that an entry is about. That of a person alone is
// about none that it says.
func (t *trail) programsOf(e *telling) (about []issuer.ProgramID, said bool) {
	for _, id := range []string{e.Object, e.text("program"), e.text("cohort")} {
		if p := t.programOf(id); p != "" {
			about, said = append(about, p), true
		}
	}
	return about, said
}

func (t *trail) programOf(id string) issuer.ProgramID {
	if x, ok := t.known.things[id]; ok {
		return x.Program
	}
	for p, n := range t.known.places.programs {
		if id != "" && (id == n.ID || id == n.Code) {
			return p
		}
	}
	for c, n := range t.known.places.cohorts {
		if id != "" && (id == n.ID || id == n.Code) {
			return t.defined.cohorts[c].ProgramID
		}
	}
	return ""
}

// line tells an entry.
func (t *trail) line(e *telling) TrailLine {
	at := e.At.In(t.zone)
	l := TrailLine{Position: *e.Sequence, At: at, Day: issuer.Day(at.Format(time.DateOnly)), Clock: at.Format("15:04:05 MST"), Act: e.Act,
		Group: e.deed.Group, Sentence: e.deed.Text(e.text(e.deed.By)), Refused: e.Outcome == "refused", Who: t.actor(e.Actor), What: t.named(e.Object), Actor: e.Actor, Object: e.Object}
	if l.Refused {
		l.Sentence = "trail.refused" // it was not done
	}
	if e.deed.Nameless {
		l.Who, l.What, l.Actor, l.Object = TrailName{Kind: "nameless"}, TrailName{Kind: "gone"}, "", ""
		return l
	}
	if l.What.Kind == string(store.BadgeThing) || l.What.Kind == string(store.CompletionThing) || l.What.Kind == string(store.NameThing) {
		if p := t.named(string(t.known.things[e.Object].Person)); p.Name != "" && e.text("person") == "" {
			l.Facts = append(l.Facts, TrailFact{"person", p.Name})
		}
	}
	for _, key := range trailFacts {
		if v := t.fact(e.detail[key]); v != "" {
			l.Facts = append(l.Facts, TrailFact{key, v})
		}
	}
	l.Words = wordsOf(e)
	return l
}

// wordsOf gives what people wrote with an act.
func wordsOf(e *telling) []string {
	var all []string
	if words, ok := e.detail["words"].(map[string]any); ok {
		for _, w := range words {
			if s, ok := w.(string); ok && s != "" {
				all = append(all, s)
			}
		}
	}
	if s := e.text("reason"); s != "" {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// fact writes a value of a detail; "" for what need not be told.
func (t *trail) fact(v any) string {
	switch v := v.(type) {
	case string:
		if n := t.named(v); n.Name != "" {
			return n.Name
		}
		if issuer.IsID(v) {
			return ""
		}
		return v
	case float64:
		if v == 0 {
			return ""
		}
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

// actor names who did something.
func (t *trail) actor(actor string) TrailName {
	kind, id, _ := strings.Cut(actor, ":")
	switch kind {
	case "person", "client":
		n := t.named(id)
		return n
	case "system":
		return TrailName{Kind: "system"}
	}
	return TrailName{Kind: "nobody"}
}

// named names what an id, or the code of a program or cohort, is.
func (t *trail) named(id string) TrailName {
	if x, ok := t.known.things[id]; ok {
		n := TrailName{Kind: string(x.Kind), Name: x.Name, Ref: x.Ref, Place: t.known.places.cohorts[x.Cohort].Code}
		if x.Kind == store.PersonThing && x.Name == "" {
			n.Kind, n.Name, n.Ref = "erased", "", ""
		}
		return n
	}
	for _, n := range t.known.places.programs {
		if id != "" && (id == n.ID || id == n.Code) {
			return TrailName{Kind: string(store.ProgramThing), Name: n.Name, Ref: n.Code}
		}
	}
	for _, n := range t.known.places.cohorts {
		if id != "" && (id == n.ID || id == n.Code) {
			return TrailName{Kind: string(store.CohortThing), Name: n.Name, Ref: n.Code}
		}
	}
	return TrailName{Kind: "gone"}
}
