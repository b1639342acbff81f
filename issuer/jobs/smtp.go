package jobs

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/wneessen/go-mail"
)

// Ways to protect the connection to the mail server.
const (
	STARTTLS = "starttls" // or nothing is sent
	TLS      = "tls"      // from the first byte
	NoTLS    = "none"     // only to this machine
)

// SMTP sends mail through a server.
type SMTP struct {
	Host     string
	Port     int // 0: 587, or 465 for TLS, 25 for none
	User     string
	Password string
	From     string // address, or “Name <address>”
	TLS      string // "" is STARTTLS
}

// Send opens a connection, sends one mail and closes it.
func (s *SMTP) Send(ctx context.Context, m Mail) error {
	msg, err := s.message(m)
	if err != nil {
		return Permanent{err}
	}
	err = s.deliver(ctx, msg)
	var refused *mail.SendError
	if errors.As(err, &refused) && refused.Reason == mail.ErrSMTPRcptTo && !refused.IsTemp() {
		return Refused{err}
	}
	return err
}

func (s *SMTP) deliver(ctx context.Context, msg *mail.Msg) error {
	options, err := s.options()
	if err != nil {
		return err
	}
	var line net.Conn
	defer func() {
		if line != nil {
			_ = line.Close() // the library leaves it open when it is refused early
		}
	}()
	if s.TLS != TLS { // which it must dial itself to know that it is protected
		options = append(options, mail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			line = c
			return c, err
		}))
	}
	c, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return fmt.Errorf("prepare mail: %w", err)
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func (s *SMTP) options() ([]mail.Option, error) {
	options := []mail.Option{mail.WithTimeout(mailTimeout)}
	port := s.Port
	switch s.TLS {
	case "", STARTTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
		port = or(port, 587)
	case TLS:
		options = append(options, mail.WithSSL())
		port = or(port, 465)
	case NoTLS:
		if ip := net.ParseIP(s.Host); s.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, errors.New("prepare mail: without TLS mail goes to this machine only")
		}
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
		port = or(port, 25)
	default:
		return nil, fmt.Errorf("prepare mail: smtp.tls is %q; it must be starttls, tls or none", s.TLS)
	}
	options = append(options, mail.WithPort(port))
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return options, nil
}

func or(port, usual int) int {
	if port == 0 {
		return usual
	}
	return port
}

// message puts a mail together: text first, HTML as the better alternative.
func (s *SMTP) message(m Mail) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.From(s.From); err != nil {
		return nil, fmt.Errorf("mail from: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("mail to: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	if m.ID == "" {
		msg.SetMessageID()
	} else {
		msg.SetMessageIDWithValue(m.ID)
	}
	if m.Stop != "" { // RFC 8058 §3.1
		msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+m.Stop+">")
		msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no vacation notes, please
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
