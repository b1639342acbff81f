package web

import "net/http"

// Class sorts routes by what a browser may do with their answers.
type Class int

// The classes of routes. The zero Class is the strictest.
const (
	Private   Class = iota // pages and JSON of a session
	Public                 // pages anyone may see
	Checking               // the verify page: WebAssembly and the camera besides
	Anonymous              // JSON for anyone from any origin, never with a session
	Data                   // signed or public bytes, from any origin
	Picture                // like Data; an SVG stays inert when opened by itself
	Static                 // our own scripts, styles, fonts and pictures
	Framed                 // small pages that other sites show in a frame: no script, no form, no session
)

// Content security policies. Nothing is inline, nothing comes from elsewhere.
const (
	cspPage = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	cspChecking = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	cspFramed  = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
	cspBytes   = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	cspPicture = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)

// SetHeaders sets the security headers of a class. secure tells that the
// service is reached by https alone.
func SetHeaders(h http.Header, class Class, secure bool) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()")
	h.Set("Content-Security-Policy", cspPage)
	if secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	switch class {
	case Private:
		h.Set("Cache-Control", "no-store")
	case Public:
		h.Set("Cache-Control", "no-cache")
	case Checking:
		h.Set("Cache-Control", "no-cache")
		h.Set("Content-Security-Policy", cspChecking)
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()")
	case Anonymous, Data:
		h.Set("Content-Security-Policy", cspBytes)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
		if class == Anonymous {
			h.Set("Cache-Control", "no-store")
		}
	case Picture:
		h.Set("Content-Security-Policy", cspPicture)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
	case Framed:
		h.Set("Cache-Control", "no-cache")
		h.Set("Content-Security-Policy", cspFramed)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Del("X-Frame-Options")
	case Static:
		h.Set("Content-Security-Policy", cspBytes)
	}
}

// Preflight answers OPTIONS of a route that any origin may use. Such routes
// never look at cookies, so no credentials are allowed.
func Preflight(h http.Header, methods string) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", methods)
}
