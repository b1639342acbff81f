package store

import "hallmark/issuer"

// Achievement reads an achievement by id.
func (tx *Tx) Achievement(id issuer.AchievementID) (*issuer.Achievement, error) {
	return take[issuer.Achievement](tx, "There is no such achievement.", "id = ?", id)
}

// AchievementsNamed finds the achievements of a code or id in all programs.
func (tx *Tx) AchievementsNamed(name string) ([]issuer.Achievement, error) {
	return list[issuer.Achievement](tx, "program_id", "code = ? OR id = ?", name, name)
}

// Achievements lists the achievements of a program in their order.
func (tx *Tx) Achievements(p issuer.ProgramID) ([]issuer.Achievement, error) {
	return list[issuer.Achievement](tx, "position, code", "program_id = ?", p)
}

// AddAchievement keeps a new achievement; its first version is added beside.
func (tx *Tx) AddAchievement(a *issuer.Achievement) error { return tx.add("achievement", a) }

// SaveAchievement moves an achievement to another version or place.
func (tx *Tx) SaveAchievement(a *issuer.Achievement) error {
	return save[issuer.Achievement](tx, "achievement", string(a.ID), map[string]any{"version": a.Version, "position": a.Position})
}

// AchievementVersions reads versions by id.
func (tx *Tx) AchievementVersions(ids ...issuer.AchievementVersionID) ([]issuer.AchievementVersion, error) {
	return list[issuer.AchievementVersion](tx, "id", "id IN ?", none(ids))
}

// CurrentVersions reads the versions that a program's achievements are at.
func (tx *Tx) CurrentVersions(p issuer.ProgramID) ([]issuer.AchievementVersion, error) {
	return list[issuer.AchievementVersion](tx, "id",
		`EXISTS (SELECT 1 FROM achievements a WHERE a.id = achievement_versions.achievement_id
		 AND a.version = achievement_versions.version AND a.program_id = ?)`, p)
}

// AddAchievementVersion keeps a wording; it is never changed.
func (tx *Tx) AddAchievementVersion(v *issuer.AchievementVersion) error {
	return tx.add("achievement version", v)
}
