package registrar

import (
	"context"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/verifier"
	"hallmark/verifier/jcs"
)

// A submission is sealed as it was handed in: badges and what mentors sign of it
// name the digest of a file that says all of it. The file is not kept but written
// whenever it is asked for, of rows that never change, so its form never changes
// either. Who has it can show it to whom they like, and anyone can then see that
// it is what the badge speaks of.

// sealedSubmission is that file: canonical JSON (RFC 8785), so that it has one
// form. The random id, which only those who see the submission know, keeps others
// from guessing what it says.
type sealedSubmission struct {
	ID       issuer.SubmissionID `json:"id"`
	Number   int                 `json:"number"`
	Title    string              `json:"title"`
	Summary  string              `json:"summary"`
	Impact   issuer.Impact       `json:"impact"`
	Evidence []sealedPiece       `json:"evidence"`
}

// sealedPiece is a piece of evidence; Digest seals the bytes of a file.
type sealedPiece struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	URL    string `json:"url"`
	Digest string `json:"digest"`
}

func seal(s *issuer.Submission, evidence []issuer.Evidence) ([]byte, error) {
	file := sealedSubmission{s.ID, s.Number, s.Title, s.Summary, s.Impact, []sealedPiece{}}
	for _, e := range evidence {
		if e.Submission == s.Number {
			file.Evidence = append(file.Evidence, sealedPiece{e.Kind, e.Name, e.URL, e.Digest})
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("seal submission %s: %w", s.ID, err)
	}
	canonical, err := jcs.Transform(text)
	if err != nil {
		return nil, fmt.Errorf("seal submission %s: %w", s.ID, err)
	}
	return canonical, nil
}

// sealed is the file that says what a submission of a capstone was.
func (w *work) sealed(id issuer.CapstoneID, number int) ([]byte, error) {
	submissions, err := w.Submissions(id)
	if err != nil {
		return nil, err
	}
	s := find(submissions, func(s issuer.Submission) bool { return s.Number == number })
	if s == nil {
		return nil, issuer.Refuse(issuer.NotFound, "There is no such submission.")
	}
	if wordless(s) {
		return nil, issuer.Refuse(issuer.Gone, "What was handed in was erased.")
	}
	evidence, err := w.Evidence(id)
	if err != nil {
		return nil, err
	}
	return seal(s, evidence)
}

// SealedSubmission gives the file that says what a submission was, whose digest
// stands in the badges that came of it, to who may see the capstone.
func (r *Registrar) SealedSubmission(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, number int) ([]byte, error) {
	return look(ctx, r, by, func(w *work) ([]byte, error) {
		if _, err := w.seenCapstone(id); err != nil {
			return nil, err
		}
		return w.sealed(id, number)
	})
}

// wordless tells that a submission was erased: none is handed in without a title.
func wordless(s *issuer.Submission) bool { return s.Title == "" }

// digestOf is how the sealed file of a submission is named; "" of one that was
// erased.
func digestOf(s *issuer.Submission, evidence []issuer.Evidence) (string, error) {
	if wordless(s) {
		return "", nil
	}
	file, err := seal(s, evidence)
	if err != nil {
		return "", err
	}
	return verifier.Digest(file), nil
}
