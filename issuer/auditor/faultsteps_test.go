package auditor_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// Steps of TestFaults that need more than a request.

func (x *scene) suspend() error {
	return x.post("/api/v1/credentials/"+string(x.id)+"/suspend", `{"reason":"We look into it."}`)
}

func suspended(x *scene) {
	x.t.Helper()
	holding(x)
	if err := x.suspend(); err != nil {
		x.t.Fatal(err)
	}
	x.key, x.answer = x.key+" again", nil
}

// ending prepares a step about a badge that ends in so many days.
func ending(days int) func(x *scene) {
	return func(x *scene) {
		x.t.Helper()
		holding(x)
		b, err := x.Registrar.Badge(x.t.Context(), issuer.Caller{System: "test"}, x.id)
		if err != nil || b.ValidUntil == nil {
			x.t.Fatalf("a badge that ends: %v", err)
		}
		x.Clock.Advance(b.ValidUntil.Sub(x.Clock.Now()) - time.Duration(days)*24*time.Hour)
		x.signInAgain()
	}
}

// expired tells whether the badge of the step has ended. Where a connection was lost
// the server may hold the lock of the duty until it sees that: the next rounds have
// it.
func (x *scene) expired() (err error) {
	for range 1000 {
		if err = x.has("map[expired:1]"); err == nil {
			return nil
		}
		if err := x.Jobs.Expire(x.t.Context()); err != nil {
			return err
		}
	}
	return err
}

// counted tells whether what is kept of the cohort is what there is.
func (x *scene) counted() error {
	kept, err := store.Read(x.t.Context(), x.Store, func(tx *store.Tx) ([]issuer.CohortSums, error) {
		c, err := tx.CohortNamed("craft-1")
		if err != nil {
			return nil, err
		}
		return tx.CohortSums(c.ID)
	})
	if err == nil && (len(kept) != 1 || x.Clock.Now().Sub(kept[0].CountedAt) > time.Hour) {
		err = fmt.Errorf("kept of the cohort: %+v", kept)
	}
	return err
}

// signing has a mentor sign an approval, which makes their key.
func signing(x *scene) {
	x.t.Helper()
	x.People["newcomer"] = x.person
	signs(x.t, x.Service, "K1", "newcomer", "lead")
	key := read(x.t, x.Service, func(tx *store.Tx) (*issuer.MentorKey, error) { return tx.MentorKey(x.People["lead"]) })
	x.fact, x.since = key.Public, x.Clock.Now()
}

func (x *scene) loseKey() error {
	_, err := x.Registrar.CompromiseMentorKey(x.t.Context(), issuer.Caller{System: "test"}, x.fact, x.since)
	return err
}

// lost tells whether the key of the step is known as lost, and gone.
func (x *scene) lost() error {
	_, err := store.Read(x.t.Context(), x.Store, func(tx *store.Tx) (bool, error) {
		k, err := tx.LostMentorKey(x.fact)
		if err == nil && k.PersonID != x.People["lead"] {
			err = fmt.Errorf("the key is one of %s", k.PersonID)
		}
		if _, there := tx.MentorKey(x.People["lead"]); err == nil && !errors.Is(there, issuer.NotFound) {
			err = fmt.Errorf("its private part is still there: %w", there)
		}
		return true, err
	})
	return err
}

// Who co-signs the log in these tests, and signs again what goes on from what it
// signed before (C2SP tlog-witness).
const witnessName = "witness.example/w1"

var witnessSecret = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))

func witnessKey() string {
	typed := append([]byte{4}, witnessSecret.Public().(ed25519.PublicKey)...)
	hash := sha256.Sum256(append([]byte(witnessName+"\n"), typed...))
	return fmt.Sprintf("%s+%x+%s", witnessName, hash[:4], base64.StdEncoding.EncodeToString(typed))
}

func (x *scene) witness(_ context.Context, _, _ string, request []byte, _ int64) (int, []byte, error) {
	top, head, _ := strings.Cut(string(request), "\n\n")
	known, _, _ := strings.Cut(top, "\n")
	if known != fmt.Sprintf("old %d", x.seen) {
		return http.StatusConflict, fmt.Appendf(nil, "%d\n", x.seen), nil
	}
	text, _, _ := strings.Cut(head, "\n\n")
	if _, err := fmt.Sscanf(text[strings.Index(text, "\n")+1:], "%d", &x.seen); err != nil {
		return 0, nil, err
	}
	const at = 1_795_000_000
	b, err := hex.DecodeString(strings.Split(witnessKey(), "+")[1])
	if err != nil {
		return 0, nil, err
	}
	b = binary.BigEndian.AppendUint64(b, at)
	b = append(b, ed25519.Sign(witnessSecret, inclusion.CosignedText(at, []byte(text+"\n")))...)
	return http.StatusOK, fmt.Appendf(nil, "\u2014 %s %s\n", witnessName, base64.StdEncoding.EncodeToString(b)), nil
}

// cosigned tells whether the newest head of the log has the signature of the
// witness.
func (x *scene) cosigned() error {
	key, err := inclusion.NewCosigner(witnessKey())
	if err != nil {
		return err
	}
	head, err := store.Read(x.t.Context(), x.Store, (*store.Tx).LastCheckpoint)
	if err == nil && !inclusion.Cosigned([]byte(head.Note), key) {
		err = fmt.Errorf("the head of size %d is not co-signed", head.Size)
	}
	return err
}
