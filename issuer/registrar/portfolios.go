package registrar

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// PortfolioInput is what a person says on the page about themselves.
type PortfolioInput struct {
	Handle    string
	Headline  string
	Named     bool // the page says their name
	Links     []string
	Capstones []issuer.CapstoneID
	Shown     bool // anyone can see it
}

// PortfolioView is the page of the caller, as they edit it. Before they made one
// the input is empty.
type PortfolioView struct {
	PortfolioInput
	URL      string // "" before there is one
	Name     string // theirs
	Listed   int    // badges that it lists
	Unlisted int    // badges that it would list, if they were public
	Choices  []PortfolioChoice
}

// PortfolioChoice is an approved capstone that can stand on a page.
type PortfolioChoice struct {
	CapstoneLine
	Chosen bool
}

// PublicPortfolio is the page of a person as anyone sees it.
type PublicPortfolio struct {
	URL       string
	Handle    string
	Name      string // "" if they do not let it stand there
	Headline  string
	Links     []string
	Badges    []BadgeView // that they made public and that count now
	Capstones []PortfolioCapstone
	Issuer    IssuerRef
}

// PortfolioCapstone is a project on such a page. Others of the team are counted,
// not named.
type PortfolioCapstone struct {
	Title   string
	Brief   Named
	Program Named
	Part    string // theirs in it
	Team    int
	Impact  issuer.Impact
}

func portfolioURL(base, handle string) string { return base + "/p/" + handle }

// Portfolio shows the page of the caller, for them to edit.
func (r *Registrar) Portfolio(ctx context.Context, by issuer.Caller) (*PortfolioView, error) {
	return look(ctx, r, by, func(w *work) (*PortfolioView, error) {
		p, err := w.me()
		if err != nil {
			return nil, err
		}
		return w.portfolioView(p)
	})
}

func (w *work) portfolioView(p *issuer.Person) (*PortfolioView, error) {
	v := &PortfolioView{Name: p.Name}
	o, err := w.Tx.Portfolio(p.ID)
	if err != nil && !errors.Is(err, issuer.NotFound) {
		return nil, err
	}
	if err == nil {
		v.PortfolioInput = PortfolioInput{Handle: o.Handle, Headline: o.Headline, Named: o.Named, Links: o.Links, Shown: o.Shown}
		v.URL = portfolioURL(w.r.BaseURL, o.Handle)
	}
	badges, err := w.badgesOf(p.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range badges {
		switch {
		case b.listed():
			v.Listed++
		case b.State == issuer.Issued:
			v.Unlisted++
		}
	}
	approved, err := w.approvedOf(p.ID)
	if err != nil {
		return nil, err
	}
	lines, err := w.capstoneLines(approved)
	for _, l := range lines {
		v.Choices = append(v.Choices, PortfolioChoice{l, o != nil && o.Capstones.Has(string(l.ID))})
	}
	return v, err
}

// listed tells whether a badge stands on its holder's page.
func (v *BadgeView) listed() bool { return v.State == issuer.Issued && v.Visibility == issuer.Public }

// approvedOf lists the capstones of a person that were approved.
func (w *work) approvedOf(p issuer.PersonID) ([]issuer.Capstone, error) {
	all, err := w.CapstonesOf(p)
	return slices.DeleteFunc(all, func(c issuer.Capstone) bool { return c.State != issuer.Approved }), err
}

// SavePortfolio keeps the page of the caller. A handle that is given up leads
// nowhere from then on.
func (r *Registrar) SavePortfolio(ctx context.Context, by issuer.Caller, in PortfolioInput) (*PortfolioView, error) {
	return act(ctx, r, by, "portfolio.save", string(by.Person), func(w *work) (*PortfolioView, error) {
		p, err := w.self()
		if err != nil {
			return nil, err
		}
		o, err := w.portfolio(p.ID, in)
		if err != nil {
			return nil, err
		}
		taken, err := w.LooksTaken(o.Looks, p.ID)
		if err != nil {
			return nil, err
		}
		if taken {
			return nil, handleTaken()
		}
		w.note("shown", o.Shown)
		_, err = w.Tx.Portfolio(p.ID)
		switch {
		case errors.Is(err, issuer.NotFound):
			err = w.AddPortfolio(o)
		case err == nil:
			err = w.Tx.SavePortfolio(o)
		}
		if errors.Is(err, store.ErrDuplicate) { // a moment ago
			err = handleTaken()
		}
		if err != nil {
			return nil, err
		}
		return w.portfolioView(p)
	})
}

func handleTaken() error {
	return &issuer.Error{Kind: issuer.Conflict, Field: "handle", Reason: "Someone has this name, or one that looks like it; choose another."}
}

// portfolio makes the row of what was typed. Capstones that are not approved ones
// of theirs are left out.
func (w *work) portfolio(p issuer.PersonID, in PortfolioInput) (*issuer.Portfolio, error) {
	handle, err := issuer.CleanHandle(in.Handle)
	if err != nil {
		return nil, err
	}
	headline, err := cleanLine("headline", in.Headline, issuer.MaxHeadline)
	if err != nil {
		return nil, err
	}
	links, err := issuer.CleanLinks(in.Links)
	if err != nil {
		return nil, err
	}
	approved, err := w.approvedOf(p)
	if err != nil {
		return nil, err
	}
	o := &issuer.Portfolio{PersonID: p, IssuerID: w.us.ID, Handle: handle, Looks: issuer.Looks(handle), Headline: headline, Named: in.Named,
		Links: links, Capstones: issuer.Strings{}, Shown: in.Shown, CreatedAt: w.Now, ChangedAt: w.Now}
	for _, c := range approved {
		if slices.Contains(in.Capstones, c.ID) {
			o.Capstones = append(o.Capstones, string(c.ID))
		}
	}
	return o, nil
}

// cleanLine checks a text of one line; blanks are run together.
func cleanLine(field, s string, max int) (string, error) {
	return issuer.CleanText(field, strings.Join(strings.Fields(s), " "), max)
}

// Portfolio shows the page that a handle names. One that is not shown is NotFound,
// as one that never was.
func (p *Published) Portfolio(ctx context.Context, handle string) (*PublicPortfolio, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*PublicPortfolio, error) {
		o, err := tx.PortfolioNamed(strings.ToLower(handle))
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Shown {
			return nil, issuer.Refuse(issuer.NotFound, "There is no page at this address.")
		}
		if err != nil {
			return nil, err
		}
		w := &work{Tx: tx, r: &Registrar{BaseURL: p.BaseURL}}
		if err := w.identify(); err != nil {
			return nil, err
		}
		return w.publicPortfolio(o)
	})
}

func (w *work) publicPortfolio(o *issuer.Portfolio) (*PublicPortfolio, error) {
	v := &PublicPortfolio{URL: portfolioURL(w.r.BaseURL, o.Handle), Handle: o.Handle, Headline: o.Headline, Links: o.Links, Issuer: issuerRef(w.us)}
	if o.Named {
		p, err := w.Person(o.PersonID)
		if err != nil {
			return nil, err
		}
		v.Name = p.Name
	}
	badges, err := w.badgesOf(o.PersonID)
	if err != nil {
		return nil, err
	}
	v.Badges = slices.DeleteFunc(badges, func(b BadgeView) bool { return !b.listed() })
	approved, err := w.approvedOf(o.PersonID)
	if err != nil {
		return nil, err
	}
	approved = slices.DeleteFunc(approved, func(c issuer.Capstone) bool { return !o.Capstones.Has(string(c.ID)) })
	lines, err := w.capstoneLines(approved)
	for i, l := range lines {
		c := PortfolioCapstone{Title: l.Title, Brief: l.Brief, Program: l.Program, Team: len(l.Team), Impact: approved[i].Impact}
		c.Impact.ConfirmedBy = "" // names someone else
		for _, m := range l.Team {
			if m.ID == o.PersonID {
				c.Part = m.Part
			}
		}
		v.Capstones = append(v.Capstones, c)
	}
	return v, err
}
