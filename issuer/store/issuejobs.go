package store

import (
	"errors"
	"time"

	"hallmark/issuer"
)

// AddIssueJob keeps a job and its items.
func (tx *Tx) AddIssueJob(j *issuer.IssueJob, items []*issuer.IssueItem) error {
	if err := tx.add("job", j); err != nil {
		return err
	}
	return addAll(tx, "items of a job", items)
}

// IssueJob reads a job.
func (tx *Tx) IssueJob(id issuer.JobID) (*issuer.IssueJob, error) {
	return take[issuer.IssueJob](tx, "There is no such job.", "id = ?", id)
}

// LockIssueJob reads a job and holds it until the transaction ends.
func (tx *Tx) LockIssueJob(id issuer.JobID) (*issuer.IssueJob, error) {
	if err := tx.lock("issue_jobs", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.IssueJob(id)
}

// OpenIssueJobs lists jobs that are not at their end, the oldest first.
func (tx *Tx) OpenIssueJobs() ([]issuer.IssueJob, error) {
	return list[issuer.IssueJob](tx, "created_at, id", "state IN ('queued', 'running')")
}

// SaveIssueJob keeps how far a job has come.
func (tx *Tx) SaveIssueJob(j *issuer.IssueJob) error {
	n, err := tx.exec("UPDATE issue_jobs SET state = ?, done = ?, problem = ?, ended_at = ? WHERE id = ?",
		string(j.State), j.Done, j.Problem, j.EndedAt, string(j.ID))
	return onlyOne(n, err, "save job")
}

// QueuedItems lists items of a job that are still to be done, in their order.
func (tx *Tx) QueuedItems(id issuer.JobID, limit int) ([]issuer.IssueItem, error) {
	rows, err := read[issuer.IssueItem](tx, "WHERE job_id = ? AND state = 'queued' ORDER BY item_row LIMIT ?", string(id), limit)
	return rows, fault(err, "list items of a job")
}

// IssueItems lists the items of a job in a state.
func (tx *Tx) IssueItems(id issuer.JobID, states ...string) ([]issuer.IssueItem, error) {
	return list[issuer.IssueItem](tx, "item_row", "job_id = ? AND state IN ?", string(id), states)
}

// EndItems keeps what became of queued items, once.
func (tx *Tx) EndItems(items []issuer.IssueItem) error {
	rows := make([]any, len(items))
	for i := range items {
		rows[i] = &items[i]
	}
	n, err := tx.insert(rows, ` ON CONFLICT (job_id, item_row) DO UPDATE SET state = excluded.state, problem = excluded.problem,
		credential_id = excluded.credential_id WHERE issue_items.state = 'queued'`)
	if err == nil && n != int64(len(items)) {
		err = errors.New("some were ended before")
	}
	return fault(err, "end items of a job")
}

// RemoveIssueJobs removes jobs that ended before a time, with their items.
func (tx *Tx) RemoveIssueJobs(before time.Time) error {
	_, err := tx.exec("DELETE FROM issue_items WHERE job_id IN (SELECT id FROM issue_jobs WHERE ended_at < ?)", before)
	if err == nil {
		_, err = tx.exec("DELETE FROM issue_jobs WHERE ended_at < ?", before)
	}
	return fault(err, "remove old jobs")
}
