package registrar

import (
	"context"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
)

// pictureKey is what one picture is of.
type pictureKey struct {
	version issuer.AchievementVersionID
	year    int
}

// pictureOf gives the digest of the picture of badges that are earned on a day,
// "" where no pictures are drawn. The first badge of a version and year has it
// drawn and kept; from then on these bytes count, whatever a later program would
// draw.
func (w *work) pictureOf(v *issuer.AchievementVersion, code string, program issuer.ProgramID, on issuer.Day) (string, error) {
	if w.r.Draw == nil {
		return "", nil
	}
	d, err := w.definitions()
	if err != nil {
		return "", err
	}
	key := pictureKey{v.ID, on.Time().Year()}
	for _, known := range []map[pictureKey]string{d.pictures, w.pictures} {
		if digest := known[key]; digest != "" {
			return digest, nil
		}
	}
	png, err := w.r.Draw(achievementRef(code, v), d.names.programs[program].Code, on)
	if err != nil {
		return "", err
	}
	p := &issuer.Picture{AchievementVersionID: key.version, Year: key.year, IssuerID: w.us.ID, Digest: verifier.Digest(png), Bytes: png, CreatedAt: w.Now}
	if added, err := w.AddPictureOnce(p); err != nil {
		return "", err
	} else if !added { // another act was first
		if p, err = w.PictureOf(key.version, key.year); err != nil {
			return "", err
		}
	}
	if w.pictures == nil {
		w.pictures = map[pictureKey]string{}
	}
	w.pictures[key] = p.Digest
	return p.Digest, nil
}

// pictureMedia is the form of the pictures that badges name.
const pictureMedia = "image/png"

// picturePath is where a picture lies below the base URL. Its name is its
// digest: what lies there never changes.
func picturePath(digest string) string { return "/art/" + digest + ".png" }

// image names a picture in an achievement, which has no place for the digest
// (Open Badges 3.0 §B.1.11 closes Image): bound stands beside it.
func image(base, digest string) *ob3.Image {
	if digest == "" {
		return nil
	}
	return &ob3.Image{ID: base + picturePath(digest), Type: "Image"}
}

// bound seals a picture by its digest (VC Data Model 2.0 §5.3).
func bound(base, digest string) []ob3.RelatedResource {
	if digest == "" {
		return nil
	}
	return []ob3.RelatedResource{{ID: base + picturePath(digest), MediaType: pictureMedia, DigestMultibase: digest}}
}

// PictureNamed is the digest of the picture that signed bytes of ours name; ""
// for badges from before badges named any.
func PictureNamed(signed []byte) string {
	doc, err := strictjson.Parse(signed)
	if err != nil {
		return ""
	}
	return verifier.PictureDigest(doc)
}

// PictureBytes gives a picture by its digest, as the badges that name it mean it.
func (p *Published) PictureBytes(ctx context.Context, digest string) ([]byte, error) {
	return lastGood(p, "picture "+digest, func() ([]byte, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
			kept, err := tx.Picture(digest)
			if err != nil {
				return nil, err
			}
			return kept.Bytes, nil
		})
	})
}

// Picture gives the picture at an address of ours; it makes Published a
// verifier.PictureSource.
func (p *Published) Picture(ctx context.Context, address string) (picture []byte, ours bool, err error) {
	path, _, ours := p.OwnPath(address)
	if ours {
		picture, err = p.PictureBytes(ctx, strings.TrimSuffix(strings.TrimPrefix(path, "/art/"), ".png"))
	}
	return picture, ours, err
}
