package verifier

import (
	"context"

	"hallmark/verifier/bake"
	"hallmark/verifier/strictjson"
)

// PictureSource gives the pictures that an operator keeps for its own badges.
// Those of others are never fetched: what a picture shows decides nothing.
type PictureSource interface {
	// Picture gives what lies at an address; ours is false for the addresses of
	// others.
	Picture(ctx context.Context, url string) (picture []byte, ours bool, err error)
}

// PictureDigest is the digest of the picture that the achievement of a credential
// names, "" where it names none or does not seal it. The digest stands among the
// related resources (VC Data Model 2.0 §5.3), under the address of the picture:
// Open Badges 3.0 has no place for it in the picture itself.
func PictureDigest(credential *strictjson.Value) string {
	address := pictureAddress(credential)
	for part := range credential.Get("relatedResource").Each() {
		if address != "" && part.Get("id").Text() == address {
			return part.Get("digestMultibase").Text()
		}
	}
	return ""
}

func pictureAddress(credential *strictjson.Value) string {
	return credential.Get("credentialSubject").Get("achievement").Get("image").Get("id").Text()
}

// judgePicture answers whether the picture that is at hand is the one that the
// credential seals: the one it came in, taken without the credential, or else
// the one that the operator keeps. It informs and does not decide: a genuine
// credential can be put into any picture, and is as genuine there.
func (r *run) judgePicture(signed *strictjson.Value) {
	if signed == nil {
		return
	}
	digest, c := PictureDigest(signed), r.report.check(image)
	switch {
	case digest == "":
	case r.carrier == bake.PNGKind:
		r.comparePicture(c, digest, bake.Bare(r.carried))
	case r.carrier != "":
		c.Reason += " The badge seals its picture as another kind of file, so this one cannot be compared with it."
	default:
		r.keptPicture(c, digest, pictureAddress(signed))
	}
}

func (r *run) comparePicture(c *Check, digest string, picture []byte) {
	switch is, known := Sealed(digest, picture); {
	case !known:
		c.Reason += " The badge seals its picture by a digest of a kind that is not read here."
	case is:
		c.Reason += " The picture is the one that the badge seals by its digest, with the badge put into it."
	default:
		c.Outcome, c.Reason = Refused, "The badge was put into another picture than its own: go by what is written here, not by what the picture shows."
	}
}

// keptPicture compares the picture that the operator keeps.
func (r *run) keptPicture(c *Check, digest, address string) {
	if r.v.Pictures == nil {
		c.Reason += " Its picture is sealed by a digest; pictures are not fetched."
		return
	}
	picture, ours, err := r.v.Pictures.Picture(r.ctx, address)
	if !ours {
		c.Reason += " Its picture is sealed by a digest; pictures of others are not fetched."
		return
	}
	if err != nil {
		c.Outcome, c.Reason = Undetermined, "The picture that the badge seals could not be read from our records."
		return
	}
	switch is, known := Sealed(digest, picture); {
	case is:
		c.Outcome, c.Reason = Verified, "The picture at "+clip(address, 120)+" is the one that the badge seals by its digest."
	case known:
		c.Outcome, c.Reason = Refused, "The picture at "+clip(address, 120)+" is not the one that the badge seals by its digest."
	}
}
