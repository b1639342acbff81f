package export

import (
	"archive/zip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/registrar"
)

// Person writes what someone takes along: all that is known of them and their
// badges in every form, as a ZIP file.
type Person struct {
	Door   Door                                               // the public door, which draws badges that are shown
	Files  evidence.Store                                     // what was handed in; nil: links alone
	Render func(w io.Writer, template string, data any) error // of "page/takeout"
}

// maxDrawn is how many badges are drawn: a picture and a certificate take some
// ten milliseconds each. The files that are signed are there of all.
const maxDrawn = 200

// Write writes the file as it is made. It names the forms of each badge in the
// record. What it wrote before an error is no ZIP file.
func (p *Person) Write(ctx context.Context, w io.Writer, e *registrar.PersonExport) error {
	z := &bundle{Writer: zip.NewWriter(w), e: e}
	for i := range e.Badges {
		if err := p.badge(ctx, z, &e.Badges[i], i < maxDrawn); err != nil {
			return err
		}
	}
	if err := z.transcripts(); err != nil {
		return err
	}
	if err := p.files(ctx, z); err != nil {
		return err
	}
	data, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return fmt.Errorf("write what is known of a person: %w", err)
	}
	if err := z.put("data.json", data); err != nil {
		return err
	}
	page, err := z.create("index.html")
	if err != nil {
		return err
	}
	if err := p.Render(page, "page/takeout", e); err != nil {
		return err
	}
	if err := z.put("README.txt", []byte(personReadme)); err != nil {
		return err
	}
	return z.Close()
}

const personReadme = `This is all that the service knows of you, and your badges.

index.html        the same for reading: open it in a browser
data.json         everything, for programs
badges/           your badges. .json and .jwt are the signed files: any verifier of
                  Open Badges 3.0 reads them, also when the service is gone. .png,
                  .svg and .pdf carry the same badge in a picture or on paper. A
                  badge that you took down, or that does not count any more, has
                  the signed files alone.
transcript.jwt    your current badges as one signed record (CLR 2.0). More badges
                  than one record holds are in transcript-2.jwt and so on.
transcript.json   what it says, for reading; it is not signed.

evidence/         the files that you and your teams handed in.

Other people are not in it, but for mentors who agreed to be named. Mails are
listed without their words: those are in your mailbox.
`

// files writes what was handed in with their work, each file once. One that is
// missing is left out, and so is its name.
func (p *Person) files(ctx context.Context, z *bundle) error {
	done := map[string]bool{}
	take := func(links []registrar.ExportLink) error {
		for i := range links {
			l := &links[i]
			if l.File == "" || done[l.File] {
				continue
			}
			if p.Files == nil {
				l.File = ""
				continue
			}
			r, err := p.Files.Open(ctx, l.Digest)
			if errors.Is(err, issuer.NotFound) {
				l.File = ""
				continue
			}
			if err != nil {
				return err
			}
			to, err := z.create(l.File)
			if err == nil {
				_, err = io.Copy(to, r)
			}
			if err = errors.Join(err, r.Close()); err != nil {
				return fmt.Errorf("write %s: %w", l.File, err)
			}
			done[l.File] = true
		}
		return nil
	}
	for i := range z.e.Capstones {
		c := &z.e.Capstones[i]
		if err := take(c.Evidence); err != nil {
			return err
		}
		for n := range c.Submissions {
			if err := take(c.Submissions[n].Evidence); err != nil {
				return err
			}
		}
	}
	return nil
}

// badge writes the forms of a badge: those that are signed and, of one that
// counts and is shown, those that are drawn.
func (p *Person) badge(ctx context.Context, z *bundle, b *registrar.ExportBadge, draw bool) error {
	name := "badges/" + tidy(b.Achievement) + "-" + string(b.ID)
	put := func(end string, body []byte) error {
		b.Files = append(b.Files, registrar.ExportFile{Form: strings.ToUpper(end[1:]), Name: name + end})
		return z.put(name+end, body)
	}
	if err := put(".json", b.JSON); err != nil {
		return err
	}
	if b.JWT != nil {
		if err := put(".jwt", b.JWT); err != nil {
			return err
		}
	}
	if !draw || b.Visibility == issuer.Hidden || b.State != issuer.Issued && b.State != issuer.Expired {
		return nil
	}
	for _, end := range []string{".png", ".svg", ".pdf"} {
		a, err := p.Door.ask(ctx, "/v/"+string(b.ID)+end, "*/*")
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if err := put(end, a.body.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// tidy makes a code fit for the name of a file on any system.
func tidy(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, code)
}

// bundle is the file in the making.
type bundle struct {
	*zip.Writer
	e *registrar.PersonExport
}

func (z *bundle) create(name string) (io.Writer, error) {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: z.e.MadeAt})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	return w, nil
}

func (z *bundle) put(name string, body []byte) error {
	w, err := z.create(name)
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// transcripts writes each signed record and, beside it, what it says.
func (z *bundle) transcripts() error {
	for i := range z.e.Transcripts {
		t, name := &z.e.Transcripts[i], "transcript"
		if i > 0 {
			name += fmt.Sprint("-", i+1)
		}
		t.File = name + ".jwt"
		if err := z.put(t.File, t.Token); err != nil {
			return err
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(string(t.Token), ".")[1])
		if err != nil {
			return fmt.Errorf("read our own transcript: %w", err)
		}
		if err := z.put(name+".json", payload); err != nil {
			return err
		}
	}
	return nil
}
