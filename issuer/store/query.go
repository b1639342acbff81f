package store

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"hallmark/issuer"
)

// one takes the row that where names; a missing one is refused as NotFound
// with a sentence about what.
func one[T any](tx *Tx, what, where string, args ...any) (*T, error) {
	var row T
	err := tx.db.Where(where, args...).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, issuer.Refuse(issuer.NotFound, "There is no such %s.", what)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return &row, nil
}

// many lists the rows that where names in the order given, which is always a
// constant of this package.
func many[T any](tx *Tx, what, order, where string, args ...any) ([]T, error) {
	var rows []T
	if err := tx.db.Where(where, args...).Order(order).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list %s: %w", what, err)
	}
	return rows, nil
}
