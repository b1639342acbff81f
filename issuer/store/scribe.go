package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// slow is how long a statement may take before it is worth a line.
const slow = 500 * time.Millisecond

// scribe writes gorm's log through slog, without bound values: they are
// people's names, addresses and sealed keys.
type scribe struct{ log *slog.Logger }

// ParamsFilter keeps bound values out of every statement that is logged.
func (scribe) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) { return sql, nil }

// LogMode leaves the level to slog.
func (s scribe) LogMode(logger.LogLevel) logger.Interface { return s }

func (s scribe) Info(ctx context.Context, format string, args ...any) {
	s.log.DebugContext(ctx, fmt.Sprintf(format, args...))
}

func (s scribe) Warn(ctx context.Context, format string, args ...any) {
	s.log.WarnContext(ctx, fmt.Sprintf(format, args...))
}

func (s scribe) Error(ctx context.Context, format string, args ...any) {
	s.log.DebugContext(ctx, fmt.Sprintf(format, args...)) // the error itself goes to the caller
}

// Trace tells of slow statements; every other only at debug level.
func (s scribe) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	took := time.Since(begin)
	level := slog.LevelDebug
	if took > slow {
		level = slog.LevelWarn
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	sql, rows := statement()
	s.log.Log(ctx, level, "sql", "statement", sql, "rows", rows, "took", took, "failed", err != nil)
}
