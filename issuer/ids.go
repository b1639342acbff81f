package issuer

import "strings"

// Every thing has its own type of id, so that one cannot be passed for
// another. Ids are 26 characters that fit the alphanumeric mode of a QR code:
// of crypto/rand.Text, at least 128 bits, but for rows that no link leads to and
// that are added all the time, whose ids begin with the time.
type (
	IssuerID             string
	PersonID             string
	ProgramID            string
	SkillID              string
	LevelID              string
	ModuleID             string
	BriefID              string
	CohortID             string
	EnrollmentID         string
	CompletionID         string
	CapstoneID           string
	SubmissionID         string
	EvidenceID           string
	ReviewID             string
	AchievementID        string
	AchievementVersionID string
	AwardID              string
	CredentialID         string // also the secret part of a badge's link
	StatusListID         string
	KeyID                string // the kid that credentials name
	ClientID             string
	InstanceID           string // a name from the configuration
	InstanceListID       string
	GrantID              string
	AuditID              string
	LeafID               string
	MessageID            string
	DeferredID           string
	JobID                string
	JoinLinkID           string
	ShareLinkID          string
	WalletOfferID        string
	NameRequestID        string
	AppealID             string
	StoryID              string
	RoundID              string
	NoteID               string
	OpinionID            string
	ConcernID            string
	ConcernNoteID        string
	QuestionID           string
	InvitationID         string
	ConflictID           string
	AbsenceID            string
	ReplyID              string
	TouchpointID         string
)

// IsID tells whether a text can be an id of ours, drawn or from a configuration:
// letters, digits and hyphens. An address or a whole name cannot.
func IsID(text string) bool {
	return len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
