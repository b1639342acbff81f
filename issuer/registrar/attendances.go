package registrar

import (
	"context"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// attendancePage is how many learners of a date are shown at once: as many as
// someone goes through before they save.
const attendancePage = 50

// Unnoted asks for learners of whom nothing is noted.
const Unnoted issuer.Presence = "unnoted"

// AttendanceFilter says which learners of a date are asked for.
type AttendanceFilter struct {
	Search string          // part of a name or an address, any case
	State  issuer.Presence // one of issuer.Presences or Unnoted; "" asks for all
	After  issuer.PersonID // those after this one
}

// AttendanceView is a date with some of its learners in Attendance, by name, for
// who notes whether they came.
type AttendanceView struct {
	TouchpointView
	Hosts []PersonName            // whom the date can be with
	Sums  map[issuer.Presence]int // of all learners
	All   int
	Found int // whom the filter means
	Next  issuer.PersonID
}

// Unnoted is of how many learners nothing is noted.
func (v *AttendanceView) Unnoted() int { return v.Sums[Unnoted] }

// AttendanceAt shows a date with a page of the learners of its cohort, for who
// notes whether they came.
func (r *Registrar) AttendanceAt(ctx context.Context, by issuer.Caller, id issuer.TouchpointID, f AttendanceFilter) (*AttendanceView, error) {
	return look(ctx, r, by, func(w *work) (*AttendanceView, error) {
		t, c, err := w.guidedTouchpoint(id)
		if err != nil {
			return nil, err
		}
		v := &AttendanceView{Sums: map[issuer.Presence]int{}}
		if v.Hosts, err = w.hosts(c); err != nil {
			return nil, err
		}
		names, err := w.names(t.HostID)
		if err != nil {
			return nil, err
		}
		v.TouchpointView = w.shownTouchpoint(t, c, names[t.HostID])
		v.Notes = t.Notes
		all, err := w.attendedBy(c.ID, id)
		if err != nil {
			return nil, err
		}
		v.All = len(all)
		for _, a := range all {
			v.Sums[presence(a)]++
		}
		v.Came, v.Noted = v.Sums["present"], v.All-v.Sums[Unnoted]
		v.show(f, all)
		return v, nil
	})
}

// presence is what is noted of someone, Unnoted for nothing.
func presence(a store.Attended) issuer.Presence {
	if a.State == "" {
		return Unnoted
	}
	return a.State
}

// attendedBy lists the learners of a date, all but who asks, by name.
func (w *work) attendedBy(c issuer.CohortID, t issuer.TouchpointID) ([]store.Attended, error) {
	all, err := w.Attended(c, t)
	all = slices.DeleteFunc(all, func(a store.Attended) bool { return a.ID == w.by.Person })
	slices.SortFunc(all, func(a, b store.Attended) int {
		return byName(PersonName{a.ID, a.Name}, PersonName{b.ID, b.Name})
	})
	return all, err
}

// show puts the page of all into the view that the filter asks for.
func (v *AttendanceView) show(f AttendanceFilter, all []store.Attended) {
	search := strings.ToLower(strings.TrimSpace(f.Search))
	after := slices.IndexFunc(all, func(a store.Attended) bool { return a.ID == f.After })
	for i, a := range all {
		if f.State != "" && presence(a) != f.State || search != "" && !strings.Contains(strings.ToLower(a.Name+"\n"+a.Address), search) {
			continue
		}
		v.Found++
		if i <= after {
			continue
		}
		if len(v.Attendance) == attendancePage {
			v.Next = v.Attendance[attendancePage-1].ID
			continue
		}
		v.Attendance = append(v.Attendance, AttendanceLine{PersonName{a.ID, a.Name}, a.State, a.Address})
	}
}

// NoteRest notes the same of every learner of a date of whom nothing is noted.
func (r *Registrar) NoteRest(ctx context.Context, by issuer.Caller, id issuer.TouchpointID, state issuer.Presence) error {
	return r.changeTouchpoint(ctx, by, "touchpoint.note", id, func(w *work, t *issuer.Touchpoint, c *issuer.Cohort) error {
		if !slices.Contains(issuer.Presences, state) {
			return issuer.Wrong("rest", "Someone was present, absent or excused.")
		}
		all, err := w.attendedBy(c.ID, t.ID)
		if err != nil {
			return err
		}
		var rest []*issuer.Attendance
		for _, a := range all {
			if a.State == "" {
				rest = append(rest, w.attendance(t, a.ID, state))
			}
		}
		w.note("noted", len(rest))
		return w.ChangeAttendances(t.ID, nil, rest...)
	})
}

func (w *work) attendance(t *issuer.Touchpoint, p issuer.PersonID, state issuer.Presence) *issuer.Attendance {
	return &issuer.Attendance{TouchpointID: t.ID, PersonID: p, IssuerID: w.us.ID, State: state, NotedAt: w.Now}
}
