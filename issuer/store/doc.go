// Package store keeps the records of the issuer in SQLite or PostgreSQL. It is
// the only package that knows gorm, SQL and the difference between the two.
//
// It owns transactions (Read, Write, Tx), the errors a database can answer
// with, migrating, and one file per noun with the functions that read and
// write it. It holds no rights and no rules: who may ask and what may change
// is decided above it, in one transaction that it provides. What must hold
// whatever happens above is in the schema itself: unique indexes, foreign
// keys, checks and triggers.
//
// SQLite has two handles. One connection writes, in immediate transactions,
// behind one goroutine: acts that come meanwhile share its next commit, and while
// the disk turns for one commit the next acts run; none is answered, and nobody sees
// what it wrote, before that is on the disk (durable.go). Other connections read and are query_only. A deferred
// transaction that reads first and writes later, as database/sql opens by
// default, fails with SQLITE_BUSY as soon as two of them meet, whatever the
// busy timeout.
//
// PostgreSQL runs every act in a transaction of its own at read committed: an
// act locks the rows it decides about (people by id, then the capstone), and
// colliding inserts are INSERT … ON CONFLICT DO NOTHING with a look at the
// count. Reads are repeatable read, so that a page is of one moment.
//
// Statements are made once per type of row (insert, read) and, on SQLite, stay
// prepared on their connection from one transaction to the next; measured,
// making and preparing them anew took three quarters of the time of an act.
//
// Rows that an act leaves behind and does not read wait for the end of its
// transaction, where those of all acts that share it are written together
// (late.go). A statement that might meet them has them written first.
//
// gorm is used as a scribe: the domain struct is the row, conditions are
// explicit, changes are named columns. AutoMigrate, Save, associations, hooks,
// soft delete and First with an inline condition are not used: the last runs
// a string id as SQL. References that may be empty hold the empty text and have no foreign
// key, because NULL would never equal the empty id in a condition.
package store
