package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Mailbox keeps what the demo would have mailed, newest first.
type Mailbox interface{ Messages() []Message }

// Message is one mail of the demo.
type Message struct {
	To      string
	Subject string
	Text    string
	At      time.Time
}

// Link is the first address in the text, "" if there is none.
func (m Message) Link() string {
	for _, word := range strings.Fields(m.Text) {
		if strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://") {
			return word
		}
	}
	return ""
}

// MailboxPage is the data of "page/mailbox".
type MailboxPage struct{ Messages []Message }

func (p *Pages) mailbox(c echo.Context) error {
	return p.show(c, http.StatusOK, "demo/mail", "page/mailbox", MailboxPage{p.Mailbox.Messages()})
}
