package main

import (
	"strings"
	"testing"

	"hallmark/verifier"
)

// TestTips: a tip is a line for a shell, and the addresses in it are strangers'
// words.
func TestTips(t *testing.T) {
	report := func(status, refresh string) *verifier.Report {
		return &verifier.Report{Checks: []verifier.Check{
			{Name: "status", Outcome: verifier.Undetermined, Detail: map[string]any{"list": status}},
			{Name: "refresh", Outcome: verifier.Skipped, Detail: map[string]any{"available": true, "url": refresh}},
		}}
	}
	good := (&verifyCmd{}).tips(report("https://x.example/status/1", "https://x.example/new"))
	if len(good) != 2 || !strings.HasSuffix(good[0], "--status https://x.example/status/1") {
		t.Errorf("%q", good)
	}
	for _, hostile := range []string{"https://x.example/;reboot", "https://x.example/$(reboot)", "https://x.example/`reboot`", "https://x.example/a b", "https://x.example/\x1b[2J", "https://x.example/é", "https://x.example/'", ""} {
		if tips := (&verifyCmd{}).tips(report(hostile, hostile)); len(tips) > 0 {
			t.Errorf("%q: %q", hostile, tips)
		}
	}
	for _, quiet := range []verifyCmd{{Status: "list.json", Refresh: true}, {Status: "list.json", Offline: true}} {
		if tips := quiet.tips(report("https://x.example/status/1", "https://x.example/new")); len(tips) > 0 {
			t.Errorf("%+v: %q", quiet, tips)
		}
	}
}
