package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/export"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/issuer/web/pages"
	"hallmark/issuer/web/public"
	"hallmark/templates"
	verifyweb "hallmark/verifier/web"
)

type exportCmd struct {
	To      string `arg:"" optional:"" help:"All records, in open formats: a folder to make, or a ZIP file if the name ends so."`
	Static  string `help:"The public site, for any web host: a folder to make." placeholder:"DIR"`
	Force   bool   `help:"Replace what is there."`
	Without string `help:"Leave out of the site what takes long to draw: pictures (PNG, PDF, pictures for sharing)." enum:"pictures," default:"" placeholder:"pictures"`
	Years   int    `help:"How long the status lists of the site count." default:"10" placeholder:"N"`
	Person  string `help:"All that is known of one person, with their badges, as a ZIP file." placeholder:"EMAIL"`
}

// Run makes the export that was asked for.
func (e *exportCmd) Run(ctx context.Context, cli *commands, std streams) error {
	switch {
	case e.Static != "" && e.To == "" && e.Person == "":
		return e.static(ctx, cli, std)
	case e.Person != "" && e.To != "" && e.Static == "":
		return e.person(ctx, cli, std)
	case e.To != "" && e.Static == "":
		return e.records(ctx, cli, std)
	}
	return usage("Say what to export: hallmark export DIR, or FILE.zip, for all records; --static DIR for the public site; --person EMAIL FILE.zip for one person.")
}

// byExport is who makes an export from the command line.
var byExport = issuer.Caller{System: "export"}

// static makes the copy of the public site.
func (e *exportCmd) static(ctx context.Context, cli *commands, std streams) error {
	if e.Years < 1 || e.Years > 100 {
		return usage("--years is a number from 1 to 100.")
	}
	p, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := apart(p.Config, e.Static); err != nil {
		return err
	}
	if err := p.Registrar.EnsureTokenKey(ctx); err != nil {
		return err
	}
	// What waits for its place in the log, or for the next list, is in them then:
	// there need not be a server that saw to it.
	if err := errors.Join(p.Jobs.Sequence(ctx), p.Jobs.PublishNow(ctx)); err != nil {
		return err
	}
	site, err := p.site(ctx, time.Now().UTC(), e.Years, e.Without == "")
	if err != nil {
		return err
	}
	bar := newBar(std.err, "badges", false)
	site.Progress = func(done int) { bar.report(done, -1) }
	var tally *export.Tally
	err = export.Folder(e.Static, e.Force, func(part string) (err error) {
		tally, err = site.Write(ctx, part)
		return err
	})
	bar.done()
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s holds %d badges, %d achievements, %d status lists and a log of %d leaves. Serve it as %s; README.txt in it says how.\n",
		e.Static, tally.Badges, tally.Achievements, tally.Lists, tally.Leaves, p.Config.BaseURL)
	for _, host := range site.FormerHosts() {
		fmt.Fprintf(std.out, "Badges from before the move are checked at %s: serve %s in it there.\n", host, export.At(host))
	}
	return p.warnOfMore(ctx, std)
}

// records writes everything that is recorded.
func (e *exportCmd) records(ctx context.Context, cli *commands, std streams) error {
	p, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := apart(p.Config, e.To); err != nil {
		return err
	}
	files, now := 0, time.Now()
	if strings.HasSuffix(strings.ToLower(e.To), ".zip") {
		err = intoFile(e.To, e.Force, func(w io.Writer) (err error) {
			files, err = export.Records(ctx, p.Registrar, byExport, export.IntoZip(w, now), now)
			return err
		})
	} else {
		err = export.Folder(e.To, e.Force, func(part string) (err error) {
			files, err = export.Records(ctx, p.Registrar, byExport, export.IntoFolder(part), now)
			return err
		})
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s holds all records in %d files; README.txt in it says what is what. It tells of everybody: keep it as safe as the database.\n", e.To, files)
	return err
}

// person writes all that is known of one person.
func (e *exportCmd) person(ctx context.Context, cli *commands, std streams) error {
	p, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer p.Close()
	who, err := p.Registrar.FindPerson(ctx, byExport, e.Person)
	if err != nil {
		return err
	}
	door, err := p.handler(ctx, doors{ready: p.Store.Ready})
	if err != nil {
		return err
	}
	all, err := p.Registrar.ExportPerson(ctx, byExport, who.ID)
	if err != nil {
		return err
	}
	err = intoFile(e.To, e.Force, func(w io.Writer) error { return p.takeout(door)(ctx, w, all) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s holds all that is known of %s, with %d badges.\n", e.To, who.Name, len(all.Badges))
	return err
}

// intoFile writes a file for its owner's eyes, which gets its name when it is
// whole.
func intoFile(path string, force bool, write func(w io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return issuer.Refuse(issuer.Conflict, "%s is there already; name another file, or replace it with --force.", path)
	}
	part := path + ".tmp"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, path)
}

// apart refuses a folder in which the installation itself lies.
func apart(cfg *Config, to string) error {
	dir, err := filepath.Abs(to)
	if err != nil {
		return fmt.Errorf("find %s: %w", to, err)
	}
	for _, ours := range []string{cfg.DB, cfg.SealingKeyFile} {
		if path, err := filepath.Abs(ours); err == nil && !onPostgres(ours) && strings.HasPrefix(path, dir+string(filepath.Separator)) {
			return issuer.Refuse(issuer.Conflict, "%s lies in %s; name another folder.", ours, to)
		}
	}
	return nil
}

// warnOfMore says that badges can still be issued, which would be in no copy.
func (p *parts) warnOfMore(ctx context.Context, std streams) error {
	view, err := p.Registrar.Issuing(ctx, byExport)
	if err == nil && !view.Halt.Stopped() {
		_, err = fmt.Fprintln(std.out, "Badges are still issued here, and what happens from now on is not in the copy. If this is the end, hallmark admin stop-issuing first, and export once more.")
	}
	return err
}

// site wires the public door for a copy of it.
func (p *parts) site(ctx context.Context, at time.Time, years int, pictures bool) (*export.Site, error) {
	until := at.AddDate(years, 0, 0).Truncate(time.Second)
	if err := p.Registrar.ExportSite(ctx, byExport, until); err != nil {
		return nil, err
	}
	lists, err := p.Jobs.LastWord(ctx, until.Sub(at))
	if err != nil {
		return nil, err
	}
	assets, err := p.Templates.AssetPaths()
	if err != nil {
		return nil, err
	}
	view := p.keptView(ctx, at)
	check := *p.Verifier
	check.Status = lastWord{p.Sources, lists}
	e := web.New(web.Config{BaseURL: p.Config.BaseURL, Logger: p.Log, Render: p.Templates, View: view, Timeout: time.Minute})
	base := p.Config.BaseURL
	door := &public.Public{Published: p.Published, Tokens: p.Registrar.Tokens(), Verifier: &check, Render: p.Templates, View: view,
		Paper: p.Templates.Paper, BaseURL: base, Trial: p.Ring.Trial()}
	door.Mount(e)
	(&public.Kept{Published: p.Published, Render: p.Templates, View: view, At: at, Until: until, BaseURL: base}).Mount(e)
	(&pages.Pages{Templates: p.Templates}).MountFiles(e)
	(&verifyweb.Verify{Verifier: &check, Render: p.Templates, View: view, Own: p.handedIn, Log: p.Log}).Mount(e)
	whole := web.AtFormer(web.Handler(e, base), base, p.Published.Identities)
	s := &export.Site{Door: export.Door{Handler: whole, BaseURL: base}, Published: p.Published, DIDPath: public.DIDPath(base), DIDPathOf: public.DIDPath,
		Identities: p.Published.Identities(), Lists: lists, Assets: assets, Pictures: pictures}
	s.Readme = func(t export.Tally) string { return siteReadme(base, at, until, t, s.FormerHosts()) }
	return s, nil
}

// takeout writes all that is known of a person, with their badges as the public
// door draws them.
func (p *parts) takeout(door http.Handler) func(ctx context.Context, w io.Writer, e *registrar.PersonExport) error {
	all := export.Person{Door: export.Door{Handler: door, BaseURL: p.Config.BaseURL}, Files: p.Registrar.Files, Render: p.Templates.Render}
	return all.Write
}

// lastWord answers for our status lists with those that the copy will have.
type lastWord struct {
	sources
	lists map[issuer.StatusListID][]byte
}

// StatusList gives a status list.
func (l lastWord) StatusList(ctx context.Context, url string) ([]byte, error) {
	if path, _, ours := l.own.OwnPath(url); ours {
		if list, signed := l.lists[issuer.StatusListID(strings.TrimPrefix(path, "/status/"))]; signed {
			return list, nil
		}
	}
	return l.sources.StatusList(ctx, url)
}

// keptView puts pages into the frame of a copy and takes from them what asks
// the service for something.
func (p *parts) keptView(ctx context.Context, at time.Time) func(c echo.Context, data any) any {
	frame := templates.Frame{Now: at, Kept: at, Trial: p.Ring.Trial(), Issuer: p.issuerName()(ctx)}
	day := at.Truncate(24 * time.Hour)
	return func(c echo.Context, data any) any {
		switch page := data.(type) {
		case public.BadgePage:
			data = public.WithoutService(page, day, func(form string) bool { return export.Lacking(c.Request().Context(), form) })
		case web.ErrorPage:
			page.ID, page.Detail = "", "" // the one page for all that is not there
			data = page
		}
		return templates.View{Frame: frame, Data: data}
	}
}

// siteReadme is the text that a copy of the site carries for whoever serves it.
func siteReadme(base string, at, until time.Time, t export.Tally, former []string) string {
	before := ""
	for _, host := range former {
		before += fmt.Sprintf("\nThe installation was at %[1]s before. Badges from then name their keys and status\nlists there: serve %[2]s/ in this folder as the whole of https://%[1]s.\n", host, export.At(host))
	}
	return fmt.Sprintf(`This folder is the public site of %[1]s as of %[2]s:
%[4]d badges, %[5]d achievements, %[6]d status lists, a log of %[7]d leaves.

Serve it under exactly that address, by any program that serves files: badges
name their keys and status lists by it. Nothing here needs a program on the
server, and no page but verify/ has a script. A folder is answered by its
index.html, what is not there by 404.html.
%[8]s
v/ID/index.html          the page of a badge; V/ID/ is the same, as QR codes spell it
v/ID.json .jwt .svg ...  its forms; v/ID/proof its place in the log, v/ID/qr.svg its code
achievements/ issuers/   what badges name, as pages and as JSON-LD (.json)
verify/index.html        the checker: one file that works by itself, also from a disk
.well-known/ keys/       the issuer's keys
status/                  the status lists: the last word
log/                     the public log (C2SP tlog-tiles)

Status lists say what was revoked on %[2]s and are signed to count until
%[3]s. They cannot be renewed: after that day verifiers answer that they
could not tell whether a badge was revoked. Whoever holds this folder can show
until then that a badge was not revoked on the day it was made, whatever became
of it since; so make it when the service ends, not before.

Not here are badges that their holders took down or had erased, and anything of
people beyond what the pages of their badges show.

_headers is read by Netlify, Cloudflare Pages and others, .htaccess by Apache.
They tell the media types of what has no telling name, and that any site may
read it. For nginx:

    location / { index index.html; error_page 404 /404.html; add_header Access-Control-Allow-Origin *; add_header X-Content-Type-Options nosniff; }
    location ~ ^/(status/|v/[^/]+\.json$) { types {} default_type application/vc; add_header Access-Control-Allow-Origin *; }
`, base, at.Format("2 January 2006"), until.Format("2 January 2006"), t.Badges, t.Achievements, t.Lists, t.Leaves, before)
}
