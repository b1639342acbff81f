package issuer

import "testing"

func TestTakeOut(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"Ada Lovelace", "Ada Lovelace and Bob built it; ADA LOVELACE tested.", "X and Bob built it; X tested."},
		{"Al", "Al did algebra with Alma, al.", "X did algebra with Alma, X."},
		{"Özgür", "özgür’s app", "X’s app"},
		{"李", "李 and 李四", "X and 李四"},
		{"a@b.example", "write to a@b.example, not to aa@b.example", "write to X, not to aa@b.example"},
		{"", "nothing", "nothing"},
		{"Zoe", "", ""},
		{"Zoe", "Zoe", "X"},
		{"Zo", "Zo\xffZo", "X\xffX"},
	}
	for _, test := range tests {
		if got := TakeOut(test.text, "X", test.name); got != test.want {
			t.Errorf("%q without %q: %q, want %q", test.text, test.name, got, test.want)
		}
	}
	if got := TakeOut("Ada (ada@x.example)", "X", "Ada", "ada@x.example"); got != "X (X@x.example)" && got != "X (X)" {
		t.Error(got)
	}
}
