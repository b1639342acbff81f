package registrar

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"hallmark/issuer"
)

// NewTouchpoint is a date of a cohort as a mentor plans it. At is a date and time
// of the clock in the cohort's zone, "2026-11-21T09:30".
type NewTouchpoint struct {
	Kind  issuer.TouchpointKind
	Title string
	At    string
	Host  issuer.PersonID // one of the cohort's mentors
}

// TouchpointView is a date of a cohort. Notes and who came are for mentors and who
// runs the program; a learner sees whether they came themselves.
type TouchpointView struct {
	ID         issuer.TouchpointID
	Cohort     Named
	Kind       issuer.TouchpointKind
	Title      string
	At         time.Time
	Day        issuer.Day // of the cohort's zone, as Clock is
	Clock      string
	TimeZone   string
	Host       PersonName
	Cancelled  bool
	Past       bool
	Own        issuer.Presence
	Notes      string
	Attendance []AttendanceLine
	Came       int // present
	Noted      int // of whom anything is noted
}

// AttendanceLine is a learner and whether they came.
type AttendanceLine struct {
	PersonName
	State   issuer.Presence
	Address string // where a page of learners is shown
}

// TouchpointsView is the dates of a cohort, those to come first.
type TouchpointsView struct {
	Cohort  Named
	Program Named
	Zone    string
	Guides  bool         // the caller may plan and note
	Hosts   []PersonName // whom a date can be with
	Coming  []TouchpointView
	Past    []TouchpointView
}

// Touchpoints shows the dates of a cohort, by code or id, to its people and who
// runs or sponsors the program.
func (r *Registrar) Touchpoints(ctx context.Context, by issuer.Caller, cohort string) (*TouchpointsView, error) {
	return look(ctx, r, by, func(w *work) (*TouchpointsView, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return nil, err
		}
		p, err := w.Tx.Program(c.ProgramID)
		if err != nil {
			return nil, err
		}
		v := &TouchpointsView{Cohort: namedCohort(c), Program: namedProgram(p), Zone: c.TimeZone, Guides: w.mayGuide(c) == nil && c.ArchivedAt == nil}
		if v.Hosts, err = w.hosts(c); err != nil {
			return nil, err
		}
		list, err := w.Tx.Touchpoints(c.ID)
		if err != nil {
			return nil, err
		}
		views, err := w.touchpointViews(c, list)
		for _, t := range views {
			if t.Past {
				v.Past = append(v.Past, t)
			} else {
				v.Coming = append(v.Coming, t)
			}
		}
		slices.Reverse(v.Coming) // the next one first
		return v, err
	})
}

// Touchpoint shows a date with all learners of its cohort, for who notes whether
// they came.
func (r *Registrar) Touchpoint(ctx context.Context, by issuer.Caller, id issuer.TouchpointID) (*TouchpointView, error) {
	return look(ctx, r, by, func(w *work) (*TouchpointView, error) {
		t, c, err := w.guidedTouchpoint(id)
		if err != nil {
			return nil, err
		}
		views, err := w.touchpointViews(c, []issuer.Touchpoint{*t})
		if err != nil {
			return nil, err
		}
		v := &views[0]
		learners, err := w.peers(c.ID)
		for _, l := range learners {
			if !slices.ContainsFunc(v.Attendance, func(a AttendanceLine) bool { return a.ID == l.ID }) {
				v.Attendance = append(v.Attendance, AttendanceLine{PersonName: l})
			}
		}
		slices.SortFunc(v.Attendance, func(a, b AttendanceLine) int { return byName(a.PersonName, b.PersonName) })
		return v, err
	})
}

// hosts lists the mentors of a cohort.
func (w *work) hosts(c *issuer.Cohort) ([]PersonName, error) {
	grants, err := w.GrantsIn(c.ProgramID)
	if err != nil {
		return nil, err
	}
	grants = slices.DeleteFunc(grants, func(g issuer.Grant) bool { return g.Role != issuer.Mentor || g.CohortID != c.ID })
	names, err := w.names(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID })...)
	var hosts []PersonName
	for _, n := range names {
		hosts = append(hosts, n)
	}
	slices.SortFunc(hosts, byName)
	return hosts, err
}

// touchpointViews shows dates of a cohort as the caller may see them.
func (w *work) touchpointViews(c *issuer.Cohort, list []issuer.Touchpoint) ([]TouchpointView, error) {
	guides := w.mayGuide(c) == nil
	only := w.by.Person
	if guides {
		only = ""
	}
	var noted []issuer.Attendance
	var err error
	if guides || only != "" {
		if noted, err = w.Attendances(only, unique(list, func(t issuer.Touchpoint) issuer.TouchpointID { return t.ID })...); err != nil {
			return nil, err
		}
	}
	people := unique(list, func(t issuer.Touchpoint) issuer.PersonID { return t.HostID })
	names, err := w.names(append(people, unique(noted, func(a issuer.Attendance) issuer.PersonID { return a.PersonID })...)...)
	if err != nil {
		return nil, err
	}
	views := make([]TouchpointView, len(list))
	for i, t := range list {
		v := &views[i]
		*v = w.shownTouchpoint(&t, c, names[t.HostID])
		if guides {
			v.Notes = t.Notes
		}
		for _, a := range noted {
			if a.TouchpointID != t.ID {
				continue
			}
			if a.PersonID == w.by.Person {
				v.Own = a.State
			}
			if guides {
				v.Attendance, v.Noted = append(v.Attendance, AttendanceLine{PersonName: names[a.PersonID], State: a.State}), v.Noted+1
				if a.State == "present" {
					v.Came++
				}
			}
		}
	}
	return views, nil
}

// shownTouchpoint is what everyone in a cohort sees of a date.
func (w *work) shownTouchpoint(t *issuer.Touchpoint, c *issuer.Cohort, host PersonName) TouchpointView {
	v := TouchpointView{ID: t.ID, Cohort: namedCohort(c), Kind: t.Kind, Title: t.Title, At: t.At, TimeZone: c.TimeZone, Host: host,
		Cancelled: t.CancelledAt != nil, Past: t.At.Before(w.Now)}
	v.Day, v.Clock = clock(t.At, c)
	return v
}

// guidedTouchpoint reads a date and its cohort, for the cohort's mentors and who
// runs the program. To those who are not of the cohort it is not there.
func (w *work) guidedTouchpoint(id issuer.TouchpointID) (*issuer.Touchpoint, *issuer.Cohort, error) {
	if err := w.signed(); err != nil {
		return nil, nil, err
	}
	t, err := w.Tx.Touchpoint(id)
	if err != nil {
		return nil, nil, err
	}
	c, err := w.Tx.Cohort(t.CohortID)
	if err != nil {
		return nil, nil, err
	}
	if !w.inCohort(c) {
		return nil, nil, hidden("date")
	}
	return t, c, w.mayGuide(c)
}

// AddTouchpoint plans a date of a cohort, by code or id. Mentors of the cohort and
// who runs the program may.
func (r *Registrar) AddTouchpoint(ctx context.Context, by issuer.Caller, cohort string, in NewTouchpoint) (issuer.TouchpointID, error) {
	return act(ctx, r, by, "touchpoint.add", "", func(w *work) (issuer.TouchpointID, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return "", err
		}
		if err := w.mayGuide(c); err != nil {
			return "", err
		}
		t := &issuer.Touchpoint{ID: issuer.TouchpointID(rand.Text()), IssuerID: w.us.ID, CohortID: c.ID, CreatedBy: w.by.Actor(), CreatedAt: w.Now}
		if err := w.plan(t, c, in); err != nil {
			return "", err
		}
		w.object = string(t.ID)
		w.note("cohort", c.ID)
		return t.ID, w.Tx.AddTouchpoint(t)
	})
}

// plan fills in what a date says.
func (w *work) plan(t *issuer.Touchpoint, c *issuer.Cohort, in NewTouchpoint) (err error) {
	if err := c.Writable(); err != nil {
		return err
	}
	t.Kind, t.HostID = in.Kind, in.Host
	if err := t.CheckKind(); err != nil {
		return err
	}
	if t.Title, err = issuer.CleanText("title", in.Title, issuer.MaxName); err != nil {
		return err
	}
	if t.At, err = issuer.ReadMoment(in.At, c.Zone()); err != nil {
		return err
	}
	hosts, err := w.hosts(c)
	if err == nil && !slices.ContainsFunc(hosts, func(h PersonName) bool { return h.ID == in.Host }) {
		err = issuer.Wrong("host", "Choose which of the cohort's mentors it is with.")
	}
	return err
}

// TouchpointNotes is what is noted of a date: who came, and words for mentors and
// who runs the program.
type TouchpointNotes struct {
	Notes      string
	Attendance map[issuer.PersonID]issuer.Presence // "" is nobody noted it
	Partly     bool                                // of who is not named it stays as it was
}

// EditTouchpoint changes what a date says.
func (r *Registrar) EditTouchpoint(ctx context.Context, by issuer.Caller, id issuer.TouchpointID, in NewTouchpoint) error {
	return r.changeTouchpoint(ctx, by, "touchpoint.edit", id, func(w *work, t *issuer.Touchpoint, c *issuer.Cohort) error {
		return w.plan(t, c, in)
	})
}

// CancelTouchpoint says that a date does not take place, or does after all.
func (r *Registrar) CancelTouchpoint(ctx context.Context, by issuer.Caller, id issuer.TouchpointID, cancelled bool) error {
	return r.changeTouchpoint(ctx, by, "touchpoint.cancel", id, func(w *work, t *issuer.Touchpoint, _ *issuer.Cohort) error {
		t.CancelledAt = nil
		if cancelled {
			t.CancelledAt = &w.Now
		}
		w.note("cancelled", cancelled)
		return nil
	})
}

// NoteTouchpoint keeps who came to a date and what was noted, in place of what was
// said before: of every learner, or of those alone who are named.
func (r *Registrar) NoteTouchpoint(ctx context.Context, by issuer.Caller, id issuer.TouchpointID, in TouchpointNotes) error {
	return r.changeTouchpoint(ctx, by, "touchpoint.note", id, func(w *work, t *issuer.Touchpoint, c *issuer.Cohort) (err error) {
		if t.Notes, err = issuer.CleanText("notes", in.Notes, 4000); err != nil {
			return err
		}
		enrolled, err := w.EnrollmentsIn(c.ID)
		if err != nil {
			return err
		}
		learns := map[issuer.PersonID]bool{}
		for _, e := range enrolled {
			learns[e.PersonID] = true
		}
		for person, state := range in.Attendance {
			if state != "" && !learns[person] {
				return issuer.Wrong("attendance", "Only learners of the cohort come to its dates.")
			}
		}
		var all []*issuer.Attendance
		var gone []issuer.PersonID
		for _, e := range enrolled {
			state, named := in.Attendance[e.PersonID]
			if state == "" {
				if named {
					gone = append(gone, e.PersonID)
				}
				continue
			}
			if !slices.Contains(issuer.Presences, state) {
				return issuer.Wrong("attendance", "Someone was present, absent or excused.")
			}
			all = append(all, w.attendance(t, e.PersonID, state))
		}
		w.note("noted", len(all))
		if in.Partly {
			return w.ChangeAttendances(t.ID, gone, all...)
		}
		return w.PutAttendances(t.ID, all...)
	})
}

func (r *Registrar) changeTouchpoint(ctx context.Context, by issuer.Caller, name string, id issuer.TouchpointID, change func(*work, *issuer.Touchpoint, *issuer.Cohort) error) error {
	_, err := act(ctx, r, by, name, string(id), func(w *work) (struct{}, error) {
		if err := w.LockTouchpoint(id); err != nil {
			return struct{}{}, err
		}
		t, c, err := w.guidedTouchpoint(id)
		if err != nil {
			return struct{}{}, err
		}
		if err := c.Writable(); err != nil {
			return struct{}{}, err
		}
		if err := change(w, t, c); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveTouchpoint(t)
	})
	return err
}
