package auditor_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"hallmark/issuer/store/storetest"
)

// What becomes of a COMMIT on the way to PostgreSQL.
const (
	passes  int32 = iota
	refused       // the connection ends before the server has it: nothing was kept
	lost          // the server has done it, and its answer never comes
)

// cable is the way to a PostgreSQL server, cut where a transaction ends.
type cable struct {
	to   string
	mode atomic.Int32
}

// commit is how a client asks for it (PostgreSQL, frontend/backend protocol,
// message Query).
var commit = []byte("Q\x00\x00\x00\x0bcommit\x00")

func (c *cable) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return // closed
		}
		server, err := net.Dial("tcp", c.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		go c.forward(client, server)
	}
}

func (c *cable) forward(client, server net.Conn) {
	var ending atomic.Bool // the next answer is that of a COMMIT which is to be lost
	hangUp := func() { _, _ = client.Close(), server.Close() }
	go func() {
		defer hangUp()
		answer := make([]byte, 64<<10)
		for {
			n, err := server.Read(answer)
			if err != nil || ending.Load() {
				return
			}
			if _, err := client.Write(answer[:n]); err != nil {
				return
			}
		}
	}()
	defer hangUp()
	asked := make([]byte, 64<<10)
	for {
		n, err := client.Read(asked)
		if err != nil {
			return
		}
		if mode := c.mode.Load(); mode != passes && bytes.Contains(asked[:n], commit) {
			if mode == refused {
				return
			}
			ending.Store(true)
			if _, err := server.Write(asked[:n]); err == nil {
				_, _ = io.Copy(io.Discard, client) // until the other side hangs up
			}
			return
		}
		if _, err := server.Write(asked[:n]); err != nil {
			return
		}
	}
}

// onServer is a scene whose database is at the end of a cable.
func onServer(t *testing.T) *scene {
	t.Helper()
	dsn, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &cable{to: dsn.Host}
	go c.serve(l)
	dsn.Host = l.Addr().String()
	x := newScene(t, dsn.String())
	x.fail = func(what string) func() {
		c.mode.Store(map[string]int32{"refused": refused, "lost": lost}[what])
		return func() { c.mode.Store(passes) }
	}
	return x
}

// TestCommits: the steps of TestFaults, on PostgreSQL, with the commit of each
// not done, and done without an answer.
func TestCommits(t *testing.T) {
	for _, anew := range []bool{false, true} {
		name := "retried"
		if anew {
			name = "restarted"
		}
		t.Run(name, func(t *testing.T) {
			x := onServer(t)
			for _, f := range faults {
				for _, broken := range []string{"refused", "lost"} {
					x.fault(f, broken, anew)
					if t.Failed() {
						t.Fatalf("%s, the commit was %s", f.name, broken)
					}
				}
			}
		})
	}
}
