package registrar

import (
	"context"
	"slices"

	"hallmark/issuer"
)

// RatingAsk asks a learner how well they know the skills of their program.
type RatingAsk struct {
	Cohort Named
	Moment issuer.Occasion
	Skills []AskedSkill
	Given  map[string]int // what they said when they began, by AskedSkill.Key
}

// AskedSkill is a skill as learners are asked about it. What they answered to
// other words is a line of its own.
type AskedSkill struct {
	Named
	Question string `json:"question"` // "": its name says it
}

// Key tells a skill in one wording from others.
func (s AskedSkill) Key() string { return s.ID + " " + s.Question }

// RatingsAsked lists what the caller is asked, a cohort at a time.
func (r *Registrar) RatingsAsked(ctx context.Context, by issuer.Caller) ([]RatingAsk, error) {
	return look(ctx, r, by, func(w *work) ([]RatingAsk, error) {
		var out []RatingAsk
		for _, e := range w.by.Enrollments {
			c, err := w.Tx.Cohort(e.CohortID)
			if err != nil {
				return nil, err
			}
			ask, err := w.ratingAsk(c)
			if err != nil {
				return nil, err
			}
			if ask != nil {
				out = append(out, *ask)
			}
		}
		return out, nil
	})
}

// ratingAsk is what a cohort asks the caller now; nil if it asks nothing.
func (w *work) ratingAsk(c *issuer.Cohort) (*RatingAsk, error) {
	if !w.by.EnrolledIn(c.ID) {
		return nil, nil
	}
	said, err := w.SelfRatingsOf(w.by.Person)
	if err != nil {
		return nil, err
	}
	given, begun := map[issuer.Occasion]bool{}, map[string]int{}
	for _, s := range said {
		if s.CohortID != c.ID {
			continue
		}
		given[s.Moment] = true
		if s.Moment == issuer.AtStart {
			begun[keyOf(s)] = s.Rating
		}
	}
	moment := c.RatingAsked(issuer.DayOf(w.Now, c.Zone()), given)
	if moment == "" {
		return nil, nil
	}
	skills, err := w.Skills(c.ProgramID)
	if err != nil || len(skills) == 0 {
		return nil, err
	}
	ask := &RatingAsk{Cohort: namedCohort(c), Moment: moment, Given: begun}
	for _, s := range skills {
		ask.Skills = append(ask.Skills, askedSkill(s))
	}
	return ask, nil
}

func askedSkill(s issuer.Skill) AskedSkill {
	return AskedSkill{Named{string(s.ID), s.Code, s.Name}, s.Question}
}

// RateSelf keeps how the caller rates themselves in the skills of a cohort's
// program, by id of skill, at the moment that the cohort asks for. Asked holds,
// by id as well, what they were asked; ratings of what is asked no more are
// refused.
func (r *Registrar) RateSelf(ctx context.Context, by issuer.Caller, cohort string, ratings map[string]int, asked map[string]string) error {
	_, err := act(ctx, r, by, "self.rate", "", func(w *work) (struct{}, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.ID)
		if !w.by.EnrolledIn(c.ID) {
			return struct{}{}, forbid("Only a learner of the cohort rates themselves in it.")
		}
		if err := c.Writable(); err != nil {
			return struct{}{}, err
		}
		if _, err := w.living(w.by.Person); err != nil {
			return struct{}{}, err
		}
		ask, err := w.ratingAsk(c)
		if err != nil {
			return struct{}{}, err
		}
		if ask == nil {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "You have answered this; you are asked again near the end of the cohort.")
		}
		w.note("moment", ask.Moment)
		var all []*issuer.SelfRating
		for _, s := range ask.Skills {
			rating := ratings[s.ID]
			if rating < 1 || rating > issuer.MaxRating || len(ratings) != len(ask.Skills) {
				return struct{}{}, issuer.Wrong("rating", "Rate yourself from 1 to %d in each of the skills.", issuer.MaxRating)
			}
			if question, ok := asked[s.ID]; ok && question != s.Question {
				return struct{}{}, errAskedAnew
			}
			all = append(all, &issuer.SelfRating{CohortID: c.ID, PersonID: w.by.Person, SkillID: issuer.SkillID(s.ID), Moment: ask.Moment,
				IssuerID: w.us.ID, Question: s.Question, Rating: rating, At: w.Now})
		}
		return struct{}{}, w.PutSelfRatings(all...)
	})
	return err
}

// RatingsView is how a cohort rates itself: each learner for its mentors, sums of
// issuer.SumFrom or more for who runs the program.
type RatingsView struct {
	Cohort  Named
	Program Named
	Ask     *RatingAsk   // the caller; nil: they are not asked
	Skills  []AskedSkill // in each wording that somebody answered, the present one first
	Guides  bool
	Manages bool
	People  []PersonRatings // for mentors
	Sums    []SkillSum      // for who runs the program, one for each skill
}

// PersonRatings is how a learner rates themselves, by AskedSkill.Key.
type PersonRatings struct {
	PersonName
	Start map[string]int
	End   map[string]int
}

// SkillSum is the mean of a skill, "3.4"; "" where too few have answered.
type SkillSum struct {
	Skill      AskedSkill
	Start, End string
}

// Ratings shows how the learners of a cohort, by code or id, rate themselves.
func (r *Registrar) Ratings(ctx context.Context, by issuer.Caller, cohort string) (*RatingsView, error) {
	return look(ctx, r, by, func(w *work) (*RatingsView, error) {
		c, err := w.seenCohort(cohort)
		if err != nil {
			return nil, err
		}
		s, err := w.syllabus(c.ProgramID)
		if err != nil {
			return nil, err
		}
		v := &RatingsView{Cohort: namedCohort(c), Program: namedProgram(s.program), Manages: w.by.Manages(c.ProgramID)}
		_, v.Guides = w.by.MentorIn(c.ID)
		if !v.Guides && !v.Manages && !w.by.EnrolledIn(c.ID) {
			return nil, forbid("Only learners and mentors of the cohort, and who runs the program, see this.")
		}
		if v.Ask, err = w.ratingAsk(c); err != nil {
			return nil, err
		}
		said, err := w.SelfRatings(c.ID)
		if err != nil {
			return nil, err
		}
		v.Skills = askedSkills(s.skills, said)
		if v.Manages {
			v.Sums = sumRatings(v.Skills, said)
		}
		if v.Guides {
			v.People, err = w.ratedPeople(said)
		}
		return v, err
	})
}

// askedSkills lists skills in the wordings in which they are and were asked about.
func askedSkills(skills []issuer.Skill, said []issuer.SelfRating) []AskedSkill {
	var out []AskedSkill
	for _, s := range skills {
		now := askedSkill(s)
		before := []string{}
		for _, r := range said {
			if r.SkillID == s.ID && r.Question != s.Question && !slices.Contains(before, r.Question) {
				before = append(before, r.Question)
			}
		}
		slices.Sort(before)
		out = append(out, now)
		for _, question := range before {
			out = append(out, AskedSkill{now.Named, question})
		}
	}
	return out
}

func keyOf(r issuer.SelfRating) string {
	return AskedSkill{Named{ID: string(r.SkillID)}, r.Question}.Key()
}

// sumRatings gives the means of skills of which enough people said something.
func sumRatings(skills []AskedSkill, said []issuer.SelfRating) []SkillSum {
	out := make([]SkillSum, len(skills))
	for i, s := range skills {
		of := map[issuer.Occasion][]int{}
		for _, r := range said {
			if keyOf(r) == s.Key() {
				of[r.Moment] = append(of[r.Moment], r.Rating)
			}
		}
		out[i].Skill = s
		out[i].Start, out[i].End = issuer.Mean(of[issuer.AtStart]), issuer.Mean(of[issuer.AtEnd])
	}
	return out
}

// ratedPeople lists who rated themselves, by name; not the caller.
func (w *work) ratedPeople(said []issuer.SelfRating) ([]PersonRatings, error) {
	people := unique(said, func(r issuer.SelfRating) issuer.PersonID { return r.PersonID })
	names, err := w.names(people...)
	if err != nil {
		return nil, err
	}
	var out []PersonRatings
	for _, p := range people {
		if p == w.by.Person {
			continue
		}
		one := PersonRatings{names[p], map[string]int{}, map[string]int{}}
		for _, r := range said {
			switch {
			case r.PersonID != p:
			case r.Moment == issuer.AtStart:
				one.Start[keyOf(r)] = r.Rating
			default:
				one.End[keyOf(r)] = r.Rating
			}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b PersonRatings) int { return byName(a.PersonName, b.PersonName) })
	return out, nil
}
