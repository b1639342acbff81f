package main

import (
	"fmt"
	"io"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// A demo may have as many people as it takes to see the service under load.
// They come in as any organisation would bring them: by the imports.

// maxCrowd is how many people a demo has at most beside those of its story.
const maxCrowd = 200_000

// crowdAtOnce is how many people one import brings.
const crowdAtOnce = 2000

var (
	givenNames  = []string{"Ada", "Bola", "Chen", "Dara", "Eva", "Farid", "Grete", "Hana", "Ivo", "Jun", "Kemi", "Lars", "Maya", "Nils", "Olga", "Pia", "Quinn", "Rui", "Sana", "Tomas"}
	familyNames = []string{"Abiola", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Gupta", "Haddad", "Ito", "Jensen", "Kaya", "Lopez", "Mbeki", "Novak", "Osei", "Park", "Rossi", "Silva", "Tanaka", "Weber"}
	departments = []string{"Operations", "Finance", "Customer Care", "Logistics", "People", "Research"}
	crowdPaths  = [][]string{{"F1"}, {"F1", "F2"}, {"F1", "F2", "F3"}, {"F1", "F3"}, {"F1", "F2", "F3", "P2"}, {"F1", "F2", "F3", "P1", "P2"}}
)

// crowd brings so many people more, and what they completed, and says how far
// it is.
func (s *story) crowd(n int, say io.Writer) error {
	began := time.Now()
	badges := 0
	for from := 0; from < n; from += crowdAtOnce {
		to := min(n, from+crowdAtOnce)
		people, done := crowdRows(from, to, began)
		if err := whole(s.p.Registrar.ImportPeople(s.ctx, s.system, people, registrar.ImportOptions{})); err != nil {
			return err
		}
		result, err := s.p.Registrar.ImportCompletions(s.ctx, s.system, done, registrar.ImportOptions{})
		if err := whole(result, err); err != nil {
			return err
		}
		badges += result.Credentials
		if to < n && to%(5*crowdAtOnce) == 0 {
			fmt.Fprintf(say, "%d of %d people, %d badges\n", to, n, badges)
		}
	}
	fmt.Fprintf(say, "%d people more, with %d badges, in %s\n", n, badges, time.Since(began).Round(100*time.Millisecond))
	return nil
}

// crowdRows makes some of the people, the same ones every time, with days of
// the last weeks.
func crowdRows(from, to int, now time.Time) (people []registrar.PersonRow, done []registrar.CompletionRow) {
	for n := from; n < to; n++ {
		email := fmt.Sprintf("maker.%06d@crowd.makers.example.org", n)
		name := givenNames[n%len(givenNames)] + " " + familyNames[n/len(givenNames)%len(familyNames)]
		people = append(people, registrar.PersonRow{Row: len(people) + 2, Email: email, Name: name, Department: departments[n%len(departments)],
			Role: "learner", Cohort: sampleCohort})
		for i, module := range crowdPaths[n%len(crowdPaths)] {
			day := issuer.DayOf(now.AddDate(0, 0, -60+9*i+n%8), time.UTC)
			done = append(done, registrar.CompletionRow{Row: len(done) + 2, Email: email, Module: module, Cohort: sampleCohort,
				CompletedOn: day, Score: fmt.Sprint(80 + n%21), Unit: "percent"})
		}
	}
	return people, done
}
