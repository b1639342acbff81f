package crash

import (
	"bufio"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"time"
)

// mailbox is a mail server that takes everything and remembers which badges it
// was told of (RFC 5321, as much of it as a client that trusts it needs).
type mailbox struct {
	listener net.Listener

	mu    sync.Mutex
	mails int
	last  time.Time         // when the last came
	told  map[string]string // who was, by id of the badge
	got   map[string]int    // mails by who they were for
}

func openMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mailbox{listener: l, told: map[string]string{}, got: map[string]int{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go m.serve(c)
		}
	}()
	return m, nil
}

func (m *mailbox) port() int { return m.listener.Addr().(*net.TCPAddr).Port }

var badgeLink = regexp.MustCompile(`/v/([A-Z2-7]{26})`)

// serve speaks with one client. A client that is killed in the middle of a mail
// has not sent it.
func (m *mailbox) serve(c net.Conn) {
	defer c.Close()
	r, w := textproto.NewReader(bufio.NewReader(c)), textproto.NewWriter(bufio.NewWriter(c))
	if w.PrintfLine("220 crash.example") != nil {
		return
	}
	to := ""
	for {
		line, err := r.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		answer := "250 ok"
		switch verb {
		case "RCPT":
			to = line
		case "DATA":
			if w.PrintfLine("354 go on") != nil {
				return
			}
			text, err := r.ReadDotBytes()
			if err != nil {
				return
			}
			m.keep(to, text)
		case "QUIT":
			answer = "221 bye"
		}
		if w.PrintfLine("%s", answer) != nil || verb == "QUIT" {
			return
		}
	}
}

// keep notes the badges that a mail tells of. Long lines of quoted-printable
// text are joined first (RFC 2045 §6.7).
func (m *mailbox) keep(to string, text []byte) {
	whole := strings.ReplaceAll(string(text), "=\n", "")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails, m.last = m.mails+1, time.Now()
	m.got[to]++
	for _, found := range badgeLink.FindAllStringSubmatch(whole, -1) {
		m.told[found[1]] = to
	}
}

// alone is how many mails someone gets by themselves within an hour; what is more
// waits, and comes as one.
const alone = 5

// overdue leaves out those of the badges that it was not told of whose mail waits
// because their holder got so many; holder knows people by the ids of badges.
func (m *mailbox) overdue(missing, all []string, holder func(id string) string) (late []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := map[string]int{}
	for _, id := range all {
		if to, ok := m.told[id]; ok {
			got[holder(id)] = m.got[to]
		}
	}
	for _, id := range missing {
		if got[holder(id)] < alone {
			late = append(late, id)
		}
	}
	return late
}

// missing counts the badges that it was not told of.
func (m *mailbox) missing(badges []string) (missing []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range badges {
		if m.told[id] == "" {
			missing = append(missing, id)
		}
	}
	return missing
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mails
}

// quiet tells whether no mail came for a while.
func (m *mailbox) quiet(d time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.last) > d
}
