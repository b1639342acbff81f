package registrar

import (
	"hallmark/issuer"
	"hallmark/issuer/store"
)

// syllabus is a program with everything in it, read once per act.
type syllabus struct {
	program *issuer.Program
	skills  []issuer.Skill
	levels  []issuer.Level
	modules []issuer.Module
	briefs  []issuer.Brief
	cohorts []issuer.Cohort
	offers  []issuer.Offer
}

// syllabus reads a program.
func (w *work) syllabus(id issuer.ProgramID) (*syllabus, error) {
	s := &syllabus{}
	var err error
	if s.program, err = w.Program(id); err != nil {
		return nil, err
	}
	if s.skills, err = w.Skills(id); err != nil {
		return nil, err
	}
	if s.levels, err = w.Levels(id); err != nil {
		return nil, err
	}
	if s.modules, err = w.Modules(id); err != nil {
		return nil, err
	}
	if s.briefs, err = w.Briefs(id); err != nil {
		return nil, err
	}
	if s.cohorts, err = w.Cohorts(id); err != nil {
		return nil, err
	}
	s.offers, err = w.offers(id)
	return s, err
}

// offers reads what the achievements of programs are now. What their versions
// say is read once: a version is never changed, and no two have the same id.
func (w *work) offers(ids ...issuer.ProgramID) ([]issuer.Offer, error) {
	achievements, err := w.AchievementsAt(ids...)
	if err != nil {
		return nil, err
	}
	versions, err := w.versions(unique(achievements, func(a store.AchievementAt) issuer.AchievementVersionID { return a.VersionID })...)
	if err != nil {
		return nil, err
	}
	offers := make([]issuer.Offer, 0, len(achievements))
	for _, a := range achievements {
		offers = append(offers, issuer.Offer{Achievement: a.Achievement, Current: versions[a.VersionID]})
	}
	return offers, nil
}

// versions reads versions of achievements by id, those that were read before
// from memory.
func (w *work) versions(ids ...issuer.AchievementVersionID) (map[issuer.AchievementVersionID]issuer.AchievementVersion, error) {
	all := make(map[issuer.AchievementVersionID]issuer.AchievementVersion, len(ids))
	var missing []issuer.AchievementVersionID
	for _, id := range ids {
		if v, ok := w.r.versions.Load(id); ok {
			all[id] = v.(issuer.AchievementVersion)
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	read, err := w.AchievementVersions(missing...)
	for _, v := range read {
		all[v.ID] = v
		w.r.versions.Store(v.ID, v)
	}
	return all, err
}

func (s *syllabus) level(id issuer.LevelID) issuer.Level {
	for _, l := range s.levels {
		if l.ID == id {
			return l
		}
	}
	return issuer.Level{}
}

func (s *syllabus) module(code string) *issuer.Module {
	for i := range s.modules {
		if s.modules[i].Code == code {
			return &s.modules[i]
		}
	}
	return nil
}

func (s *syllabus) brief(code string) *issuer.Brief {
	for i := range s.briefs {
		if s.briefs[i].Code == code {
			return &s.briefs[i]
		}
	}
	return nil
}

func (s *syllabus) offer(code string) *issuer.Offer {
	for i := range s.offers {
		if s.offers[i].Code == code {
			return &s.offers[i]
		}
	}
	return nil
}

// art is what the picture of an achievement with a rule is drawn from; icon
// and colour are what was asked for, or "".
func (s *syllabus) art(rule issuer.Rule, name, icon, colour string) issuer.Art {
	art := issuer.Art{Kind: "program", Hue: issuer.Hue(s.program.Code), Icon: icon, Ink: colour}
	var texts []string
	switch {
	case rule.Module != "":
		m := s.module(rule.Module)
		art.Kind, art.Ring = string(m.Kind), s.level(m.LevelID).Rank
		texts = append(append(texts, m.Skills...), m.Name)
	case rule.Capstone != "":
		art.Kind, art.Ring = "capstone", s.level(s.brief(rule.Capstone).LevelID).Rank
	case rule.Reviews > 0:
		art.Kind = "mentor"
	case len(rule.All) > 0:
		if rank, one := s.oneLevel(rule.All); one {
			art.Kind, art.Ring = "level", rank
		}
	}
	if art.Icon == "" {
		art.Icon = issuer.IconFor(art.Kind, append(texts, name)...)
	}
	return art
}

// oneLevel tells whether achievements all stand for modules or capstones of
// one level, and its rank.
func (s *syllabus) oneLevel(codes []string) (rank int, one bool) {
	var level issuer.LevelID
	for _, code := range codes {
		o := s.offer(code)
		var at issuer.LevelID
		switch {
		case o == nil:
			return 0, false
		case o.Current.Rule.Module != "":
			at = s.module(o.Current.Rule.Module).LevelID
		case o.Current.Rule.Capstone != "":
			at = s.brief(o.Current.Rule.Capstone).LevelID
		default:
			return 0, false
		}
		if level != "" && at != level {
			return 0, false
		}
		level = at
	}
	return s.level(level).Rank, level != ""
}
