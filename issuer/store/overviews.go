package store

import (
	"database/sql"

	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// Overview reads what is kept of a program or the gallery; nil if that was never
// counted.
func (tx *Tx) Overview(name string) (*issuer.Overview, error) {
	rows, err := read[issuer.Overview](tx, "WHERE name = ?", name)
	if err != nil || len(rows) == 0 {
		return nil, fault(err, "read overview")
	}
	return &rows[0], nil
}

// Overviews lists when what was counted last, and how long it took, without the
// sums.
func (tx *Tx) Overviews() ([]issuer.Overview, error) {
	return found[issuer.Overview](tx.db.Omit("sums").Order("name"), "overviews")
}

// PutOverview keeps what a program or the gallery came to, in place of what was
// kept.
func (tx *Tx) PutOverview(o *issuer.Overview) error {
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "name"}},
		DoUpdates: clause.AssignmentColumns([]string{"counted_at", "took_ms", "sums"}),
	}).Create(o).Error
	return fault(err, "save overview")
}

// SmallProgram tells whether so few badges, completions and capstones of a program
// are there that they can be counted whenever someone asks.
func (tx *Tx) SmallProgram(p issuer.ProgramID, few int) (small bool, err error) {
	err = tx.query(`SELECT (SELECT count(*) FROM (SELECT 1 FROM awards WHERE program_id = ? LIMIT ?) a)
		+ (SELECT count(*) FROM (SELECT 1 FROM completions WHERE program_id = ? LIMIT ?) c)
		+ (SELECT count(*) FROM (SELECT 1 FROM capstones WHERE program_id = ? LIMIT ?) k) < ?`,
		[]any{p, few, p, few, p, few, few}, func(rows *sql.Rows) error { return rows.Scan(&small) })
	return small, fault(err, "see how large a program is")
}

// SmallGallery tells whether there are so few stories.
func (tx *Tx) SmallGallery(few int) (small bool, err error) {
	err = tx.query("SELECT count(*) < ? FROM (SELECT 1 FROM stories LIMIT ?) s", []any{few, few}, func(rows *sql.Rows) error { return rows.Scan(&small) })
	return small, fault(err, "see how large the gallery is")
}
