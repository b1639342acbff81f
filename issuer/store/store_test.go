package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"hallmark/issuer"
)

func value(s *Store, t *testing.T, name string) string {
	t.Helper()
	v, err := Read(t.Context(), s, func(tx *Tx) (string, error) {
		row, err := take[issuer.Setting](tx, "none", "name = ?", name)
		if errors.Is(err, issuer.NotFound) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return row.Value, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestManyActsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		var wg sync.WaitGroup
		errs := make([]error, 60)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = Write(t.Context(), s, func(tx *Tx) (bool, error) {
					// Read first, write later: what a deferred transaction fails at.
					if _, err := list[issuer.Setting](tx, "name", "name <> ''"); err != nil {
						return false, err
					}
					return true, tx.add("setting", &issuer.Setting{Name: fmt.Sprint("n", i), Value: "x"})
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			if err != nil {
				t.Errorf("act %d: %v", i, err)
			}
		}
		for i := range errs {
			if value(s, t, fmt.Sprint("n", i)) != "x" {
				t.Errorf("act %d was answered and is not there", i)
			}
		}
	})
}
