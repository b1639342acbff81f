package registrar

import (
	"context"
	"io"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/store"
)

// FileLimits bound the files that are handed in, in bytes; zero takes what is
// usual.
type FileLimits struct {
	File       int64 // one file: 25 MiB
	Submission int64 // all of a submission: 100 MiB
	Person     int64 // all that a person ever brought, each file once: 1 GiB
}

func (l FileLimits) orUsual() FileLimits {
	usual := func(n *int64, otherwise int64) {
		if *n == 0 {
			*n = otherwise
		}
	}
	usual(&l.File, 25<<20)
	usual(&l.Submission, 100<<20)
	usual(&l.Person, 1<<30)
	return l
}

// sweepAfter is how long a file is kept that no evidence names: long enough for
// the slowest form to be sent and saved.
const sweepAfter = time.Hour

// PutFile takes the bytes of a file for the draft of a capstone, from a member of
// its team. It is in no draft yet: SaveCapstone or AttachFile puts it there, or
// it is swept in an hour.
func (r *Registrar) PutFile(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, from io.Reader) (*evidence.File, error) {
	room, err := look(ctx, r, by, func(w *work) (int64, error) {
		c, err := w.seenCapstone(id)
		if err != nil {
			return 0, err
		}
		team, err := w.Members(id)
		if err != nil {
			return 0, err
		}
		if err := c.MayEdit(team, w.by.Person); err != nil {
			return 0, err
		}
		used, err := w.FileBytes(w.by.Person)
		return r.FileLimits.orUsual().Person - used, err
	})
	if err != nil {
		return nil, err
	}
	if r.Files == nil {
		return nil, issuer.Refuse(issuer.Unavailable, "Files are not taken here; hand in links.")
	}
	if room <= 0 {
		return nil, r.fullPerson()
	}
	return r.Files.Put(ctx, from, min(room, r.FileLimits.orUsual().File))
}

func (r *Registrar) fullPerson() error {
	e := issuer.Wrong("file", "You have handed in files of %s, which is all that one person can.", evidence.Size(r.FileLimits.orUsual().Person))
	e.Kind = issuer.TooLarge
	return e
}

// mayFill refuses a draft whose files are too much together.
func (w *work) mayFill(draft []issuer.Evidence) error {
	limits, sum, files := w.r.FileLimits.orUsual(), int64(0), false
	for _, e := range draft {
		sum, files = sum+e.Size, files || e.Digest != ""
	}
	if sum > limits.Submission {
		e := issuer.Wrong("file", "The files of a submission are %s together at most; take some out, or link to them.", evidence.Size(limits.Submission))
		e.Kind = issuer.TooLarge
		return e
	}
	if !files {
		return nil
	}
	used, err := w.FileBytes(w.by.Person)
	if err == nil && used > limits.Person {
		return w.r.fullPerson()
	}
	return err
}

// AttachFile puts a file into the draft of a capstone, beside what is there.
func (r *Registrar) AttachFile(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, e NewEvidence) (*EvidenceView, error) {
	return act(ctx, r, by, "capstone.attach", string(id), func(w *work) (*EvidenceView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if err := h.Edit(h.team, w.by.Person, h.Title, h.Summary, h.Impact, w.Now); err != nil {
			return nil, err
		}
		all, err := w.Evidence(id)
		if err != nil {
			return nil, err
		}
		have := draftOf(all)
		if len(have) >= maxEvidence {
			return nil, issuer.Wrong("evidence", "Give at most %d pieces of evidence.", maxEvidence)
		}
		added, err := w.draftEvidence(h, have, []NewEvidence{e})
		if err != nil {
			return nil, err
		}
		if err := w.mayFill(append(have, added...)); err != nil {
			return nil, err
		}
		if err := w.save(h); err != nil {
			return nil, err
		}
		if err := w.AddEvidence(&added[0]); err != nil {
			return nil, err
		}
		return &evidenceViews(added, 0)[0], nil
	})
}

// FileView is a file that was handed in, to be read once. Name is fit to be the
// name of a file.
type FileView struct {
	Name      string
	MediaType string
	Size      int64
	Body      io.ReadCloser
}

// File gives a file of a capstone to who may see the capstone; one of a draft to
// the team alone.
func (r *Registrar) File(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, piece issuer.EvidenceID) (*FileView, error) {
	e, err := look(ctx, r, by, func(w *work) (*issuer.Evidence, error) {
		if _, err := w.seenCapstone(id); err != nil {
			return nil, err
		}
		e, err := w.EvidenceByID(id, piece)
		if err != nil {
			return nil, err
		}
		team, err := w.Members(id)
		if err != nil {
			return nil, err
		}
		if e.Digest == "" || e.Submission == 0 && !issuer.InTeam(team, w.by.Person) {
			return nil, hidden("file")
		}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	if r.Files == nil {
		return nil, issuer.Refuse(issuer.Unavailable, "Files are not kept here just now.")
	}
	body, err := r.Files.Open(ctx, e.Digest)
	if err != nil {
		return nil, err
	}
	return &FileView{evidence.Filename(e.Name, e.MediaType), e.MediaType, e.Size, body}, nil
}

// SweepFiles removes files that no evidence names any more. Where the records
// wait to be put right after a restore nothing goes: they may lack what names it.
func (r *Registrar) SweepFiles(ctx context.Context) error {
	if r.Files == nil {
		return nil
	}
	held, err := store.Read(ctx, r.Store, (*store.Tx).Held)
	if err != nil || held.Holds() {
		return err
	}
	now, err := store.Read(ctx, r.Store, func(tx *store.Tx) (time.Time, error) { return tx.Now, nil })
	if err != nil {
		return err
	}
	_, err = evidence.Sweep(ctx, r.Files, now.Add(-sweepAfter), r.filesInUse(ctx))
	return err
}

func (r *Registrar) filesInUse(ctx context.Context) func(digests ...string) (map[string]bool, error) {
	return func(digests ...string) (map[string]bool, error) {
		return store.Read(ctx, r.Store, func(tx *store.Tx) (map[string]bool, error) { return tx.FilesInUse(digests...) })
	}
}

// dropFiles removes those of some files that no evidence names any more, at
// once. One that someone put in the last hour is left to the sweep: it may be on
// its way into a draft.
func (r *Registrar) dropFiles(ctx context.Context, digests []string) error {
	if r.Files == nil || len(digests) == 0 {
		return nil
	}
	used, err := r.filesInUse(ctx)(digests...)
	if err != nil {
		return err
	}
	for _, d := range digests {
		if used[d] {
			continue
		}
		if err := r.Files.Remove(ctx, d, time.Now().Add(-sweepAfter)); err != nil {
			return err
		}
	}
	return nil
}
