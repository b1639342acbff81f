package issuer

import (
	"database/sql/driver"
	"slices"
	"strings"
	"time"
)

// SavedReply is something that a mentor says often, under a name to find it by.
type SavedReply struct {
	ID        ReplyID
	IssuerID  IssuerID
	PersonID  PersonID
	Name      string
	Text      string
	CreatedAt time.Time
}

// How much a mentor can save.
const (
	MaxReplies   = 50
	MaxReplyText = 4000
)

// AddReply puts a saved reply under what a note says already.
func AddReply(note, reply string) string {
	if note = strings.TrimRight(note, " \n"); note == "" {
		return reply
	}
	return note + "\n\n" + reply
}

// ReturnReason is why capstones are returned, as it is counted: a code and the
// words that people see.
type ReturnReason struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// ReturnReasons are those of a program; none stands for UsualReasons.
type ReturnReasons []ReturnReason

// UsualReasons are the reasons of a program that says nothing else.
var UsualReasons = ReturnReasons{
	{"evidence", "Evidence is missing or cannot be opened"},
	{"impact", "The value is not shown, or not believable"},
	{"works", "It does not work as it is described"},
	{"data", "It handles data in a way that is not allowed"},
	{"scope", "It is something else than what was agreed"},
	{"unclear", "It is not described clearly enough to judge"},
	{"other", "Something else"},
}

// GormDataType names the kind of column to the schema check.
func (ReturnReasons) GormDataType() string { return "text" }

// Value makes the JSON text.
func (r ReturnReasons) Value() (driver.Value, error) {
	if r == nil {
		return "[]", nil
	}
	return toJSON([]ReturnReason(r))
}

// Scan reads the JSON text.
func (r *ReturnReasons) Scan(src any) error { return fromJSON(src, (*[]ReturnReason)(r)) }

// OrUsual gives the reasons, or the usual ones where there are none.
func (r ReturnReasons) OrUsual() ReturnReasons {
	if len(r) == 0 {
		return UsualReasons
	}
	return r
}

// Name is what people see for a code. One that is not in the list any more is
// shown as it is.
func (r ReturnReasons) Name(code string) string {
	if i := slices.IndexFunc(r, func(x ReturnReason) bool { return x.Code == code }); i >= 0 {
		return r[i].Name
	}
	return code
}

// Check refuses a reason that is none of the list, and one for anything but a
// return. "" is no reason given, which is fine.
func (r ReturnReasons) Check(d Decision, code string) error {
	switch {
	case code == "":
		return nil
	case d != Return:
		return Wrong("reason", "Only a return has a reason.")
	case !slices.ContainsFunc(r, func(x ReturnReason) bool { return x.Code == code }):
		return Wrong("reason", "Choose one of the reasons of this program.")
	}
	return nil
}
