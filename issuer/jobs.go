package issuer

import "time"

// JobState is where a job stands.
type JobState string

// The states. Failed is a job that was given up, with the reason.
const (
	JobQueued  JobState = "queued"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"
)

// IssueJob awards many badges by the word of its caller.
type IssueJob struct {
	ID          JobID
	IssuerID    IssuerID
	Actor       string // Caller.Actor
	Caller      string // the Caller, as JSON
	Fingerprint string // of what was asked for
	DryRun      bool   // only tells what would happen
	Quiet       bool   // no mail
	State       JobState
	Total       int
	Done        int
	Problem     string // why it failed
	CreatedAt   time.Time
	EndedAt     *time.Time
}

// What became of an item of a job.
const (
	ItemQueued  = "queued"
	ItemIssued  = "issued"
	ItemHeld    = "held" // the person has the badge already
	ItemRefused = "refused"
)

// IssueItem is one award that a job is to make.
type IssueItem struct {
	JobID        JobID
	ItemRow      int // as whoever asked counts
	IssuerID     IssuerID
	Achievement  string // code or id
	Program      string // code, where several have such an achievement
	Email        string // the person, by one of both
	PersonID     PersonID
	Reason       string
	State        string
	Problem      string       // why it was refused
	CredentialID CredentialID // the badge, the one they have if it is held; of a dry run none
}
