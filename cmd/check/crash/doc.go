// Package crash kills the program while it issues, again and again, and holds
// what it acknowledged against what it says afterwards.
//
// A round is: the program is started on the records that the last kill left;
// what was asked and not answered is asked again under the same Idempotency-Key;
// what was answered is asked again and must be answered with the same bytes;
// everything that the last round touched is looked at; then many writers record
// completions, award, approve, revoke, correct and send batches over HTTP until
// the program is killed (SIGKILL) at a random moment. After the last round all
// that was ever acknowledged is looked at.
//
// Held to are: nothing acknowledged is lost, nobody holds an achievement twice,
// every badge gets its place in the public log, the status list at the origin
// says what was acknowledged, `hallmark log check` finds nothing, and mails go
// at least once.
//
// It knows the program as its users do, by its command line, its doors and the
// mails it sends, and imports nothing of it. A kill hits some moment; TestFaults
// of package auditor breaks each step of issuing by itself.
package crash
