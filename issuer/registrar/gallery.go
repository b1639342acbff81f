package registrar

import (
	"context"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// GalleryStory is a story as anyone sees it. People are the members who said
// that their name may stand here; Others counts those who did not.
type GalleryStory struct {
	ID          issuer.StoryID
	Title       string
	Words       string // Markdown of the team's
	Department  string
	Impact      issuer.Impact
	Program     Named
	Brief       Named
	Achievement AchievementRef
	People      []GalleryPerson
	Others      int
	Since       time.Time
}

// GalleryPerson is a member who is named. Badge leads to their badge if they
// made that public, too; else it is "".
type GalleryPerson struct {
	Name  string
	Badge string
}

// GalleryFilter narrows the gallery; empty members do not. Program is a code,
// Skill and Department are as the gallery names them.
type GalleryFilter struct {
	Program    string
	Skill      string
	Department string
	Words      string
	After      issuer.StoryID
}

// GalleryView is a page of the gallery, and by what it can be narrowed.
type GalleryView struct {
	Items       []GalleryStory
	Next        issuer.StoryID // whom the next page begins after, "" at the end
	Total       int
	More        bool // there are more than Total: words are counted so far
	Programs    []Named
	Skills      []string
	Departments []string
}

// galleryPage is how many stories a page has.
const galleryPage = 24

// mostCounted is how many stories that have some words in them are counted.
const mostCounted = 200

// Gallery shows the stories that everyone in their teams lets be shown, the
// newest first.
func (p *Published) Gallery(ctx context.Context, f GalleryFilter) (*GalleryView, error) {
	return galleryLook(ctx, p, func(g *gallery) (*GalleryView, error) {
		v := &GalleryView{}
		shown, err := g.storiesShown()
		if err == nil {
			err = g.choices(v, shown)
		}
		if err != nil {
			return nil, err
		}
		q := store.StoryQuery{Department: f.Department, Words: f.Words, After: f.After, Limit: galleryPage + 1}
		if f.Program != "" {
			i := slices.IndexFunc(v.Programs, func(n Named) bool { return n.Code == f.Program })
			if i < 0 {
				return v, nil // whether there is such a program is nobody's business
			}
			q.Program = issuer.ProgramID(v.Programs[i].ID)
		}
		if f.Skill != "" {
			q.Briefs = g.teaching(f.Skill)
		}
		stories, err := g.ShownStories(q)
		if err != nil {
			return nil, err
		}
		if v.Total, err = g.total(q, shown); err != nil {
			return nil, err
		}
		if strings.TrimSpace(f.Words) != "" && v.Total > mostCounted {
			v.Total, v.More = mostCounted, true
		}
		if len(stories) > galleryPage {
			stories = stories[:galleryPage]
			v.Next = stories[galleryPage-1].ID
		}
		v.Items, err = g.show(stories)
		return v, err
	})
}

// Story shows one story of the gallery. One that is not in it is not there.
func (p *Published) Story(ctx context.Context, id issuer.StoryID) (*GalleryStory, error) {
	return galleryLook(ctx, p, func(g *gallery) (*GalleryStory, error) {
		s, err := g.ShownStory(issuer.StoryID(strings.ToUpper(string(id))))
		if err != nil {
			return nil, err
		}
		if err := g.learn(s.ProgramID); err != nil {
			return nil, err
		}
		shown, err := g.show([]issuer.Story{*s})
		if err != nil {
			return nil, err
		}
		return &shown[0], nil
	})
}

// gallery is a look at the gallery: what its programs ask and award.
type gallery struct {
	*work
	at     *places
	briefs map[issuer.BriefID]issuer.Brief
	badges map[issuer.BriefID]AchievementRef // what a capstone on a brief brings
}

func galleryLook[T any](ctx context.Context, p *Published, f func(*gallery) (T, error)) (T, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (T, error) {
		g := &gallery{work: &work{Tx: tx, r: &Registrar{BaseURL: p.BaseURL}}, briefs: map[issuer.BriefID]issuer.Brief{}, badges: map[issuer.BriefID]AchievementRef{}}
		var none T
		if err := g.identify(); err != nil {
			return none, err
		}
		var err error
		if g.at, err = g.places(); err != nil {
			return none, err
		}
		return f(g)
	})
}

// learn reads the briefs of programs, and the badges of their capstones.
func (g *gallery) learn(programs ...issuer.ProgramID) error {
	offers, err := g.offers(programs...)
	if err != nil {
		return err
	}
	for _, p := range programs {
		briefs, err := g.Briefs(p)
		if err != nil {
			return err
		}
		for _, b := range briefs {
			g.briefs[b.ID] = b
			if o := find(offers, func(o issuer.Offer) bool { return o.ProgramID == p && o.Current.Rule.Capstone == b.Code }); o != nil {
				g.badges[b.ID] = achievementRef(o.Code, &o.Current)
			}
		}
	}
	return nil
}

// total counts what a query means; where it asks for words, story by story.
func (g *gallery) total(q store.StoryQuery, shown []issuer.PlaceSum) (n int, err error) {
	if strings.TrimSpace(q.Words) != "" {
		return g.CountShown(q, mostCounted+1)
	}
	for _, p := range shown {
		if (q.Program == "" || p.ProgramID == q.Program) && (q.Briefs == nil || slices.Contains(q.Briefs, p.BriefID)) && (q.Department == "" || p.Department == q.Department) {
			n += p.Stories
		}
	}
	return n, nil
}

// choices lists by what the gallery can be narrowed: only what it has.
func (g *gallery) choices(v *GalleryView, shown []issuer.PlaceSum) error {
	programs := unique(shown, func(p issuer.PlaceSum) issuer.ProgramID { return p.ProgramID })
	if err := g.learn(programs...); err != nil {
		return err
	}
	for _, p := range programs {
		v.Programs = append(v.Programs, g.at.programs[p])
	}
	v.Departments = unique(shown, func(p issuer.PlaceSum) string { return p.Department })
	for _, b := range unique(shown, func(p issuer.PlaceSum) issuer.BriefID { return p.BriefID }) {
		for _, s := range g.badges[b].Skills {
			if !slices.Contains(v.Skills, s.Name) {
				v.Skills = append(v.Skills, s.Name)
			}
		}
	}
	slices.SortFunc(v.Programs, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	slices.Sort(v.Departments)
	slices.Sort(v.Skills)
	return nil
}

// teaching lists the briefs whose badge has a skill.
func (g *gallery) teaching(skill string) []issuer.BriefID {
	ids := []issuer.BriefID{}
	for id, badge := range g.badges {
		if slices.ContainsFunc(badge.Skills, func(a issuer.Alignment) bool { return a.Name == skill }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// show shows stories that are in the gallery, in the order given.
func (g *gallery) show(stories []issuer.Story) ([]GalleryStory, error) {
	capstones := unique(stories, func(s issuer.Story) issuer.CapstoneID { return s.CapstoneID })
	members, err := g.Members(capstones...)
	if err != nil {
		return nil, err
	}
	living, err := g.Unerased(unique(members, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
	if err != nil {
		return nil, err
	}
	names := byID(living, func(p issuer.Person) issuer.PersonID { return p.ID })
	consents, err := g.StoryConsents(unique(stories, func(s issuer.Story) issuer.StoryID { return s.ID })...)
	if err != nil {
		return nil, err
	}
	badges, err := g.publicBadges(capstones, living)
	if err != nil {
		return nil, err
	}
	views := make([]GalleryStory, 0, len(stories))
	for i := range stories {
		s := &stories[i]
		brief := g.briefs[s.BriefID]
		v := GalleryStory{ID: s.ID, Title: s.Title, Words: s.Words, Department: s.Department, Impact: s.Impact, Program: g.at.programs[s.ProgramID],
			Brief: namedBrief(&brief), Achievement: g.badges[s.BriefID], Since: s.CreatedAt}
		for _, m := range members {
			p, here := names[m.PersonID]
			if m.CapstoneID != s.CapstoneID || !here {
				continue
			}
			if find(consents, func(c issuer.StoryConsent) bool {
				return c.StoryID == s.ID && c.PersonID == m.PersonID && c.Edition == s.Edition && c.Named
			}) == nil {
				v.Others++
				continue
			}
			v.People = append(v.People, GalleryPerson{Name: p.Name, Badge: badges[workOf{s.CapstoneID, p.ID}]})
		}
		views = append(views, v)
	}
	return views, nil
}

// workOf is a capstone and a member of its team.
type workOf struct {
	capstone issuer.CapstoneID
	person   issuer.PersonID
}

// publicBadges gives where the badges are that capstones brought people, where
// those made them public.
func (g *gallery) publicBadges(capstones []issuer.CapstoneID, people []issuer.Person) (map[workOf]string, error) {
	awards, err := g.AwardsOfWork(capstones, unique(people, func(p issuer.Person) issuer.PersonID { return p.ID })...)
	if err != nil {
		return nil, err
	}
	var public []issuer.Award
	var of []workOf
	for c, all := range awards {
		for _, a := range all {
			if work := (workOf{c, a.PersonID}); a.Visibility == issuer.Public && !slices.Contains(of, work) {
				public, of = append(public, a), append(of, work)
			}
		}
	}
	if len(public) == 0 {
		return nil, nil
	}
	badges, err := g.badgeViews(public)
	at := map[workOf]string{}
	for i := range badges {
		at[of[i]] = badges[i].URL
	}
	return at, err
}
