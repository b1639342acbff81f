package store

import "hallmark/issuer"

// Portfolio reads the portfolio of a person.
func (tx *Tx) Portfolio(p issuer.PersonID) (*issuer.Portfolio, error) {
	return take[issuer.Portfolio](tx, "There is no such page.", "person_id = ?", p)
}

// PortfolioNamed reads a portfolio by its handle.
func (tx *Tx) PortfolioNamed(handle string) (*issuer.Portfolio, error) {
	return take[issuer.Portfolio](tx, "There is no such page.", "handle = ?", handle)
}

// AddPortfolio keeps a portfolio. ErrDuplicate says that someone has the handle,
// or one that looks like it.
func (tx *Tx) AddPortfolio(p *issuer.Portfolio) error { return tx.add("portfolio", p) }

// SavePortfolio keeps what a portfolio says. ErrDuplicate says that someone has the
// handle, or one that looks like it.
func (tx *Tx) SavePortfolio(p *issuer.Portfolio) error {
	n, err := change[issuer.Portfolio](tx, map[string]any{"handle": p.Handle, "looks": p.Looks, "headline": p.Headline, "named": p.Named,
		"links": p.Links, "capstones": p.Capstones, "shown": p.Shown, "changed_at": p.ChangedAt}, "person_id = ?", p.PersonID)
	if err == nil && n == 0 {
		return issuer.Refuse(issuer.NotFound, "There is no such page.")
	}
	return err
}

// LooksTaken tells whether someone else has a handle that looks the same.
func (tx *Tx) LooksTaken(looks string, but issuer.PersonID) (bool, error) {
	n, err := count[issuer.Portfolio](tx, "looks = ? AND person_id <> ?", looks, but)
	return n > 0, err
}
