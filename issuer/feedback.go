package issuer

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"
)

// Pairing says who is asked for feedback to whom.
type Pairing string

// Within teams everyone is asked about each of the others of their team; drawn
// pairs go across the cohort, as many for one as for another.
const (
	PairTeams Pairing = "team"
	PairDrawn Pairing = "drawn"
)

// Bounds of a round of feedback and of what is said in it.
const (
	MaxQuestions  = 8
	MaxQuestion   = 300
	MaxAnswer     = 2000
	MaxPerPerson  = 10
	NamelessFrom  = 3 // answers without names are shown from so many on
	OpinionsFrom  = 5 // sums and words about modules are shown from so many on
	MaxRoundDays  = 366
	MaxOpinion    = 1000
	maxRoundWords = 200
)

// FeedbackRound is one time that the learners of a cohort tell each other how
// they work. Its days are days of the cohort's zone, both included.
type FeedbackRound struct {
	ID        RoundID
	IssuerID  IssuerID
	ProgramID ProgramID
	CohortID  CohortID
	Title     string
	Questions Strings
	OpensOn   Day
	ClosesOn  Day
	Pairing   Pairing
	PerPerson int    // of drawn pairs
	Seed      string // what the drawing came from, so that it can be done again
	AtOnce    bool   // receivers see an answer when it is given, not when the round is over
	Nameless  bool   // receivers are not told who wrote
	CreatedBy PersonID
	CreatedAt time.Time
	ClosedAt  *time.Time // when it was closed before its day

	OpenedToldAt *time.Time // when those who are asked were mailed that it opened
	EndingToldAt *time.Time // and that it ends soon
}

// PeerNote asks one person for feedback to another and holds what they gave.
type PeerNote struct {
	ID          NoteID
	IssuerID    IssuerID
	RoundID     RoundID
	GiverID     PersonID
	ReceiverID  PersonID
	Answers     Strings // one for each question, "" for none; empty before it is given
	GivenAt     *time.Time
	ReportedAt  *time.Time // when its receiver reported it
	ReportedWhy string
	RemovedAt   *time.Time // when who runs the program took it away
}

// Check brings a round into the form that is kept and refuses what no round can
// be. Feedback without names is only shown when the round is over, all of it
// together: shown at once, the moment would tell who wrote it.
func (r *FeedbackRound) Check(today Day) error {
	var err error
	if r.Title, err = CleanText("title", r.Title, maxRoundWords); err != nil {
		return err
	}
	if r.Title == "" {
		return Wrong("title", "Give the round a title.")
	}
	questions := Strings{}
	for _, q := range r.Questions {
		if q, err = CleanText("questions", q, MaxQuestion); err != nil {
			return err
		}
		if q != "" {
			questions = append(questions, q)
		}
	}
	r.Questions = questions
	switch {
	case len(r.Questions) == 0 || len(r.Questions) > MaxQuestions:
		return Wrong("questions", "Ask 1 to %d questions, one on each line.", MaxQuestions)
	case r.Pairing != PairTeams && r.Pairing != PairDrawn:
		return Wrong("pairing", "Choose who gives to whom.")
	case r.Pairing == PairDrawn && (r.PerPerson < 1 || r.PerPerson > MaxPerPerson):
		return Wrong("perPerson", "Everyone can be asked about 1 to %d others.", MaxPerPerson)
	case r.Nameless && r.AtOnce:
		return Wrong("atOnce", "Feedback without names is shown when the round is over: shown at once, the moment would tell who wrote it.")
	case r.Nameless && r.Pairing == PairDrawn && r.PerPerson < NamelessFrom:
		return Wrong("perPerson", "Feedback without names is shown from %d answers on; ask everyone about at least %d others.", NamelessFrom, NamelessFrom)
	}
	return r.checkDays(today)
}

func (r *FeedbackRound) checkDays(today Day) error {
	for _, d := range []struct {
		field string
		day   *Day
	}{{"opensOn", &r.OpensOn}, {"closesOn", &r.ClosesOn}} {
		day, err := ParseDay(string(*d.day))
		if err != nil {
			return Wrong(d.field, "Give a day, such as 2026-11-21.")
		}
		*d.day = day
	}
	switch {
	case r.ClosesOn.Before(r.OpensOn):
		return Wrong("closesOn", "The last day is before the first.")
	case r.ClosesOn.Before(today):
		return Wrong("closesOn", "The last day is past.")
	case r.ClosesOn.Time().Sub(r.OpensOn.Time()) > MaxRoundDays*24*time.Hour:
		return Wrong("closesOn", "A round is open for %d days at most.", MaxRoundDays)
	}
	return nil
}

// RoundState is where a round stands on a day.
type RoundState string

// The states of a round.
const (
	RoundComing RoundState = "coming"
	RoundOpen   RoundState = "open"
	RoundOver   RoundState = "over"
)

// State tells where the round stands; today is a day of the cohort's zone.
func (r *FeedbackRound) State(today Day) RoundState {
	switch {
	case r.ClosedAt != nil || r.ClosesOn.Before(today):
		return RoundOver
	case today.Before(r.OpensOn):
		return RoundComing
	}
	return RoundOpen
}

// Close ends a round before its day. Closing again changes nothing.
func (r *FeedbackRound) Close(today Day, at time.Time) (changed bool) {
	if r.State(today) == RoundOver {
		return false
	}
	r.ClosedAt = &at
	return true
}

// RoundMail is what those who are asked in a round are told of by mail.
type RoundMail string

// The mails of a round.
const (
	RoundOpened RoundMail = "feedback-opened"
	RoundEnding RoundMail = "feedback-ending"
)

// Due lists what is to be told of an open round on a day, a day of the cohort's
// zone. That it ends is told from the day before its last one on, and not at all
// of a round so short that it would be told at once with its beginning.
func (r *FeedbackRound) Due(today, created Day) []RoundMail {
	if r.State(today) != RoundOpen {
		return nil
	}
	var due []RoundMail
	if r.OpenedToldAt == nil {
		due = append(due, RoundOpened)
	}
	begun := r.OpensOn
	if begun.Before(created) {
		begun = created
	}
	before := DayOf(r.ClosesOn.Time().AddDate(0, 0, -1), time.UTC)
	if r.EndingToldAt == nil && begun.Before(before) && !today.Before(before) {
		due = append(due, RoundEnding)
	}
	return due
}

// MailID is the id of the mail about a round to one who is asked: there is one,
// whoever makes it and however often.
func (r *FeedbackRound) MailID(m RoundMail, to PersonID) MessageID {
	return MessageID(string(m) + "-" + string(r.ID) + "-" + string(to))
}

// Pair is one person asked for feedback to another.
type Pair struct{ Giver, Receiver PersonID }

// Draw pairs people across a cohort: each gives to k others and gets from k, and
// the same seed and people give the same pairs, in whatever order they come. For
// k different distances drawn by the seed, everyone gives to who stands so far
// behind them in a circle drawn by the seed; nobody stands at distance 0.
func Draw(people []PersonID, k int, seed string) []Pair {
	circle := slices.Compact(slices.Sorted(slices.Values(people)))
	n := len(circle)
	if n < 2 {
		return nil
	}
	sum := sha256.Sum256([]byte(seed))
	r := rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
	r.Shuffle(n, func(i, j int) { circle[i], circle[j] = circle[j], circle[i] })
	distances := r.Perm(n - 1)[:min(k, n-1)]
	var pairs []Pair
	for i, giver := range circle {
		for _, d := range distances {
			pairs = append(pairs, Pair{giver, circle[(i+d+1)%n]})
		}
	}
	return pairs
}

// PairWithin pairs everyone with each of the others of their teams, once
// however many teams two people share.
func PairWithin(teams [][]PersonID) []Pair {
	var pairs []Pair
	seen := map[Pair]bool{}
	for _, team := range teams {
		for _, giver := range team {
			for _, receiver := range team {
				p := Pair{giver, receiver}
				if giver != receiver && !seen[p] {
					seen[p] = true
					pairs = append(pairs, p)
				}
			}
		}
	}
	return pairs
}

// Give keeps what the giver says, in an open round. They may change it until the
// round is over, but not once its receiver reported it.
func (n *PeerNote) Give(answers []string, r *FeedbackRound, today Day, at time.Time) error {
	switch state := r.State(today); {
	case state == RoundComing:
		return Refuse(Conflict, "This round has not begun yet.")
	case state == RoundOver:
		return Refuse(Conflict, "This round is over.")
	case n.ReportedAt != nil || n.RemovedAt != nil:
		return Refuse(Conflict, "This was reported by who received it, so it stays as it is.")
	case len(answers) > len(r.Questions):
		return Wrong("answers", "There are more answers than questions.")
	}
	kept, said := make(Strings, len(r.Questions)), false
	for i, a := range answers {
		text, err := CleanText("answers", a, MaxAnswer)
		if err != nil {
			return err
		}
		kept[i] = text
		said = said || text != ""
	}
	if !said {
		return Wrong("answers", "Answer at least one of the questions.")
	}
	n.Answers, n.GivenAt = kept, &at
	return nil
}

// Report tells who runs the program of words that hurt. Who wrote them is known
// to them then, which the form says before anything is written.
func (n *PeerNote) Report(why string, at time.Time) error {
	why, err := CleanText("why", why, MaxQuestion)
	if err != nil {
		return err
	}
	if why == "" {
		return Wrong("why", "Say in a sentence what is wrong with it.")
	}
	if n.ReportedAt == nil {
		n.ReportedAt, n.ReportedWhy = &at, why
	}
	return nil
}

// Remove takes reported words away from who received them.
func (n *PeerNote) Remove(at time.Time) error {
	if n.ReportedAt == nil {
		return Refuse(Conflict, "Only what its receiver reported can be taken away.")
	}
	if n.RemovedAt == nil {
		n.RemovedAt = &at
	}
	return nil
}

// ShownTo tells which of the notes that someone got in a round they may read on
// a day. Of a round without names none, unless there are NamelessFrom.
func (r *FeedbackRound) ShownTo(notes []PeerNote, today Day) []PeerNote {
	if !r.AtOnce && r.State(today) != RoundOver {
		return nil
	}
	var shown []PeerNote
	for _, n := range notes {
		if n.GivenAt != nil && len(n.Answers) > 0 && n.RemovedAt == nil {
			shown = append(shown, n)
		}
	}
	if r.Nameless && len(shown) < NamelessFrom {
		return nil
	}
	return shown
}

// Opinion is what a learner says of a module after one completion of it.
type Opinion struct {
	ID           OpinionID
	IssuerID     IssuerID
	ProgramID    ProgramID
	ModuleID     ModuleID
	CompletionID CompletionID
	PersonID     PersonID
	Rating       int // 1 to 5
	Helped       string
	Hindered     string
	CreatedAt    time.Time
	ChangedAt    time.Time

	AskedHelped   string // what Helped answers, in the words of the program; "": in those of the product
	AskedHindered string
}

// Say puts what a learner says into an opinion, and what they were asked.
func (o *Opinion) Say(asked QuestionSets, rating int, helped, hindered string, at time.Time) error {
	if rating < 1 || rating > 5 {
		return Wrong("rating", "Rate the module from 1 to 5.")
	}
	helped, err := CleanText("helped", helped, MaxOpinion)
	if err != nil {
		return err
	}
	if hindered, err = CleanText("hindered", hindered, MaxOpinion); err != nil {
		return err
	}
	o.Rating, o.Helped, o.Hindered, o.ChangedAt = rating, helped, hindered, at
	o.AskedHelped, o.AskedHindered = asked.Helped, asked.Hindered
	return nil
}
