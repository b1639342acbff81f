package ob3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Contexts of an issued badge, in order. ContextExtensions is named too where a
// 1EdTech-typed schema, refresh service or status is used, and only there.
const (
	ContextCredentials = "https://www.w3.org/ns/credentials/v2"
	ContextBadges      = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	ContextExtensions  = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
)

// Time is a DateTimeZ of Appendix B, written in UTC with whole seconds: a JWT of
// the same badge carries whole seconds only, and both must agree.
type Time struct{ time.Time }

// At makes a Time, dropping fractions of a second.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// MarshalText writes the time like 2026-11-21T09:00:00Z.
func (t Time) MarshalText() ([]byte, error) {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return nil, fmt.Errorf("the year %d cannot be written", y)
	}
	return []byte(t.UTC().Format("2006-01-02T15:04:05Z")), nil
}

// The types below are those of Appendix B that we issue. Their members stand in
// the order in which they are written; an empty member is left out, for the
// standard knows neither null nor empty lists. Lists are lists even of one.

// AchievementCredential is a badge: that its subject earned the achievement.
type AchievementCredential struct {
	Context           []string                `json:"@context"`
	ID                string                  `json:"id"`
	Type              []string                `json:"type"` // VerifiableCredential, OpenBadgeCredential
	Issuer            Profile                 `json:"issuer"`
	ValidFrom         Time                    `json:"validFrom"`
	ValidUntil        Time                    `json:"validUntil,omitzero"`
	AwardedDate       Time                    `json:"awardedDate,omitzero"`
	Name              string                  `json:"name,omitempty"`
	Description       string                  `json:"description,omitempty"`
	Image             *Image                  `json:"image,omitempty"`
	CredentialSubject AchievementSubject      `json:"credentialSubject"`
	Endorsement       []EndorsementCredential `json:"endorsement,omitempty"`
	Evidence          []Evidence              `json:"evidence,omitempty"`
	CredentialStatus  *StatusEntry            `json:"credentialStatus,omitempty"`
	RelatedResource   []RelatedResource       `json:"relatedResource,omitempty"`
}

// AchievementSubject is who earned it and what. ID or Identifier is required.
type AchievementSubject struct {
	ID                string           `json:"id,omitempty"`
	Type              []string         `json:"type"` // AchievementSubject
	Identifier        []IdentityObject `json:"identifier,omitempty"`
	ActivityStartDate Time             `json:"activityStartDate,omitzero"`
	ActivityEndDate   Time             `json:"activityEndDate,omitzero"`
	CreditsEarned     float64          `json:"creditsEarned,omitempty"`
	Narrative         string           `json:"narrative,omitempty"` // Markdown
	Role              string           `json:"role,omitempty"`
	Term              string           `json:"term,omitempty"`
	Achievement       Achievement      `json:"achievement"`
	Result            []Result         `json:"result,omitempty"`
}

// Achievement is what can be earned.
type Achievement struct {
	ID                string              `json:"id"`
	Type              []string            `json:"type"` // Achievement
	AchievementType   string              `json:"achievementType,omitempty"`
	Name              string              `json:"name"`
	Description       string              `json:"description"`
	Criteria          Criteria            `json:"criteria"`
	Creator           *Profile            `json:"creator,omitempty"`
	CreditsAvailable  float64             `json:"creditsAvailable,omitempty"`
	FieldOfStudy      string              `json:"fieldOfStudy,omitempty"`
	HumanCode         string              `json:"humanCode,omitempty"`
	Image             *Image              `json:"image,omitempty"`
	InLanguage        string              `json:"inLanguage,omitempty"`
	Specialization    string              `json:"specialization,omitempty"`
	Tag               []string            `json:"tag,omitempty"`
	Version           string              `json:"version,omitempty"`
	Alignment         []Alignment         `json:"alignment,omitempty"`
	ResultDescription []ResultDescription `json:"resultDescription,omitempty"`
}

// Criteria is what must be shown: an address, Markdown, or both.
type Criteria struct {
	ID        string `json:"id,omitempty"`
	Narrative string `json:"narrative,omitempty"`
}

// Alignment ties an achievement or result to a framework of skills.
type Alignment struct {
	Type              []string `json:"type"` // Alignment
	TargetCode        string   `json:"targetCode,omitempty"`
	TargetDescription string   `json:"targetDescription,omitempty"`
	TargetName        string   `json:"targetName"`
	TargetFramework   string   `json:"targetFramework,omitempty"`
	TargetType        string   `json:"targetType,omitempty"`
	TargetURL         string   `json:"targetUrl"`
}

// ResultDescription says how an achievement is measured.
type ResultDescription struct {
	ID                   string                 `json:"id"`
	Type                 []string               `json:"type"` // ResultDescription
	Name                 string                 `json:"name"`
	ResultType           string                 `json:"resultType"`
	Alignment            []Alignment            `json:"alignment,omitempty"`
	AllowedValue         []string               `json:"allowedValue,omitempty"` // low to high
	RequiredLevel        string                 `json:"requiredLevel,omitempty"`
	RequiredValue        string                 `json:"requiredValue,omitempty"`
	RubricCriterionLevel []RubricCriterionLevel `json:"rubricCriterionLevel,omitempty"`
	ValueMax             string                 `json:"valueMax,omitempty"`
	ValueMin             string                 `json:"valueMin,omitempty"`
}

// RubricCriterionLevel is one level of a rubric. Points are text.
type RubricCriterionLevel struct {
	ID          string      `json:"id"`
	Type        []string    `json:"type"` // RubricCriterionLevel
	Name        string      `json:"name"`
	Level       string      `json:"level,omitempty"`
	Points      string      `json:"points,omitempty"`
	Description string      `json:"description,omitempty"`
	Alignment   []Alignment `json:"alignment,omitempty"`
}

// Result is what was reached; ResultDescription and AchievedLevel refer to ids.
type Result struct {
	Type              []string    `json:"type"` // Result
	ResultDescription string      `json:"resultDescription,omitempty"`
	AchievedLevel     string      `json:"achievedLevel,omitempty"`
	Status            string      `json:"status,omitempty"`
	Value             string      `json:"value,omitempty"`
	Alignment         []Alignment `json:"alignment,omitempty"`
}

// Evidence is what was handed in. DigestMultibase seals it (VC Data Integrity
// §2.6; a term of every VCDM 2.0 document, and evidence may have further
// members), whether or not it can be had at an address.
type Evidence struct {
	ID          string   `json:"id,omitempty"`
	Type        []string `json:"type"` // Evidence
	Name        string   `json:"name,omitempty"`
	Narrative   string   `json:"narrative,omitempty"` // Markdown
	Description string   `json:"description,omitempty"`
	Genre       string   `json:"genre,omitempty"`
	Audience    string   `json:"audience,omitempty"`

	DigestMultibase string `json:"digestMultibase,omitempty"`
}

// Profile is an issuer, creator or endorser.
type Profile struct {
	ID          string   `json:"id"`
	Type        []string `json:"type"` // Profile
	Name        string   `json:"name,omitempty"`
	URL         string   `json:"url,omitempty"`
	Description string   `json:"description,omitempty"`
	Image       *Image   `json:"image,omitempty"`
	Email       string   `json:"email,omitempty"`
}

// IdentityObject tells who the subject is, in plain or hashed (see Hash).
type IdentityObject struct {
	Type         string `json:"type"` // IdentityObject
	Hashed       bool   `json:"hashed"`
	IdentityHash string `json:"identityHash"`
	IdentityType string `json:"identityType"` // name, emailAddress, …
	Salt         string `json:"salt,omitempty"`
}

// Image is a picture by address or data URL.
type Image struct {
	ID      string `json:"id"`
	Type    string `json:"type"` // Image
	Caption string `json:"caption,omitempty"`
}

// RelatedResource seals by its digest what the credential names by its address
// (VC Data Model 2.0 §5.3).
type RelatedResource struct {
	ID              string `json:"id"`
	MediaType       string `json:"mediaType,omitempty"`
	DigestMultibase string `json:"digestMultibase"`
}

// StatusEntry is a BitstringStatusListEntry (Bitstring Status List v1.0 §2.1).
// A badge carries one, so one purpose: revocation.
type StatusEntry struct {
	ID                   string `json:"id"` // the list's URL, "#", the index
	Type                 string `json:"type"`
	StatusPurpose        string `json:"statusPurpose"`
	StatusListIndex      string `json:"statusListIndex"` // base 10
	StatusListCredential string `json:"statusListCredential"`
}

// EndorsementCredential is what someone says of an achievement, badge or issuer.
// Proof is present when it stands signed within a badge.
type EndorsementCredential struct {
	Context           []string           `json:"@context"`
	ID                string             `json:"id"`
	Type              []string           `json:"type"` // VerifiableCredential, EndorsementCredential
	Name              string             `json:"name"`
	Description       string             `json:"description,omitempty"`
	Issuer            Profile            `json:"issuer"`
	ValidFrom         Time               `json:"validFrom"`
	ValidUntil        Time               `json:"validUntil,omitzero"`
	AwardedDate       Time               `json:"awardedDate,omitzero"`
	CredentialSubject EndorsementSubject `json:"credentialSubject"`
	Proof             json.RawMessage    `json:"proof,omitempty"`
}

// EndorsementSubject is what is endorsed, by its id.
type EndorsementSubject struct {
	ID                 string   `json:"id"`
	Type               []string `json:"type"`                         // EndorsementSubject
	EndorsementComment string   `json:"endorsementComment,omitempty"` // Markdown
}

// Marshal writes a badge or endorsement as JSON without white space, leaving
// "<", ">" and "&" as they are.
func Marshal(credential any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(credential); err != nil {
		return nil, fmt.Errorf("write credential: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
