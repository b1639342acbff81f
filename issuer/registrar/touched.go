package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TouchedFilter says which badges a bad rule, a mentor or a file touched. At
// least one of Mentor, Achievement and Source is set; the others narrow.
type TouchedFilter struct {
	Mentor      PersonRef  // who approved the capstone or recorded the completion
	Achievement string     // code or id
	Program     string     // where several programs have that code
	Version     int        // of the achievement; 0: every one
	Source      string     // of the completion: "import", "api", "hand"
	Since       issuer.Day // issued on that day, in UTC, or later
	Until       issuer.Day // issued on that day or earlier
}

// Touched lists the badges that count now and that a filter names, so that they
// can be revoked or issued anew one by one. Who runs the installation may.
func (r *Registrar) Touched(ctx context.Context, by issuer.Caller, f TouchedFilter) ([]BadgeView, error) {
	return look(ctx, r, by, func(w *work) ([]BadgeView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		q, err := w.touchedQuery(f)
		if err != nil {
			return nil, err
		}
		views := []BadgeView{}
		for q.Limit = 500; ; {
			awards, err := w.Tx.Touched(q)
			if err != nil || len(awards) == 0 {
				return views, err
			}
			some, err := w.badgeViews(awards)
			if err != nil {
				return nil, err
			}
			views, q.After = append(views, some...), awards[len(awards)-1].ID
		}
	})
}

func (w *work) touchedQuery(f TouchedFilter) (q store.TouchedQuery, err error) {
	if f.Mentor == (PersonRef{}) && f.Achievement == "" && f.Source == "" {
		return q, issuer.Wrong("filter", "Name a mentor, an achievement or a source.")
	}
	if f.Mentor != (PersonRef{}) {
		p, err := w.person(f.Mentor)
		if err != nil {
			return q, err
		}
		q.Mentor = p.ID
	}
	if err := w.touchedAchievement(&q, f); err != nil {
		return q, err
	}
	switch f.Source {
	case "", "api", "import", "hand":
		q.Source = f.Source
	default:
		return q, issuer.Wrong("source", "A source is “api”, “import” or “hand”.")
	}
	if f.Since != "" {
		q.Since = f.Since.Time()
	}
	if f.Until != "" {
		q.Until = f.Until.Time().Add(24 * time.Hour)
	}
	return q, nil
}

func (w *work) touchedAchievement(q *store.TouchedQuery, f TouchedFilter) error {
	if f.Achievement == "" {
		if f.Version != 0 {
			return issuer.Wrong("version", "Say of which achievement.")
		}
		return nil
	}
	a, err := w.achievementNamed(f.Achievement, f.Program)
	if err != nil {
		return err
	}
	q.Achievement = a.ID
	if f.Version == 0 {
		return nil
	}
	v, err := w.AchievementVersion(a.ID, f.Version)
	if err != nil {
		return unknown(err, "version", f.Achievement)
	}
	q.Version = v.ID
	return nil
}
