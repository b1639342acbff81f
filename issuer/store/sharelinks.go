package store

import "hallmark/issuer"

// AddShareLink keeps a link.
func (tx *Tx) AddShareLink(l *issuer.ShareLink) error { return tx.add("share link", l) }

// ShareLinks lists the links of an award, the newest first.
func (tx *Tx) ShareLinks(a issuer.AwardID) ([]issuer.ShareLink, error) {
	return list[issuer.ShareLink](tx, "created_at DESC, id", "award_id = ?", a)
}

// ShareLinksOf lists the links of a person's awards, the newest first.
func (tx *Tx) ShareLinksOf(p issuer.PersonID) ([]issuer.ShareLink, error) {
	return list[issuer.ShareLink](tx, "created_at DESC, id", "award_id IN "+theirAwards, p)
}

// ShareLink reads a link by id.
func (tx *Tx) ShareLink(id issuer.ShareLinkID) (*issuer.ShareLink, error) {
	return take[issuer.ShareLink](tx, "There is no such link.", "id = ?", id)
}

// ShareLinkOf reads a link by the hash of its secret.
func (tx *Tx) ShareLinkOf(hash string) (*issuer.ShareLink, error) {
	return take[issuer.ShareLink](tx, "There is no such link.", "hash = ?", hash)
}

// SaveShareLink keeps that a link was ended.
func (tx *Tx) SaveShareLink(l *issuer.ShareLink) error {
	return save[issuer.ShareLink](tx, "share link", string(l.ID), map[string]any{"ended_at": l.EndedAt})
}

// CountOpened adds to how often a link was opened, if it is still there.
func (tx *Tx) CountOpened(id issuer.ShareLinkID, times int) error {
	_, err := tx.exec("UPDATE share_links SET opened = opened + ? WHERE id = ?", times, string(id))
	return fault(err, "count share link")
}

// CountSeen adds to how often the page of a badge was looked at on a day, if its
// award was not erased.
func (tx *Tx) CountSeen(c issuer.CredentialID, on issuer.Day, times int) error {
	_, err := tx.exec(`INSERT INTO badge_views (award_id, on_day, issuer_id, seen)
		SELECT a.id, ?, a.issuer_id, CAST(? AS integer) FROM awards a JOIN credentials c ON c.award_id = a.id WHERE c.id = ? AND a.state <> 'erased'
		ON CONFLICT (award_id, on_day) DO UPDATE SET seen = badge_views.seen + excluded.seen`, string(on), times, string(c))
	return fault(err, "count badge view")
}

// BadgeViews lists how often the page of an award was looked at, day by day.
func (tx *Tx) BadgeViews(a issuer.AwardID) ([]issuer.BadgeView, error) {
	return list[issuer.BadgeView](tx, "on_day", "award_id = ?", a)
}

// BadgeViewsOf lists how often the pages of a person's awards were looked at.
func (tx *Tx) BadgeViewsOf(p issuer.PersonID) ([]issuer.BadgeView, error) {
	return list[issuer.BadgeView](tx, "on_day, award_id", "award_id IN "+theirAwards, p)
}

// SeenByCohort sums, by cohort of a program, how often pages of its badges were
// looked at, where these are the badges of so many people at least.
func (tx *Tx) SeenByCohort(p issuer.ProgramID, people int) (map[string]int, error) {
	return tallies(tx, "views of badges", `SELECT a.cohort_id AS name, sum(v.seen) AS n FROM badge_views v JOIN awards a ON a.id = v.award_id
		WHERE a.program_id = ? GROUP BY a.cohort_id HAVING count(DISTINCT a.person_id) >= ?`, p, people)
}
