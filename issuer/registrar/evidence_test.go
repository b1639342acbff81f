package registrar

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/highwater"
	"hallmark/issuer/store"
)

// attach puts a file into a draft.
func (c *cast) attach(who string, id issuer.CapstoneID, name, content string) *EvidenceView {
	c.t.Helper()
	f, err := c.PutFile(c.t.Context(), c.as(who), id, strings.NewReader(content))
	c.must(err)
	v, err := c.AttachFile(c.t.Context(), c.as(who), id, NewEvidence{Kind: "link", Name: name, File: f})
	c.must(err)
	return v
}

// content reads a file as someone.
func (c *cast) content(who string, id issuer.CapstoneID, piece issuer.EvidenceID) (string, error) {
	c.t.Helper()
	f, err := c.File(c.t.Context(), c.as(who), id, piece)
	if err != nil {
		return "", err
	}
	defer f.Body.Close()
	b, err := io.ReadAll(f.Body)
	c.must(err)
	return string(b), nil
}

// TestFiles: a file is the team's while it is in a draft, the mentors' once it is
// handed in, is sealed with the submission, and stays when the draft drops it.
func TestFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		id := c.handIn("C1", "lea", "max")
		v := c.attach("lea", id, "../hours.csv", "before,after\n40,5\n")
		if v.MediaType != "text/csv; charset=utf-8" || v.Size != 18 {
			t.Errorf("%+v", v)
		}
		for who, want := range map[string]error{"lea": nil, "max": nil, "lee": issuer.NotFound, "owen": issuer.NotFound, "ola": issuer.NotFound} {
			if got, err := c.content(who, id, v.ID); !errors.Is(err, want) || want == nil && got != "before,after\n40,5\n" {
				t.Errorf("%s reads a draft: %q %v", who, got, err)
			}
		}
		was, err := c.SubmitCapstone(ctx, c.as("max"), id)
		c.must(err)
		file := find(was.Submissions[0].Evidence, func(e EvidenceView) bool { return e.Digest != "" })
		if round := was.Submissions[0]; len(round.Evidence) != 2 || file == nil || !file.New || round.Digest == was.Submissions[1].Digest {
			t.Fatalf("%+v", round)
		}
		handed := file.ID
		draft := goodDraft
		draft.Revision = pointer(was.Revision)
		now, err := c.SaveCapstone(ctx, c.as("max"), id, draft) // without the file
		c.must(err)
		if len(now.Evidence) != 1 {
			t.Errorf("%+v", now.Evidence)
		}
		c.later(48 * time.Hour)
		c.must(c.SweepFiles(ctx))
		for who, want := range map[string]error{"lea": nil, "lee": nil, "com": nil, "owen": nil, "far": issuer.NotFound, "ola": issuer.NotFound, "client": issuer.NotFound} {
			if _, err := c.content(who, id, handed); !errors.Is(err, want) {
				t.Errorf("%s reads what was handed in: %v", who, err)
			}
		}
		other := c.handIn("C2", "lea")
		if _, err := c.content("lea", other, handed); !errors.Is(err, issuer.NotFound) {
			t.Errorf("by way of another capstone: %v", err)
		}
		if _, err := c.content("lea", id, was.Submissions[1].Evidence[0].ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("a link as a file: %v", err)
		}
		again, err := c.SubmitCapstone(ctx, c.as("max"), id)
		c.must(err)
		if round := again.Submissions[0]; len(round.Dropped) != 1 || round.Dropped[0].Name != "../hours.csv" {
			t.Errorf("what is gone: %+v", round.Dropped)
		}
	})
}

// TestFileRefusals: nobody gets at a file by its digest or at another's draft,
// and limits hold for a file, a submission and a person.
func TestFileRefusals(t *testing.T) {
	ctx, c := t.Context(), newCast(t, NewKit(t, false))
	c.FileLimits = FileLimits{File: 100, Submission: 150, Person: 250}
	id, other := c.handIn("C1", "lea", "max"), c.handIn("C1", "ola")
	put := func(who string, id issuer.CapstoneID, n int) error {
		_, err := c.PutFile(ctx, c.as(who), id, strings.NewReader(strings.Repeat(who[:1], n)))
		return err
	}
	attach := func(who string, n int) error {
		f, err := c.PutFile(ctx, c.as(who), id, strings.NewReader(strings.Repeat(who[:1], n)))
		if err == nil {
			_, err = c.AttachFile(ctx, c.as(who), id, NewEvidence{Kind: "link", Name: "x", File: f})
		}
		return err
	}
	hers := c.attach("ola", other, "x.txt", "hers")
	foreign := goodDraft
	foreign.Evidence = append(foreign.Evidence, NewEvidence{ID: hers.ID, Kind: "link", Name: "x"})
	_, stolen := c.SaveCapstone(ctx, c.as("lea"), id, foreign)
	_, kind := c.AttachFile(ctx, c.as("ola"), other, NewEvidence{Kind: "video", Name: "x", File: second(c.PutFile(ctx, c.as("ola"), other, strings.NewReader("v")))})
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"as large as can be", put("lea", id, 100), nil},
		{"one byte more", put("lea", id, 101), issuer.TooLarge},
		{"empty", put("lea", id, 0), issuer.Invalid},
		{"into another's draft", put("ola", id, 10), issuer.NotFound},
		{"a mentor", put("lee", id, 10), issuer.Forbidden},
		{"in a draft", attach("lea", 100), nil},
		{"more than a submission has", attach("max", 51), issuer.TooLarge},
		{"as much as a submission has", attach("max", 50), nil},
		{"another's file by its id", stolen, issuer.Invalid},
		{"of a kind that is not asked for", kind, issuer.Invalid},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v", test.name, test.err)
		}
	}
	c.FileLimits.Person = 120
	if err := put("lea", id, 21); !errors.Is(err, issuer.TooLarge) {
		t.Errorf("more than is left for a person: %v", err)
	}
	_, err := c.WithdrawCapstone(ctx, c.as("max"), id)
	c.must(err)
	if err := put("max", id, 1); !errors.Is(err, issuer.Conflict) {
		t.Errorf("into what is withdrawn: %v", err)
	}
	c.Files = nil
	if err := put("ola", other, 1); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("where files are not taken: %v", err)
	}
	if _, err := c.content("ola", other, hers.ID); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("where files are not kept: %v", err)
	}
}

func second[T any](v T, _ error) T { return v }

// inStore counts the files that are there.
func (c *cast) inStore() (n int) {
	c.t.Helper()
	c.must(c.Files.Each(c.t.Context(), func(evidence.Kept) error { n++; return nil }))
	return n
}

// TestErasedFiles: with the last of a team their files go, at once, unless
// someone else handed in the same; a file that is missing is said so.
func TestErasedFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		dir := t.TempDir()
		c.Files = evidence.NewDisk(dir)
		alone, shared := c.handIn("C1", "lea"), c.handIn("C1", "max", "ola")
		c.attach("lea", alone, "own.txt", "mine alone")
		c.attach("lea", alone, "same.txt", "everybody's")
		c.attach("max", shared, "same.txt", "everybody's")
		v := c.attach("max", shared, "max.txt", "by Max")
		long := time.Now().Add(-48 * time.Hour)
		c.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				err = os.Chtimes(path, long, long)
			}
			return err
		}))
		c.must(c.ErasePerson(ctx, c.as("root"), c.ids["lea"]))
		if n := c.inStore(); n != 2 {
			t.Errorf("%d files after one was erased, want 2", n)
		}
		c.must(c.ErasePerson(ctx, c.as("root"), c.ids["max"]))
		if got, err := c.content("ola", shared, v.ID); err != nil || got != "by Max" {
			t.Errorf("what the team keeps: %q %v", got, err)
		}
		c.must(os.RemoveAll(dir))
		if _, err := c.content("ola", shared, v.ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("a file that is missing: %v", err)
		}
	})
}

// TestSweepWaits: nothing is swept while the records wait to be put right after a
// restore.
func TestSweepWaits(t *testing.T) {
	ctx, c := t.Context(), newCast(t, NewKit(t, false))
	id := c.handIn("C1", "lea")
	if _, err := c.PutFile(ctx, c.as("lea"), id, strings.NewReader("nobody asks for it")); err != nil {
		t.Fatal(err)
	}
	c.later(365 * 24 * time.Hour) // past the time of the disk
	c.write(func(tx *store.Tx) error { return HoldRestored(tx) })
	c.must(c.SweepFiles(ctx))
	if c.inStore() != 1 {
		t.Error("a file was swept while the records wait")
	}
	_, err := c.Reconcile(ctx, system, highwater.New(filepath.Join(t.TempDir(), "high-water")), true)
	c.must(err)
	c.must(c.SweepFiles(ctx))
	if c.inStore() != 0 {
		t.Error("a file that nobody asks for is still there")
	}
}
