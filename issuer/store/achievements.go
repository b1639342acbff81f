package store

import (
	"database/sql"

	"hallmark/issuer"
)

// Achievement reads an achievement by id.
func (tx *Tx) Achievement(id issuer.AchievementID) (*issuer.Achievement, error) {
	return take[issuer.Achievement](tx, "There is no such achievement.", "id = ?", id)
}

// AchievementsNamed finds the achievements of a code or id in all programs.
func (tx *Tx) AchievementsNamed(name string) ([]issuer.Achievement, error) {
	return list[issuer.Achievement](tx, "program_id", "code = ? OR id = ?", name, name)
}

// AchievementsByID reads achievements by id.
func (tx *Tx) AchievementsByID(ids ...issuer.AchievementID) ([]issuer.Achievement, error) {
	return list[issuer.Achievement](tx, "id", "id IN ?", none(ids))
}

// Achievements lists the achievements of a program in their order.
func (tx *Tx) Achievements(p issuer.ProgramID) ([]issuer.Achievement, error) {
	return list[issuer.Achievement](tx, "position, code", "program_id = ?", p)
}

// AddAchievement keeps a new achievement; its first version is added beside.
func (tx *Tx) AddAchievement(a *issuer.Achievement) error { return tx.add("achievement", a) }

// SaveAchievement moves an achievement to another version or place, or retires it.
func (tx *Tx) SaveAchievement(a *issuer.Achievement) error {
	return save[issuer.Achievement](tx, "achievement", string(a.ID), map[string]any{"version": a.Version, "position": a.Position, "retired_at": a.RetiredAt})
}

// AchievementVersions reads versions by id.
func (tx *Tx) AchievementVersions(ids ...issuer.AchievementVersionID) ([]issuer.AchievementVersion, error) {
	return list[issuer.AchievementVersion](tx, "id", "id IN ?", none(ids))
}

// AchievementAt is an achievement and the version that it is at.
type AchievementAt struct {
	issuer.Achievement
	VersionID issuer.AchievementVersionID
}

// AchievementsAt lists the achievements of programs in their order without
// what their versions say.
func (tx *Tx) AchievementsAt(p ...issuer.ProgramID) ([]AchievementAt, error) {
	var all []AchievementAt
	err := tx.query(`SELECT a.id, a.issuer_id, a.program_id, a.code, a.version, a.position, a.created_at, a.retired_at, v.id
		FROM achievements a JOIN achievement_versions v ON v.achievement_id = a.id AND v.version = a.version
		WHERE a.program_id IN ? ORDER BY a.position, a.code`, []any{none(p)}, func(rows *sql.Rows) error {
		var a AchievementAt
		err := rows.Scan(&a.ID, &a.IssuerID, &a.ProgramID, &a.Code, &a.Version, &a.Position, &a.CreatedAt, &a.RetiredAt, &a.VersionID)
		all = append(all, a)
		return err
	})
	return all, fault(err, "list achievements")
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
