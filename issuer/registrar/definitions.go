package registrar

import (
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// defined is what an installation defines, as it was under a mark of the store:
// what acts look up again and again and what seldom changes. It never changes,
// nor does what it points to; whoever wants to change a row takes a copy.
type defined struct {
	mark     string
	us       *issuer.Issuer
	former   []issuer.FormerIdentity
	settings map[string]string // those that an act asks for
	programs map[issuer.ProgramID]*issuer.Program
	modules  []issuer.Module // in the order of their programs
	cohorts  map[issuer.CohortID]*issuer.Cohort
	offers   map[issuer.ProgramID][]issuer.Offer
	clients  map[issuer.ClientID]*issuer.Client
	list     *issuer.StatusList // which takes entries; nil: none yet
	names    *places
	pictures map[pictureKey]string // digests of those that badges name
}

// definitions gives what is defined, read once per act: from memory if the
// transaction finds the mark that it was read under. So what a command beside
// the server has changed counts from its commit on. An act that changes what is
// defined does not see its own changes here.
func (w *work) definitions() (*defined, error) {
	if w.defined != nil {
		return w.defined, nil
	}
	mark, err := w.Definitions()
	if err != nil {
		return nil, err
	}
	if d := w.r.defined.Load(); d != nil && mark != "" && d.mark == mark {
		w.defined = d
		return d, nil
	}
	d, err := w.readDefinitions(mark)
	if err != nil {
		return nil, err
	}
	// On PostgreSQL a statement sees what was committed since the one before it.
	if still, err := w.Definitions(); err != nil {
		return nil, err
	} else if still == mark && mark != "" {
		w.r.defined.Store(d)
	}
	w.defined = d
	return d, nil
}

func (w *work) readDefinitions(mark string) (*defined, error) {
	d := &defined{mark: mark, programs: map[issuer.ProgramID]*issuer.Program{}, cohorts: map[issuer.CohortID]*issuer.Cohort{},
		offers: map[issuer.ProgramID][]issuer.Offer{}, clients: map[issuer.ClientID]*issuer.Client{}, names: &places{map[issuer.ProgramID]Named{}, map[issuer.CohortID]Named{}},
		pictures: map[pictureKey]string{}}
	var err error
	if d.us, err = w.Issuer(); err != nil {
		return nil, err
	}
	if d.former, err = w.FormerIdentities(); err != nil {
		return nil, err
	}
	if d.settings, err = w.Settings(issuingStopped, store.RecordsHeld); err != nil {
		return nil, err
	}
	programs, err := w.Programs()
	if err != nil {
		return nil, err
	}
	for i := range programs {
		d.programs[programs[i].ID], d.names.programs[programs[i].ID] = &programs[i], namedProgram(&programs[i])
	}
	cohorts, err := w.AllCohorts()
	if err != nil {
		return nil, err
	}
	for i := range cohorts {
		d.cohorts[cohorts[i].ID], d.names.cohorts[cohorts[i].ID] = &cohorts[i], namedCohort(&cohorts[i])
	}
	if d.modules, err = w.AllModules(); err != nil {
		return nil, err
	}
	offers, err := w.offers(unique(programs, func(p issuer.Program) issuer.ProgramID { return p.ID })...)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		d.offers[o.ProgramID] = append(d.offers[o.ProgramID], o)
	}
	clients, err := w.Tx.Clients()
	if err != nil {
		return nil, err
	}
	for i := range clients {
		d.clients[clients[i].ID] = &clients[i]
	}
	pictures, err := w.Pictures()
	if err != nil {
		return nil, err
	}
	for _, p := range pictures {
		d.pictures[pictureKey{p.AchievementVersionID, p.Year}] = p.Digest
	}
	d.list, err = w.OpenStatusList(revocation)
	return d, err
}

// modulesNamed finds the modules of a code or id in all programs.
func (d *defined) modulesNamed(name string) []issuer.Module {
	var found []issuer.Module
	for _, m := range d.modules {
		if m.Code == name || string(m.ID) == name {
			found = append(found, m)
		}
	}
	return found
}

// cohortNamed finds a cohort by code or id; nil if there is none.
func (d *defined) cohortNamed(name string) *issuer.Cohort {
	for _, c := range d.cohorts {
		if c.Code == name || string(c.ID) == name {
			return c
		}
	}
	return nil
}

// position is where the program lists an achievement.
func (d *defined) position(p issuer.ProgramID, a issuer.AchievementID) int {
	return slices.IndexFunc(d.offers[p], func(o issuer.Offer) bool { return o.ID == a })
}

// places are the programs and cohorts by name.
func (w *work) places() (*places, error) {
	d, err := w.definitions()
	if err != nil {
		return nil, err
	}
	return d.names, nil
}

// reserve gives credentials places in the status list that takes entries.
func (w *work) reserve(credentials ...issuer.CredentialID) ([]*issuer.StatusEntry, error) {
	d, err := w.definitions()
	if err != nil {
		return nil, err
	}
	list := d.list
	if list == nil {
		if list, err = w.NewStatusList(w.us.ID, revocation); err != nil {
			return nil, err
		}
	}
	return w.ReserveStatuses(list, credentials...)
}
