package auditor

import (
	"encoding/json"
	"time"

	"hallmark/issuer"
)

// terms reads the past terms of awards, and the versions of achievements that
// all of their terms name.
func (c *audit) terms(files []*file, byAward map[issuer.AwardID]*file) error {
	var ids []issuer.AwardID
	var versionIDs []issuer.AchievementVersionID
	for _, f := range files {
		ids, versionIDs = append(ids, f.ID), append(versionIDs, f.AchievementVersionID)
	}
	past, err := c.PastTerms(ids...)
	if err != nil {
		return err
	}
	for _, p := range past {
		f := byAward[p.AwardID]
		f.past, versionIDs = append(f.past, p), append(versionIDs, p.AchievementVersionID)
	}
	versions, err := c.AchievementVersions(versionIDs...)
	if err != nil {
		return err
	}
	known := map[issuer.AchievementVersionID]*issuer.AchievementVersion{}
	for i := range versions {
		known[versions[i].ID] = &versions[i]
	}
	for _, f := range files {
		f.versions = known
	}
	return nil
}

// then is the award as it was in the term of a credential.
func (f *file) then(k *issuer.Credential) issuer.Award {
	for i := range f.past {
		if f.past[i].Term == k.Term {
			return f.past[i].Of(f.Award)
		}
	}
	return f.Award
}

// checkTerms holds the terms of an award against each other, against the acts
// that renewed it and against the credentials that were issued in them.
func (c *audit) checkTerms(f *file) {
	id := string(f.ID)
	if len(f.past) != f.Term {
		c.find("award", id, "It is in term %d, and the records have %d before.", f.Term, len(f.past))
	}
	began := map[int]time.Time{f.Term: f.Since()}
	c.version(f, f.AchievementVersionID)
	c.meant(f.AchievementVersionID, f.AwardedOn)
	for i := range f.past {
		p := &f.past[i]
		c.ours("past term", id, p.IssuerID)
		c.version(f, p.AchievementVersionID)
		c.meant(p.AchievementVersionID, p.AwardedOn)
		began[p.Term] = p.BeganAt
	}
	renewed := map[int]int{}
	for i := range f.entries {
		if e := &f.entries[i]; e.Act == "award.renew" {
			var n struct{ Term int }
			_ = json.Unmarshal([]byte(e.Detail), &n) // as of every note
			renewed[n.Term]++
			if at, known := began[n.Term]; !known || !at.Equal(e.At) {
				c.find("audit entry", string(e.ID), "It renewed an award whose records do not say so.")
			}
		}
	}
	issued := map[int]bool{}
	for i := range f.credentials {
		k := &f.credentials[i]
		if at, known := began[k.Term]; !known || !issued[k.Term] && !at.Equal(k.IssuedAt) {
			c.find("credential", string(k.ID), "It was not issued when its term began.")
		}
		issued[k.Term] = true
	}
	for term := range began {
		if term > 0 && renewed[term] != 1 {
			c.find("award", id, "%d audit entries record that it was renewed for term %d.", renewed[term], term)
		}
		if len(f.credentials) > 0 && !issued[term] {
			c.find("award", id, "No credential was issued in term %d.", term)
		}
	}
}

// version holds a version that a term names against the achievement.
func (c *audit) version(f *file, id issuer.AchievementVersionID) {
	switch v := f.versions[id]; {
	case v == nil:
		c.find("award", string(f.ID), "The version of the achievement that it was earned under is missing.")
	case v.AchievementID != f.AchievementID:
		c.find("award", string(f.ID), "It was earned under a version of another achievement.")
	}
}
