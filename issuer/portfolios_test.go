package issuer

import (
	"errors"
	"strings"
	"testing"
)

func TestCleanHandle(t *testing.T) {
	for _, good := range []string{"ada", "ada-okonkwo", "a2b", " Ada ", strings.Repeat("a", 30)} {
		if got, err := CleanHandle(good); err != nil || got != strings.ToLower(strings.TrimSpace(good)) {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "ab", strings.Repeat("a", 31), "-ada", "ada-", "a--b", "2ada", "ada_o", "ada.o", "ada/o", "аda", "ada\u200b", "ada o", "ａｄａ",
		"admin", "ADMIN", "adm1n", "ad-min", "Hallmark", "ha11mark", "sign-in", "verify", "www", "%61dmin"} {
		if got, err := CleanHandle(bad); !errors.Is(err, Invalid) {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
}

func TestLooks(t *testing.T) {
	for _, same := range [][2]string{{"paul", "pau1"}, {"modern", "modem"}, {"savvy", "sawy"}, {"a-b-c", "abc"}, {"olli", "0lll"}} {
		if Looks(same[0]) != Looks(same[1]) {
			t.Errorf("%v look alike", same)
		}
	}
	if Looks("ada") == Looks("eda") {
		t.Error("others do not")
	}
}

func TestCleanLinks(t *testing.T) {
	if got, err := CleanLinks([]string{" https://a.example/x ", "", "https://a.example/x", "http://b.example"}); err != nil || len(got) != 2 {
		t.Error(got, err)
	}
	for _, bad := range []string{"javascript:alert(1)", "a.example", "//a.example", "https://", "https://me:pw@a.example", "https://a.example/\u202e", "data:text/html,x", "mailto:a@b.example",
		"https://a.example/" + strings.Repeat("x", 300)} {
		if got, err := CleanLinks([]string{bad}); !errors.Is(err, Invalid) {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
	if _, err := CleanLinks([]string{"http://a", "http://b", "http://c", "http://d", "http://e", "http://f"}); !errors.Is(err, Invalid) {
		t.Error("six links were taken")
	}
}
