package store

import (
	"errors"

	"hallmark/issuer"
)

// What there is of the parts of a program, counted, and the removal of a part
// that nobody has anything of.
const (
	usedSkill       = "SELECT count(*), 0, 0, 0 FROM self_ratings WHERE skill_id = ?"
	usedModule      = "SELECT count(*), 0, 0, 0 FROM cohorts h JOIN completions c ON c.cohort_id = h.id WHERE h.program_id = ? AND c.module_id = ?"
	usedBrief       = "SELECT count(*), count(CASE WHEN state = 'draft' THEN 1 END), count(CASE WHEN state NOT IN ('draft', 'approved', 'withdrawn') THEN 1 END), 0 FROM capstones WHERE brief_id = ?"
	usedAchievement = `SELECT count(*) + (SELECT count(*) FROM allotments WHERE achievement_id = ?)
		+ (SELECT count(*) FROM pictures p JOIN achievement_versions v ON v.id = p.achievement_version_id WHERE v.achievement_id = ?), 0, 0,
		count(CASE WHEN state IN ('issued', 'suspended') THEN 1 END) FROM awards WHERE program_id = ? AND achievement_id = ?`
	usedCriterion = `SELECT count(*), 0, 0, 0 FROM reviews r JOIN capstones c ON c.id = r.capstone_id
		WHERE c.brief_id = ? AND lower(r.scores) LIKE ? ESCAPE '!'`
)

func (tx *Tx) used(query string, args ...any) (issuer.PartUse, error) {
	var u issuer.PartUse
	err := tx.db.Raw(query, args...).Row().Scan(&u.Recorded, &u.Drafts, &u.UnderWay, &u.Live)
	return u, fault(err, "count what there is of a part of a program")
}

// SkillUse counts how often people rated themselves in a skill.
func (tx *Tx) SkillUse(s *issuer.Skill) (issuer.PartUse, error) { return tx.used(usedSkill, s.ID) }

// ModuleUse counts the completions of a module, withdrawn ones too.
func (tx *Tx) ModuleUse(m *issuer.Module) (issuer.PartUse, error) {
	return tx.used(usedModule, m.ProgramID, m.ID)
}

// BriefUse counts the capstones that were begun on a brief.
func (tx *Tx) BriefUse(b *issuer.Brief) (issuer.PartUse, error) { return tx.used(usedBrief, b.ID) }

// AchievementUse counts the badges that were made of an achievement, whatever
// became of them, the ids that are kept for badges of capstones under review,
// and the pictures that badges could name.
func (tx *Tx) AchievementUse(a *issuer.Achievement) (issuer.PartUse, error) {
	return tx.used(usedAchievement, a.ID, a.ID, a.ProgramID, a.ID)
}

// CriterionUse counts the reviews that scored a criterion of a brief.
func (tx *Tx) CriterionUse(b *issuer.Brief, code string) (issuer.PartUse, error) {
	return tx.used(usedCriterion, b.ID, containing(`"`+code+`":`))
}

// RemoveSkill removes a skill that nobody rated themselves in.
func (tx *Tx) RemoveSkill(s *issuer.Skill) error { return removePart[issuer.Skill](tx, string(s.ID)) }

// RemoveLevel removes a level that nothing stands on, which is the caller's to
// know.
func (tx *Tx) RemoveLevel(l *issuer.Level) error { return removePart[issuer.Level](tx, string(l.ID)) }

// RemoveModule removes a module that nobody completed.
func (tx *Tx) RemoveModule(m *issuer.Module) error {
	return removePart[issuer.Module](tx, string(m.ID))
}

// RemoveBrief removes a brief that nobody began a capstone on.
func (tx *Tx) RemoveBrief(b *issuer.Brief) error { return removePart[issuer.Brief](tx, string(b.ID)) }

// RemoveAchievement removes an achievement that no badge was made of, with its
// versions.
func (tx *Tx) RemoveAchievement(a *issuer.Achievement) error {
	if _, err := remove[issuer.AchievementVersion](tx, "achievement_id = ?", a.ID); err != nil {
		return tooLate(err)
	}
	return removePart[issuer.Achievement](tx, string(a.ID))
}

func removePart[T any](tx *Tx, id string) error {
	_, err := remove[T](tx, "id = ?", id)
	return tooLate(err)
}

// tooLate says of a removal that the schema refuses what came between.
func tooLate(err error) error {
	if errors.Is(err, ErrMissing) || errors.Is(err, ErrFinal) {
		return issuer.Refuse(issuer.Conflict, "Something of it was recorded a moment ago; look at it again.")
	}
	return err
}
