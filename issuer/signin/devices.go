package signin

import (
	"context"
	"strings"
	"time"

	"hallmark/issuer"
)

// deviceKey is the value in a session that says which browser it is in.
const deviceKey = "device"

// deviceLife is how long a browser keeps the cookie by which it is known again
// (RFC 6265bis §5.5: no more than 400 days).
const deviceLife = 400 * 24 * time.Hour

// arrive notes which browser a person signed in with. The cookie by which it is
// known again lets nobody in; it only keeps quiet the mail about a new one.
func (s *Signin) arrive(ctx context.Context, person issuer.PersonID) error {
	v := visitOf(ctx)
	if v == nil {
		return nil
	}
	if v.device == "" {
		v.device, _ = newSecret()
		v.fresh = true
	}
	name := deviceName(v.agent)
	s.sessions.Put(ctx, deviceKey, name)
	return s.registrar.Arrive(ctx, person, hashOf(v.device), name, v.language)
}

// named pairs what is found in a User-Agent with what people call it; the first
// that is found counts, because browsers also name those that they are like.
type named struct{ has, name string }

var (
	browsers = []named{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems = []named{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// deviceName makes of a User-Agent what its owner may know it by, and nothing that
// its sender could make up.
func deviceName(agent string) string {
	pick := func(all []named) string {
		for _, n := range all {
			if strings.Contains(agent, n.has) {
				return n.name
			}
		}
		return ""
	}
	browser, system := pick(browsers), pick(systems)
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser != "" || system != "":
		return browser + system
	}
	return "a browser of unknown make"
}
