// Package evidence keeps the files that learners hand in, outside the database:
// named by the digest of their bytes, so that a file is there once however often
// it was handed in, and a badge that seals the digest seals the bytes.
//
// It knows bytes and what kind they are. It does not know whose they are or who
// may read them: rows say that, and package registrar asks. Nothing here opens,
// unpacks or runs what it keeps; an archive is bytes like any other.
//
// Decisions worth knowing:
//
//   - The kind of a file is told from its bytes, never from its name or what the
//     sender calls it. What may hold scripts for a browser (HTML, SVG, XML) is
//     refused, and so is what runs.
//   - Pictures are kept without what cameras write into them, such as the place and
//     the time: what is named by a digest is what is left. A JPEG or PNG that cannot
//     be followed to where its picture begins is refused, as others might find in it
//     what was not found here.
//   - A file is whole and on the disk before its name exists, so a name that is
//     there is a file that is whole. When the disk is full nothing is left.
//   - Files that no row asks for any more are swept after a while (Sweep). Who puts
//     a file makes its time new, and the sweep looks at the time after it took the
//     file aside: a file that comes back in that moment is not lost.
package evidence

import (
	"context"
	"crypto/sha256"
	"io"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// Store keeps files. Disk is the one that comes with the program; a store for
// objects elsewhere answers the same five questions.
type Store interface {
	// Put keeps what r gives, at most max bytes of it, and tells what it is. Its
	// refusals are sentences; issuer.Unavailable means that there is no room.
	Put(ctx context.Context, r io.Reader, max int64) (*File, error)
	// Open reads a file by its digest; issuer.NotFound if it is not there.
	Open(ctx context.Context, digest string) (io.ReadCloser, error)
	// Remove takes a file away unless it was put after a moment; one that is not
	// there is no error.
	Remove(ctx context.Context, digest string, unlessAfter time.Time) error
	// Each names the files that are there, in no order, until f fails.
	Each(ctx context.Context, f func(Kept) error) error
}

// File is what was put: made by a Store alone, so that who has one has had the
// bytes.
type File struct {
	digest string // digestMultibase, SHA-256
	size   int64
	kind   Kind
}

// Digest names the file: a digestMultibase (SHA-256, base58btc).
func (f *File) Digest() string { return f.digest }

// Size is how many bytes it has.
func (f *File) Size() int64 { return f.size }

// MediaType is what the bytes are; a name can tell kinds apart that look the
// same from outside, such as a table from a text.
func (f *File) MediaType(name string) string { return f.kind.MediaType(name) }

// Kept is a file that is there.
type Kept struct {
	Digest string
	Size   int64
	At     time.Time // when it was put last
}

// digestOf names bytes by their SHA-256, as a multihash in base58btc.
func digestOf(sum []byte) string {
	return "z" + did.EncodeBase58(append([]byte{0x12, sha256.Size}, sum...))
}

// DigestOf reads everything and names it.
func DigestOf(r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return digestOf(sum.Sum(nil)), nil
}

// isDigest tells whether a text can be the name of a file: nothing else is ever
// looked for on the disk.
func isDigest(text string) bool {
	if len(text) < 40 || len(text) > 50 || text[0] != 'z' {
		return false
	}
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

// missing answers for a file that is not there.
func missing() error {
	return issuer.Refuse(issuer.NotFound, "This file is not in the store any more. Tell who runs this service.")
}

// Sweep removes the files that nobody asks for and that were put before a
// moment; used tells which of some digests are asked for. It gives how many went.
func Sweep(ctx context.Context, s Store, before time.Time, used func(digests ...string) (map[string]bool, error)) (int, error) {
	swept := 0
	var old []string
	clear := func() error {
		asked, err := used(old...)
		if err != nil {
			return err
		}
		for _, digest := range old {
			if asked[digest] {
				continue
			}
			if err := s.Remove(ctx, digest, before); err != nil {
				return err
			}
			swept++
		}
		old = old[:0]
		return nil
	}
	err := s.Each(ctx, func(k Kept) error {
		if k.At.Before(before) {
			old = append(old, k.Digest)
		}
		if len(old) < 500 {
			return nil
		}
		return clear()
	})
	if err != nil {
		return swept, err
	}
	return swept, clear()
}
