package store

import "hallmark/issuer"

// Expire ends awards whose time ran out and tells which they were.
func (tx *Tx) Expire(limit int) ([]issuer.Award, error) {
	awards, err := found[issuer.Award](tx.db.Where("state IN ('issued', 'suspended') AND valid_until < ?", tx.Now).
		Order("valid_until, id").Limit(limit), "awards")
	if err != nil || len(awards) == 0 {
		return nil, err
	}
	ids := make([]issuer.AwardID, len(awards))
	for i := range awards {
		ids[i] = awards[i].ID
		awards[i].State = issuer.Expired
	}
	_, err = change[issuer.Award](tx, map[string]any{"state": issuer.Expired}, "id IN ? AND state IN ('issued', 'suspended')", ids)
	return awards, err
}
