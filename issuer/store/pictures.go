package store

import (
	"database/sql"

	"hallmark/issuer"
)

// AddPictureOnce keeps a picture unless there is one of its version and year.
func (tx *Tx) AddPictureOnce(p *issuer.Picture) (added bool, err error) {
	return tx.addOnce("picture", p)
}

// PictureOf reads the picture of a version and year.
func (tx *Tx) PictureOf(v issuer.AchievementVersionID, year int) (*issuer.Picture, error) {
	return take[issuer.Picture](tx, "There is no such picture.", "achievement_version_id = ? AND year = ?", v, year)
}

// Picture reads a picture by its digest.
func (tx *Tx) Picture(digest string) (*issuer.Picture, error) {
	return take[issuer.Picture](tx, "There is no such picture.", "digest = ?", digest)
}

// Pictures lists all pictures, without their bytes.
func (tx *Tx) Pictures() (all []issuer.Picture, err error) {
	err = tx.query("SELECT achievement_version_id, year, digest FROM pictures ORDER BY achievement_version_id, year", nil, func(rows *sql.Rows) error {
		var p issuer.Picture
		err := rows.Scan(&p.AchievementVersionID, &p.Year, &p.Digest)
		all = append(all, p)
		return err
	})
	return all, fault(err, "list pictures")
}
