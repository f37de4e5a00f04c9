package vault

import (
	"context"
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chaperone"
)

// treeLife is how long one tree gives out keys, whatever is left of it.
const treeLife = 24 * time.Hour

// keyring gives out content keys from the tree in use. A tree belongs to one
// process: after a restart there is another one, so that no leaf is given twice.
type keyring struct {
	turn  chan struct{} // holds one while somebody uses what follows
	id    string        // of the tree in use; empty before the first
	tree  keyTree
	next  uint32    // the first leaf that was not given out
	ready []treeKey // the keys of next and of leaves after it, made together
	until time.Time
}

// take waits for the ring. Whoever has it may be waiting for a disk that hangs,
// so those behind must be able to give up.
func (r *keyring) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return errStore(fmt.Errorf("vault: keys of content: %w", ctx.Err()))
	}
}

func (r *keyring) leave() { <-r.turn }

// keyName is how a record names its content's key: a tree and a leaf.
type keyName struct {
	tree string
	leaf uint32
}

// String is "TREE.LEAF".
func (n keyName) String() string { return n.tree + "." + strconv.FormatUint(uint64(n.leaf), 10) }

// readKeyName undoes String; false for a key that has a row of its own.
func readKeyName(s string) (keyName, bool) {
	tree, number, ok := strings.Cut(s, ".")
	leaf, err := strconv.ParseUint(number, 10, 32)
	n := keyName{tree, uint32(leaf)}
	return n, ok && err == nil && leaf < treeLeaves && n.String() == s
}

// newContentKey gives out a key that was never given before and that follows
// from what is kept durably. The caller clears it.
func (v *Vault) newContentKey(ctx context.Context) (name string, key [rootSize]byte, err error) {
	r := &v.ring
	if err := r.take(ctx); err != nil {
		return "", key, err
	}
	defer r.leave()
	if r.id == "" || !v.cfg.Clock().Before(r.until) {
		if err := v.plant(ctx); err != nil {
			return "", key, err
		}
	}
	for len(r.ready) == 0 {
		if r.next >= treeLeaves {
			if err := v.plant(ctx); err != nil {
				return "", key, err
			}
		}
		if r.ready = r.tree.family(r.next); r.ready == nil {
			r.next++ // destroyed before it was given out
		}
	}
	n := keyName{r.id, r.next}
	key = r.ready[0]
	clear(r.ready[:1])
	r.ready, r.next = r.ready[1:], r.next+1
	return n.String(), key, nil
}

// put takes another tree, or what is left of the one in use.
func (r *keyring) put(id string, tree keyTree) {
	r.tree.clear()
	clear(r.ready)
	if id != r.id {
		r.next = 0
	}
	r.id, r.tree, r.ready = id, tree, nil
}

// plant keeps the root of a new tree, and takes keys from it only once it is
// durable.
func (v *Vault) plant(ctx context.Context) error {
	secret, err := v.random(rootSize)
	if err != nil {
		return err
	}
	defer clear(secret)
	id, err := v.random(16)
	if err != nil {
		return err
	}
	name, tree := hex.EncodeToString(id), keyTree{{secret: [rootSize]byte(secret)}}
	row, err := v.treeRow(name, tree)
	if err != nil {
		return err
	}
	if err := v.cfg.Keys.PutKey(ctx, row); err != nil {
		return errStore(fmt.Errorf("vault: keys of content: %w", err))
	}
	v.ring.put(name, tree)
	v.ring.until = v.cfg.Clock().Add(treeLife)
	return nil
}

// treeRow is a tree as it is kept.
func (v *Vault) treeRow(id string, tree keyTree) (KeyRow, error) {
	plain := tree.bytes()
	defer clear(plain)
	sealed, err := v.seal(v.keys.content, plain, bindRecord("content tree", id, ""))
	return KeyRow{ID: id, Sealed: sealed, Made: v.cfg.Clock().UTC()}, err
}

// keptTree reads a tree.
func (v *Vault) keptTree(ctx context.Context, id string) (keyTree, KeyRow, error) {
	row, ok, err := v.cfg.Keys.Key(ctx, id)
	if err != nil {
		return nil, row, errStore(fmt.Errorf("vault: keys of content: %w", err))
	}
	if !ok {
		return nil, row, errGone()
	}
	plain, err := open(v.keys.content, row.Sealed, bindRecord("content tree", id, ""))
	if err != nil {
		return nil, row, errOpen(fmt.Errorf("vault: keys of content: %w", err))
	}
	defer clear(plain)
	tree, err := readTree(plain)
	if err != nil {
		return nil, row, errOpen(err)
	}
	return tree, row, nil
}

// contentKey opens the key of a record's content.
func (v *Vault) contentKey(ctx context.Context, record, keyID string) (cipher.AEAD, error) {
	name, ok := readKeyName(keyID)
	if !ok {
		return v.ownKey(ctx, record, keyID)
	}
	tree, _, err := v.keptTree(ctx, name.tree)
	if err != nil {
		return nil, err
	}
	defer tree.clear()
	raw, ok := tree.leaf(name.leaf)
	defer clear(raw[:])
	if !ok {
		return nil, errGone()
	}
	return newAEAD(raw[:])
}

// ownKey opens a key that has a row of its own, as every record's had before
// there were trees.
func (v *Vault) ownKey(ctx context.Context, record, keyID string) (cipher.AEAD, error) {
	row, ok, err := v.cfg.Keys.Key(ctx, keyID)
	if err != nil {
		return nil, errStore(fmt.Errorf("vault: content key: %w", err))
	}
	if !ok {
		return nil, errGone()
	}
	raw, err := open(v.keys.content, row.Sealed, bindRecord("content key", record, keyID))
	if err != nil {
		return nil, errOpen(fmt.Errorf("vault: content key: %w", err))
	}
	defer clear(raw)
	return newAEAD(raw)
}

// DestroyContent destroys the key of one record's content, and so the content,
// wherever copies of its ciphertext are. It is durable when it returns nil;
// destroying twice is no error. Every other record stays as it is. The error is
// a *chaperone.Error. Backups of the key table that are older still hold the
// key: they must be kept shorter than content may be.
func (v *Vault) DestroyContent(ctx context.Context, keyID string) error {
	name, ok := readKeyName(keyID)
	if !ok {
		if err := v.cfg.Keys.DropKey(ctx, keyID); err != nil {
			return errStore(fmt.Errorf("vault: destroy content: %w", err))
		}
		return nil
	}
	r := &v.ring
	if err := r.take(ctx); err != nil { // of two at once, neither may put back what the other destroyed
		return err
	}
	defer r.leave()
	tree, row, err := v.keptTree(ctx, name.tree)
	if err != nil && chaperone.AsError(err).Code == codeGone {
		return nil
	}
	if err != nil {
		return err
	}
	defer tree.clear()
	left := tree.without(name.leaf)
	now, err := v.treeRow(name.tree, left)
	if err != nil {
		return err
	}
	now.Made = row.Made
	if err := v.cfg.Keys.ReplaceKey(ctx, now); err != nil {
		left.clear()
		return errStore(fmt.Errorf("vault: destroy content: %w", err))
	}
	if r.id != name.tree {
		left.clear()
		return nil
	}
	r.put(name.tree, left)
	return nil
}
