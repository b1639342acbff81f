package issuertest

import (
	"context"
	"log/slog"
)

// overheard is the log of the store, from which someone is told of every
// statement.
type overheard struct {
	slog.Handler
	tell func(text string) // nil: nobody is told
}

// Enabled asks for the lines of statements, which are written for debugging.
func (o overheard) Enabled(ctx context.Context, level slog.Level) bool {
	return o.tell != nil || o.Handler.Enabled(ctx, level)
}

// Handle tells of a statement and hands on what is to be logged.
func (o overheard) Handle(ctx context.Context, r slog.Record) error {
	if o.tell != nil && r.Message == "sql" {
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "statement" {
				o.tell(a.Value.String())
			}
			return true
		})
	}
	if !o.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return o.Handler.Handle(ctx, r)
}
