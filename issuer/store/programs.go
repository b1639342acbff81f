package store

import (
	"fmt"

	"hallmark/issuer"
)

// Program reads a program by id.
func (tx *Tx) Program(id issuer.ProgramID) (*issuer.Program, error) {
	return take[issuer.Program](tx, "There is no such program.", "id = ?", id)
}

// ProgramNamed reads a program by code or id.
func (tx *Tx) ProgramNamed(name string) (*issuer.Program, error) {
	return take[issuer.Program](tx, "There is no such program.", "code = ? OR id = ?", name, name)
}

// LockProgram holds a program until the transaction ends, so that two changes
// of it go one after the other.
func (tx *Tx) LockProgram(id issuer.ProgramID) error {
	return tx.lock("programs", []string{string(id)})
}

// Programs lists every program by code.
func (tx *Tx) Programs() ([]issuer.Program, error) {
	return list[issuer.Program](tx, "code", "1 = 1")
}

// AddProgram keeps a new program.
func (tx *Tx) AddProgram(p *issuer.Program) error { return tx.add("program", p) }

// SaveProgram keeps what may change of a program.
func (tx *Tx) SaveProgram(p *issuer.Program) error {
	return save[issuer.Program](tx, "program", string(p.ID), map[string]any{
		"name": p.Name, "purpose": p.Purpose, "expectations": p.Expectations, "return_reasons": p.ReturnReasons,
		"guidance": p.Guidance, "questions": p.Questions, "changed_at": p.ChangedAt})
}

// Skills lists a program's skills by code.
func (tx *Tx) Skills(p issuer.ProgramID) ([]issuer.Skill, error) {
	return list[issuer.Skill](tx, "code", "program_id = ?", p)
}

// AddSkill keeps a new skill.
func (tx *Tx) AddSkill(s *issuer.Skill) error { return tx.add("skill", s) }

// SaveSkill keeps what may change of a skill.
func (tx *Tx) SaveSkill(s *issuer.Skill) error {
	return save[issuer.Skill](tx, "skill", string(s.ID), map[string]any{
		"name": s.Name, "framework": s.Framework, "url": s.URL, "question": s.Question})
}

// Levels lists a program's levels from the lowest up.
func (tx *Tx) Levels(p issuer.ProgramID) ([]issuer.Level, error) {
	return list[issuer.Level](tx, "rank, code", "program_id = ?", p)
}

// AddLevel keeps a new level.
func (tx *Tx) AddLevel(l *issuer.Level) error { return tx.add("level", l) }

// SaveLevel keeps what may change of a level.
func (tx *Tx) SaveLevel(l *issuer.Level) error {
	return save[issuer.Level](tx, "level", string(l.ID), map[string]any{"name": l.Name, "rank": l.Rank, "retired_at": l.RetiredAt})
}

// Modules lists a program's modules in their order.
func (tx *Tx) Modules(p issuer.ProgramID) ([]issuer.Module, error) {
	return list[issuer.Module](tx, "position, code", "program_id = ?", p)
}

// ModulesNamed finds the modules of a code or id in all programs.
func (tx *Tx) ModulesNamed(name string) ([]issuer.Module, error) {
	return list[issuer.Module](tx, "program_id", "code = ? OR id = ?", name, name)
}

// AllModules lists every module.
func (tx *Tx) AllModules() ([]issuer.Module, error) {
	return list[issuer.Module](tx, "program_id, position, code", "1 = 1")
}

// AddModule keeps a new module.
func (tx *Tx) AddModule(m *issuer.Module) error { return tx.add("module", m) }

// SaveModule keeps what may change of a module.
func (tx *Tx) SaveModule(m *issuer.Module) error {
	return save[issuer.Module](tx, "module", string(m.ID), map[string]any{
		"level_id": m.LevelID, "name": m.Name, "kind": m.Kind, "hours": m.Hours, "pass": m.Pass,
		"skills": m.Skills, "requires": m.Requires, "position": m.Position, "retired_at": m.RetiredAt})
}

// Brief reads a capstone's brief by id.
func (tx *Tx) Brief(id issuer.BriefID) (*issuer.Brief, error) {
	return take[issuer.Brief](tx, "There is no such capstone brief.", "id = ?", id)
}

// Briefs lists a program's briefs in their order.
func (tx *Tx) Briefs(p issuer.ProgramID) ([]issuer.Brief, error) {
	return list[issuer.Brief](tx, "position, code", "program_id = ?", p)
}

// AddBrief keeps a new brief.
func (tx *Tx) AddBrief(b *issuer.Brief) error { return tx.add("brief", b) }

// SaveBrief keeps what may change of a brief.
func (tx *Tx) SaveBrief(b *issuer.Brief) error {
	return save[issuer.Brief](tx, "brief", string(b.ID), map[string]any{
		"level_id": b.LevelID, "name": b.Name, "text": b.Text, "team_min": b.TeamMin, "team_max": b.TeamMax,
		"requires": b.Requires, "approvals": b.Approvals, "needs_lead": b.NeedsLead, "scope": b.Scope, "policy": b.Policy,
		"evidence_kinds": b.EvidenceKinds, "measures": b.Measures, "rubric": b.Rubric, "position": b.Position, "retired_at": b.RetiredAt})
}

// save changes the columns of the row with that id; a missing row is a fault.
func save[T any](tx *Tx, what, id string, columns map[string]any) error {
	n, err := change[T](tx, columns, "id = ?", id)
	if err == nil && n != 1 {
		return fmt.Errorf("change %s %s: %d rows", what, id, n)
	}
	return err
}
