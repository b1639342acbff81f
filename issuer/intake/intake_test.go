package intake

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/verifiertest"
)

func TestReadSheetKeepsRowNumbers(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Row
	}{
		{"plain", "a,b\n1,2\n3,4\n", []Row{{2, []string{"1", "2"}}, {3, []string{"3", "4"}}}},
		{"crlf", "a,b\r\n1,2\r\n", []Row{{2, []string{"1", "2"}}}},
		{"empty lines count", "a,b\n\n\n1,2\n\n3,4", []Row{{4, []string{"1", "2"}}, {6, []string{"3", "4"}}}},
		{"a quoted line break does not", "a,b\n\"1\n1\",2\n3,4\n", []Row{{2, []string{"1\n1", "2"}}, {3, []string{"3", "4"}}}},
		{"blank cells are an empty row", "a,b\n , \n3,4\n", []Row{{3, []string{"3", "4"}}}},
		{"semicolons", "a;b\n1,5;2\n", []Row{{2, []string{"1,5", "2"}}}},
		{"tabs", "a\tb\n1\t2\n", []Row{{2, []string{"1", "2"}}}},
		{"a separator inside quotes", "\"a,x,y\";b\n1;2\n", []Row{{2, []string{"1", "2"}}}},
		{"a guarded formula", "a,b\n'=1+1,2\n", []Row{{2, []string{"=1+1", "2"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ReadSheet([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadSheetEncodings(t *testing.T) {
	const text = "email;name\nx@example.org;Ωmega 𝄞\n"
	le, be := []byte{0xFF, 0xFE}, []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(text)) {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	for name, data := range map[string][]byte{"utf-8": []byte(text), "utf-8 with mark": []byte("\uFEFF" + text), "utf-16 little": le, "utf-16 big": be} {
		s, err := ReadSheet(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Header[0] != "email" || s.Rows[0].Cells[1] != "Ωmega 𝄞" {
			t.Errorf("%s: read %q", name, s.Rows[0].Cells)
		}
	}
	for name, data := range map[string][]byte{"latin-1": []byte("name\nM\xfcller\n"), "half a unit": le[:len(le)-1], "a lone surrogate": {0xFF, 0xFE, 0x00, 0xD8},
		"nothing": nil, "zero bytes": []byte("a\x00b"), "an open quote": []byte("a,b\n\"1,2\n")} {
		if _, err := ReadSheet(data); err == nil {
			t.Errorf("%s: read without complaint", name)
		}
	}
}

func TestDateOrder(t *testing.T) {
	tests := []struct {
		name   string
		dates  []string
		want   Order
		refuse bool
	}{
		{"day first", []string{"03.04.2026", "31.01.2026"}, DayFirst, false},
		{"month first", []string{"03/04/2026", "01/31/2026"}, MonthFirst, false},
		{"either", []string{"03/04/2026", "05/06/2026"}, OrderUnknown, true},
		{"both", []string{"31/01/2026", "01/31/2026"}, OrderUnknown, true},
		{"equal either way", []string{"03.03.2026"}, DayFirst, false},
		{"iso", []string{"2026-03-04"}, DayFirst, false},
	}
	for _, tt := range tests {
		got, err := dateOrder(tt.dates)
		if got != tt.want || (err != nil) != tt.refuse {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		text  string
		order Order
		want  string
	}{
		{"2026-10-03", DayFirst, "2026-10-03"},
		{"2026-10-03T10:15:00Z", DayFirst, "2026-10-03"},
		{"03.10.2026", DayFirst, "2026-10-03"},
		{"10/03/2026", MonthFirst, "2026-10-03"},
		{"3/10/2026 10:15", DayFirst, "2026-10-03"},
		{"3 October 2026", DayFirst, "2026-10-03"},
		{"Saturday, 3 October 2026, 10:15 AM", DayFirst, "2026-10-03"},
		{"Oct 3, 2026", MonthFirst, "2026-10-03"},
		{"29.02.2028", DayFirst, "2028-02-29"},
		{"29.02.2026", DayFirst, ""},
		{"31.02.2026", DayFirst, ""},
		{"3 Octopus 2026", DayFirst, ""},
		{"03.10.26", DayFirst, ""},
		{"yesterday", DayFirst, ""},
		{"", DayFirst, ""},
	}
	for _, tt := range tests {
		got, err := parseDate(tt.text, tt.order)
		if string(got) != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("%q: %q, %v", tt.text, got, err)
		}
	}
}

func TestParseGrade(t *testing.T) {
	for text, want := range map[string]string{"92%": "92", "85 %": "85", "79.9%": "79.9", "79,90 %": "79.9", "100": "100", "": "", "-": "", "0%": "0"} {
		if got, _, err := parseGrade(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"101%", "12/15", "A+", "-5%", "1e2", "9999%"} {
		if got, _, err := parseGrade(text); err == nil {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

func TestRefusedCanBeBroughtBack(t *testing.T) {
	s, err := ReadSheet([]byte("email,name\nx@example.org,=1+1\ny@example.org,Y\nz@example.org,\"Q \"\"q\"\"\n\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Refused(map[int]string{2: "Because.", 4: "=Why"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "'=1+1") || !strings.Contains(string(out), "'=Why") {
		t.Errorf("a formula is not guarded:\n%s", out)
	}
	back, err := ReadSheet(out)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"x@example.org", "=1+1", "Because."}, {"z@example.org", "Q \"q\"\n", "=Why"}}
	for i, row := range back.Rows {
		if diff := cmp.Diff(want[i], row.Cells); diff != "" {
			t.Error(diff)
		}
	}
}

func TestColumns(t *testing.T) {
	tests := []struct {
		name, header, mapping, wrong string
	}{
		{"usual", "E-Mail,Course,Completed on,Grade", "", ""},
		{"mapped", "Who,What,When", "Who=email,What=module,When=date", ""},
		{"missing", "Email,Grade", "", "module"},
		{"twice", "Email,Mail,Course,Date", "", "email"},
		{"mapping without column", "Email,Course,Date", "X=score", "map"},
		{"mapping without field", "Email,Course,Date,X", "X=nonsense", "map"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ReadSheet([]byte(tt.header + "\na,b,2026-01-01\n"))
			if err != nil {
				t.Fatal(err)
			}
			m, err := Mapping(tt.mapping)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = s.Completions(Options{Mapping: m})
			if (err != nil) != (tt.wrong != "") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestProgramRefusesUnknownKeys(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":     "version: 1\nprogramm: {code: x}\n",
		"key twice":       "version: 1\nversion: 1\n",
		"two documents":   "version: 1\n---\nversion: 1\n",
		"wrong kind":      "version: [1]\n",
		"nothing":         "",
		"not yaml":        "\t{",
		"alias to itself": "version: &a [*a]\n",
	} {
		if _, err := Program([]byte(text)); err == nil {
			t.Errorf("%s: read without complaint", name)
		}
	}
	_, err := Program([]byte("version: 1\nprogram:\n  code: x\n  nme: y\n"))
	if err == nil || !strings.Contains(err.Error(), "nme") || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("the refusal does not name the key and its line: %v", err)
	}
	for _, text := range []string{"- a\n", "version: 1\nprogram: hello\n", "version: 1\nmodules: {a: 1}\n"} {
		if _, err := Program([]byte(text)); err == nil || strings.ContainsAny(err.Error(), "!*") || strings.Contains(err.Error(), "registrar") {
			t.Errorf("%q: the refusal is for programmers: %v", text, err)
		}
	}
}

func TestSampleFiles(t *testing.T) {
	if _, err := Program(verifiertest.Fixture(t, "sample/program.yaml")); err != nil {
		t.Error(err)
	}
	roster, err := ReadSheet(verifiertest.Fixture(t, "sample/roster.csv"))
	if err != nil {
		t.Fatal(err)
	}
	people, warnings, err := roster.People(Options{})
	if err != nil || len(people) != 128 || len(warnings) != 0 || people[127].Row != 129 {
		t.Errorf("roster: %d rows, %v, %v", len(people), warnings, err)
	}
	export, err := ReadSheet(verifiertest.Fixture(t, "sample/completions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, warnings, err := export.Completions(Options{})
	if err != nil || len(rows) != 242 || len(warnings) != 0 {
		t.Fatalf("completions: %d rows, %v, %v", len(rows), warnings, err)
	}
	var wrong []int
	for _, r := range rows {
		if r.Problem != nil {
			wrong = append(wrong, r.Row)
		}
	}
	if diff := cmp.Diff([]int{239}, wrong); diff != "" {
		t.Error(diff)
	}
	if r := rows[0]; r.CompletedOn != "2026-09-03" || r.Score != "92" || r.Unit != "percent" || r.Module != "F1" {
		t.Errorf("first row: %+v", r)
	}
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte("email,name\nx@example.org,X\n"))
	f.Add([]byte{0xFF, 0xFE, 'a', 0, '\n', 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSheet(data)
		if err != nil {
			return
		}
		last := 1
		for _, r := range s.Rows {
			if r.Number <= last {
				t.Fatalf("row %d follows row %d", r.Number, last)
			}
			last = r.Number
		}
		_, _, _ = s.People(Options{})
		_, _, _ = s.Completions(Options{})
	})
}

func FuzzProgram(f *testing.F) {
	f.Add([]byte("version: 1\nprogram: {code: x}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := Program(data); (p == nil) == (err == nil) {
			t.Fatal("neither a program nor an error")
		}
	})
}
