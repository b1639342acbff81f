package registrar

import (
	"database/sql"
	"testing"

	_ "modernc.org/sqlite" // the driver that the store opens files with
)

// BenchmarkSize reports the bytes that a badge of a bulk job takes in the file:
// "copies" is the pages with the signed bytes, "table" those of all other tables,
// "index" those of indexes. The rows of the job itself, which go when it is over,
// are not counted.
func BenchmarkSize(b *testing.B) {
	n := max(b.N, 2000)
	c := newCast(b, NewKit(b, false))
	items := thanks(c.crowd(b, n)...)
	before := c.pages(b)
	c.runs(b, system, NewBatch{Items: items, Quiet: true})
	after := c.pages(b)
	for name, size := range after {
		b.ReportMetric(float64(size-before[name])/float64(n), name+"-B/badge")
	}
}

// pages sums the pages of the database file by what they hold.
func (k *Kit) pages(b *testing.B) map[string]int64 {
	b.Helper()
	db, err := sql.Open("sqlite", k.dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(b.Context(), `SELECT CASE WHEN s.name IN ('signed_copies', 'copy_examples') THEN 'copies' ELSE coalesce(m.type, 'other') END, sum(s.pgsize)
		FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name
		WHERE s.name NOT LIKE 'issue_%' AND s.name NOT LIKE '%issue_items%' GROUP BY 1`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	sizes := map[string]int64{}
	for rows.Next() {
		var name string
		var size int64
		if err := rows.Scan(&name, &size); err != nil {
			b.Fatal(err)
		}
		sizes[name] = size
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return sizes
}
