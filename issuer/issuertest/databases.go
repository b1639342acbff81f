package issuertest

import (
	"testing"

	"hallmark/issuer/store/storetest"
)

// OnBoth runs a test on a service on each of the two databases.
func OnBoth(t *testing.T, test func(t *testing.T, s *Service)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, New(t, Options{})) })
	t.Run("postgres", func(t *testing.T) { test(t, New(t, Options{DSN: storetest.Postgres(t)})) })
}
