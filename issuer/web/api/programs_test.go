package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hallmark/issuer/intake"
	"hallmark/issuer/issuertest"
)

// TestProgramFileByAPI: a program is read as a file, changed by one, which is
// told before, and what is wrong is told all at once.
func TestProgramFileByAPI(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		c := readContract(t)
		const at = "/api/v1/programs/craft/file"
		var read struct {
			Edition string
			File    json.RawMessage
		}
		c.send(t, s, "owner", "GET", at, "", 200).JSON(t, &read)
		if f, err := intake.Program(read.File); err != nil || f.Program.Code != "craft" || len(f.Modules) == 0 {
			t.Fatalf("the file of the API is not that of the command: %v\n%s", err, read.File)
		}
		put := func(want int, dryRun bool, edition, file string) (answer struct {
			Written bool
			Changes []struct{ Part, Code, Did string }
			Errors  []struct{ Field string }
		}) {
			t.Helper()
			body := fmt.Sprintf(`{"edition":%q,"dryRun":%t,"file":%s}`, edition, dryRun, file)
			c.send(t, s, "owner", "PUT", at, body, want).JSON(t, &answer)
			return answer
		}
		retired := strings.Replace(string(read.File), `"kind":"short"`, `"kind":"short","retired":true`, 1)
		if a := put(200, true, read.Edition, retired); a.Written || len(a.Changes) != 1 || a.Changes[0].Did != "retired" {
			t.Errorf("a rehearsal: %+v", a)
		}
		if a := put(200, false, read.Edition, retired); !a.Written {
			t.Errorf("not written: %+v", a)
		}
		put(409, false, read.Edition, retired)
		if a := put(200, false, "", retired); !a.Written || len(a.Changes) != 0 {
			t.Errorf("the same again: %+v", a)
		}
		if a := put(422, false, "", strings.ReplaceAll(string(read.File), `"kind":"short"`, `"kind":"tall"`)); len(a.Errors) == 0 || a.Errors[0].Field != "modules[0].kind" {
			t.Errorf("what is wrong: %+v", a)
		}
		var list struct {
			Items []struct{ Number int }
			Next  *string
		}
		c.send(t, s, "owner", "GET", "/api/v1/programs/craft/versions?limit=1", "", 200).JSON(t, &list)
		if len(list.Items) != 1 || list.Next == nil {
			t.Fatalf("versions: %+v", list)
		}
		version := fmt.Sprintf("/api/v1/programs/craft/versions/%d", list.Items[0].Number-1)
		c.send(t, s, "owner", "GET", version, "", 200)
		var back struct{ Changes []struct{ Did string } }
		c.send(t, s, "owner", "POST", version+"/put-back", `{"dryRun":true}`, 200).JSON(t, &back)
		if len(back.Changes) != 1 || back.Changes[0].Did != "restored" {
			t.Errorf("put back: %+v", back)
		}
		c.send(t, s, "owner", "POST", version+"/put-back", fmt.Sprintf(`{"edition":%q}`, read.Edition), 409)
		c.send(t, s, "owner", "POST", version+"/put-back", `{}`, 200)
		c.send(t, s, "owner", "GET", "/api/v1/programs/craft/versions/none", "", 404)
		put(422, false, "", `{"version":1,"program":{"code":"other","name":"Other"}}`)
		c.send(t, s, "owner", "PUT", at, `{}`, 422)
		c.send(t, s, "learner", "GET", at, "", 403)
	})
}
