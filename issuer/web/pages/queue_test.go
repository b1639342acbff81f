package pages

import (
	"testing"
	"time"

	"hallmark/issuer/registrar"
)

// TestQueueRows: what waits the longest is first, be it a submission or an appeal.
func TestQueueRows(t *testing.T) {
	at := func(h int) *time.Time { t := noon.Add(time.Duration(h) * time.Hour); return &t }
	rows := QueuePage{&registrar.QueueView{
		Waiting: []registrar.CapstoneLine{{Title: "a", WaitingSince: at(1)}, {Title: "d", WaitingSince: at(7)}},
		Appeals: []registrar.AppealView{{Title: "b", CreatedAt: *at(2)}, {Title: "c", CreatedAt: *at(3)}},
	}}.Rows()
	got := ""
	for _, r := range rows {
		if r.Appeal != nil {
			got += r.Appeal.Title
		} else {
			got += r.Line.Title
		}
	}
	if got != "abcd" {
		t.Errorf("in the order %s", got)
	}
}
