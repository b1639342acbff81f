package auditor

import (
	"context"
	"errors"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
)

// checkFiles holds every file that evidence names against the digest that seals
// it: badges name the digest of what was handed in, and that names these.
func (c *audit) checkFiles(ctx context.Context) error {
	if c.a.Files == nil {
		return nil
	}
	for after := ""; ; {
		files, err := c.Files(after, page)
		if err != nil || len(files) == 0 {
			return err
		}
		for i := range files {
			if err := c.checkFile(ctx, &files[i]); err != nil {
				return err
			}
		}
		after = files[len(files)-1].Digest
	}
}

func (c *audit) checkFile(ctx context.Context, e *issuer.Evidence) (err error) {
	r, err := c.a.Files.Open(ctx, e.Digest)
	if errors.Is(err, issuer.NotFound) {
		c.find("evidence", string(e.ID), "Its file is missing.")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	digest, err := evidence.DigestOf(r)
	if err == nil && digest != e.Digest {
		c.find("evidence", string(e.ID), "Its file is not what was handed in.")
	}
	return err
}
