package registrar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// Records that were put back to an earlier state would go on from it as if
// nothing had come after: take places in status lists that badges out there
// have, forget what was revoked, and sign another log over positions that were
// published. So they are held until someone who runs the installation has
// reconciled them with what is known from outside the database.

// heldBack is the stop of issuing while the records are held.
func heldBack(setting string) (issuer.Halt, error) {
	h, err := store.ReadHold(setting)
	if err != nil || !h.Holds() {
		return issuer.Halt{}, err
	}
	return h.Halt(), nil
}

// HoldRestored holds records that come from a backup, in the transaction that
// brings them back: what happened after it was made is not known.
func HoldRestored(tx *store.Tx) error { return tx.SetHold(issuer.Hold{Since: tx.Now}) }

// HoldIfBehind compares the records with a high-water mark (nil: there is none)
// and holds them if they are behind it. Bits of status lists that were
// published are set again at once, and people who were erased are erased again,
// so that no revocation is forgotten and nobody comes back meanwhile.
func (r *Registrar) HoldIfBehind(ctx context.Context, m *highwater.Mark) error {
	if m == nil {
		return nil
	}
	behind, err := store.Read(ctx, r.Store, func(tx *store.Tx) (bool, error) { return Behind(tx, m) })
	if err != nil || !behind {
		return err
	}
	_, err = act(ctx, r, issuer.Caller{System: "restore"}, "records.hold", "", func(w *work) (struct{}, error) {
		h, err := w.Held()
		if err != nil || h.Known {
			return struct{}{}, err
		}
		if !h.Holds() {
			h.Since = w.Now
		}
		h.Known = true
		bits, err := w.mergeLists(m)
		if err != nil {
			return struct{}{}, err
		}
		erased, err := w.eraseAgain(m.Erased)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(w.us.ID)
		w.note("erased", erased)
		w.note("bits", bits)
		return struct{}{}, w.SetHold(h)
	})
	return err
}

// Behind tells whether the records lack something that a mark has.
func Behind(tx *store.Tx, m *highwater.Mark) (bool, error) {
	us, err := tx.Issuer()
	if err != nil {
		return false, err
	}
	if us.ID != m.Issuer {
		return false, issuer.Refuse(issuer.Conflict, "The high-water mark is of another installation than the database; name the folder that belongs to it.")
	}
	if m.Size > 0 {
		l, err := tx.LeafAt(m.Size - 1)
		switch {
		case errors.Is(err, issuer.NotFound) || err == nil && l.ID != m.Last:
			return true, nil
		case err != nil:
			return false, err
		}
	}
	for id, want := range m.Lists {
		l, err := tx.StatusList(id)
		if errors.Is(err, issuer.NotFound) || err == nil && l.Version < want.Version {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	back, err := tx.Unerased(m.Erased...)
	return len(back) > 0, err
}

// Reconciled is what came back, and what did not.
type Reconciled struct {
	Marked  bool                  `json:"marked"`  // there was a high-water mark to reconcile with
	Leaves  int64                 `json:"leaves"`  // of the public log that came back
	Bits    int                   `json:"bits"`    // of status lists that were set again
	Keys    int                   `json:"keys"`    // that came back or moved on
	Erased  int                   `json:"erased"`  // people whom the backup brought back, erased again
	Changed []issuer.CredentialID `json:"changed"` // badges that were revoked, suspended or reinstated again
	Lost    []issuer.CredentialID `json:"lost"`    // badges that were issued and whose records are lost
	Replace []issuer.CredentialID `json:"replace"` // badges whose replacement is among the lost: issue them anew
	Unread  []issuer.CredentialID `json:"unread"`  // badges about which the log says something that could not be read
}

// Reconcile lets records that were put back go on: it takes over from the mark
// what was published since, begins fresh status lists, so that no place is
// taken twice, and ends the hold. Without a mark nothing is known of what came
// after the backup: then whoever asks must say that they know there was nothing.
func (r *Registrar) Reconcile(ctx context.Context, by issuer.Caller, file *highwater.File, withoutMark bool) (*Reconciled, error) {
	m, err := file.Read()
	if err != nil {
		return nil, err
	}
	return act(ctx, r, by, "records.reconcile", "", func(w *work) (*Reconciled, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		w.object = string(w.us.ID)
		h, err := w.Held()
		if err != nil {
			return nil, err
		}
		if !h.Holds() {
			return nil, issuer.Refuse(issuer.Conflict, "There is nothing to reconcile: the records go on from where they were.")
		}
		if m == nil && !withoutMark {
			return nil, issuer.Refuse(issuer.Conflict, "There is no high-water mark at %s, so nothing tells what was published after the backup. Put the one of the installation there; if there is none, --without-mark goes on from the backup, and the log then contradicts whatever was published since.", file.Path())
		}
		out := &Reconciled{Marked: m != nil, Changed: []issuer.CredentialID{}, Lost: []issuer.CredentialID{}, Replace: []issuer.CredentialID{}, Unread: []issuer.CredentialID{}}
		if m != nil {
			if err := w.merge(m, file, out); err != nil {
				return nil, err
			}
		}
		if err := w.freshLists(ctx); err != nil {
			return nil, err
		}
		w.note("leaves", out.Leaves)
		w.note("bits", out.Bits)
		w.note("lost", out.Lost)
		return out, w.SetHold(issuer.Hold{})
	})
}

func (w *work) merge(m *highwater.Mark, file *highwater.File, out *Reconciled) error {
	if w.us.ID != m.Issuer {
		return issuer.Refuse(issuer.Conflict, "The high-water mark is of another installation than the database; name the folder that belongs to it.")
	}
	var err error
	if out.Keys, err = w.mergeKeys(m.Keys); err != nil {
		return err
	}
	if out.Bits, err = w.mergeLists(m); err != nil {
		return err
	}
	if err := w.mergeLeaves(m, file, out); err != nil {
		return err
	}
	out.Erased, err = w.eraseAgain(m.Erased)
	return err
}

// mergeKeys adds keys that are missing and moves on those that had moved on: a
// key that was stolen stays stolen.
func (w *work) mergeKeys(keys []issuer.Key) (int, error) {
	have, err := w.Keys()
	if err != nil {
		return 0, err
	}
	known := byID(have, func(k issuer.Key) issuer.KeyID { return k.ID })
	n := 0
	age := map[issuer.KeyState]int{issuer.KeyPlanned: 0, issuer.KeyActive: 1, issuer.KeyRetired: 2, issuer.KeyCompromised: 3}
	ended := func(k issuer.Key) bool { return age[k.State] > 1 }
	for _, pass := range []bool{true, false} { // those that ended make way for those that sign
		for _, k := range keys {
			if ended(k) != pass {
				continue
			}
			was, there := known[k.ID]
			switch {
			case !there:
				_, err = w.AddKeyOnce(&k)
			case age[was.State] < age[k.State]:
				err = w.SaveKeyState(&k)
			default:
				continue
			}
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// mergeLists brings status lists to what was published of them, and counts the
// bits that were not set.
func (w *work) mergeLists(m *highwater.Mark) (int, error) {
	n := 0
	names, err := w.IssuerIdentities()
	if err != nil {
		return 0, err
	}
	for id, was := range m.Lists {
		_, err := w.StatusList(id)
		if errors.Is(err, issuer.NotFound) {
			err = w.bringBack(id, was, names)
		}
		if err != nil {
			return n, err
		}
		some, err := w.mergeBits(id, was)
		if err != nil {
			return n, err
		}
		n += some
		if err := w.RaiseStatusList(id, was.Version); err != nil {
			return n, err
		}
	}
	return n, nil
}

// bringBack adds a list that the records lack, as old as none other, so that it takes
// no entry. It is published under the address that the badges in it name: records
// from before a move have to move first.
func (w *work) bringBack(id issuer.StatusListID, was highwater.List, names []issuer.IssuerIdentity) error {
	of := slices.IndexFunc(names, func(n issuer.IssuerIdentity) bool { return n.BaseURL == was.Base })
	if was.Base == "" {
		of = 0
	}
	if of < 0 {
		return issuer.Refuse(issuer.Conflict, "These records are from before the installation moved to %s; start it with that base URL and --move-base-url.", was.Base)
	}
	return w.AddStatusList(&issuer.StatusList{ID: id, IssuerID: w.us.ID, Identity: of, Purpose: was.Purpose, Size: was.Size,
		Version: was.Version, Dirty: true, CreatedAt: w.us.CreatedAt.Add(-time.Second)})
}

func (w *work) mergeBits(id issuer.StatusListID, was highwater.List) (n int, err error) {
	entries, err := w.EntriesAt(id)
	if err != nil {
		return 0, err
	}
	for _, index := range was.Set {
		e, ours := entries[index]
		added := ours && e.SetAt == nil
		switch {
		case added:
			err = w.SetStatusAt(&e, "revoked", w.Now)
		case !ours:
			added, err = w.AddLostEntryOnce(&issuer.LostEntry{StatusListID: id, StatusIndex: index, IssuerID: w.us.ID, FoundAt: w.Now})
		}
		if err != nil {
			return n, err
		}
		if added {
			n++
		}
	}
	return n, nil
}

// mergeLeaves gives the log back the leaves that it had, at their positions,
// and does to the records what they say. The tree over them must be the one
// that was published.
func (w *work) mergeLeaves(m *highwater.Mark, file *highwater.File, out *Reconciled) error {
	last, err := w.LastLeaf()
	if err != nil {
		return err
	}
	next := int64(0)
	if last != nil {
		next = *last.Sequence + 1
	}
	if next >= m.Size {
		return nil
	}
	if next < m.From {
		return issuer.Refuse(issuer.Conflict, "The backup ends with leaf %d of the log, and what is kept beside the high-water mark begins with leaf %d: restore a newer backup.", next, m.From)
	}
	waiting, err := w.WaitingLeaves(1 << 30)
	if err != nil {
		return err
	}
	here := byID(waiting, func(l issuer.LogLeaf) issuer.LeafID { return l.ID })
	edge, err := w.edgeAt(next)
	if err != nil {
		return err
	}
	story := &story{work: w, out: out, told: map[string]bool{}}
	err = file.Leaves(m, next, func(l *issuer.LogLeaf) error {
		edge.Append(l.Data)
		out.Leaves++
		if _, waits := here[l.ID]; waits {
			return w.PlaceLeaf(l)
		}
		story.leaves = append(story.leaves, *l)
		if l.Type == ledger.Issue {
			story.lost = append(story.lost, l.CredentialID)
		}
		return w.AddLeaf(l)
	})
	if err != nil {
		return err
	}
	if root := edge.Root(); !bytes.Equal(root[:], m.Root) {
		return issuer.Refuse(issuer.Conflict, "The log of this database went another way than the one that was published, from leaf %d on; restore the backup anew and reconcile before anything else.", next)
	}
	return story.tell()
}

// edgeAt is the right edge of the tree over the leaves that have a position.
func (w *work) edgeAt(size int64) (*ledger.Edge, error) {
	checkpoint, err := w.LastCheckpoint()
	if err != nil {
		return nil, err
	}
	from := int64(0)
	if checkpoint != nil {
		from = min(checkpoint.Size, size)
	}
	edge, err := ledger.NewEdge(from, func(level int, index int64) ([]byte, error) {
		t, err := w.LogTile(level, index)
		if err != nil {
			return nil, err
		}
		return t.Hashes, nil
	})
	for err == nil && edge.Size() < size {
		var some []issuer.LogLeaf
		if some, err = w.Leaves(edge.Size(), int(min(size-edge.Size(), 1000))); err == nil && len(some) == 0 {
			err = fmt.Errorf("leaf %d of the log is missing", edge.Size())
		}
		for _, l := range some {
			edge.Append(l.Data)
		}
	}
	return edge, err
}

// freshLists begins a new list of every purpose, and of every signer of the
// VC-API, later than all: places that were taken after the backup are in lists
// that take no entries any more.
func (w *work) freshLists(ctx context.Context) error {
	at := w.Now
	lists, err := w.StatusLists()
	if err != nil {
		return err
	}
	purposes := []string{revocation}
	for _, l := range lists {
		if !l.CreatedAt.Before(at) {
			at = l.CreatedAt.Add(time.Second)
		}
		if !slices.Contains(purposes, l.Purpose) {
			purposes = append(purposes, l.Purpose)
		}
	}
	for _, p := range purposes {
		if err := w.NewStatusListAt(w.us.ID, p, at); err != nil {
			return err
		}
	}
	instances, err := w.Instances()
	if err != nil {
		return err
	}
	for i := range instances {
		if err := w.freshInstanceList(ctx, &instances[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) freshInstanceList(ctx context.Context, i *issuer.Instance) error {
	open, err := w.OpenInstanceList(i.ID)
	if errors.Is(err, issuer.NotFound) {
		return nil // the next credential begins one
	}
	if err != nil {
		return err
	}
	l := w.NewInstanceList(i)
	if !l.CreatedAt.After(open.CreatedAt) {
		l.CreatedAt = open.CreatedAt.Add(time.Second)
	}
	if l.Bytes, err = w.signInstanceList(ctx, i, l, nil); err != nil {
		return err
	}
	return w.AddInstanceList(l)
}

// story is what leaves say that happened to badges.
type story struct {
	*work
	out    *Reconciled
	leaves []issuer.LogLeaf
	lost   []issuer.CredentialID // issued in these leaves
	told   map[string]bool       // what was done, by award, kind and time
}

// tell does to the records what the leaves say, in their order.
func (s *story) tell() error {
	for _, id := range s.lost {
		if _, err := s.AddLostCredentialOnce(&issuer.LostCredential{ID: id, IssuerID: s.us.ID, FoundAt: s.Now}); err != nil {
			return err
		}
	}
	s.out.Lost = append(s.out.Lost, s.lost...)
	for i := range s.leaves {
		l := &s.leaves[i]
		if l.Type == ledger.Issue || l.Type == ledger.Key || slices.Contains(s.lost, l.CredentialID) {
			continue
		}
		if err := s.happened(l); err != nil {
			return fmt.Errorf("leaf %d: %w", *l.Sequence, err)
		}
	}
	return nil
}

// happened does what one leaf says. It commits to the second and the code of
// the change, of which there are so few that they are found by trying.
func (s *story) happened(l *issuer.LogLeaf) error {
	id := l.CredentialID
	a, err := s.readAward(id)
	if err != nil {
		return err
	}
	if a.State == issuer.Erased { // again, when the records were held; nothing is left to change
		return nil
	}
	salt, err := s.Salt(id)
	if err != nil {
		return err
	}
	at, word, found := s.read(l, salt.Salt)
	switch {
	case l.Type == ledger.Supersede:
		s.out.Replace = append(s.out.Replace, id)
		return s.setBit(id, "superseded", s.Now)
	case !found && l.Type != ledger.Revoke:
		s.out.Unread = append(s.out.Unread, id)
		return nil
	case !found: // revoked all the same
		s.out.Unread = append(s.out.Unread, id)
		at, word = l.At, "other"
	}
	if word == erasedWord { // as is its holder, when all leaves are there
		return nil
	}
	changed := true
	switch l.Type {
	case ledger.Revoke:
		if changed, err = a.Revoke(word, "", "", at); err == nil {
			err = s.setBit(id, "revoked", at)
		}
	case ledger.Suspend:
		changed, err = a.Suspend("", at)
	case ledger.Reinstate:
		changed, err = a.Reinstate()
	}
	var refusal *issuer.Error
	if errors.As(err, &refusal) { // as of a badge that has expired meanwhile
		s.out.Unread = append(s.out.Unread, id)
		return nil
	}
	if err != nil {
		return err
	}
	return s.keep(a, l.Type, word, at, changed)
}

// keep keeps the award and an audit entry of the change, once for all
// credentials of the award.
func (s *story) keep(a *awarded, kind, word string, at time.Time, changed bool) error {
	key := string(a.ID) + kind + at.String()
	if s.told[key] || !changed {
		return nil
	}
	s.told[key] = true
	s.out.Changed = append(s.out.Changed, a.credential.ID)
	if err := s.SaveAward(a.Award); err != nil {
		return err
	}
	e := s.entry("credential."+kind, string(a.credential.ID), "done", fmt.Sprintf(`{"changed":true,"code":%q,"restored":true}`, word))
	e.At = at
	return s.AddAuditEntry(e)
}

func (s *story) setBit(id issuer.CredentialID, reason string, at time.Time) error {
	e, err := s.StatusEntry(id)
	if err != nil {
		return err
	}
	return s.SetStatusAt(e, reason, at)
}

// read finds the second and the word that a leaf commits to.
func (s *story) read(l *issuer.LogLeaf, salt []byte) (at time.Time, word string, found bool) {
	words := []string{"", erasedWord, issuer.Duplicate}
	for code := range issuer.RevocationCodes {
		words = append(words, code)
	}
	for second := range 60 {
		at = l.At.Add(time.Duration(second) * time.Second)
		for _, word = range words {
			if bytes.Equal(l.Data, ledger.Leaf(l.Type, at, ledger.Commit(salt, ledger.Event(l.Type, string(l.CredentialID), at, word)))) {
				return at, word, true
			}
		}
	}
	return time.Time{}, "", false
}
