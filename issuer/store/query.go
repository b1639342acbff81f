package store

import "gorm.io/gorm"

// found lists what a query that was built up from parts finds.
func found[T any](db *gorm.DB, what string) ([]T, error) {
	var rows []T
	err := db.Find(&rows).Error
	return rows, fault(err, "list %s", what)
}

// count counts the rows of T that a condition names.
func count[T any](tx *Tx, where string, args ...any) (int, error) {
	var n int64
	err := tx.db.Model(new(T)).Where(where, args...).Count(&n).Error
	return int(n), fault(err, "count %T", *new(T))
}

// none makes an empty list fit for IN: a list of nothing but NULL, which no
// row is in.
func none[T any](list []T) any {
	if len(list) == 0 {
		return []any{nil}
	}
	return list
}
