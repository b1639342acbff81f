package registrar

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
)

// A draft is everybody's of the team. Whoever saves it says which state of it
// they read (its revision): if it is another by now, nothing is written, and they
// get the other text beside theirs.

// SaveCapstone keeps what the next submission will say. What was handed in
// stays as it is. Saving what is there already changes nothing.
func (r *Registrar) SaveCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, d Draft) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.save", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		d := d // the act may be run again
		if err := d.clean(); err != nil {
			return nil, err
		}
		all, err := w.Evidence(id)
		if err != nil {
			return nil, err
		}
		have := draftOf(all)
		want, err := w.draftEvidence(h, have, d.Evidence)
		if err != nil {
			return nil, err
		}
		if d.stale(h, have, want) {
			return nil, errStale
		}
		if err := h.Edit(h.team, w.by.Person, d.Title, d.Summary, d.Impact, w.Now); err != nil {
			return nil, err
		}
		if err := w.mayFill(want); err != nil {
			return nil, err
		}
		if err := w.save(h); err != nil {
			return nil, err
		}
		if err := w.DropDraftEvidence(h.ID); err != nil {
			return nil, err
		}
		for i := range want {
			if err := w.AddEvidence(&want[i]); err != nil {
				return nil, err
			}
		}
		return w.capstoneView(h.Capstone)
	})
}

// errStale refuses to write over what someone else of the team saved meanwhile.
var errStale = &issuer.Error{Kind: issuer.Conflict, Field: "revision",
	Reason: "Someone of your team saved this draft while you wrote. Nothing is lost: both texts are here. Bring them together and save again."}

// stale tells whether the draft moved on since its writer read it, to something
// else than they write.
func (d *Draft) stale(h *heldCapstone, have, want []issuer.Evidence) bool {
	if d.Revision == nil || *d.Revision == h.Revision {
		return false
	}
	same := slices.EqualFunc(have, want, func(a, b issuer.Evidence) bool { return a.SameThing(&b) && a.Name == b.Name })
	return !same || d.Title != h.Title || d.Summary != h.Summary || d.Impact != h.Impact
}

// draftOf picks the evidence of a draft.
func draftOf(all []issuer.Evidence) []issuer.Evidence {
	return slices.DeleteFunc(slices.Clone(all), func(e issuer.Evidence) bool { return e.Submission != 0 })
}

// clean brings the texts of a draft into the form in which they are kept.
func (d *Draft) clean() error {
	for _, text := range []struct {
		field string
		of    *string
		max   int
	}{
		{"title", &d.Title, issuer.MaxName}, {"summary", &d.Summary, 8000},
		{"impact.measure", &d.Impact.Measure, issuer.MaxName}, {"impact.before", &d.Impact.Before, 1000}, {"impact.after", &d.Impact.After, 1000},
		{"impact.unit", &d.Impact.Unit, issuer.MaxName}, {"impact.period", &d.Impact.Period, issuer.MaxName},
		{"impact.confirmedBy", &d.Impact.ConfirmedBy, issuer.MaxName},
	} {
		var err error
		if *text.of, err = issuer.CleanText(text.field, *text.of, text.max); err != nil {
			return err
		}
	}
	if len(d.Evidence) > maxEvidence {
		return issuer.Wrong("evidence", "Give at most %d pieces of evidence.", maxEvidence)
	}
	return nil
}

// maxEvidence is how many pieces a submission has.
const maxEvidence = 50

// draftEvidence makes the rows of a draft's evidence: links, files that came
// with it, and files that are in it already, which keep their ids.
func (w *work) draftEvidence(h *heldCapstone, have []issuer.Evidence, wanted []NewEvidence) ([]issuer.Evidence, error) {
	var rows []issuer.Evidence
	for _, e := range wanted {
		name, err := issuer.CleanText("evidence.name", e.Name, issuer.MaxName)
		if err != nil {
			return nil, err
		}
		if name == "" && e.File != nil {
			name = evidence.CleanName(e.FileName)
		}
		row := issuer.Evidence{ID: issuer.EvidenceID(rand.Text()), IssuerID: w.us.ID, CapstoneID: h.ID, Kind: e.Kind, Name: name, AddedBy: w.by.Person, AddedAt: w.Now}
		switch kept := find(have, func(o issuer.Evidence) bool { return o.ID == e.ID && o.Digest != "" }); {
		case e.File != nil:
			row.Digest, row.Size, row.MediaType = e.File.Digest(), e.File.Size(), e.File.MediaType(cmp.Or(e.FileName, name))
			err = h.brief.CheckFile(e.Kind, name)
		case kept != nil:
			row.ID, row.Digest, row.Size, row.MediaType, row.AddedBy, row.AddedAt = kept.ID, kept.Digest, kept.Size, kept.MediaType, kept.AddedBy, kept.AddedAt
			err = h.brief.CheckFile(e.Kind, name)
		case e.ID != "" && e.URL == "":
			err = issuer.Wrong("evidence", "One of the files is not in the draft any more; choose it again.")
		default:
			row.URL = e.URL
			err = h.brief.CheckEvidence(e.Kind, name, e.URL)
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
