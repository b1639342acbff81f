package api_test

import (
	"testing"

	"hallmark/issuer/issuertest"
)

// TestMerge: an admin is told what making two persons one brings about, which
// does nothing, and then it is done, once.
func TestMerge(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	at, body := "/api/v1/people/"+string(s.People["learner"])+"/merge", `{"gone":"`+string(s.People["plain"])+`"`
	type answer struct {
		Merged bool
		Plan   *struct {
			Kept, Gone struct{ ID string }
			Against    []string
			Addresses  []string
		}
	}
	var a answer
	c.send(t, s, "owner", "POST", at, body+`,"dryRun":true}`, 403)
	c.send(t, s, "root", "POST", at, `{"gone":"nobody","dryRun":true}`, 404)
	for range 2 {
		c.send(t, s, "root", "POST", at, body+`,"dryRun":true}`, 200).JSON(t, &a)
		if a.Merged || a.Plan == nil || a.Plan.Gone.ID != string(s.People["plain"]) || len(a.Plan.Against) != 0 || len(a.Plan.Addresses) != 1 {
			t.Fatalf("%+v", a)
		}
	}
	for range 2 {
		a = answer{}
		c.send(t, s, "root", "POST", at, body+`}`, 200).JSON(t, &a)
		if !a.Merged || a.Plan != nil {
			t.Errorf("%+v", a)
		}
	}
	c.send(t, s, "root", "GET", "/api/v1/people/"+string(s.People["plain"]), "", 410)
	c.send(t, s, "root", "POST", at, `{"gone":"`+string(s.People["learner"])+`"}`, 422)
}

// TestFunnel: how far people came, of a cohort and of its program; what too few
// did has no numbers.
func TestFunnel(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	c.send(t, s, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"M1","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`, 201)
	if err := s.Registrar.CountCohorts(t.Context()); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		Funnel struct {
			Cohort *struct{ Code string }
			Steps  []struct {
				Step         string
				Module       *struct{ Code string }
				Hidden       bool
				People, Went *int
			}
			Cohorts []struct{ Enrolled int }
			Mentors []struct{ Open int }
		}
	}
	var cohort, program answer
	c.send(t, s, "owner", "GET", "/api/v1/cohorts/craft-1/funnel", "", 200).JSON(t, &cohort)
	c.send(t, s, "owner", "GET", "/api/v1/programs/craft/funnel", "", 200).JSON(t, &program)
	if cohort.Funnel.Cohort == nil || cohort.Funnel.Cohort.Code != "craft-1" || len(cohort.Funnel.Mentors) == 0 || program.Funnel.Cohort != nil || len(program.Funnel.Cohorts) == 0 {
		t.Fatalf("%+v\n%+v", cohort, program)
	}
	for _, f := range []answer{cohort, program} {
		told := map[string]*int{}
		for _, step := range f.Funnel.Steps {
			if step.Hidden != (step.People == nil) || step.Hidden != (step.Went == nil) {
				t.Errorf("%+v", step)
			}
			key := step.Step
			if step.Module != nil {
				key = step.Module.Code
			}
			told[key] = step.People
		}
		if told["M1"] == nil || *told["M1"] != 1 || told["shared"] != nil || told["verified"] != nil {
			t.Errorf("%v", told)
		}
	}
	c.send(t, s, "learner", "GET", "/api/v1/cohorts/craft-1/funnel", "", 403)
	c.send(t, s, "learner", "GET", "/api/v1/programs/craft/funnel", "", 403)
}
