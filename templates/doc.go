// Package templates holds what people see: pages, mails, the words on them,
// the style sheet, the typeface and the icons, and reads all of it once at
// the start. A page that does not parse stops the start.
//
// It owns how things look and what they are called. It does not own what is
// shown: each door has its own small structs for its pages, and the package
// knows none of them. It imports nothing of ours.
//
// Decisions worth knowing:
//   - Every word is in the catalogue (text/en, a file for each part of the product)
//     under a key; a test refuses bare text in a template and a key that nobody
//     uses. Another language is another folder, which says what English says, in as
//     many plural forms as it has. What acts say when they refuse is English in
//     the code and found again by its sentence (said.go); what lacks there
//     stays English and is marked as such. So do the reasons of the verifier, unmarked.
//   - Each page is parsed with its own copy of the layout, so that pages may
//     define blocks of the same name.
//   - Pages are written whole into memory first: a fault in the middle of a
//     page is an error page, never half a page.
//   - No style or script stands in a page: the security policy allows files of
//     our own origin alone. Names of people and organisations are isolated
//     (bdi) wherever they meet a sentence, because they may run the other way.
//   - Markup is made in six places: say, timeElement, check and texts escape what
//     they are given, icon and inline read embedded files alone, markdown ends in
//     a sanitiser.
//   - One page is a file of its own: the checker that people save. It carries
//     styles, scripts and the program, and its policy allows these by digest.
package templates
