package public

import (
	"sync"

	"hallmark/issuer/badge"
	"hallmark/verifier/bake"
)

// maxPictures is more than the achievements of an installation times the
// years it runs; each takes some 20 KB.
const maxPictures = 500

// pictures keeps the drawings that badges share: one for each achievement and
// year. Drawing takes a hundred times as long as baking, and whoever has a
// link may ask; one is drawn at a time, so that asking for many leaves the
// rest of the service its processor.
type pictures struct {
	mu    sync.Mutex
	drawn map[badge.Art][]byte
}

// png gives the picture of a badge with its credential inside.
func (p *pictures) png(a badge.Art, credential []byte) ([]byte, error) {
	picture, err := p.draw(a)
	if err != nil {
		return nil, err
	}
	return bake.PNG(picture, credential)
}

func (p *pictures) draw(a badge.Art) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if picture, ok := p.drawn[a]; ok {
		return picture, nil
	}
	picture, err := badge.PNG(a, badge.DefaultSize)
	if err != nil {
		return nil, err
	}
	if len(p.drawn) >= maxPictures || p.drawn == nil {
		p.drawn = map[badge.Art][]byte{}
	}
	p.drawn[a] = picture
	return picture, nil
}
