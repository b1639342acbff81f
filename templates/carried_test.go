package templates

import "testing"

func TestCarried(t *testing.T) {
	got, err := carried(carriedBadge, `{"name":"</script><!-- <b>"}`)
	if want := `<script type="application/vc">{"name":"\u003c/script>\u003c!-- \u003cb>"}</script>`; err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	if got, err := carried("text/javascript", "alert(1)"); err == nil {
		t.Errorf("a page carries %s", got)
	}
}
