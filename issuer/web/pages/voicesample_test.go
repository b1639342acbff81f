package pages

import (
	"net/url"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/public"
)

func sampleGallery(l tongue) public.GalleryPage {
	badge := sampleBadge(l, 1, "Capstone Solution", issuer.Issued).Achievement
	badge.Skills = issuer.Alignments{{Code: "process", Name: "Process mapping"}, {Code: "x", Name: l.title}}
	story := registrar.GalleryStory{ID: "STORY000000000000000000000", Title: l.title, Words: l.text + "\n\n- one\n- **two**", Department: l.name, Program: program,
		Impact: issuer.Impact{Measure: "hours saved per month", Before: "19", After: "4", Unit: "hours", Period: "a month", ConfirmedBy: l.name}, Achievement: badge,
		People: []registrar.GalleryPerson{{Name: l.name, Badge: "https://badges.example.org/v/BADGE"}, {Name: "Bo Lindqvist"}}, Others: 1, Since: noon}
	second := story
	second.ID, second.People, second.Impact.ConfirmedBy, second.Others = "STORY2", nil, "", 3
	return public.GalleryPage{GalleryView: &registrar.GalleryView{Items: []registrar.GalleryStory{story, second}, Total: 26, Programs: []registrar.Named{program, {Code: "x", Name: l.name}},
		Skills: []string{"Process mapping", l.title}, Departments: []string{"Finance", l.name}}, Filter: registrar.GalleryFilter{Words: l.text, Skill: l.title}, Next: url.Values{"after": {"STORY2"}}}
}

func sampleTell(l tongue) TellPage {
	text := issuer.StoryText{Title: l.title, Words: l.text, Department: l.name, Impact: issuer.Impact{Measure: "hours saved", Before: l.title}}
	team := []registrar.StoryMember{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, Asked: true, Agreed: true, Named: true}, {PersonName: registrar.PersonName{ID: "BO", Name: "Bo Lindqvist"}}}
	return TellPage{StoryView: &registrar.StoryView{ID: "STORY", Capstone: "C", Program: program, Cohort: cohort, Edition: 2, Text: text, Standing: issuer.StoryWaits, HiddenReason: l.text, Team: team, Mine: &team[0], MayModerate: true},
		Text: text, Problem: l.text, Wrong: "title", Reason: l.title}
}

func sampleFeedback(l tongue) FeedbackPage {
	note := registrar.NoteView{ID: "NOTE1", Round: l.title, Cohort: cohort, To: registrar.PersonName{ID: "BO", Name: l.name}, Until: "2026-11-28", Open: true, Questions: []string{l.title, "What next?"}}
	given := note
	given.ID, given.Given = "NOTE2", true
	answers := []registrar.QuestionAnswer{{Question: l.title, Answer: l.text}}
	return FeedbackPage{FeedbackView: &registrar.FeedbackView{ToGive: []registrar.NoteView{note, given},
		Got: []registrar.GotRound{{Title: l.title, Cohort: cohort, ClosesOn: "2026-11-14", Where: issuer.RoundOver, Notes: []registrar.GotNote{{ID: "GOT1", From: registrar.PersonName{Name: l.name}, Answers: answers}, {ID: "GOT2", From: registrar.PersonName{Name: "Bo Lindqvist"}, Answers: answers, Reported: true}}},
			{Title: "Autumn", Cohort: cohort, ClosesOn: "2026-11-28", Where: issuer.RoundOpen, Nameless: true}},
		Modules: []registrar.OpinionView{{Completion: "DONE1", Module: registrar.Named{Code: "F1", Name: l.title}, Program: program, CompletedOn: "2026-10-14"}, {Completion: "DONE2", Module: registrar.Named{Name: "Safe by default"}, Program: program, CompletedOn: "2026-10-20", Rating: 4}}},
		Problem: l.text, At: "GOT1", Why: l.text}
}

func sampleRound(l tongue) RoundPage {
	return RoundPage{RoundView: &registrar.RoundView{FeedbackRound: issuer.FeedbackRound{ID: "ROUND", Title: l.title, Questions: issuer.Strings{l.text, "What next?"}, OpensOn: "2026-11-14", ClosesOn: "2026-11-28", Nameless: true},
		Cohort: cohort, Program: program, Where: issuer.RoundOpen, Asked: 36, Given: 21, TooFew: 2, Manages: true, Takes: []registrar.RoundPart{{PersonName: registrar.PersonName{ID: "ADA", Name: l.name}, Asked: 3, Given: 2, About: 3}, {PersonName: registrar.PersonName{ID: "BO", Name: "Bo Lindqvist"}, Asked: 3}},
		Reported: []registrar.ReportedNote{{ID: "GOT1", From: registrar.PersonName{Name: l.name}, To: registrar.PersonName{Name: "Bo Lindqvist"}, Why: l.text, Answers: []registrar.QuestionAnswer{{Question: l.title, Answer: l.text}}}, {ID: "GOT2", Removed: true}}}}
}

func sampleConcern(l tongue, handles bool) *registrar.ConcernView {
	v := &registrar.ConcernView{ConcernLine: registrar.ConcernLine{ID: "CONCERN", Kind: issuer.AboutConduct, State: issuer.ConcernWorking, Program: program, About: l.title, CreatedAt: noon.Add(-72 * time.Hour), ChangedAt: noon.Add(-time.Hour)},
		GoesTo: issuer.DeskProgram, Badge: "https://badges.example.org/v/BADGE", Words: l.text, Handles: handles,
		Notes: []registrar.ConcernNoteView{{Kind: issuer.NoteAdded, Words: l.text, At: noon}, {Kind: issuer.NoteAnswer, Words: l.text, At: noon}}}
	if handles {
		v.Assigned, v.Reporter = registrar.PersonName{ID: "ADA", Name: l.name}, registrar.PersonName{ID: "BO", Name: l.name}
		v.Handlers = []registrar.PersonName{{ID: "ADA", Name: l.name}, {ID: "CY", Name: "Cyrille Moreau"}}
		v.Notes = append(v.Notes, registrar.ConcernNoteView{Kind: issuer.NoteInner, Author: v.Assigned, Words: l.text, At: noon})
	}
	return v
}
