package auditor

import (
	"time"

	"hallmark/issuer"
	"hallmark/verifier"
	"hallmark/verifier/strictjson"
)

// picture is one that the records keep, and whether an award is of its version
// and year.
type picture struct {
	digest string
	meant  bool
}

type pictureKey struct {
	version issuer.AchievementVersionID
	year    int
}

// readPictures holds each picture against its digest, and remembers the digests
// for the badges that name them.
func (c *audit) readPictures() error {
	all, err := c.Pictures()
	if err != nil {
		return err
	}
	c.pictures = map[pictureKey]*picture{}
	for _, p := range all {
		c.pictures[pictureKey{p.AchievementVersionID, p.Year}] = &picture{digest: p.Digest}
		kept, err := c.PictureOf(p.AchievementVersionID, p.Year)
		if err != nil {
			return err
		}
		c.ours("picture", p.Digest, kept.IssuerID)
		if verifier.Digest(kept.Bytes) != p.Digest {
			c.find("picture", p.Digest, "Its bytes are not those of its digest.")
		}
	}
	return nil
}

// meant notes that there are badges of a version and the year of a day.
func (c *audit) meant(v issuer.AchievementVersionID, on issuer.Day) {
	if p := c.pictures[pictureKey{v, on.Time().Year()}]; p != nil {
		p.meant = true
	}
}

// pictured holds the picture that a badge names against the one that is kept.
func (c *audit) pictured(then *issuer.Award, k *issuer.Credential, doc *strictjson.Value) {
	digest := verifier.PictureDigest(doc)
	if digest == "" {
		return
	}
	year := then.AwardedOn.Time().Year()
	if k.SupersededBy != "" { // a corrected completion may have moved the award into another year
		on, err := time.Parse(time.RFC3339, doc.Get("awardedDate").Text())
		if err != nil {
			c.find("credential", string(k.ID), "It does not say on what day it was earned.")
			return
		}
		year = on.Year()
	}
	p := c.pictures[pictureKey{then.AchievementVersionID, year}]
	if p == nil || p.digest != digest {
		c.find("credential", string(k.ID), "The picture that it names by its digest is not the one that the records keep.")
		return
	}
	p.meant = true
}

// checkPictures looks for pictures of nothing: the next badge of their version
// and year would name them.
func (c *audit) checkPictures() error {
	for key, p := range c.pictures {
		if !p.meant {
			c.find("picture", p.digest, "There is no award of its version and year, %d.", key.year)
		}
	}
	return nil
}
