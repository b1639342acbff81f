package inclusion

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the head of a log: how many leaves it has and the hash of the
// tree over them (RFC 6962 §2.1).
type Checkpoint struct {
	Origin string // name of the log: host and path, no scheme
	Size   int64
	Root   tlog.Hash
}

// ErrUnsigned says that a checkpoint bears no good signature of the keys that
// were asked for.
var ErrUnsigned = errors.New("the checkpoint is not signed by the log's key")

// Text is the checkpoint as it is signed (C2SP tlog-checkpoint).
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// ParseCheckpoint reads the text of a checkpoint. Lines after the third are
// extensions and say nothing to us (C2SP tlog-checkpoint).
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitAfterN(text, "\n", 4)
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("a checkpoint has three lines")
	}
	for i := range 3 {
		lines[i] = strings.TrimSuffix(lines[i], "\n")
	}
	c := Checkpoint{Origin: lines[0]}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, errors.New("the size of the checkpoint is not a number")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize || c.Origin == "" {
		return Checkpoint{}, errors.New("the checkpoint has no proper origin and root")
	}
	c.Size = size
	copy(c.Root[:], root)
	return c, nil
}

// OpenCheckpoint reads a signed checkpoint (C2SP signed-note) that one of the
// keys of its log, given as verifier keys, has signed. The keys are those of
// the origin that it names: what another log signed is not accepted.
func OpenCheckpoint(signed []byte, keys []string) (Checkpoint, error) {
	c, names, err := open(signed, keys)
	if err == nil && !slices.Contains(names, c.Origin) {
		err = ErrUnsigned
	}
	return c, err
}

// OpenHead reads a signed head that one of the keys has signed and that begins
// with a certain origin, whatever the name of the key.
func OpenHead(signed []byte, origin string, keys []string) (Checkpoint, error) {
	c, _, err := open(signed, keys)
	if err == nil && c.Origin != origin {
		err = fmt.Errorf("this is the head of %q, not of %q", c.Origin, origin)
	}
	return c, err
}

// open reads a note and tells which names have signed it.
func open(signed []byte, keys []string) (Checkpoint, []string, error) {
	var known []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return Checkpoint{}, nil, fmt.Errorf("read the key of the log: %w", err)
		}
		known = append(known, v)
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	var names []string
	for _, s := range opened.Sigs {
		names = append(names, s.Name)
	}
	c, err := ParseCheckpoint(opened.Text)
	return c, names, err
}
