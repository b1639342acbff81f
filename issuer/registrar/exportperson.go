package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// PersonExport is all that the service knows of a person, for them to take away.
// Other people are in it as far as they said yes to being named: of a team its
// size, of a mentor their name or else their tier.
type PersonExport struct {
	MadeAt       time.Time          `json:"madeAt"`
	Service      string             `json:"service"` // base URL
	Issuer       string             `json:"issuer"`
	Profile      ExportProfile      `json:"profile"`
	Consents     []ExportConsent    `json:"consents"`
	Roles        []ExportRole       `json:"roles"`
	Enrollments  []ExportRole       `json:"enrollments"`
	Completions  []ExportCompletion `json:"completions"`
	Touchpoints  []ExportTouchpoint `json:"touchpoints"`
	SelfRatings  []ExportSelfRating `json:"selfRatings"`
	Capstones    []ExportCapstone   `json:"capstones"`
	ReviewsGiven []ExportReview     `json:"reviewsGiven"`
	Badges       []ExportBadge      `json:"badges"`
	WalletCopies []ExportCopy       `json:"walletCopies"` // of badges, that are in wallets of theirs
	Portfolio    *ExportPortfolio   `json:"portfolio"`    // null where there is none
	ShareLinks   []ExportShareLink  `json:"shareLinks"`   // without their secrets
	NameRequests []ExportRequest    `json:"nameRequests"`
	Appeals      []ExportRequest    `json:"appeals"`
	Mails        []ExportMail       `json:"mails"`
	Sessions     []ExportSession    `json:"sessions"`
	Passkeys     []ExportPasskey    `json:"passkeys"`

	Transcripts  []Transcript `json:"-"`
	NoTranscript string       `json:"-"` // why there is none; a sentence
}

// ExportProfile is who they are here.
type ExportProfile struct {
	ID          issuer.PersonID `json:"id"`
	Name        string          `json:"name"`
	Department  string          `json:"department"`
	Experience  string          `json:"experience"`
	TimeZone    string          `json:"timeZone"`
	Locale      string          `json:"locale"`
	NameConsent issuer.Consent  `json:"nameConsent"`
	CreatedAt   time.Time       `json:"createdAt"`
	Emails      []ExportEmail   `json:"emails"`
}

// ExportEmail is an address of theirs.
type ExportEmail struct {
	Address    string     `json:"address"`
	Main       bool       `json:"main"`
	VerifiedAt *time.Time `json:"verifiedAt"`
}

// ExportConsent is an answer they gave.
type ExportConsent struct {
	Kind    string         `json:"kind"`
	Answer  issuer.Consent `json:"answer"`
	Version string         `json:"version"` // of the text that was shown
	At      time.Time      `json:"at"`
}

// ExportRole is a place that they have or had.
type ExportRole struct {
	Role    issuer.Role `json:"role"`
	Tier    issuer.Tier `json:"tier,omitempty"`
	Program string      `json:"program,omitempty"`
	Cohort  string      `json:"cohort,omitempty"`
	Since   time.Time   `json:"since"`
	LeftAt  *time.Time  `json:"leftAt,omitempty"` // of a cohort
}

// ExportCompletion is a completion of theirs.
type ExportCompletion struct {
	Program     string       `json:"program"`
	Cohort      string       `json:"cohort"`
	Module      string       `json:"module"`
	ModuleName  string       `json:"moduleName"`
	CompletedOn issuer.Day   `json:"completedOn"`
	Score       string       `json:"score"`
	Unit        string       `json:"unit"`
	Passed      bool         `json:"passed"`
	Source      string       `json:"source"`
	RecordedAt  time.Time    `json:"recordedAt"`
	Evidence    []ExportLink `json:"evidence"`

	Delivery        issuer.Delivery `json:"delivery,omitempty"`
	Note            string          `json:"note,omitempty"`
	WithdrawnAt     *time.Time      `json:"withdrawnAt,omitempty"`
	WithdrawnReason string          `json:"withdrawnReason,omitempty"`
}

// ExportTouchpoint is a date of a cohort of theirs and whether they came. What
// mentors noted of it is about the whole cohort and stays with them.
type ExportTouchpoint struct {
	Cohort string                `json:"cohort"`
	Kind   issuer.TouchpointKind `json:"kind"`
	Title  string                `json:"title"`
	At     time.Time             `json:"at"`
	State  issuer.Presence       `json:"state"`
}

// ExportSelfRating is how they rated themselves in a skill.
type ExportSelfRating struct {
	Cohort string          `json:"cohort"`
	Skill  string          `json:"skill"`
	Moment issuer.Occasion `json:"moment"`
	Asked  string          `json:"asked,omitempty"` // in these words; "": by the name of the skill
	Rating int             `json:"rating"`
	At     time.Time       `json:"at"`
}

// ExportLink is evidence, by where it is; File is the name of a file in the export.
type ExportLink struct {
	Kind   string `json:"kind,omitempty"`
	Name   string `json:"name"`
	URL    string `json:"url"`
	Digest string `json:"digestMultibase,omitempty"`
	File   string `json:"file,omitempty"`
}

// ExportCapstone is work of theirs, with all its rounds.
type ExportCapstone struct {
	ID          issuer.CapstoneID    `json:"id"`
	Program     string               `json:"program"`
	Cohort      string               `json:"cohort"`
	Brief       string               `json:"brief"`
	BriefName   string               `json:"briefName"`
	State       issuer.CapstoneState `json:"state"`
	Title       string               `json:"title"`
	Summary     string               `json:"summary"`
	Impact      issuer.Impact        `json:"impact"`
	TeamSize    int                  `json:"teamSize"`
	Part        string               `json:"part"` // theirs in it
	Evidence    []ExportLink         `json:"evidence"`
	Plan        issuer.Plan          `json:"plan"`
	Scopes      []ExportScope        `json:"scopes"`
	Submissions []ExportSubmission   `json:"submissions"`
}

// ExportScope is a plan that was handed in for approval.
type ExportScope struct {
	Number      int             `json:"number"`
	Plan        issuer.Plan     `json:"plan"`
	Policy      issuer.Policy   `json:"policy"`
	SubmittedAt time.Time       `json:"submittedAt"`
	Decision    issuer.Decision `json:"decision"`
	Note        string          `json:"note"`
}

// ExportSubmission is one round.
type ExportSubmission struct {
	Number      int            `json:"number"`
	Title       string         `json:"title"`
	Summary     string         `json:"summary"`
	Impact      issuer.Impact  `json:"impact"`
	HandedInBy  string         `json:"handedInBy"` // "you" or "your team"
	SubmittedAt time.Time      `json:"submittedAt"`
	Evidence    []ExportLink   `json:"evidence"`
	Feedback    []ExportReview `json:"feedback"`
}

// ExportReview is a decision with its words. Of one that they gave the work is
// named by its brief alone: it is somebody else's.
type ExportReview struct {
	Program    string          `json:"program,omitempty"`
	Cohort     string          `json:"cohort,omitempty"`
	Brief      string          `json:"brief,omitempty"`
	Submission int             `json:"submission"`
	Mentor     string          `json:"mentor"` // a name, with consent; else "a lead mentor"; "you"
	Decision   issuer.Decision `json:"decision"`
	Scores     issuer.Scores   `json:"scores"`
	Note       string          `json:"note"`
	At         time.Time       `json:"at"`
}

// ExportBadge is a badge of theirs. JSON and JWT are its signed bytes; there is
// no JWT of one whose key was given up before one was made.
type ExportBadge struct {
	ID            issuer.CredentialID `json:"id"`
	URL           string              `json:"url"`
	Achievement   string              `json:"achievement"`
	Name          string              `json:"name"`
	Version       int                 `json:"version"`
	Program       string              `json:"program"`
	State         issuer.AwardState   `json:"state"`
	AwardedOn     issuer.Day          `json:"awardedOn"`
	IssuedAt      time.Time           `json:"issuedAt"`
	ValidUntil    *time.Time          `json:"validUntil"`
	Visibility    issuer.Visibility   `json:"visibility"`
	NameSigned    bool                `json:"nameSigned"`
	RestsOn       issuer.Fact         `json:"restsOn"`
	RevokedCode   string              `json:"revokedCode,omitempty"`
	RevokedReason string              `json:"revokedReason,omitempty"`
	PausedReason  string              `json:"pausedReason,omitempty"`
	Seen          int                 `json:"seen"` // how often its page was looked at
	ReplacedBy    issuer.CredentialID `json:"replacedBy,omitempty"`
	Files         []ExportFile        `json:"files"` // its forms; whoever writes them says

	JSON []byte `json:"-"`
	JWT  []byte `json:"-"`
}

// ExportCopy is a copy of a badge that a wallet fetched, for a key of its own.
type ExportCopy struct {
	ID         issuer.CredentialID `json:"id"`
	URL        string              `json:"url"`
	CopyOf     issuer.CredentialID `json:"copyOf"`
	IssuedAt   time.Time           `json:"issuedAt"`
	ReplacedBy issuer.CredentialID `json:"replacedBy,omitempty"`
	Signed     json.RawMessage     `json:"signed"`
}

// ExportFile is a form of a badge ("PNG") and the name of its file.
type ExportFile struct {
	Form string `json:"form"`
	Name string `json:"name"`
}

// ExportPortfolio is the page about themselves that they chose to have.
type ExportPortfolio struct {
	URL       string    `json:"url"`
	Headline  string    `json:"headline"`
	Named     bool      `json:"named"`
	Links     []string  `json:"links"`
	Capstones []string  `json:"capstones"` // ids
	Shown     bool      `json:"shown"`
	ChangedAt time.Time `json:"changedAt"`
}

// ExportShareLink is a link that shows, or showed, a badge for a time.
type ExportShareLink struct {
	Label     string     `json:"label"`
	Opened    int        `json:"opened"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	EndedAt   *time.Time `json:"endedAt"`
}

// ExportRequest is something they asked for: a name, or another look at a return.
type ExportRequest struct {
	Name       string              `json:"name,omitempty"`     // as it should be
	Capstone   issuer.CapstoneID   `json:"capstone,omitempty"` // that was returned
	Submission int                 `json:"submission,omitempty"`
	Words      string              `json:"words"`
	State      issuer.RequestState `json:"state"`
	Answer     string              `json:"answer"`
	CreatedAt  time.Time           `json:"createdAt"`
	AnsweredAt *time.Time          `json:"answeredAt"`
}

// ExportMail is a mail that was sent or is to be, without its words: they are in
// the mailbox, and hold links that let someone in.
type ExportMail struct {
	To       string     `json:"to"`
	About    string     `json:"about"` // "badge-issued"
	State    string     `json:"state"`
	QueuedAt time.Time  `json:"queuedAt"`
	SentAt   *time.Time `json:"sentAt"`
}

// ExportSession is a browser that is signed in.
type ExportSession struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// ExportPasskey is a passkey that they confirm themselves by.
type ExportPasskey struct {
	Name   string     `json:"name"` // as they call it
	Since  time.Time  `json:"since"`
	UsedAt *time.Time `json:"usedAt"`
}

// ExportPerson gives all that the service knows of a person, to them or to an
// admin of the installation, and leaves an audit entry of who took it.
func (r *Registrar) ExportPerson(ctx context.Context, by issuer.Caller, id issuer.PersonID) (*PersonExport, error) {
	e, err := act(ctx, r, by, "person.export", string(id), func(w *work) (*PersonExport, error) {
		p, err := w.mayTake(id)
		if err != nil {
			return nil, err
		}
		return w.exportOf(p)
	})
	if err != nil {
		return nil, err
	}
	for i := range e.Badges {
		if e.Badges[i].JWT, err = r.tokenForHolder(ctx, by, e.Badges[i].ID); err != nil {
			return nil, err
		}
	}
	e.Transcripts, err = r.Transcripts(ctx, by, id)
	var refusal *issuer.Error
	if errors.As(err, &refusal) {
		e.NoTranscript, err = refusal.Reason, nil
	}
	return e, err
}

// tokenForHolder gives the token of a badge, also of one that its holder hides;
// nil if it has none.
func (r *Registrar) tokenForHolder(ctx context.Context, by issuer.Caller, id issuer.CredentialID) ([]byte, error) {
	s, err := store.Read(ctx, r.Store, func(tx *store.Tx) (*asToken, error) {
		c, err := tx.Credential(id)
		if err != nil {
			return nil, err
		}
		return asTokenOf(tx, c)
	})
	if err != nil {
		return nil, err
	}
	token, err := r.badgeToken(ctx, by, s)
	if errors.Is(err, issuer.NotFound) {
		return nil, nil
	}
	return token, err
}

func (w *work) exportOf(p *issuer.Person) (*PersonExport, error) {
	x := &personExport{work: w, p: p, out: &PersonExport{MadeAt: w.Now, Service: w.r.BaseURL, Issuer: w.us.Name}}
	for _, part := range []func() error{x.profile, x.places, x.completions, x.cohortLife, x.capstones, x.reviews, x.badges, x.shared, x.asked, x.traces} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return x.out, nil
}
