// Package verifier decides whether a credential is genuine, current, and about
// the person it is said to be about.
//
// It owns: the thirteen checks and their order, what each answers, the verdict,
// and the words in which a report is given. Its parts own the standards: vc the
// envelope, ob3 the rules of Open Badges, dataintegrity the proofs, vcjose the
// tokens, did the keys, statuslist the bits, staple the statuses that travel, bake
// the pictures. It owns no network and no database: documents and lists come
// through KeySource (and KeySets) and StatusSource, an operator's own records
// through Records. The zero Verifier works offline.
//
// Decisions worth knowing:
//
// "No" and "could not tell" are different answers. Refused means that trying
// again will not help; undetermined, that something could not be had; skipped,
// that the question does not arise. Nothing unknown is ever good.
//
// The verdict is a function of the outcomes of the first seven checks and of
// nothing else (Verdict). The other six inform.
//
// What was not signed is not shown: Report.Credential and the issuer's name are
// filled only when the proof is right, and only from what it covers.
//
// The first words of a summary are the answer. A name that an issuer gives
// itself stands in quotation marks beside the identifier that was checked,
// because anybody can call themselves anything.
//
// What came in a token is judged as if its signature stood within: the claims
// beside the credential must agree with it, and only what the standards of badges
// say they lack is a finding. A key that the token brings along, or that lies at
// an address, counts only if the issuer publishes it.
//
// A status that came beside the credential (package staple) answers where no list
// can be had, within the window that its issuer signed, and the summary says as of
// when. Outside it the answer is "could not tell" again. Revoked is for good.
//
// Of a presentation every question has the worst of its answers, about itself
// and about each credential in it.
//
// A key that its issuer has given up is good for what the public log shows to be
// older (LogSource), and for nothing else: a date in a credential is a claim of
// whoever signed it. Tokens are not in the log, and are not good then.
//
// One Verify looks up at most four documents and lists, and one newer copy if
// the reader asks for it; it remembers them for its own duration, and keeps
// nothing beyond it. Nor does it check signatures without end: those of a
// presentation, of the credentials in it and of their endorsements have one
// budget (dataintegrity.Budget), and what is past it could not be checked.
package verifier
