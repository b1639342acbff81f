package signin

import (
	"net/http"
	"time"
)

// Preference makes a cookie for something that a reader chose and that is no
// secret, such as a language: it goes the ways that the session's cookie goes.
func (s *Signin) Preference(name, value string, life time.Duration) *http.Cookie {
	return s.cookie(name, value, int(life.Seconds()))
}
