package intake

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someModules = []Module{{"F1", "Thinking in processes"}, {"F2", "Reading data"}}

// TestGuess: the exports of the usual systems are known by their columns, and what
// they say is read.
func TestGuess(t *testing.T) {
	tests := []struct {
		name, file, kind string
		module, day      string // that a person adds
		want             string
	}{
		{"a plain table", "First name,Email address,Course,Completed on,Grade,Delivery\nX,x@example.org,F1,2026-10-03,92%,strong\n", "", "", "",
			"2 x@example.org F1 2026-10-03 92 strong"},
		{"Moodle", "First name,Surname,Email address,Quiz: F1 final (Percentage),Assignment: Reading data (Percentage),Course total (Real)\nX,Y,x@example.org,92.50 %,-,71\n", Moodle, "", "2026-10-03",
			"2 x@example.org F1 2026-10-03 92.5 "},
		{"Open edX", "Student ID,Email,Username,Grade,Enrollment Track\n1,x@example.org,x,0.79,audit\n2,y@example.org,y,0.0,audit\n", OpenEdX, "F2", "2026-10-03",
			"2 x@example.org F2 2026-10-03 79 "},
		{"Canvas", "Student,ID,SIS User ID,SIS Login ID,Section,F1 Test (123),Final Score\n    Points Possible,,,,,40,(read only)\nX,1,2,x@example.org,A,34,85\nY,2,3,y@example.org,A,,0\n", Canvas, "", "2026-10-03",
			"3 x@example.org F1 2026-10-03 85 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ReadSheet([]byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			o, kind := s.Guess(someModules)
			if kind != tt.kind {
				t.Errorf("taken for %q", kind)
			}
			o.Module, o.Day = tt.module, tt.day
			rows, _, err := s.Completions(o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range rows {
				if r.Problem != nil {
					t.Errorf("row %d: %+v", r.Row, r.Problem)
				}
				got = append(got, fmt.Sprint(r.Row, " ", r.Email, " ", r.Module, " ", r.CompletedOn, " ", r.Score, " ", r.Delivery))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLaid: what a person says of columns is checked, and one thing that is
// missing is said.
func TestLaid(t *testing.T) {
	s, err := ReadSheet([]byte("a,b,c,d\nx@example.org,F1,13.10.2026,1.5\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		o    Options
		want string // what is missing, or the field of the row that is wrong
	}{
		"all":                {Options{Columns: []string{"email", "module", "date", "score"}}, ""},
		"too few":            {Options{Columns: []string{"email"}}, "columns"},
		"unknown":            {Options{Columns: []string{"email", "x", "date", ""}}, "columns"},
		"twice":              {Options{Columns: []string{"email", "email", "date", ""}}, "columns"},
		"no address":         {Options{Columns: []string{"", "module", "date", ""}}, "email"},
		"no module":          {Options{Columns: []string{"email", "", "date", ""}}, "module"},
		"no day":             {Options{Columns: []string{"email", "module", "", ""}}, "date"},
		"a day for all":      {Options{Columns: []string{"email", "module", "", ""}, Day: "2026-10-03"}, ""},
		"too large a part":   {Options{Columns: []string{"email", "", "date", "module:F1"}, Scale: Fractions}, "row score"},
		"points of nothing":  {Options{Columns: []string{"email", "", "date", "module:F1"}, Scale: Points}, "row score"},
		"a day that is none": {Options{Columns: []string{"email", "module", "", ""}, Day: "soon"}, "row completedOn"},
	} {
		rows, _, err := s.Completions(tt.o)
		got := ""
		if p := problem(0, err); p != nil {
			got = p.Field
		} else if len(rows) == 1 && rows[0].Problem != nil {
			got = "row " + rows[0].Problem.Field
		}
		if got != tt.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
