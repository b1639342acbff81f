package store

import (
	"hallmark/issuer"
)

// EvidenceByID reads one piece of evidence of a capstone.
func (tx *Tx) EvidenceByID(c issuer.CapstoneID, id issuer.EvidenceID) (*issuer.Evidence, error) {
	return take[issuer.Evidence](tx, "There is no such file.", "id = ? AND capstone_id = ?", id, c)
}

// FileBytes sums the sizes of the files that a person brought, each counted
// once however many rounds it stands in.
func (tx *Tx) FileBytes(p issuer.PersonID) (int64, error) {
	var sum int64
	err := tx.db.Raw("SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT digest, size FROM evidence WHERE added_by = ? AND digest <> '') AS files", p).Row().Scan(&sum)
	return sum, fault(err, "sum files")
}

// FilesOf lists the digests of the files in capstones that nobody but a person
// is left in.
func (tx *Tx) FilesOf(p issuer.PersonID) ([]string, error) {
	var digests []string
	err := tx.db.Model(&issuer.Evidence{}).Distinct("digest").Where("digest <> '' AND capstone_id IN "+theirCapstones, p).Pluck("digest", &digests).Error
	return digests, fault(err, "list someone's files")
}

// FilesInUse tells which of some digests stand in evidence.
func (tx *Tx) FilesInUse(digests ...string) (map[string]bool, error) {
	var found []string
	err := tx.db.Model(&issuer.Evidence{}).Distinct("digest").Where("digest IN ? AND digest <> ''", none(digests)).Pluck("digest", &found).Error
	used := map[string]bool{}
	for _, d := range found {
		used[d] = true
	}
	return used, fault(err, "look which files are in use")
}

// Files lists the files that evidence names, by digest, after one of them; each
// with the first piece of evidence that names it.
func (tx *Tx) Files(after string, limit int) ([]issuer.Evidence, error) {
	return read[issuer.Evidence](tx, "WHERE digest > ? AND id = (SELECT min(o.id) FROM evidence o WHERE o.digest = evidence.digest) ORDER BY digest LIMIT ?", after, limit)
}
