package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestCohortLife: a cohort is read, has dates to which people come, is asked how
// it rates itself, takes someone in and lets them go, and is closed, archived and
// opened again.
func TestCohortLife(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		c := readContract(t)
		const at = "/api/v1/cohorts/craft-1"
		plain, learner := string(s.People["plain"]), string(s.People["learner"])

		c.send(t, s, "owner", "GET", "/api/v1/enrollments", "", 422)
		c.send(t, s, "learner", "GET", "/api/v1/enrollments?cohort=craft-1", "", 403)
		c.send(t, s, "owner", "POST", "/api/v1/enrollments", `{"person":{"email":"nobody@else.example"},"cohort":"craft-1"}`, 422)
		c.send(t, s, "owner", "POST", "/api/v1/enrollments", fmt.Sprintf(`{"person":{"email":%q},"cohort":"craft-1"}`, issuertest.Address("plain")), 200)
		c.send(t, s, "owner", "POST", "/api/v1/enrollments", fmt.Sprintf(`{"person":{"id":%q},"cohort":"craft-1"}`, plain), 200)
		var list, page, last struct {
			Items []struct {
				Person struct{ ID string }
				Email  string
			}
			Next *string
		}
		c.send(t, s, "owner", "GET", "/api/v1/enrollments?cohort=craft-1", "", 200).JSON(t, &list)
		if len(list.Items) != 4 || list.Next != nil || list.Items[0].Email == "" {
			t.Errorf("enrolled: %+v", list)
		}
		c.send(t, s, "lead", "GET", "/api/v1/enrollments?cohort=craft-1&limit=3", "", 200).JSON(t, &page)
		if len(page.Items) != 3 || page.Next == nil || page.Items[0].Email != "" {
			t.Fatalf("a page for a mentor: %+v", page)
		}
		c.send(t, s, "lead", "GET", "/api/v1/enrollments?cohort=craft-1&cursor="+*page.Next, "", 200).JSON(t, &last)
		if len(last.Items) != 1 || last.Next != nil {
			t.Errorf("the last page: %+v", last)
		}
		c.send(t, s, "owner", "DELETE", "/api/v1/enrollments/craft-1/"+plain, "", 204)
		c.send(t, s, "owner", "DELETE", "/api/v1/enrollments/craft-1/"+plain, "", 404)

		host := string(s.People["lead"])
		plan := fmt.Sprintf(`{"kind":"demo","title":"First","local":"2026-12-01T10:00","host":%q}`, host)
		var made struct{ ID string }
		c.send(t, s, "lead", "POST", at+"/touchpoints", strings.Replace(plan, "demo", "party", 1), 422)
		c.send(t, s, "lead", "POST", at+"/touchpoints", plan, 201).JSON(t, &made)
		date := "/api/v1/touchpoints/" + made.ID
		c.send(t, s, "lead", "PUT", date, strings.Replace(plan, "T10", "T11", 1), 204)
		c.send(t, s, "lead", "POST", date+"/cancel", "", 204)
		c.send(t, s, "lead", "POST", date+"/reinstate", "", 204)
		c.send(t, s, "lead", "PUT", date+"/attendance", fmt.Sprintf(`{"attendance":[{"person":%q,"state":"present"}]}`, host), 422)
		c.send(t, s, "lead", "PUT", date+"/attendance", fmt.Sprintf(`{"attendance":[{"person":%[1]q,"state":"present"},{"person":%[1]q,"state":"absent"}]}`, learner), 422)
		c.send(t, s, "lead", "PUT", date+"/attendance", fmt.Sprintf(`{"notes":"Good.","attendance":[{"person":%q,"state":"present"}]}`, learner), 204)
		var one struct {
			Touchpoint struct {
				Local, Notes string
				Cancelled    bool
				Attendance   []struct{ State *string }
			}
		}
		c.send(t, s, "community", "GET", date, "", 200).JSON(t, &one)
		if v := one.Touchpoint; v.Local != "2026-12-01T11:00" || v.Cancelled || v.Notes != "Good." || len(v.Attendance) != 3 {
			t.Errorf("the date: %+v", v)
		}
		var dates struct {
			Items []struct {
				Own, Notes string
				Attendance []any
			}
		}
		c.send(t, s, "learner", "GET", at+"/touchpoints", "", 200).JSON(t, &dates)
		if len(dates.Items) != 1 || dates.Items[0].Own != "present" || dates.Items[0].Notes != "" || dates.Items[0].Attendance != nil {
			t.Errorf("for a learner: %+v", dates)
		}

		var asked struct {
			Ask *struct{ Skills []struct{ ID string } }
		}
		c.send(t, s, "learner", "GET", at+"/ratings", "", 200).JSON(t, &asked)
		var said []string
		for _, skill := range asked.Ask.Skills {
			said = append(said, fmt.Sprintf(`{"skill":%q,"rating":3}`, skill.ID))
		}
		rate := func(more ...string) string { return `{"ratings":[` + strings.Join(append(said, more...), ",") + `]}` }
		c.send(t, s, "learner", "POST", at+"/ratings", rate(said[0]), 422)
		c.send(t, s, "learner", "POST", at+"/ratings", rate(`{"skill":"x","rating":3}`), 422)
		c.send(t, s, "learner", "POST", at+"/ratings", rate(), 204)
		c.send(t, s, "learner", "POST", at+"/ratings", rate(), 409)
		var rated struct {
			People []struct{ Start []any }
			Sums   []struct{ Start *string }
		}
		c.send(t, s, "lead", "GET", at+"/ratings", "", 200).JSON(t, &rated)
		if len(rated.People) != 1 || len(rated.People[0].Start) != len(said) || len(rated.Sums) != 0 {
			t.Errorf("for a mentor: %+v", rated)
		}
		c.send(t, s, "owner", "GET", at+"/ratings", "", 200).JSON(t, &rated)
		if len(rated.People) != 0 || len(rated.Sums) != len(said) || rated.Sums[0].Start != nil {
			t.Errorf("sums of too few: %+v", rated)
		}

		var cohort struct {
			Cohort  struct{ ClosedAt, ArchivedAt *string }
			Mentors []struct{ ID, Name, Tier string }
		}
		c.send(t, s, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1"}`, learner), 201)
		c.send(t, s, "owner", "POST", at+"/archive", "", 409)
		c.send(t, s, "owner", "POST", at+"/close", "{}", 204)
		c.send(t, s, "owner", "POST", at+"/archive", "", 204)
		c.send(t, s, "owner", "GET", at, "", 200).JSON(t, &cohort)
		if cohort.Cohort.ClosedAt == nil || cohort.Cohort.ArchivedAt == nil || len(cohort.Mentors) != 2 {
			t.Errorf("archived: %+v", cohort)
		}
		c.send(t, s, "lead", "PUT", date, plan, 409)
		c.send(t, s, "owner", "POST", at+"/reopen", "", 204)
		c.send(t, s, "owner", "DELETE", "/api/v1/enrollments/craft-1/"+learner, "", 409)
		c.send(t, s, "learner", "POST", "/api/v1/enrollments/craft-1/"+learner+"/leave", "", 204)
	})
}

// TestFixCompletions: a wrong completion is told about, corrected and withdrawn;
// its learner's badges follow.
func TestFixCompletions(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	var done completionAnswer
	c.send(t, s, "owner", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1","cohort":"craft-1","completedAt":"2026-11-20"}`, s.People["learner"]), 201).JSON(t, &done)
	at := "/api/v1/completions/" + done.Completion.ID
	c.send(t, s, "learner", "GET", at, "", 403)
	var detail struct {
		MayCorrect  bool
		Credentials []badge
	}
	c.send(t, s, "owner", "GET", at, "", 200).JSON(t, &detail)
	if !detail.MayCorrect || codes(detail.Credentials) != "saws" {
		t.Errorf("%+v", detail)
	}
	var fix struct {
		Written                         bool
		Right                           *struct{ ID, CompletedOn string }
		Revoked, Replaced, Kept, Issued []badge
	}
	c.send(t, s, "owner", "POST", at+"/withdraw", `{"reason":""}`, 422)
	c.send(t, s, "owner", "POST", at+"/withdraw", `{"reason":"Another's.","dryRun":true}`, 200).JSON(t, &fix)
	if fix.Written || codes(fix.Revoked) != "saws" {
		t.Errorf("what would become: %+v", fix)
	}
	c.send(t, s, "owner", "POST", at+"/correct", `{"right":{"completedAt":"2026-11-19","score":{}},"reason":"A day late."}`, 422)
	c.send(t, s, "owner", "POST", at+"/correct", fmt.Sprintf(`{"right":{"person":{"id":%q}},"reason":"Another's."}`, s.People["mate"]), 200).JSON(t, &fix)
	if !fix.Written || codes(fix.Revoked) != "saws" || codes(fix.Issued) != "saws" || fix.Right.CompletedOn != "2026-11-20" {
		t.Errorf("corrected: %+v", fix)
	}
	c.send(t, s, "owner", "POST", "/api/v1/completions/"+fix.Right.ID+"/withdraw", `{"reason":"Nobody's."}`, 200).JSON(t, &fix)
	if !fix.Written || fix.Right != nil || codes(fix.Revoked) != "saws" {
		t.Errorf("withdrawn: %+v", fix)
	}
}

// TestShare: a holder decides who finds a badge's page, and shows it by a link
// that ends; the address of the link is told once. A wallet may have a copy.
func TestShare(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	var done completionAnswer
	c.send(t, s, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1"}`, s.People["learner"]), 201).JSON(t, &done)
	at := "/api/v1/credentials/" + done.Credentials[0].ID
	page := strings.TrimPrefix(done.Credentials[0].URL, s.URL)
	c.send(t, s, "learner", "PUT", at+"/visibility", `{"visibility":"everyone"}`, 422)
	var offer struct{ Offer struct{ ID, URI, URL string } }
	c.send(t, s, "learner", "POST", at+"/offers", "", 201).JSON(t, &offer)
	if !strings.HasPrefix(offer.Offer.URL, s.URL+"/") || !strings.Contains(offer.Offer.URI, url.QueryEscape(offer.Offer.URL)) {
		t.Errorf("an offer to a wallet: %+v", offer)
	}
	var link struct{ Link struct{ ID, URL string } }
	c.send(t, s, "learner", "POST", at+"/links", `{"label":"For the firm","days":3}`, 201).JSON(t, &link)
	c.send(t, s, "learner", "PUT", at+"/visibility", `{"visibility":"withdrawn"}`, 204)
	s.Send(t, "nobody", "GET", page, "").Want(t, 404)
	shared := strings.TrimPrefix(link.Link.URL, s.URL)
	s.Send(t, "nobody", "GET", shared, "").Want(t, 200)
	a := c.send(t, s, "learner", "GET", at+"/sharing", "", 200)
	if strings.Contains(string(a.Body), shared[len("/s/"):]) || !strings.Contains(string(a.Body), `"visibility":"withdrawn"`) {
		t.Errorf("how it is shared: %s", a.Body)
	}
	for range 2 {
		c.send(t, s, "learner", "DELETE", at+"/links/"+link.Link.ID, "", 204)
	}
	s.Send(t, "nobody", "GET", shared, "").Want(t, 404)
}

// TestDesk: a mentor hands over what they claimed and goes away, a conflict of
// interest keeps one out until it is cleared, and someone is asked about impact.
func TestDesk(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	var a struct{ Capstone struct{ ID string } }
	c.send(t, s, "learner", "POST", "/api/v1/capstones", `{"brief":"K1","cohort":"craft-1","title":"Chair"}`, 201).JSON(t, &a)
	at := "/api/v1/capstones/" + a.Capstone.ID
	c.send(t, s, "learner", "PUT", at, `{"title":"Chair","summary":"It holds.","impact":{"measure":"Hours a week","before":"9","after":"2"},"evidence":[{"kind":"link","name":"Plan","url":"https://work.example/plan"}]}`, 200)
	c.send(t, s, "learner", "POST", at+"/confirmations", fmt.Sprintf(`{"email":%q}`, issuertest.Address("learner")), 422)
	var asked struct {
		Items []struct {
			Email  string
			Answer *string
		}
	}
	c.send(t, s, "learner", "POST", at+"/confirmations", `{"email":"user@firm.example"}`, 201).JSON(t, &asked)
	if len(asked.Items) != 1 || asked.Items[0].Email != "user@firm.example" || asked.Items[0].Answer != nil {
		t.Errorf("%+v", asked)
	}
	c.send(t, s, "learner", "POST", at+"/submissions", "", 201)
	asked.Items[0].Email = ""
	c.send(t, s, "lead", "GET", at+"/confirmations", "", 200).JSON(t, &asked)
	if len(asked.Items) != 1 || asked.Items[0].Email != "" {
		t.Errorf("for a mentor: %+v", asked)
	}

	lead, community := string(s.People["lead"]), string(s.People["community"])
	var held struct {
		Claim struct{ Mentor struct{ ID string } }
	}
	c.send(t, s, "lead", "POST", at+"/claim", `{}`, 200)
	c.send(t, s, "lead", "POST", at+"/claim/hand-over", fmt.Sprintf(`{"to":%q}`, lead), 422)
	c.send(t, s, "lead", "POST", at+"/claim/hand-over", fmt.Sprintf(`{"to":%q,"note":"I am away."}`, community), 200).JSON(t, &held)
	if held.Claim.Mentor.ID != community {
		t.Errorf("%+v", held)
	}
	var away struct{ Items []struct{ ID string } }
	c.send(t, s, "lead", "POST", "/api/v1/absences", `{"from":"2026-12-24","until":"2026-12-01"}`, 422)
	c.send(t, s, "lead", "POST", "/api/v1/absences", fmt.Sprintf(`{"from":"2030-12-01","until":"2030-12-24","cover":%q}`, community), 201)
	c.send(t, s, "lead", "GET", "/api/v1/absences", "", 200).JSON(t, &away)
	c.send(t, s, "lead", "DELETE", "/api/v1/absences/"+away.Items[0].ID, "", 204)

	var conflicts struct{ Items []struct{ ID string } }
	c.send(t, s, "community", "POST", at+"/conflicts", `{"kind":"close"}`, 422)
	c.send(t, s, "community", "POST", at+"/conflicts", `{"kind":"worked"}`, 200)
	c.send(t, s, "community", "POST", at+"/claim", `{}`, 403)
	c.send(t, s, "owner", "GET", at+"/conflicts", "", 200).JSON(t, &conflicts)
	c.send(t, s, "community", "DELETE", at+"/conflicts/"+conflicts.Items[0].ID, "", 403)
	c.send(t, s, "owner", "DELETE", at+"/conflicts/"+conflicts.Items[0].ID, "", 204)
	c.send(t, s, "community", "POST", at+"/claim", `{}`, 200)
}

// TestFeedback: a round is opened, given to, reported and closed; what learners
// say of modules is told to who runs the program when it is enough.
func TestFeedback(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	day := func(days int) string { return s.Clock.Now().AddDate(0, 0, days).Format("2006-01-02") }
	body := fmt.Sprintf(`{"cohort":"craft-1","title":"Half time","questions":["What helped?"],"opensOn":%q,"closesOn":%q,"pairing":"drawn","perPerson":2,"atOnce":true}`, day(-1), day(7))
	var opened struct{ Round struct{ ID string } }
	c.send(t, s, "lead", "POST", "/api/v1/feedback/rounds", strings.Replace(body, "drawn", "all", 1), 422)
	c.send(t, s, "lead", "POST", "/api/v1/feedback/rounds", body, 201, "Idempotency-Key", "round").JSON(t, &opened)
	again := opened
	c.send(t, s, "lead", "POST", "/api/v1/feedback/rounds", body, 201, "Idempotency-Key", "round").JSON(t, &again)
	if again != opened {
		t.Errorf("%+v, then %+v", opened, again)
	}
	var mine struct {
		ToGive []struct {
			ID string
			To struct{ ID string }
		}
		Got     []struct{ Notes []struct{ ID string } }
		Modules []struct {
			Completion string
			Rating     *int
		}
	}
	c.send(t, s, "mate", "GET", "/api/v1/feedback", "", 200).JSON(t, &mine)
	for _, n := range mine.ToGive {
		c.send(t, s, "mate", "PUT", "/api/v1/feedback/"+n.ID, `{"answers":["Patience.","More."]}`, 422)
		c.send(t, s, "mate", "PUT", "/api/v1/feedback/"+n.ID, `{"answers":["Patience."]}`, 200)
	}
	c.send(t, s, "learner", "GET", "/api/v1/feedback", "", 200).JSON(t, &mine)
	got := "/api/v1/feedback/" + mine.Got[0].Notes[0].ID
	c.send(t, s, "owner", "DELETE", got, "", 409)
	c.send(t, s, "learner", "POST", got+"/report", `{"reason":"Not kind."}`, 204)
	c.send(t, s, "owner", "DELETE", got, "", 204)
	var seen struct {
		Round struct {
			Asked, Given int
			Reported     []struct{ Removed bool }
		}
	}
	c.send(t, s, "owner", "GET", "/api/v1/feedback/rounds/"+opened.Round.ID, "", 200).JSON(t, &seen)
	if r := seen.Round; r.Asked != 6 || r.Given != 2 || len(r.Reported) != 1 || !r.Reported[0].Removed {
		t.Errorf("%+v", r)
	}
	a := c.send(t, s, "lead", "GET", "/api/v1/feedback/rounds?cohort=craft-1", "", 200)
	if strings.Contains(string(a.Body), "Patience") {
		t.Errorf("a mentor reads what was given: %s", a.Body)
	}
	c.send(t, s, "lead", "POST", "/api/v1/feedback/rounds/"+opened.Round.ID+"/close", "", 200)

	var done completionAnswer
	c.send(t, s, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1"}`, s.People["learner"]), 201).JSON(t, &done)
	said := "/api/v1/completions/" + done.Completion.ID + "/feedback"
	c.send(t, s, "learner", "PUT", said, `{"rating":6}`, 422)
	c.send(t, s, "learner", "PUT", said, `{"rating":5}`, 201)
	c.send(t, s, "learner", "PUT", said, `{"rating":4,"helped":"The saw."}`, 200)
	c.send(t, s, "owner", "GET", "/api/v1/feedback/modules", "", 422)
	a = c.send(t, s, "owner", "GET", "/api/v1/feedback/modules?program=craft", "", 200)
	if strings.Contains(string(a.Body), "The saw") || !strings.Contains(string(a.Body), `"enough":false`) {
		t.Errorf("told of too few: %s", a.Body)
	}
}

// TestErase: an admin of the installation erases someone, once and again; an
// Idempotency-Key is taken where there is nothing to show.
func TestErase(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	at := "/api/v1/people/" + string(s.People["plain"])
	c.send(t, s, "owner", "DELETE", at, "", 403)
	for n := range 3 {
		key := fmt.Sprint(n / 2)
		a := c.send(t, s, "root", "DELETE", at, "", 204, "Idempotency-Key", key)
		if replayed := a.Header.Get("Idempotent-Replayed") != ""; replayed != (n == 1) {
			t.Errorf("%d: replayed %v", n, replayed)
		}
	}
	c.send(t, s, "root", "GET", at, "", 410)
	c.send(t, s, "root", "DELETE", "/api/v1/people/"+string(s.People["root"]), "", 403) // of themselves, at their page
}
