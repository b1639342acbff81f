// Package pages is the door for people who signed in: HTML, a cookie and
// plain forms that work without script. A form is answered by a redirect to
// the page that shows what happened, or by the same page with what is wrong
// and everything that was typed.
//
// It owns which page shows what, and the small structs that package templates
// puts into words. It decides nothing: every right and rule is the
// registrar's, and a page never offers what its view says is not allowed, but
// does not rely on that either.
//
// The public pages of badges are package public's and the verify page is
// verifier/web's: they answer the same to everyone and never look at a
// cookie. They share the templates.
package pages
