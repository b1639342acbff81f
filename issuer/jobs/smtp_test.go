package jobs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
)

// mailServer speaks just enough SMTP (RFC 5321) on loopback, without TLS. It
// answers RCPT as told and hands over what it was sent.
func mailServer(t *testing.T, rcpt string) (port int, received chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	received = make(chan string, 1)
	ended := make(chan bool)
	go func() {
		defer close(ended)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		serve(c, rcpt, received)
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return l.Addr().(*net.TCPAddr).Port, received
}

func serve(c net.Conn, rcpt string, received chan string) {
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 test")
	var got strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		got.WriteString(line)
		switch word := strings.ToUpper(strings.Fields(line + " x")[0]); word {
		case "EHLO", "HELO":
			say("250 test")
		case "RCPT":
			say(rcpt)
		case "DATA":
			say("354 go on")
			for line != ".\r\n" {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
				got.WriteString(line)
			}
			say("250 kept")
		case "QUIT":
			say("221 bye")
			received <- got.String()
			return
		default:
			say("250 ok")
		}
	}
}

var letter = Mail{To: "ann@example.org", Subject: "Your badge – “Maker”", Text: "Hello Ann.", HTML: "<p>Hello Ann.</p>"}

func TestSMTP(t *testing.T) {
	port, received := mailServer(t, "250 ok")
	s := &SMTP{Host: "127.0.0.1", Port: port, From: "Example Academy <badges@example.org>", TLS: NoTLS}
	if err := s.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := <-received
	for _, want := range []string{"MAIL FROM:<badges@example.org>", "RCPT TO:<ann@example.org>", "To: <ann@example.org>", "Auto-Submitted: auto-generated",
		"multipart/alternative", "Hello Ann.", "<p>Hello Ann.</p>", "Message-ID: <", "Date: "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestSMTPRefusals(t *testing.T) {
	tests := []struct {
		name      string
		rcpt      string
		change    func(s *SMTP, m *Mail)
		permanent bool
	}{
		{"no such mailbox", "550 5.1.1 no such mailbox", nil, true},
		{"try later", "451 4.7.1 greylisted", nil, false},
		{"no TLS where it is required", "250 ok", func(s *SMTP, _ *Mail) { s.TLS = STARTTLS }, false},
		{"no TLS to another machine", "250 ok", func(s *SMTP, _ *Mail) { s.Host = "mail.example.org" }, false},
		{"unknown policy", "250 ok", func(s *SMTP, _ *Mail) { s.TLS = "maybe" }, false},
		{"wrong recipient", "250 ok", func(_ *SMTP, m *Mail) { m.To = "ann" }, true},
		{"a second header in the recipient", "250 ok", func(_ *SMTP, m *Mail) { m.To = "ann@example.org>\r\nBcc: <x@example.org" }, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port, received := mailServer(t, test.rcpt)
			s, m := &SMTP{Host: "127.0.0.1", Port: port, From: "badges@example.org", TLS: NoTLS}, letter
			if test.change != nil {
				test.change(s, &m)
			}
			err := s.Send(t.Context(), m)
			if err == nil {
				t.Fatalf("sent: %s", <-received)
			}
			if got := errors.As(err, new(Permanent)); got != test.permanent {
				t.Errorf("permanent is %v: %v", got, err)
			}
		})
	}
}

// TestSMTPSubject tries to smuggle a header in by the subject.
func TestSMTPSubject(t *testing.T) {
	port, received := mailServer(t, "250 ok")
	s, m := &SMTP{Host: "localhost", Port: port, From: "badges@example.org", TLS: NoTLS}, letter
	m.Subject = "x\r\nBcc: eve@example.org"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := <-received; strings.Contains(got, "\nBcc:") {
		t.Errorf("a header came in:\n%s", got)
	}
}

// TestSMTPRead reads a mail with another parser than wrote it.
func TestSMTPRead(t *testing.T) {
	port, received := mailServer(t, "250 ok")
	s, m := &SMTP{Host: "localhost", Port: port, From: "Example Academy <badges@example.org>", TLS: NoTLS}, letter
	m.ID, m.Stop = "abc@badges.example.org", "https://badges.example.org/mail/stop?t=X"
	m.Text, m.HTML = strings.Repeat("Ümläut 漢字 ", 40)+"\n.\nlast", "<p>"+strings.Repeat("Ümläut 漢字 ", 40)+"</p>"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	_, data, _ := strings.Cut(<-received, "DATA\r\n")
	read, err := mail.ReadMessage(textproto.NewReader(bufio.NewReader(strings.NewReader(data))).DotReader())
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	for name, want := range map[string]string{"Message-Id": "<abc@badges.example.org>", "List-Unsubscribe": "<" + m.Stop + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Mime-Version": "1.0", "To": "<ann@example.org>"} {
		if got := read.Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	from, fromErr := read.Header.AddressList("From")
	if _, dateErr := read.Header.Date(); err != nil || fromErr != nil || dateErr != nil || subject != m.Subject || len(from) != 1 || from[0].Name != "Example Academy" {
		t.Errorf("subject %q, from %v: %v %v %v", subject, from, err, fromErr, dateErr)
	}
	media, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		t.Fatalf("%q %v", media, err)
	}
	parts := multipart.NewReader(read.Body, params["boundary"]) // undoes quoted-printable by itself
	for _, want := range []struct{ media, body string }{{"text/plain; charset=UTF-8", m.Text}, {"text/html; charset=UTF-8", m.HTML}} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || part.Header.Get("Content-Type") != want.media || got != want.body {
			t.Errorf("%s %v:\n%q\nwant\n%q", part.Header.Get("Content-Type"), err, got, want.body)
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("after the last part: %v", err)
	}
}
