package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// The access matrix: every route of the service, and what each kind of person
// is told there. One letter for each of issuertest.Kinds, in their order:
//
//	nobody learner other mate community lead elsewhere owner admin root sponsor plain lms bare
//
//	u  sign in first (401)          f  you may not (403)
//	h  there is no such thing (404) a  allowed: whatever else is said of it
//
// The badge belongs to learner; so does capstone {capstone} of cohort
// craft-1, with mate in its team. {draft} is a capstone that learner has not
// handed in.
var access = []struct{ method, route, path, body, want string }{
	// The door for anyone.
	{"GET", "/", "/", "", "aaaaaaaaaaaaaa"},
	{"GET", "/static/*", "/static/0/hallmark.css", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id", "/v/{credential}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id", "/V/{credential}.json", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/qr.png", "/v/{credential}/qr.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/qr.svg", "/v/{credential}/qr.svg", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/qr.png", "/V/{credential}/qr.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/qr.svg", "/V/{credential}/qr.svg", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/card.png", "/v/{credential}/card.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/card.png", "/V/{credential}/card.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/slip.png", "/v/{credential}/slip.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/slip.svg", "/v/{credential}/slip.svg", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/slip.png", "/V/{credential}/slip.png", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/slip.svg", "/V/{credential}/slip.svg", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/proof", "/v/{credential}/proof", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/proof", "/V/{credential}/proof", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/staple", "/v/{credential}/staple", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/staple", "/V/{credential}/staple", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/endorsements", "/v/{credential}/endorsements", "", "aaaaaaaaaaaaaa"},
	{"GET", "/V/:id/endorsements", "/V/{credential}/endorsements", "", "aaaaaaaaaaaaaa"},
	{"GET", "/embed/:id", "/embed/{credential}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/oembed", "/oembed?url={base}/v/{credential}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/s/:token", "/s/{shared}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/p/:handle", "/p/leo-makes", "", "aaaaaaaaaaaaaa"},
	{"GET", "/p/:handle/card.png", "/p/leo-makes/card.png", "", "hhhhhhhhhhhhhh"}, // no badge of theirs is public
	{"GET", "/log/checkpoint", "/log/checkpoint", "", "aaaaaaaaaaaaaa"},
	{"GET", "/log/key", "/log/key", "", "aaaaaaaaaaaaaa"},
	{"GET", "/log/tile/*", "/log/tile/0/000.p/1", "", "aaaaaaaaaaaaaa"},
	{"GET", "/.well-known/did.json", "/.well-known/did.json", "", "aaaaaaaaaaaaaa"},
	{"GET", "/did.json", "/did.json", "", "hhhhhhhhhhhhhh"}, // the base URL has no path, and never had
	{"GET", "/.well-known/jwks.json", "/.well-known/jwks.json", "", "aaaaaaaaaaaaaa"},
	{"GET", "/.well-known/openid-credential-issuer", "/.well-known/openid-credential-issuer", "", "aaaaaaaaaaaaaa"},
	{"GET", "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server", "", "aaaaaaaaaaaaaa"},
	{"GET", "/oid4vci/offers/:secret", "/oid4vci/offers/none", "", "hhhhhhhhhhhhhh"},
	{"POST", "/oid4vci/token", "/oid4vci/token", `grant_type=x`, "aaaaaaaaaaaaaa"},
	{"POST", "/oid4vci/nonce", "/oid4vci/nonce", "", "aaaaaaaaaaaaaa"},
	{"POST", "/oid4vci/credential", "/oid4vci/credential", `{}`, "uuuuuuuuuuuuuu"}, // its tokens are those of offers
	{"POST", "/oid4vci/notification", "/oid4vci/notification", `{}`, "uuuuuuuuuuuuuu"},
	{"GET", "/keys/:kid", "/keys/{kid}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/status/:list", "/status/{list}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/achievements/:id", "/achievements/{achievement}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/issuers/:id", "/issuers/{issuer}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/art/:file", "/art/{achievement}.svg", "", "aaaaaaaaaaaaaa"},
	{"GET", "/healthz", "/healthz", "", "aaaaaaaaaaaaaa"},
	{"GET", "/readyz", "/readyz", "", "aaaaaaaaaaaaaa"},
	{"GET", "/verify", "/verify", "", "aaaaaaaaaaaaaa"},
	{"POST", "/verify", "/verify", `text=x`, "aaaaaaaaaaaaaa"},
	{"GET", "/verify/offline", "/verify/offline", "", "aaaaaaaaaaaaaa"},
	{"POST", "/verify/batch", "/verify/batch", `links=x`, "aaaaaaaaaaaaaa"},
	{"POST", "/api/verify", "/api/verify", `{"url":"https://else.example/"}`, "aaaaaaaaaaaaaa"},
	{"POST", "/api/verify/batch", "/api/verify/batch", `{"items":["https://else.example/"]}`, "aaaaaaaaaaaaaa"},
	{"GET", "/api/openapi.json", "/api/openapi.json", "", "aaaaaaaaaaaaaa"},
	{"GET", "/privacy", "/privacy", "", "aaaaaaaaaaaaaa"},
	{"GET", "/imprint", "/imprint", "", "aaaaaaaaaaaaaa"},
	{"GET", "/gallery", "/gallery?program=craft&skill=x&department=x&q=x", "", "aaaaaaaaaaaaaa"},
	{"GET", "/gallery/:id", "/gallery/x", "", "hhhhhhhhhhhhhh"}, // there is none
	{"GET", "/concerns/new", "/concerns/new", "", "aaaaaaaaaaaaaa"},
	{"POST", "/concerns/new", "/concerns/new", `kind=conduct&program=&badge=&about=x&words=x&runner=&named=no&website=`, "aaaaaaaaaaaaaa"},
	{"GET", "/concerns/follow", "/concerns/follow", "", "aaaaaaaaaaaaaa"},
	{"GET", "/v/:id/ask", "/v/{credential}/ask", "", "aaaaaaaaaaaaaa"},
	{"POST", "/v/:id/ask", "/v/{credential}/ask", `name=x&email=x@else.example&words=x&website=`, "aaaaaaaaaaaaaa"},
	{"GET", "/asked/:token", "/asked/{asking}", "", "aaaaaaaaaaaaaa"},
	{"POST", "/asked/:token", "/asked/{asking}", `step=confirm`, "aaaaaaaaaaaaaa"},
	{"POST", "/concerns/follow", "/concerns/follow", `code=x&step=add&words=x`, "aaaaaaaaaaaaaa"},
	// The way in. Links that are no good are not there; no access token is a client's secret.
	{"GET", "/signin", "/signin", "", "aaaaaaaaaaaaaa"},
	{"POST", "/signin", "/signin", `email={learner}`, "aaaaaaaaaaaaaa"},
	{"GET", "/signin/link", "/signin/link?t=x", "", "aaaaaaaaaaaaaa"},
	{"POST", "/signin/link", "/signin/link", `t=x`, "hhhhhhhhhhhhhh"},
	{"POST", "/signin/passkey/options", "/signin/passkey/options", `{}`, "hhhhhhhhhhhhhh"},
	{"POST", "/signin/passkey", "/signin/passkey", `{}`, "hhhhhhhhhhhhhh"},
	{"GET", "/signin/oidc/callback", "/signin/oidc/callback?code=x&state=y", "", "aaaaaaaaaaaaaa"},
	{"GET", "/signin/oidc/:name", "/signin/oidc/none", "", "hhhhhhhhhhhhhh"},
	{"GET", "/invitation", "/invitation?t={invite}", "", "aaaaaaaaaaaaaa"},
	{"POST", "/invitation", "/invitation", `t={invite}`, "aaaaaaaaaaaaff"},
	{"GET", "/mail/stop", "/mail/stop?t={stop}", "", "aaaaaaaaaaaaaa"},
	{"POST", "/mail/stop", "/mail/stop?t={stop}", `List-Unsubscribe=One-Click`, "aaaaaaaaaaaaaa"},
	{"GET", "/setup", "/setup?t=x", "", "aaaaaaaaaaaaaa"},
	{"POST", "/setup", "/setup", `t=x&email={learner}&name=X`, "hhhhhhhhhhhhhh"},
	{"POST", "/signout", "/signout", `x=`, "aaaaaaaaaaaaaa"},
	{"POST", "/language", "/language", `lang=en-GB&next=/verify`, "aaaaaaaaaaaaaa"},
	{"POST", "/oauth/token", "/oauth/token", `grant_type=client_credentials`, "uuuuuuuuuuuuuu"},
	// The door for people. The address of the test is a number, for which there
	// are no passkeys.
	{"POST", "/confirm/passkey/options", "/confirm/passkey/options", `{}`, "uhhhhhhhhhhhhh"},
	{"POST", "/confirm/passkey", "/confirm/passkey", `{}`, "uhhhhhhhhhhhhh"},
	{"GET", "/account", "/account", "", "uaaaaaaaaaaaff"},
	{"POST", "/account/confirm", "/account/confirm", `add=passkey`, "uaaaaaaaaaaaff"},
	{"POST", "/account/passkeys/options", "/account/passkeys/options", `{}`, "uhhhhhhhhhhhhh"},
	{"POST", "/account/passkeys", "/account/passkeys?name=x", `{}`, "uhhhhhhhhhhhhh"},
	{"POST", "/account/passkeys/:id/remove", "/account/passkeys/x/remove", `remove=yes`, "uaaaaaaaaaaaff"},
	{"POST", "/account/passkeys/:id", "/account/passkeys/x", `name=x`, "uhhhhhhhhhhhff"},
	{"POST", "/account/addresses", "/account/addresses", `email=one.more%40people.example`, "uaaaaaaaaaaaff"},
	{"POST", "/account/addresses/main", "/account/addresses/main", `address={learner}`, "uaaaaaaaaaaaff"},
	{"POST", "/account/addresses/remove", "/account/addresses/remove", `address={learner}`, "uaaaaaaaaaaaff"},
	{"GET", "/account/address", "/account/address?t=x", "", "uaaaaaaaaaaaff"},
	{"POST", "/account/address", "/account/address", `t=x`, "uhhhhhhhhhhhff"},
	{"POST", "/account/merge", "/account/merge", `t=x`, "uaaaaaaaaaaaff"}, // asks to confirm first
	{"POST", "/account/sessions/end", "/account/sessions/end", `session=x`, "uaaaaaaaaaaaff"},
	{"POST", "/account/sessions/end-all", "/account/sessions/end-all", `all=yes`, "uaaaaaaaaaaaff"},
	{"GET", "/account/oidc/:name", "/account/oidc/none", "", "uaaaaaaaaaaaaa"},
	{"POST", "/account/identities/remove", "/account/identities/remove", `provider=x&subject=x`, "uaaaaaaaaaaaff"},
	{"POST", "/account/token", "/account/token", `make=token`, "uaaaaaaaaaaaff"},
	{"GET", "/account/mails", "/account/mails", "", "uaaaaaaaaaaaff"},
	{"POST", "/account/mails", "/account/mails", `badge-issued=daily`, "uaaaaaaaaaaaff"},
	{"GET", "/account/name", "/account/name", "", "uaaaaaaaaaaaff"},
	{"POST", "/account/name", "/account/name", `name=Someone+Else&note=x`, "uaaaaaaaaaaaff"},
	{"POST", "/account/name/:id/withdraw", "/account/name/{asked}/withdraw", `x=`, "uahhhhhhhhhhff"},
	{"GET", "/portfolio", "/portfolio", "", "uaaaaaaaaaaaff"},
	{"POST", "/portfolio", "/portfolio", `handle=x&headline=x&links=x&named=x&shown=x&capstone=x`, "uaaaaaaaaaaaff"},
	{"GET", "/requests", "/requests", "", "uaaaaaaaaaaaff"},
	{"POST", "/requests/questions/:id", "/requests/questions/{question}", `decision=answer&answer=x`, "uhhhhahaaahhff"},
	{"POST", "/requests/names/:id", "/requests/names/{asked}", `decision=refused&answer=x`, "uffffffaaaffff"},
	{"GET", "/home", "/home", "", "uaaaaaaaaaaaff"},
	{"POST", "/consent", "/consent", `answer=no`, "uaaaaaaaaaaaff"},
	{"GET", "/badges", "/badges", "", "uaaaaaaaaaaaff"},
	{"POST", "/badges/export", "/badges/export", `x=`, "uaaaaaaaaaaaff"},
	{"POST", "/people/:id/export", "/people/{leo}/export", `x=`, "uafffffffaffff"},
	{"GET", "/badges/:id", "/badges/{credential}", "", "uahhhhhaaahhah"},
	{"POST", "/badges/:id/visibility", "/badges/{credential}/visibility", `visibility=unlisted`, "uahhhhhfffhhfh"},
	{"POST", "/badges/:id/links", "/badges/{credential}/links", `label=x&days=1`, "uahhhhhfffhhfh"},
	{"POST", "/badges/:id/wallet", "/badges/{credential}/wallet", "", "uahhhhhfffhhfh"},
	{"POST", "/badges/:id/links/:link/end", "/badges/{credential}/links/{sharelink}/end", `x=`, "uahhhhhfffhhfh"},
	{"POST", "/badges/:id/suspend", "/badges/{credential}/suspend", `reason=x`, "ufhhhhhaaahhah"},
	{"POST", "/badges/:id/reinstate", "/badges/{credential}/reinstate", `reason=x`, "ufhhhhhaaahhah"},
	{"GET", "/capstones/new", "/capstones/new?brief=x", "", "uhhhhhhhhhhhff"},
	// Of the learners only one has not begun this capstone yet.
	{"POST", "/capstones", "/capstones", `brief=K1&cohort=craft-1&title=x`, "uhahffffffffff"},
	{"GET", "/capstones/:id", "/capstones/{capstone}", "", "uahaaahaaahhhh"},
	{"POST", "/capstones/:id", "/capstones/{capstone}", `title=x`, "uahaffhfffhhhh"},
	{"GET", "/capstones/:id/appeal", "/capstones/{capstone}/appeal", "", "uahaaahaaahhhh"},
	{"POST", "/capstones/:id/appeal", "/capstones/{draft}/appeal", `words=x`, "uahhffhfffhhhh"}, // mate is not in its team
	{"POST", "/requests/appeals/:id", "/requests/appeals/{appeal}", `decision=stands&answer=x`, "uhfhafhaaahhhh"},
	{"GET", "/capstones/:id/events", "/capstones/{capstone}/events?seen=x", "", "uahaaahaaahhhh"},
	{"POST", "/capstones/:id/conflicts", "/capstones/{capstone}/conflicts", `reviewer=x&about=x`, "uahaffhfffhhhh"},
	{"POST", "/capstones/:id/conflicts/:conflict/clear", "/capstones/{capstone}/conflicts/x/clear", `x=`, "ufhfffhhhhhhhh"},
	// A file of the draft is its team's alone; one that was handed in is seen as the rest.
	{"GET", "/capstones/:id/evidence/:evidence", "/capstones/{capstone}/evidence/{file}", "", "uahaaahaaahhhh"},
	{"GET", "/capstones/:id/evidence/:evidence", "/capstones/{draft}/evidence/{draftfile}", "", "uahhhhhhhhhhhh"},
	{"POST", "/capstones/:id/scope", "/capstones/{scoped}/scope", `what=x&tools=x&data=x&dataNote=x&policy=x&act=save`, "uahhffhfffhhhh"},
	{"POST", "/capstones/:id/team", "/capstones/{scoped}/team", `person=x`, "uahhffhfffhhhh"},
	{"POST", "/capstones/:id/part", "/capstones/{scoped}/part", `part=x`, "uahhffhfffhhhh"},
	{"POST", "/capstones/:id/ask", "/capstones/{capstone}/ask", `email=x`, "uahaffhfffhhhh"},
	{"GET", "/impact/:token", "/impact/{claim}", "", "afafaaaaaaaaaa"}, // learner and mate claim it
	{"POST", "/impact/:token", "/impact/{claim}", `name=x&answer=maybe`, "afafaaaaaaaaaa"},
	{"GET", "/scopes/:id", "/scopes/{scoped}", "", "uahhaahaaahhhh"},
	{"GET", "/queue", "/queue", "", "ufffaaafffffff"},
	{"POST", "/review/:id/claim", "/review/{capstone}/claim", `act=release&note=x&to=x`, "ufffaaffffffff"},
	{"GET", "/review/:id/take-back/:review", "/review/{capstone}/take-back/x", "", "uhhhhhhhhhhhhh"},
	{"POST", "/review/:id/take-back/:review", "/review/{capstone}/take-back/x", `x=`, "uhhhhhhhhhhhhh"},
	{"GET", "/desk", "/desk", "", "ufffaaafffffff"},
	{"POST", "/desk/replies", "/desk/replies", `name=x&text=x`, "ufffaaafffffff"},
	{"POST", "/desk/replies/:reply/remove", "/desk/replies/x/remove", `x=`, "ufffaaafffffff"},
	{"POST", "/desk/absences", "/desk/absences", `from=2026-01-01&until=2026-01-01&cover=x&handover=`, "ufffaaafffffff"},
	{"POST", "/desk/absences/:absence/end", "/desk/absences/x/end", `x=`, "ufffaaafffffff"},
	{"GET", "/api/v1/absences", "/api/v1/absences", "", "ufffaaafffffff"},
	{"POST", "/api/v1/absences", "/api/v1/absences", `{"from":"2026-01-01","until":"2026-01-01","cover":"x","handOver":false}`, "ufffaaafffffff"},
	{"DELETE", "/api/v1/absences/:id", "/api/v1/absences/x", "", "ufffaaafffffff"},
	{"GET", "/review/:id", "/review/{capstone}", "", "uahaaahaaahhhh"},
	{"GET", "/programs", "/programs", "", "uaaaaaaaaaaaff"},
	{"GET", "/programs/:code", "/programs/craft", "", "uaaaaaaaaaahaa"},
	{"POST", "/programs", "/programs", `code=spare&name=Spare&purpose=x`, "uffffffffaffff"},
	{"GET", "/programs/:code/program.yaml", "/programs/craft/program.yaml", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/edit", "/programs/craft/edit", "", "uffffffaaafhff"},
	{"POST", "/programs/:code/edit", "/programs/craft/edit", `edition=x&yaml=x&step=save`, "uffffffaaafhff"},
	{"GET", "/programs/:code/edit/art/:file", "/programs/craft/edit/art/badge.svg", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/edit/:part", "/programs/craft/edit/modules", "", "uffffffaaafhff"},
	{"POST", "/programs/:code/edit/:part", "/programs/craft/edit/modules", `edition=x&code=x&name=x&level=x&kind=short&hours=1&pass=1&skills=x&requires=x&step=preview`, "uffffffaaafhff"},
	{"GET", "/programs/:code/edit/:part/:item", "/programs/craft/edit/modules/M1", "", "uffffffaaafhff"},
	{"POST", "/programs/:code/edit/:part/:item", "/programs/craft/edit/achievements/saws", `edition=&name=x&type=Course&description=x&award=module:M1&award.all=x&award.reviews=1&criteria=x&validMonths=1&icon=key&colour=teal&step=preview`, "uffffffaaafhff"},
	{"GET", "/cohorts/:code", "/cohorts/craft-1", "", "uaaaaahaaaahaa"},
	{"POST", "/cohorts/:code/people", "/cohorts/craft-1/people", `email=new%40people.example&name=New&department=x`, "uffffffaaaffff"},
	{"POST", "/cohorts/:code/people/:person/remove", "/cohorts/craft-1/people/{leo}/remove", `x=`, "ufffffhaaafhff"},
	{"POST", "/cohorts/:code/roster", "/cohorts/craft-1/roster", `roster=ZW1haWwsbmFtZQ0KYUBwZW9wbGUuZXhhbXBsZSxBDQo=&step=x`, "uffffffaaaffff"},
	{"POST", "/cohorts/:code/links", "/cohorts/craft-1/links", `places=1&days=1`, "ufffffhaaafhff"},
	{"POST", "/cohorts/:code/state", "/cohorts/craft-2/state", `state=open`, "uhhhhhfaaafhff"},
	{"POST", "/cohorts/:code/leave", "/cohorts/craft-1/leave", `person=NOBODY`, "ufffffhhhhfhff"},
	{"POST", "/cohorts/:code/mentors", "/cohorts/craft-1/mentors", `email=x&tier=lead`, "ufffffhaaafhff"},
	{"POST", "/cohorts/:code/mentors/:grant/remove", "/cohorts/craft-1/mentors/X/remove", `x=`, "uffffffhhhffff"},
	{"GET", "/cohorts/:code/dates", "/cohorts/craft-1/dates", "", "uaaaaahaaaahaa"},
	{"POST", "/cohorts/:code/dates", "/cohorts/craft-1/dates", `kind=demo&title=x&at=2026-12-01T10:00&host=x`, "ufffaahaaafhff"},
	{"GET", "/cohorts/:code/dates/:date", "/cohorts/craft-1/dates/{date}", "", "ufffaahaaafhff"},
	{"POST", "/cohorts/:code/dates/:date", "/cohorts/craft-1/dates/{date}", `act=note&notes=x&kind=demo&title=x&at=2026-12-01T10:00&host=x`, "ufffaahaaafhff"},
	{"GET", "/cohorts/:code/ratings", "/cohorts/craft-1/ratings", "", "uaaaaahaaafhff"},
	{"POST", "/cohorts/:code/ratings", "/cohorts/craft-1/ratings", `skill.x=1`, "uaaaffhffffhff"},
	{"GET", "/cohorts/:code/completions", "/cohorts/craft-1/completions", "", "ufffaahaaafhaf"},
	{"POST", "/cohorts/:code/completions", "/cohorts/craft-1/completions", `person={mate}&module=M1&day=2026-11-01&score=x&delivery=x&note=x`, "ufffaafaaaffaf"},
	{"POST", "/cohorts/:code/completions/file", "/cohorts/craft-1/completions/file", `table=ZW1haWwsbW9kdWxlLGRhdGUNCmFAcGVvcGxlLmV4YW1wbGUsTTEsMjAyNi0xMC0wMQ0K&column0=email&column1=module&column2=date&module=x&day=x&scale=x&order=x&step=x`, "ufffaahaaafhaf"},
	{"GET", "/cohorts/:code/completions/:completion", "/cohorts/craft-1/completions/{completion}", "", "ufffaahaaafhaf"},
	{"POST", "/cohorts/:code/completions/:completion", "/cohorts/craft-1/completions/{completion}", `act=correct&person={leo}&module=M1&day=2026-11-01&score=x&delivery=x&note=x&reason=x`, "ufffffhaaafhaf"},
	{"POST", "/programs/:code/edit/:part/:item/place", "/programs/craft/edit/modules/M1/place", `edition=&do=retire&step=preview`, "uffffffaaafhff"},
	{"GET", "/programs/:code/versions", "/programs/craft/versions", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/versions/:number", "/programs/craft/versions/1", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/versions/:number/program.yaml", "/programs/craft/versions/1/program.yaml", "", "uffffffaaafhff"},
	{"POST", "/programs/:code/versions/:number", "/programs/craft/versions/1", `edition=&step=preview`, "uffffffaaafhff"},
	{"GET", "/programs/:code/funnel", "/programs/craft/funnel", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/funnel/returns.csv", "/programs/craft/funnel/returns.csv", "", "uffffffaaafhff"},
	{"GET", "/cohorts/:code/funnel", "/cohorts/craft-1/funnel", "", "ufffaahaaafhff"},
	{"GET", "/cohorts/:code/funnel/returns.csv", "/cohorts/craft-1/funnel/returns.csv", "", "ufffaahaaafhff"},
	{"GET", "/cohorts/:code/unearned", "/cohorts/craft-1/unearned", "", "ufffffhaaafhff"},
	{"POST", "/cohorts/:code/unearned", "/cohorts/craft-1/unearned", `reason=x`, "ufffffhaaafhff"},
	{"GET", "/cohorts/:code/unseen", "/cohorts/craft-1/unseen", "", "ufffffhaaafhff"},
	{"POST", "/cohorts/:code/unseen", "/cohorts/craft-1/unseen", `person={mate}`, "ufffffhaaafhff"},
	{"GET", "/stuck", "/stuck", "", "uffffffaaaffff"},
	{"GET", "/join", "/join?t={join}", "", "aaaaaaaaaaaaaa"},
	{"GET", "/people", "/people", "", "uffffffaaaffff"},
	{"POST", "/people", "/people", `email=new%40people.example&name=New`, "uffffffaaaffff"},
	{"GET", "/people/:id", "/people/{leo}", "", "uffffffaaaffff"},
	{"GET", "/trail", "/trail?group=people&who=&from=2026-01-01&until=&refused=&before=", "", "uffffffaaaffff"},
	{"GET", "/trail.csv", "/trail.csv", "", "uffffffaaaffff"},
	{"POST", "/people/:id", "/people/{leo}", `name=Leo+Lerner`, "uffffffaaaffff"},
	{"POST", "/people/:id/link", "/people/{leo}/link", `x=`, "uffffffaaaffff"},
	{"POST", "/people/:id/reissue", "/people/{leo}/reissue", `x=`, "uffffffaaaffff"},
	{"GET", "/people/:id/merge", "/people/{leo}/merge?with={root}", "", "uffffffffaffff"},
	{"POST", "/people/:id/merge", "/people/{leo}/merge", `with={root}&address=x`, "uffffffffaffff"},
	{"GET", "/people/:id/erase", "/people/{leo}/erase", "", "uafffffffaffff"},
	{"POST", "/people/:id/erase", "/people/{leo}/erase", `address=x`, "uafffffffaffff"},
	{"GET", "/erase", "/erase", "", "uaaaaaaaaaaaff"},
	{"POST", "/erase", "/erase", `address=x`, "uaaaaaaaaaaaff"},
	{"POST", "/people/:id/grants", "/people/{person}/grants", `role=sponsor&program=craft`, "uffffffaaaffff"},
	{"POST", "/people/:id/grants/:grant/remove", "/people/{root}/grants/{grant}/remove", `x=`, "uffffffaaaffff"},
	{"GET", "/invitations", "/invitations", "", "uffffffaaaffff"},
	{"POST", "/invitations", "/invitations", `email=invited%40people.example&name=New&role=learner&where=cohort:craft-1`, "uffffffaaaffff"},
	{"POST", "/invitations/:id/resend", "/invitations/{invitation}/resend", `again=yes`, "uffffffaaaffff"},
	{"POST", "/invitations/:id/revoke", "/invitations/{invitation}/revoke", `withdraw=yes`, "uffffffaaaffff"},
	{"GET", "/mail", "/mail?standing=sent", "", "uffffffffaffff"},
	{"POST", "/mail/:id/resend", "/mail/{mail}/resend", `again=yes`, "uffffffffaffff"},
	{"POST", "/mail/:id/bounced", "/mail/{mail}/bounced", `back=yes`, "uffffffffaffff"},
	{"GET", "/reports", "/reports?program=craft", "", "uffffffaaaafff"},
	{"GET", "/reports/:code/value.csv", "/reports/craft/value.csv", "", "uffffffaaaafaf"},
	{"GET", "/issuing", "/issuing", "", "uffffffffaffff"},
	{"POST", "/issuing/stop", "/issuing/stop", `reason=x`, "uffffffffaffff"},
	{"POST", "/issuing/resume", "/issuing/resume", `x=`, "uffffffffaffff"},
	// What people say. A concern of learner's is at the desk of the program.
	{"GET", "/capstones/:id/story", "/capstones/{capstone}/story", "", "uahahhhaaahhhh"},
	{"POST", "/capstones/:id/story", "/capstones/{capstone}/story", `title=Chair&words=It+stood+on+three+legs.+Now+it+stands+on+four+of+them.&department=x&measure=x&unit=x&before=x&after=x&period=x&confirmedBy=x`, "uahahhhfffhhhh"},
	{"POST", "/capstones/:id/story/agree", "/capstones/{capstone}/story/agree", `edition=1&answer=no`, "uahahhhfffhhhh"},
	{"POST", "/capstones/:id/story/moderate", "/capstones/{capstone}/story/moderate", `step=hide&reason=x`, "ufhfhhhaaahhhh"},
	{"GET", "/programs/:code/stories", "/programs/craft/stories", "", "uffffffaaafhff"},
	{"GET", "/programs/:code/feedback", "/programs/craft/feedback", "", "uffffffaaafhff"},
	{"GET", "/cohorts/:code/feedback", "/cohorts/craft-1/feedback", "", "uffffahaaafhff"},
	{"POST", "/cohorts/:code/feedback", "/cohorts/craft-1/feedback", `title=x&questions=x&opensOn=2026-11-21&closesOn=2026-11-22&pairing=x&perPerson=1&names=yes&shown=after&seed=x`, "uffffahaaafhff"},
	{"GET", "/rounds/:id", "/rounds/{round}", "", "uffffahaaafhff"},
	{"GET", "/feedback", "/feedback", "", "uaaaaaaaaaaaff"},
	{"GET", "/feedback/:id", "/feedback/{note}", "", "uahhhhhhhhhhff"},
	{"POST", "/feedback/:id", "/feedback/{note}", `answer=x`, "uahhhhhhhhhhff"},
	{"POST", "/feedback/:id/report", "/feedback/{got}/report", `why=x`, "uahhhhhhhhhhff"},
	{"POST", "/api/v1/feedback/:id/report", "/api/v1/feedback/{got}/report", `{"reason":"x"}`, "uahhhhhhhhhhff"},
	{"POST", "/feedback/:id/remove", "/feedback/{got}/remove", `x=`, "uhhhhhhaaahhhh"},
	{"POST", "/rounds/:id/close", "/rounds/{round}/close", `x=`, "uffffahaaafhff"},
	{"GET", "/completions/:id/feedback", "/completions/{completion}/feedback", "", "uahhhhhhhhhhff"},
	{"POST", "/completions/:id/feedback", "/completions/{completion}/feedback", `rating=3&helped=x&hindered=x`, "uahhhhhhhhhhff"},
	{"GET", "/concerns", "/concerns", "", "uaaaaaaaaaaaff"},
	{"GET", "/concerns/:id", "/concerns/{concern}", "", "uahhhhhaaahhff"},
	{"POST", "/concerns/:id", "/concerns/{concern}", `step=add&words=x&to=x`, "uahhhhhfffhhff"},
	// The door for programs.
	{"POST", "/api/v1/completions", "/api/v1/completions", `{"person":{"email":"learner@people.example"},"module":"M1","cohort":"craft-1"}`, "ufffaafaaaffaf"},
	{"GET", "/api/v1/completions", "/api/v1/completions", "", "uaaaaaaaaaaaaf"},
	{"GET", "/api/v1/capstones", "/api/v1/capstones", "", "uaaaaaaaaaaaaa"},
	{"POST", "/api/v1/capstones", "/api/v1/capstones", `{"brief":"K1","cohort":"craft-1","title":"x"}`, "uaaaffffffffff"},
	{"GET", "/api/v1/capstones/:id", "/api/v1/capstones/{capstone}", "", "uahaaahaaahhhh"},
	{"PUT", "/api/v1/capstones/:id", "/api/v1/capstones/{capstone}", `{"title":"x"}`, "uahaffhfffhhhh"},
	{"POST", "/api/v1/capstones/:id/evidence", "/api/v1/capstones/{capstone}/evidence", `kind=x&name=x`, "uahaaahaaahhhh"}, // no file: nobody is refused one
	{"POST", "/api/v1/capstones/:id/scope", "/api/v1/capstones/{scoped}/scope", `{"plan":{"what":"x","tools":["x"],"data":["public"],"dataNote":"x"},"policy":"x","draft":true}`, "uahhffhfffhhhh"},
	{"POST", "/api/v1/capstones/:id/members", "/api/v1/capstones/{scoped}/members", `{"person":"x"}`, "uahhffhfffhhhh"},
	{"POST", "/api/v1/capstones/:id/submissions", "/api/v1/capstones/{capstone}/submissions", "", "uahaffhfffhhhh"},
	{"DELETE", "/api/v1/capstones/:id/claim", "/api/v1/capstones/{capstone}/claim", "", "ufffaaffffffff"},
	{"POST", "/api/v1/capstones/:id/reviews/:review/take-back", "/api/v1/capstones/{capstone}/reviews/x/take-back", "", "uhhhhhhhhhhhhh"},
	{"GET", "/api/v1/credentials", "/api/v1/credentials", "", "uaaaaaaaaaaaaf"},
	{"POST", "/api/v1/credentials", "/api/v1/credentials", `{"achievement":"honour","person":{"email":"learner@people.example"},"reason":"x"}`, "uffffffaaaffaf"},
	{"POST", "/api/v1/credentials/batch", "/api/v1/credentials/batch", `{"items":[{"achievement":"honour","person":{"email":"learner@people.example"},"reason":"x"}],"dryRun":true}`, "uffffffaaaffaf"},
	{"GET", "/api/v1/jobs/:id", "/api/v1/jobs/{job}", "", "uhhhhhhhhahhah"},
	{"GET", "/api/v1/credentials/:id", "/api/v1/credentials/{credential}", "", "uahhhhhaaahhah"},
	{"POST", "/api/v1/credentials/:id/suspend", "/api/v1/credentials/{credential}/suspend", `{"reason":"x"}`, "ufhhhhhaaahhah"},
	{"POST", "/api/v1/credentials/:id/reinstate", "/api/v1/credentials/{credential}/reinstate", `{}`, "ufhhhhhaaahhah"},
	{"GET", "/api/v1/credentials/:id/resting", "/api/v1/credentials/{credential}/resting", "", "ufhhhhhaaahhah"},
	{"GET", "/api/v1/people", "/api/v1/people", "", "uffffffaaaffff"},
	{"GET", "/api/v1/people/:id", "/api/v1/people/{leo}", "", "uffffffaaaffff"},
	{"POST", "/api/v1/people/:id", "/api/v1/people/{leo}", `{"name":"Leo Lerner"}`, "uffffffaaaffff"},
	{"POST", "/api/v1/people/:id/reissue", "/api/v1/people/{leo}/reissue", `{}`, "uffffffaaaffff"},
	{"DELETE", "/api/v1/people/:id", "/api/v1/people/{spare}", "", "uffffffffaffff"},
	{"GET", "/api/v1/people/:id/transcript", "/api/v1/people/{leo}/transcript", "", "uafffffffaffff"},
	{"GET", "/api/v1/programs", "/api/v1/programs", "", "uaaaaaaaaaaaaa"},
	{"POST", "/api/v1/people/:id/merge", "/api/v1/people/{leo}/merge", `{"gone":"{spare}","dryRun":true}`, "uffffffffaffff"},
	{"GET", "/api/v1/programs/:program/funnel", "/api/v1/programs/craft/funnel", "", "uffffffaaafhff"},
	{"GET", "/api/v1/cohorts/:cohort/funnel", "/api/v1/cohorts/craft-1/funnel", "", "ufffaahaaafhff"},
	{"GET", "/api/v1/programs/:program/file", "/api/v1/programs/craft/file", "", "uffffffaaafhff"},
	{"PUT", "/api/v1/programs/:program/file", "/api/v1/programs/craft/file", `{"dryRun":true,"file":{"version":1,"program":{"code":"craft","name":"Craft"}}}`, "uffffffaaaffff"},
	{"GET", "/api/v1/programs/:program/versions", "/api/v1/programs/craft/versions", "", "uffffffaaafhff"},
	{"GET", "/api/v1/programs/:program/versions/:number", "/api/v1/programs/craft/versions/1", "", "uffffffaaafhff"},
	{"POST", "/api/v1/programs/:program/versions/:number/put-back", "/api/v1/programs/craft/versions/1/put-back", `{"dryRun":true}`, "uffffffaaafhff"},
	{"GET", "/api/v1/cohorts", "/api/v1/cohorts", "", "uaaaaaaaaaaaaa"},
	{"GET", "/api/v1/modules", "/api/v1/modules", "", "uaaaaaaaaaaaaa"},
	{"GET", "/api/v1/achievements", "/api/v1/achievements", "", "uaaaaaaaaaaaaa"},
	{"GET", "/api/v1/reports/:program", "/api/v1/reports/craft", "", "uffffffaaaafaf"},
	{"POST", "/api/v1/bounces", "/api/v1/bounces", "", "uffffffffaffaf"},
	{"GET", "/api/v1/tokens", "/api/v1/tokens", "", "uffffffffaffff"},
	{"POST", "/api/v1/tokens", "/api/v1/tokens", `{"name":"x","scopes":["endorse"]}`, "uffffffffaffff"},
	{"POST", "/api/v1/tokens/:id/revoke", "/api/v1/tokens/{client}/revoke", "", "uffffffffaffff"},
	// What pages do as well.
	{"GET", "/api/v1/completions/:id", "/api/v1/completions/{completion}", "", "ufffaahaaafhaf"},
	{"POST", "/api/v1/completions/:id/correct", "/api/v1/completions/{completion}/correct", `{"right":{"person":{"email":"x"},"module":"M1","cohort":"craft-1","completedAt":"2026-11-01","delivery":"x","evidence":[{"url":"https://x.example","name":"x"}]},"reason":"x","dryRun":true}`, "ufffffhaaafhaf"},
	{"POST", "/api/v1/completions/:id/withdraw", "/api/v1/completions/{completion}/withdraw", `{"reason":"x","dryRun":true}`, "ufffffhaaafhaf"},
	{"PUT", "/api/v1/completions/:id/feedback", "/api/v1/completions/{completion}/feedback", `{"rating":3,"helped":"x","hindered":"x"}`, "uahhhhhhhhhhff"},
	{"POST", "/api/v1/capstones/:id/claim/hand-over", "/api/v1/capstones/{capstone}/claim/hand-over", `{"to":"x","note":"x"}`, "ufffaaffffffff"},
	{"GET", "/api/v1/capstones/:id/conflicts", "/api/v1/capstones/{capstone}/conflicts", "", "uahaaahaaahhhh"},
	{"POST", "/api/v1/capstones/:id/conflicts", "/api/v1/capstones/{capstone}/conflicts", `{"reviewer":"x","person":"x","kind":"x"}`, "uahaffhfffhhhh"},
	{"DELETE", "/api/v1/capstones/:id/conflicts/:conflict", "/api/v1/capstones/{capstone}/conflicts/x", "", "ufhfffhhhhhhhh"},
	{"GET", "/api/v1/capstones/:id/confirmations", "/api/v1/capstones/{capstone}/confirmations", "", "uahaaahaaahhhh"},
	{"POST", "/api/v1/capstones/:id/confirmations", "/api/v1/capstones/{capstone}/confirmations", `{"email":"x"}`, "uahaffhfffhhhh"},
	{"GET", "/api/v1/credentials/:id/sharing", "/api/v1/credentials/{credential}/sharing", "", "uahhhhhfffhhfh"},
	{"PUT", "/api/v1/credentials/:id/visibility", "/api/v1/credentials/{credential}/visibility", `{"visibility":"unlisted"}`, "uahhhhhfffhhfh"},
	{"POST", "/api/v1/credentials/:id/links", "/api/v1/credentials/{credential}/links", `{"label":"x","days":1}`, "uahhhhhfffhhfh"},
	{"DELETE", "/api/v1/credentials/:id/links/:link", "/api/v1/credentials/{credential}/links/{sharelink}", "", "uahhhhhfffhhfh"},
	{"POST", "/api/v1/credentials/:id/offers", "/api/v1/credentials/{credential}/offers", "", "uahhhhhfffhhfh"},
	{"GET", "/api/v1/cohorts/:cohort", "/api/v1/cohorts/craft-1", "", "uaaaaahaaaahaa"},
	{"POST", "/api/v1/cohorts/:cohort/close", "/api/v1/cohorts/craft-2/close", "", "uhhhhhfaaafhff"},
	{"POST", "/api/v1/cohorts/:cohort/archive", "/api/v1/cohorts/craft-2/archive", "", "uhhhhhfaaafhff"},
	{"POST", "/api/v1/cohorts/:cohort/reopen", "/api/v1/cohorts/craft-2/reopen", "", "uhhhhhfaaafhff"},
	{"GET", "/api/v1/cohorts/:cohort/ratings", "/api/v1/cohorts/craft-1/ratings", "", "uaaaaahaaafhff"},
	{"POST", "/api/v1/cohorts/:cohort/ratings", "/api/v1/cohorts/craft-1/ratings", `{"ratings":[{"skill":"x","rating":1}]}`, "uaaaffhffffhff"},
	{"GET", "/api/v1/cohorts/:cohort/touchpoints", "/api/v1/cohorts/craft-1/touchpoints", "", "uaaaaahaaaahaa"},
	{"POST", "/api/v1/cohorts/:cohort/touchpoints", "/api/v1/cohorts/craft-1/touchpoints", `{"kind":"demo","title":"x","local":"2026-12-01T10:00","host":"x"}`, "ufffaahaaafhff"},
	{"GET", "/api/v1/touchpoints/:id", "/api/v1/touchpoints/{date}", "", "ufffaahaaafhff"},
	{"PUT", "/api/v1/touchpoints/:id", "/api/v1/touchpoints/{date}", `{"kind":"demo","title":"x","local":"2026-12-01T10:00","host":"x"}`, "ufffaahaaafhff"},
	{"POST", "/api/v1/touchpoints/:id/cancel", "/api/v1/touchpoints/{date}/cancel", "", "ufffaahaaafhff"},
	{"POST", "/api/v1/touchpoints/:id/reinstate", "/api/v1/touchpoints/{date}/reinstate", "", "ufffaahaaafhff"},
	{"PUT", "/api/v1/touchpoints/:id/attendance", "/api/v1/touchpoints/{date}/attendance", `{"notes":"x","attendance":[{"person":"{leo}","state":"present"}]}`, "ufffaahaaafhff"},
	{"GET", "/api/v1/enrollments", "/api/v1/enrollments?cohort=craft-1", "", "ufffaahaaafhff"},
	{"POST", "/api/v1/enrollments", "/api/v1/enrollments", `{"person":{"email":"learner@people.example"},"cohort":"craft-1"}`, "uffffffaaaffff"},
	{"DELETE", "/api/v1/enrollments/:cohort/:person", "/api/v1/enrollments/craft-1/{leo}", "", "ufffffhaaafhff"},
	{"POST", "/api/v1/enrollments/:cohort/:person/leave", "/api/v1/enrollments/craft-1/NOBODY/leave", "", "ufffffhhhhfhff"},
	{"GET", "/api/v1/feedback", "/api/v1/feedback", "", "uaaaaaaaaaaaff"},
	{"PUT", "/api/v1/feedback/:id", "/api/v1/feedback/{note}", `{"answers":["x"]}`, "uahhhhhhhhhhff"},
	{"DELETE", "/api/v1/feedback/:id", "/api/v1/feedback/{got}", "", "uhhhhhhaaahhhh"},
	{"GET", "/api/v1/feedback/modules", "/api/v1/feedback/modules?program=craft", "", "uffffffaaafhff"},
	{"GET", "/api/v1/feedback/rounds", "/api/v1/feedback/rounds?cohort=craft-1", "", "uffffahaaafhff"},
	{"POST", "/api/v1/feedback/rounds", "/api/v1/feedback/rounds", `{"cohort":"craft-1","title":"x","questions":["x"],"opensOn":"2026-11-21","closesOn":"2026-11-22","pairing":"x","perPerson":1,"seed":"x"}`, "uffffahaaafhff"},
	{"GET", "/api/v1/feedback/rounds/:id", "/api/v1/feedback/rounds/{round}", "", "uffffahaaafhff"},
	{"POST", "/api/v1/feedback/rounds/:id/close", "/api/v1/feedback/rounds/{round}/close", "", "uffffahaaafhff"},
	// What cannot be taken back comes last. What one mentor claimed another gets 409 for.
	{"POST", "/api/v1/capstones/:id/claim", "/api/v1/capstones/{capstone}/claim", `{"note":"x"}`, "ufffaaffffffff"},
	{"POST", "/scopes/:id", "/scopes/{scoped}", `scope=1&decision=return&note=x`, "ufhhaahfffhhhh"},
	{"POST", "/api/v1/capstones/:id/scope/decision", "/api/v1/capstones/{scoped}/scope/decision", `{"scope":1,"decision":"return","note":"x"}`, "ufhhaahfffhhhh"},
	{"POST", "/capstones/:id/leave", "/capstones/{scoped}/leave", `x=`, "uahhffhfffhhhh"},
	{"DELETE", "/api/v1/capstones/:id/members/me", "/api/v1/capstones/{scoped}/members/me", "", "uahhffhfffhhhh"},
	{"POST", "/review/:id", "/review/{capstone}", `submission=1&decision=sign`, "ufhfaahfffhhhh"},
	{"POST", "/join", "/join", `t={join}&email=new%40people.example&name=New`, "aaaaaaaaaaaaff"},
	{"POST", "/cohorts/:code/links/:link/close", "/cohorts/craft-2/links/{link}/close", `x=`, "uffffffaaaffff"},
	{"POST", "/review/:id", "/review/{capstone}", `submission=1&decision=return&note=x`, "ufffaaffffffff"},
	{"POST", "/api/v1/capstones/:id/reviews", "/api/v1/capstones/{capstone}/reviews", `{"submission":1,"decision":"return","note":"x"}`, "ufffaaffffffff"},
	{"POST", "/badges/:id/reissue", "/badges/{credential}/reissue", `reason=x`, "ufhhhhhaaahhah"},
	{"GET", "/capstones/:id/submissions/:number", "/capstones/{capstone}/submissions/1", "", "uahaaahaaahhhh"},
	{"POST", "/badges/:id/renew", "/badges/{credential}/renew", `reason=x`, "ufhhhhhaaahhah"},
	{"POST", "/api/v1/credentials/:id/renew", "/api/v1/credentials/{credential}/renew", `{"reason":"x"}`, "ufhhhhhaaahhah"},
	{"POST", "/api/v1/credentials/:id/reissue", "/api/v1/credentials/{credential}/reissue", `{"reason":"x"}`, "ufhhhhhaaahhah"},
	{"POST", "/badges/:id/revoke", "/badges/{credential}/revoke", `code=other`, "ufhhhhhaaahhah"},
	{"POST", "/api/v1/credentials/:id/revoke", "/api/v1/credentials/{credential}/revoke", `{"code":"other"}`, "ufhhhhhaaahhah"},
	{"POST", "/capstones/:id/withdraw", "/capstones/{capstone}/withdraw", `x=`, "uahaffhaaahhhh"},
	{"POST", "/api/v1/capstones/:id/withdraw", "/api/v1/capstones/{capstone}/withdraw", "", "uahaffhaaahhhh"},
}

// TestAccess asks every route as everyone. Pages, too, are asked with access
// tokens: rights do not depend on how someone came in.
func TestAccess(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	all := prepare(t, s)
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, row := range access {
		things := all
		got := make([]byte, len(issuertest.Kinds))
		for i, kind := range issuertest.Kinds {
			if strings.Contains(row.path, "{grant}") {
				things = strings.NewReplacer("{grant}", spareGrant(t, s), "{root}", string(s.People["root"]))
			}
			a := s.Send(t, kind, row.method, things.Replace(row.path), things.Replace(row.body), headersFor(row.body)...)
			got[i] = letter(a.Status)
			if a.Status >= 500 {
				t.Errorf("%s %s as %s: %d %s", row.method, row.path, kind, a.Status, a.Body)
			}
		}
		if string(got) != row.want {
			t.Errorf("%s %s: %s, want %s%s", row.method, row.path, got, row.want, difference(string(got), row.want))
		}
	}
}

func headersFor(body string) []string {
	if body == "" || strings.HasPrefix(body, "{") {
		return nil
	}
	return []string{"Content-Type", "application/x-www-form-urlencoded"}
}

func letter(status int) byte {
	switch status {
	case 401:
		return 'u'
	case 403:
		return 'f'
	case 404:
		return 'h'
	}
	return 'a'
}

func difference(got, want string) string {
	var b strings.Builder
	for i := range got {
		if i < len(want) && got[i] != want[i] {
			fmt.Fprintf(&b, "\n\t%s: %c, want %c", issuertest.Kinds[i], got[i], want[i])
		}
	}
	return b.String()
}

// TestEveryRouteHasARow: a route that nobody thought about is not let in.
func TestEveryRouteHasARow(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	rows := map[string]bool{}
	for _, row := range access {
		rows[row.method+" "+row.route] = true
	}
	mounted := map[string]bool{}
	for _, r := range s.Echo.Routes() {
		if r.Method == "OPTIONS" || r.Method == echo.RouteNotFound {
			continue // tell what is allowed, or that nothing is, to anyone
		}
		mounted[r.Method+" "+r.Path] = true
		if !rows[r.Method+" "+r.Path] {
			t.Errorf("%s %s has no row in the access matrix", r.Method, r.Path)
		}
	}
	for row := range rows {
		if !mounted[row] {
			t.Errorf("%s is in the access matrix and is no route", row)
		}
	}
}

// prepare makes the things that the rows name.
func prepare(t *testing.T, s *issuertest.Service) *strings.Replacer {
	t.Helper()
	return strings.NewReplacer(prepared(t, s)...)
}

// prepared makes the things that the rows name, and gives pairs of name and thing.
func prepared(t testing.TB, s *issuertest.Service) []string {
	t.Helper()
	var done struct {
		Completion  struct{ ID string }
		Credentials []struct {
			ID          string
			Achievement struct{ ID string }
		}
	}
	s.Send(t, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("learner"))).Want(t, 201).JSON(t, &done)
	start := func(brief, team string) string {
		var a struct{ Capstone struct{ ID string } }
		s.Send(t, "learner", "POST", "/api/v1/capstones", fmt.Sprintf(`{"brief":%q,"cohort":"craft-1","title":"Chair","team":%s}`, brief, team)).Want(t, 201).JSON(t, &a)
		s.Send(t, "learner", "PUT", "/api/v1/capstones/"+a.Capstone.ID, `{"title":"Chair","summary":"It holds.","evidence":[{"kind":"link","name":"Plan","url":"https://work.example/plan"}]}`).Want(t, 200)
		return a.Capstone.ID
	}
	capstone := start("K1", fmt.Sprintf("[%q]", s.People["mate"]))
	attach := func(id string) string {
		body, media := filed("file", "plan.csv", "a,b\n")
		var a struct{ Evidence struct{ ID string } }
		s.Send(t, "learner", "POST", "/api/v1/capstones/"+id+"/evidence", body, "Content-Type", media).Want(t, 201).JSON(t, &a)
		return a.Evidence.ID
	}
	attach(capstone)
	var handed struct {
		Capstone struct {
			Submissions []struct {
				Evidence []struct{ ID, MediaType string }
			}
		}
	}
	s.Send(t, "learner", "POST", "/api/v1/capstones/"+capstone+"/submissions", "").Want(t, 201).JSON(t, &handed)
	file := ""
	for _, e := range handed.Capstone.Submissions[0].Evidence {
		if e.MediaType != "" {
			file = e.ID
		}
	}
	scoped, claim := scopedAndClaimed(t, s, capstone)
	var doc struct {
		Proof []struct {
			VerificationMethod string
		}
		CredentialStatus struct{ StatusListCredential string }
	}
	s.Send(t, "nobody", "GET", "/v/"+done.Credentials[0].ID+".json", "").Want(t, 200).JSON(t, &doc)
	_, kid, _ := strings.Cut(doc.Proof[0].VerificationMethod, "#")
	clients, err := s.Registrar.Clients(t.Context(), issuer.Caller{System: "test"})
	if err != nil {
		t.Fatal(err)
	}
	spare, _, err := s.Registrar.AddClient(t.Context(), issuer.Caller{System: "test"}, "spare", []string{"endorse"})
	if err != nil || len(clients) == 0 {
		t.Fatal(err)
	}
	var begun struct{ Job struct{ ID string } }
	s.Send(t, "lms", "POST", "/api/v1/credentials/batch", `{"items":[{}]}`).Want(t, 202).JSON(t, &begun)
	goner, err := s.Registrar.AddPerson(t.Context(), issuer.Caller{System: "test"}, registrar.NewPerson{Email: "spare@people.example", Name: "Spare"})
	if err != nil {
		t.Fatal(err)
	}
	join, err := s.Registrar.AddJoinLink(t.Context(), issuer.Caller{System: "test"}, "craft-2", 1000, 30)
	if err != nil {
		t.Fatal(err)
	}
	cohort, err := s.Registrar.Cohort(t.Context(), issuer.Caller{System: "test"}, "craft-2", "")
	if err != nil {
		t.Fatal(err)
	}
	date, err := s.Registrar.AddTouchpoint(t.Context(), issuer.Caller{System: "test"}, "craft-1", registrar.NewTouchpoint{Kind: "demo", At: "2026-12-01T10:00", Host: s.People["lead"]})
	if err != nil {
		t.Fatal(err)
	}
	shared, link, asked, appeal := shares(t, s, done.Credentials[0].ID)
	invited, mailed := prepareMail(t, s)
	said := prepareVoices(t, s)
	asking, question := questions(t, s, done.Credentials[0].ID)
	draft := start("K2", "[]")
	return []string{"{file}", file, "{draftfile}", attach(draft), "{scoped}", scoped, "{claim}", claim, "{round}", string(said.round), "{note}", string(said.note), "{got}", string(said.got), "{concern}", string(said.concern), "{asking}", asking, "{question}", question, "{date}", string(date), "{completion}", done.Completion.ID, "{mate}", string(s.People["mate"]), "{invitation}", string(invited), "{invite}", inviteSecret(t, s), "{mail}", string(mailed), "{stop}", stopSecret, "{shared}", shared, "{sharelink}", link, "{asked}", asked, "{appeal}", appeal, "{base}", url.QueryEscape(s.URL), "{spare}", string(goner.ID), "{join}", join, "{link}", string(cohort.Links[0].ID), "{job}", begun.Job.ID, "{credential}", done.Credentials[0].ID, "{achievement}", done.Credentials[0].Achievement.ID,
		"{capstone}", capstone, "{draft}", draft, "{kid}", kid, "{list}", doc.CredentialStatus.StatusListCredential[strings.LastIndex(doc.CredentialStatus.StatusListCredential, "/")+1:],
		"{issuer}", string(s.Issuer.ID), "{client}", string(spare.ID), "{person}", string(s.People["plain"]), "{leo}", string(s.People["learner"]),
		"{learner}", url.QueryEscape(issuertest.Address("learner"))}
}

// shares makes learner share a badge by a link, show a page and ask for another
// name, and other speak against a return by lead.
func shares(t testing.TB, s *issuertest.Service, badge string) (secret, link, asked, appeal string) {
	t.Helper()
	ctx, learner, other := t.Context(), s.Caller(t, "learner"), s.Caller(t, "other")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, secret, err := s.Registrar.AddShareLink(ctx, learner, issuer.CredentialID(badge), "x", 1)
	must(err)
	sharing, err := s.Registrar.Sharing(ctx, learner, issuer.CredentialID(badge))
	must(err)
	_, err = s.Registrar.SavePortfolio(ctx, learner, registrar.PortfolioInput{Handle: "leo-makes", Shown: true})
	must(err)
	name, err := s.Registrar.AskName(ctx, learner, "Leo Other", "")
	must(err)
	c, err := s.Registrar.StartCapstone(ctx, other, "K2", "craft-1", "Table", nil)
	must(err)
	_, err = s.Registrar.SaveCapstone(ctx, other, c.ID, registrar.Draft{Title: "Table", Summary: "It stands.", Evidence: []registrar.NewEvidence{{Kind: "link", Name: "Plan", URL: "https://work.example/table"}}})
	must(err)
	_, err = s.Registrar.SubmitCapstone(ctx, other, c.ID)
	must(err)
	_, err = s.Registrar.ReviewCapstone(ctx, s.Caller(t, "lead"), c.ID, registrar.NewReview{Submission: 1, Decision: issuer.Return, Note: "Again."})
	must(err)
	a, err := s.Registrar.AppealReturn(ctx, other, c.ID, "It does stand.")
	must(err)
	return secret, string(sharing.Links[0].ID), string(name.ID), string(a.ID)
}
