package ob3

// kind is what a value must be.
type kind uint8

const (
	text     kind = iota // string
	number               // number
	boolean              // true or false
	dateTime             // string, RFC 3339 date-time
	day                  // string, RFC 3339 full-date
	object               // object of class
	textOr               // string, or object of class
	context              // element of @context beyond the second: string or object
	constant             // string out of words
	open                 // string out of words, or one with "ext:" and a letter
	language             // string, language tag
	compact              // string, compact JWS
)

// rule is one member of a class.
type rule struct {
	name     string
	kind     kind
	many     bool     // an array, always
	required bool     //
	class    string   // object, textOr
	words    []string // constant, open
	types    []string // many texts, among them one of each of these alternatives (see has)
}

// class is one data type of Open Badges 3.0 Appendix B.
type class struct {
	closed bool // no member beyond the rules
	rules  []rule
}

func one(name string, k kind) rule                { return rule{name: name, kind: k} }
func list(name string, k kind) rule               { return rule{name: name, kind: k, many: true} }
func part(name, class string) rule                { return rule{name: name, kind: object, class: class} }
func parts(name, class string) rule               { return rule{name: name, kind: object, class: class, many: true} }
func words(name string, k kind, w ...string) rule { return rule{name: name, kind: k, words: w} }
func must(r rule) rule                            { r.required = true; return r }

// typed is a required list of types that holds, for each alternative ("a|b"),
// at least one of its names.
func typed(alternatives ...string) rule {
	return rule{name: "type", kind: text, many: true, required: true, types: alternatives}
}

func texts(names ...string) []rule {
	rules := make([]rule, len(names))
	for i, name := range names {
		rules[i] = one(name, text)
	}
	return rules
}

func join(groups ...[]rule) []rule {
	var all []rule
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// credential are the members that badges and endorsements share.
var credential = []rule{
	must(rule{name: "@context", kind: context, many: true}),
	must(one("id", text)),
	one("description", text),
	must(rule{name: "issuer", kind: textOr, class: "Profile"}),
	must(one("validFrom", dateTime)),
	one("validUntil", dateTime),
	one("awardedDate", dateTime),
	parts("proof", "Proof"),
	parts("credentialSchema", "Named"),
	part("credentialStatus", "Named"),
	part("refreshService", "Named"),
	parts("termsOfUse", "TermsOfUse"),
}

var identityTypes = []string{"name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress",
	"nationalIdentityNumber", "isbn", "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId",
	"ltiDeploymentId", "ltiToolId", "ltiPlatformId", "ltiUserId", "identifier"}

// classes are the data types by name.
var classes = map[string]*class{
	"AchievementCredential": {rules: join(credential, []rule{
		typed("VerifiableCredential", "AchievementCredential|OpenBadgeCredential"),
		one("name", text),
		part("image", "Image"),
		must(part("credentialSubject", "AchievementSubject")),
		parts("endorsement", "EndorsementCredential"),
		list("endorsementJwt", compact),
		parts("evidence", "Evidence"),
	})},
	"EndorsementCredential": {rules: join(credential, []rule{
		typed("VerifiableCredential", "EndorsementCredential"),
		must(one("name", text)),
		must(part("credentialSubject", "EndorsementSubject")),
	})},
	"EndorsementSubject": {rules: []rule{must(one("id", text)), typed("EndorsementSubject"), one("endorsementComment", text)}},
	"AchievementSubject": {rules: join(texts("id", "licenseNumber", "narrative", "role", "term"), []rule{
		typed("AchievementSubject"),
		one("activityStartDate", dateTime),
		one("activityEndDate", dateTime),
		one("creditsEarned", number),
		must(part("achievement", "Achievement")),
		parts("identifier", "IdentityObject"),
		part("image", "Image"),
		parts("result", "Result"),
		part("source", "Profile"),
	})},
	"Achievement": {rules: join(texts("fieldOfStudy", "humanCode", "specialization", "version"), []rule{
		must(one("id", text)),
		typed("Achievement"),
		must(part("criteria", "Criteria")),
		must(one("description", text)),
		must(one("name", text)),
		parts("alignment", "Alignment"),
		words("achievementType", open, AchievementTypes...),
		part("creator", "Profile"),
		one("creditsAvailable", number),
		parts("endorsement", "EndorsementCredential"),
		list("endorsementJwt", compact),
		part("image", "Image"),
		one("inLanguage", language),
		parts("otherIdentifier", "IdentifierEntry"),
		parts("related", "Related"),
		parts("resultDescription", "ResultDescription"),
		list("tag", text),
	})},
	"Profile": {rules: join(texts("name", "url", "phone", "description", "email", "official", "familyName", "givenName", "additionalName",
		"patronymicName", "honorificPrefix", "honorificSuffix", "familyNamePrefix"), []rule{
		must(one("id", text)),
		typed("Profile"),
		parts("endorsement", "EndorsementCredential"),
		list("endorsementJwt", compact),
		part("image", "Image"),
		part("address", "Address"),
		parts("otherIdentifier", "IdentifierEntry"),
		part("parentOrg", "Profile"),
		one("dateOfBirth", day),
	})},
	"Address": {rules: join(texts("addressCountry", "addressCountryCode", "addressRegion", "addressLocality", "streetAddress",
		"postOfficeBoxNumber", "postalCode"), []rule{typed("Address"), part("geo", "GeoCoordinates")})},
	"GeoCoordinates": {rules: []rule{must(words("type", constant, "GeoCoordinates")), must(one("latitude", number)), must(one("longitude", number))}},
	"IdentityObject": {closed: true, rules: []rule{
		must(words("type", constant, "IdentityObject")),
		must(one("hashed", boolean)),
		must(one("identityHash", text)),
		must(words("identityType", open, identityTypes...)),
		one("salt", text),
	}},
	"IdentifierEntry": {closed: true, rules: []rule{
		must(words("type", constant, "IdentifierEntry")),
		must(one("identifier", text)),
		must(words("identifierType", open, identityTypes...)),
	}},
	"Image":    {closed: true, rules: []rule{must(one("id", text)), must(words("type", constant, "Image")), one("caption", text)}},
	"Criteria": {rules: texts("id", "narrative")},
	"Evidence": {rules: join(texts("id", "narrative", "name", "description", "genre", "audience"), []rule{typed("Evidence")})},
	"Alignment": {rules: join(texts("targetCode", "targetDescription", "targetFramework"), []rule{
		typed("Alignment"),
		must(one("targetName", text)),
		must(one("targetUrl", text)),
		words("targetType", open, "ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel", "CTDL"),
	})},
	"Result": {rules: join(texts("achievedLevel", "resultDescription", "value"), []rule{
		typed("Result"),
		parts("alignment", "Alignment"),
		words("status", constant, "Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"),
	})},
	"ResultDescription": {rules: join(texts("requiredLevel", "requiredValue", "valueMax", "valueMin"), []rule{
		must(one("id", text)),
		typed("ResultDescription"),
		must(one("name", text)),
		must(words("resultType", open, "GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore",
			"Result", "RubricCriterion", "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status")),
		parts("alignment", "Alignment"),
		list("allowedValue", text),
		parts("rubricCriterionLevel", "RubricCriterionLevel"),
	})},
	"RubricCriterionLevel": {rules: join(texts("description", "level", "points"), []rule{
		must(one("id", text)),
		typed("RubricCriterionLevel"),
		must(one("name", text)),
		parts("alignment", "Alignment"),
	})},
	"Related":    {rules: []rule{must(one("id", text)), typed("Related"), one("inLanguage", language), one("version", text)}},
	"Named":      {rules: []rule{must(one("id", text)), must(one("type", text))}},
	"TermsOfUse": {rules: []rule{one("id", text), must(one("type", text))}},
	"Proof": {rules: join(texts("cryptosuite", "challenge", "domain", "nonce", "proofPurpose", "proofValue", "verificationMethod"), []rule{
		must(one("type", text)),
		one("created", dateTime),
	})},
}

// AchievementTypes are the kinds of achievement that the standard names
// (Appendix B, AchievementType); others begin with "ext:".
var AchievementTypes = []string{"Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award",
	"Badge", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification", "CommunityService", "Competency", "Course",
	"CoCurricular", "Degree", "Diploma", "DoctoralDegree", "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate",
	"LearningProgram", "License", "Membership", "ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate",
	"MasterDegree", "MicroCredential", "ResearchDoctorate", "SecondarySchoolDiploma"}
