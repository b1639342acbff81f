package backup_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/backup"
	"hallmark/issuer/highwater"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier"
)

// The addresses that the installation moves between.
const (
	oldBase = "https://badges.example.org"
	newBase = "https://academy.example.net/badges"
)

// moving is a drill of an installation that moves.
type moving struct {
	*drill
	dir, dsn, file string
}

func newMoving(t *testing.T) *moving {
	dir := t.TempDir()
	m := &moving{&drill{T: t, mark: highwater.New(filepath.Join(dir, "high-water"))}, dir, filepath.Join(dir, "hallmark.db"), filepath.Join(dir, "backup")}
	m.Service = issuertest.New(t, issuertest.Options{DSN: m.dsn, Base: oldBase})
	m.Jobs.Mark = m.mark
	return m
}

func (m *moving) move() {
	m.Helper()
	people := m.Sample
	m.Service = issuertest.NewEmpty(m.T, issuertest.Options{DSN: m.dsn, Base: newBase, Move: true})
	m.Sample, m.Jobs.Mark = people, m.mark
	m.sync()
}

func (m *moving) backup() {
	m.Helper()
	if _, err := backup.Write(m.Context(), backup.Source{Store: m.Store, Evidence: filepath.Join(m.dir, "none"), Now: time.Now}, m.file); err != nil {
		m.Fatal(err)
	}
}

func (m *moving) revoke(id issuer.CredentialID) {
	m.Helper()
	if _, err := m.Registrar.RevokeCredential(m.Context(), operator, id, registrar.StatusChange{Code: "misconduct", Reason: "Copied."}); err != nil {
		m.Fatal(err)
	}
}

// restore brings the backup back and starts on it under the new address, as serve
// does; move says that it may move there.
func (m *moving) restore(move bool) {
	m.Helper()
	a, err := backup.Open(m.file)
	if err != nil {
		m.Fatal(err)
	}
	defer a.Close()
	to := filepath.Join(m.dir, "restored.db")
	empty, err := store.Open(m.Context(), store.Config{DSN: to})
	if err != nil {
		m.Fatal(err)
	}
	err = a.Restore(m.Context(), empty, filepath.Join(m.dir, "evidence"), registrar.HoldRestored)
	elsewhere := &registrar.Registrar{Store: empty, Ring: m.Ring, BaseURL: oldBase}
	if move {
		elsewhere.BaseURL = newBase
	}
	if _, refused := elsewhere.Setup(m.Context(), issuer.Issuer{}, keyring.MethodByURL); !errors.Is(refused, issuer.Conflict) || !strings.Contains(refused.Error(), "--move-base-url") {
		m.Errorf("started under an address that the backup is not of: %v", refused)
	}
	if err := errors.Join(err, empty.Close()); err != nil {
		m.Fatal(err)
	}
	known, err := highwater.New(m.mark.Path()).Read()
	if err != nil {
		m.Fatal(err)
	}
	if move { // an operator who did not think of it
		early := issuertest.NewEmpty(m.T, issuertest.Options{DSN: to, Base: oldBase})
		if err := early.Registrar.HoldIfBehind(m.Context(), known); !errors.Is(err, issuer.Conflict) || !strings.Contains(err.Error(), newBase) {
			m.Errorf("started where the installation was before it moved: %v", err)
		}
	}
	m.Service = issuertest.NewEmpty(m.T, issuertest.Options{DSN: to, Base: newBase, Move: move})
	m.mark = highwater.New(m.mark.Path())
	m.Jobs.Mark = m.mark
	if err := m.Registrar.HoldIfBehind(m.Context(), known); err != nil {
		m.Fatal(err)
	}
	if _, err := m.Registrar.Reconcile(m.Context(), operator, m.mark, false); err != nil {
		m.Fatal(err)
	}
}

// says verifies files, as their holders have them, each by the installation as it
// is now.
func (m *moving) says(want map[string]verifier.Outcome, files map[string][]byte) {
	m.Helper()
	for name, outcome := range want {
		report, err := m.Verifier.Verify(m.Context(), files[name], verifier.Ask{})
		if err != nil || report.Verdict != outcome {
			m.Errorf("%s is %s (%v), want %s: %+v", name, report.Verdict, err, outcome, report.Checks)
		}
	}
}

// TestDrillAcrossAMove puts a backup from before a move back after it, and one from
// after it: what was published under either address stays as it was published, and
// issuing goes on under the address of now.
func TestDrillAcrossAMove(t *testing.T) {
	for name, before := range map[string]bool{"from before": true, "from after": false} {
		t.Run(name, func(t *testing.T) {
			m := newMoving(t)
			kept, revoked := m.award("learner", "saws"), m.award("other", "saws")
			m.sync()
			files := map[string][]byte{"kept": m.drill.file(kept.ID), "revoked": m.drill.file(revoked.ID)}
			if before {
				m.backup()
			}
			m.move()
			if !before {
				m.backup()
			}
			later, lateRevoked := m.award("mate", "saws"), m.award("lead", "saws")
			m.revoke(revoked.ID)
			m.revoke(lateRevoked.ID)
			m.sync()
			files["later"], files["late and revoked"] = m.drill.file(later.ID), m.drill.file(lateRevoked.ID)
			want := m.state()

			m.restore(before)
			next := m.award("plain", "saws")
			m.sync()
			m.goesOn(want, next.ID)
			files["next"] = m.drill.file(next.ID)
			if !strings.Contains(string(files["next"]), newBase+"/v/") {
				t.Errorf("what is issued now has another address: %.300s", files["next"])
			}
			m.says(map[string]verifier.Outcome{"kept": verifier.Verified, "revoked": verifier.Refused, "later": verifier.Verified,
				"late and revoked": verifier.Refused, "next": verifier.Verified}, files)
		})
	}
}
