package registrar

import (
	"slices"
	"time"

	"hallmark/issuer"
)

// Named is a thing that is shown by name and found by id or code.
type Named struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
}

// PersonName is a person as others see them.
type PersonName struct {
	ID   issuer.PersonID `json:"id"`
	Name string          `json:"name"`
}

// AchievementRef is a version of an achievement, as a badge shows it.
type AchievementRef struct {
	ID          issuer.AchievementID
	Code        string
	Version     int
	Name        string
	Description string
	Criteria    string
	Type        string
	ValidMonths int
	Art         issuer.Art
	Skills      issuer.Alignments
}

// BadgeView is a credential as its holder, or whoever may see it, sees it.
// The private note of a revocation is only there for who may revoke.
type BadgeView struct {
	ID              issuer.CredentialID
	URL             string
	State           issuer.AwardState // issued, suspended, expired, revoked, superseded
	Achievement     AchievementRef
	Person          PersonName
	Program         Named
	Cohort          Named // zero if no cohort brought it about
	AwardedOn       issuer.Day
	IssuedAt        time.Time
	ValidUntil      *time.Time
	Visibility      issuer.Visibility
	NameSigned      bool
	Fact            issuer.Fact
	FactID          string
	RevokedCode     string
	RevokedReason   string
	RevokedNote     string
	RevokedAt       *time.Time
	SuspendedAt     *time.Time
	SuspendedReason string
	Supersedes      issuer.CredentialID
	ReplacedBy      issuer.CredentialID
	Renews          issuer.CredentialID // the badge of the term before; "" if there was none
	RenewedBy       issuer.CredentialID // the badge of the next term
	RenewedUntil    *time.Time          // the end of the next term
	Renewal         *Renewal            // how it is renewed, where one badge is shown; nil if it is not
}

// CompletionView is a recorded completion. The note is only there for mentors
// of the cohort and who runs the program.
type CompletionView struct {
	ID              issuer.CompletionID
	Person          PersonName
	Module          Named
	Program         Named
	Cohort          Named
	CompletedOn     issuer.Day
	Score, Unit     string
	Delivery        issuer.Delivery
	Note            string
	Passed          bool
	Source          string
	RecordedAt      time.Time
	WithdrawnAt     *time.Time
	WithdrawnReason string
	ReplacedBy      issuer.CompletionID
}

// BriefView is what a capstone asks for.
type BriefView struct {
	ID            issuer.BriefID
	Code          string
	Name          string
	Text          string
	Level         Named
	TeamMin       int
	TeamMax       int
	Requires      []string
	Approvals     int
	NeedsLead     bool
	Scope         bool
	Policy        issuer.Policy
	EvidenceKinds []string
	Measures      []string
	Rubric        issuer.Rubric // with what was retired, which names the scores of earlier reviews
	Retired       bool
}

// Asked is the rubric of new reviews.
func (v BriefView) Asked() issuer.Rubric { return v.Rubric.Asked() }

// MemberView is a member of a team.
type MemberView struct {
	PersonName
	Part string
}

// EvidenceView is one thing that was handed in.
type EvidenceView struct {
	ID        issuer.EvidenceID
	Capstone  issuer.CapstoneID
	Kind      string
	Name      string
	URL       string // of a link; "" of a file
	MediaType string // of a file, as are the next two
	Size      int64
	Digest    string
	AddedAt   time.Time
	New       bool // the round before did not have it
}

// ReviewView is a decision about a submission.
type ReviewView struct {
	ID         issuer.ReviewID
	Submission int
	Reviewer   PersonName
	Tier       issuer.Tier
	Decision   issuer.Decision
	Scores     issuer.Scores
	Reason     string // of a return, a code of the program's list; "" for none
	ReasonName string // in words
	Note       string
	Signed     bool // the mentor signed it
	At         time.Time

	TakenBackAt *time.Time // since when it does not count
}

// SubmissionView is one round: what was handed in and what was said of it.
type SubmissionView struct {
	Number      int
	Title       string
	Summary     string
	Impact      issuer.Impact
	SubmittedBy PersonName
	SubmittedAt time.Time
	Evidence    []EvidenceView
	Reviews     []ReviewView
	Digest      string             // digestMultibase of the sealed file of it
	Changes     []issuer.Change    // since the round before, in words
	Dropped     []EvidenceView     // that the round before had and this one has not
	Confirmed   []ConfirmationView // who stands behind exactly this claim
}

// ScopeView is a scope as it was handed in, and what was decided.
type ScopeView struct {
	Number      int
	Plan        issuer.Plan
	Policy      issuer.Policy
	SubmittedBy PersonName
	SubmittedAt time.Time
	Decision    issuer.Decision
	Reviewer    PersonName
	Tier        issuer.Tier
	Note        string
	DecidedAt   *time.Time
	Changes     []issuer.Change // since the one before, in words
}

// ConfirmationView is somebody who was asked whether a claim of business value is
// right. Address is for the team, while nobody answered.
type ConfirmationView struct {
	Impact    issuer.Impact
	Address   string
	AskedAt   time.Time
	ExpiresAt time.Time
	Answer    issuer.ConfirmationAnswer
	Name      string
	SignedIn  bool // they answered with a sign-in of their own
	At        *time.Time
}

// CapstoneView is a capstone with its rounds, newest first, and what the
// caller may do with it now.
type CapstoneView struct {
	ID           issuer.CapstoneID
	State        issuer.CapstoneState
	Title        string
	Summary      string
	Impact       issuer.Impact
	Revision     int            // of the draft
	Evidence     []EvidenceView // of the draft, for the team
	Plan         issuer.Plan    // the draft of the next scope, for the team
	Scopes       []ScopeView    // newest first
	Asked        []ConfirmationView
	Program      Named
	Cohort       Named
	Brief        BriefView
	Team         []MemberView
	Submission   int // number of the current one, 0 before the first
	Submissions  []SubmissionView
	Missing      []string   // approvals that the current submission still needs
	WaitingSince *time.Time // when it was handed in, while it waits
	ChangedAt    time.Time
	Badges       []BadgeView // what came of it
	MayEdit      bool
	MayPlan      bool         // change and hand in the scope
	MayDecide    bool         // about the scope that waits
	MayJoin      []PersonName // who can be taken into the team
	MayLeave     bool
	MaySubmit    bool
	MayWithdraw  bool
	MayReview    bool
	Completes    bool // the caller's approval would be the last one needed
	WouldIssue   int  // badges for the team that such an approval issues at once
	Desk         DeskView
}

// CapstoneLine is a capstone in a list. What waits of one whose State is
// ScopeSubmitted is its scope, which is decided on a page of its own.
type CapstoneLine struct {
	ID           issuer.CapstoneID
	State        issuer.CapstoneState
	Title        string
	Brief        Named
	Program      Named
	Cohort       Named
	Team         []MemberView
	Submission   int
	Missing      []string
	WaitingSince *time.Time
	ChangedAt    time.Time
	Note         string // of the return it waits for the team to answer
	Reviewer     string // who returned it
	Decided      bool   // the caller decided about the current submission
	Claim        *HeldClaim
	Conflict     bool           // a conflict of interest keeps the caller from it
	TakeBack     *TakeBackOffer // of the caller's, where what they decided last is shown

	// On the caller's own home: what came of it, and whether they speak against
	// the return.
	Badge  *BadgeView
	Letter issuer.Standing // of the mail about it; "" if there was none
	Appeal issuer.RequestState
}

// NextStep is one thing that a learner can do next.
type NextStep struct {
	Kind     string // "module", "capstone", "submit", "mend"
	Module   *ModuleView
	Brief    *BriefView
	Capstone *CapstoneLine
	Cohort   Named
}

// ComingBadge is an achievement that is not earned yet, and what is missing.
type ComingBadge struct {
	Achievement AchievementRef
	Missing     []Named // achievements, modules or briefs
	Have, Need  int
}

// RoleView is one thing the caller is in the program.
type RoleView struct {
	Role    issuer.Role
	Tier    issuer.Tier
	Program Named
	Cohort  Named
	Expects string // what the program says of it; "": nothing of its own
}

// HomeView is where a person starts.
type HomeView struct {
	Person       PersonName
	Email        string
	Consent      issuer.Consent
	Halt         issuer.Halt // whether badges are issued
	Roles        []RoleView
	Next         []NextStep
	Badges       []BadgeView
	Coming       []ComingBadge
	Capstones    []CapstoneLine
	CanStart     []BriefStart
	QueueWaiting int
	QueueOldest  *time.Time
	Mentoring    *Tally  // nil for who mentors nobody
	Programs     []Named // that the caller manages or sponsors
	Completions  []CompletionView
	Requests     *RequestsView // what people ask that the caller can answer
	Stuck        int           // how much does not go on by itself in what the caller runs
	Runs         bool          // the caller runs a program, or the installation
}

// BriefStart is a capstone that the caller can start in a cohort.
type BriefStart struct {
	Brief  BriefView
	Cohort Named
	Peers  []PersonName // who could be in the team
}

// ModuleView is a module of a program; Done and Attempted are the caller's.
type ModuleView struct {
	ID        issuer.ModuleID
	Code      string
	Name      string
	Kind      issuer.ModuleKind
	Level     Named
	Hours     int
	Pass      *int
	Skills    []string
	Requires  []string
	Done      bool
	Attempted bool
	Passed    int // learners who passed it, for who manages the program
	Retired   bool
}

// Archived lists the cohorts that are only read.
func (v *ProgramView) Archived() []CohortView {
	return slices.DeleteFunc(slices.Clone(v.Cohorts), func(c CohortView) bool { return c.ArchivedAt == nil })
}

// LevelView is a rung with what stands on it.
type LevelView struct {
	Named
	Rank    int
	Retired bool
	Modules []ModuleView
	Briefs  []BriefView
}

// AchievementView is an achievement as it can be earned now.
type AchievementView struct {
	AchievementRef
	Program Named
	Rule    issuer.Rule
	Issued  int // live awards, for who manages the program
	Retired bool
}

// CohortView is a cohort with its counts. Mentors are named to its members
// and to who manages it.
type CohortView struct {
	ID           issuer.CohortID
	Code         string
	Name         string
	Program      Named
	Purpose      string
	Expectations string
	StartsOn     issuer.Day
	EndsOn       issuer.Day
	TimeZone     string
	Learners     int
	Mentors      []MemberView // Part is the tier
	Waiting      int          // submissions that wait for a mentor
	ClosedAt     *time.Time
	ArchivedAt   *time.Time
}

// ProgramView is a program's pathway.
type ProgramView struct {
	Named
	Purpose      string
	Expectations string
	Levels       []LevelView
	Achievements []AchievementView
	Cohorts      []CohortView
	Learners     int
	Badges       int
	CountedAt    time.Time // as of when Badges, and what is issued and passed, are told
	Manages      bool
	Sponsors     bool
}

// PersonView is a person as who manages them sees them.
type PersonView struct {
	PersonName
	Email       string
	Department  string
	Experience  string
	TimeZone    string
	Consent     issuer.Consent
	Grants      []GrantView
	Enrollments []Named // cohorts
	CreatedAt   time.Time
	SignedInAt  *time.Time // the last time; nil: never
}

// GrantView is a role that a person holds.
type GrantView struct {
	ID issuer.GrantID
	RoleView
	Since time.Time
	By    PersonName // who gave it; none for the service, and for who was not kept
}

// PeopleView is one page of people.
type PeopleView struct {
	Items []PersonView
	Next  string
	Total int
	Many  bool // a search means so many that they were not counted
}

// List is one page of anything; Next is the cursor of the next, "" at the end.
type List[T any] struct {
	Items []T
	Next  string
}

// ClientView is a program that has, or had, tokens.
type ClientView struct {
	ID        issuer.ClientID
	Name      string
	Scopes    []string
	CreatedAt time.Time
	RevokedAt *time.Time
}

// ReportView is what a sponsor reads: sums only, no one is named.
type ReportView struct {
	Program   Named
	At        time.Time // when it was counted
	Learners  int       // people enrolled
	Active    int       // of them, who completed at least one module
	Cohorts   []CohortReport
	Modules   []ModuleReport
	Badges    []BadgeReport
	Issued    int // live badges
	Revoked   int
	Capstones issuer.ProgramCapstones
	Impact    []issuer.ValueSum
	Mentors   int
	Reviews   int
}

// CohortReport is participation in a cohort.
type CohortReport struct {
	Cohort   Named
	StartsOn issuer.Day
	EndsOn   issuer.Day
	issuer.ProgramCohort
}

// ModuleReport is attainment in a module.
type ModuleReport struct {
	Module    Named
	Passed    int // people
	Attempted int // people who tried and have not passed
}

// BadgeReport counts an achievement's live badges.
type BadgeReport struct {
	Achievement Named
	Art         issuer.Art
	Issued      int
}

// PublicBadge is what the public door may show of a badge. Name is only
// there if its holder let it be shown; NameSigned tells whether the signed
// bytes carry it or it is stated by the issuer.
type PublicBadge struct {
	ID              issuer.CredentialID
	URL             string
	State           issuer.AwardState
	Visibility      issuer.Visibility
	Achievement     AchievementRef
	Program         Named
	Cohort          Named
	Issuer          IssuerRef
	Name            string
	NameSigned      bool
	AwardedOn       issuer.Day
	IssuedAt        time.Time
	ValidUntil      *time.Time
	RevokedCode     string
	RevokedReason   string
	RevokedAt       *time.Time
	SuspendedAt     *time.Time
	SuspendedReason string
	SupersededAt    *time.Time
	Supersedes      issuer.CredentialID
	ReplacedBy      issuer.CredentialID
	Renews          issuer.CredentialID
	RenewedBy       issuer.CredentialID
	RenewedUntil    *time.Time // the end of the next term
	Approvals       []Approval // of the capstone that it rests on
	Credential      []byte     // the signed bytes
	Digest          []byte     // SHA-256 of them
	Copy            bool       // it is the copy that a wallet of its holder has
	Withheld        error      // why the signed bytes are not given out; nil where they are
}

// IssuerRef is the organisation that signs, as pages show it.
type IssuerRef struct {
	ID   issuer.IssuerID
	DID  string
	Name string
	URL  string
}
