package pages

import (
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

func sampleClaim(l tongue, mine bool) *registrar.HeldClaim {
	return &registrar.HeldClaim{Mentor: registrar.PersonName{ID: "MAX", Name: l.name}, Since: noon.Add(-2 * time.Hour), Until: noon.Add(2 * time.Hour), Mine: mine}
}

func sampleLine(l tongue) registrar.DeskView {
	return registrar.DeskView{Claim: sampleClaim(l, false), Typical: 31 * time.Hour, Stamp: "submitted 2 0", Mentors: []registrar.PersonName{{ID: "MAX", Name: l.name}},
		Awaited:   []registrar.AwaitedMentor{{PersonName: registrar.PersonName{ID: "MAX", Name: l.name}, Tier: issuer.Lead}, {PersonName: registrar.PersonName{ID: "LEE", Name: "Lee Sjöberg"}, Tier: issuer.Lead, AwayUntil: "2026-12-05"}},
		Conflicts: []registrar.ConflictView{{ID: "K", Reviewer: registrar.PersonName{Name: l.name}, Person: registrar.PersonName{Name: "Bo Lindqvist"}, Kind: issuer.Manages, DeclaredBy: registrar.PersonName{Name: "Bo Lindqvist"}}}}
}

func sampleMentorLine(l tongue) registrar.DeskView {
	d := sampleLine(l)
	d.Claim, d.MayClaim, d.Mentors, d.MayClear, d.Reasons = sampleClaim(l, true), true, nil, true, issuer.UsualReasons
	d.Replies = []issuer.SavedReply{{ID: "R1", Name: l.title, Text: l.text}, {ID: "R2", Name: "Links do not open", Text: "Please check that every link opens for someone outside your team."}}
	return d
}

func sampleDesk(l tongue) DeskPage {
	return DeskPage{Desk: &registrar.MentorDesk{Replies: sampleMentorLine(l).Replies, Absences: []registrar.AbsenceView{{ID: "A", From: "2026-12-01", Until: "2026-12-05", Cover: registrar.PersonName{Name: l.name}}},
		Colleagues: []registrar.PersonName{{ID: "LEE", Name: l.name}}, Claims: 2, Tally: registrar.Tally{Reviews: 41, People: 67, Median: 26 * time.Hour}},
		Reply: issuer.SavedReply{Name: l.title, Text: l.text}, Absence: registrar.NewAbsence{From: "2026-12-24", Until: "2026-12-01"}, Problem: "The last day comes before the first.", Wrong: "until"}
}

func sampleTakeBack(l tongue) TakeBackPage {
	return TakeBackPage{Result: &registrar.TakeBackResult{Capstone: *sampleCapstone(l, issuer.Approved), Review: registrar.ReviewView{ID: "REVIEW"},
		Revoked: []registrar.BadgeView{sampleBadge(l, 1, "Capstone Solution", issuer.Issued), sampleBadge(l, 2, l.title, issuer.Issued)}}, Until: noon.Add(8 * time.Minute)}
}
