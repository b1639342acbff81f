package store

import (
	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// Issuer reads the one issuer of the installation.
func (tx *Tx) Issuer() (*issuer.Issuer, error) {
	return take[issuer.Issuer](tx, "This installation has not been set up yet.", "id <> ''")
}

// AddIssuer keeps the issuer at the first start.
func (tx *Tx) AddIssuer(i *issuer.Issuer) error { return tx.add("issuer", i) }

// SaveIssuer keeps what the issuer says about itself.
func (tx *Tx) SaveIssuer(i *issuer.Issuer) error {
	_, err := change[issuer.Issuer](tx, map[string]any{
		"did": i.DID, "name": i.Name, "url": i.URL, "email": i.Email, "description": i.Description, "base_url": i.BaseURL,
	}, "id = ?", i.ID)
	return err
}

// Setting reads a setting; "" if it was never set.
func (tx *Tx) Setting(name string) (string, error) {
	rows, err := list[issuer.Setting](tx, "name", "name = ?", name)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Value, nil
}

// Settings reads several at once; those that were never set are not in it.
func (tx *Tx) Settings(names ...string) (map[string]string, error) {
	rows, err := list[issuer.Setting](tx, "name", "name IN ?", none(names))
	out := map[string]string{}
	for _, r := range rows {
		out[r.Name] = r.Value
	}
	return out, err
}

// Set keeps a setting.
func (tx *Tx) Set(name, value string) error {
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "name"}},
		DoUpdates: clause.AssignmentColumns([]string{"value"}),
	}).Create(&issuer.Setting{Name: name, Value: value}).Error
	return fault(err, "save setting %s", name)
}
