package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
)

// A content key is a leaf of a tree whose nodes are secrets: each is a keyed
// hash of the one above it (Goldreich, Goldwasser and Micali, "How to construct
// random functions", 1986). Keeping the root once is keeping every leaf, so
// that sealing content writes no key. A single leaf is destroyed by keeping, in
// place of the node above it, the nodes beside its way down: from those every
// other leaf follows, and that one does not.
const (
	treeBranch = 16                            // children of a node
	treeLevels = 4                             // below the root
	treeLeaves = 1 << (4 * treeLevels)         // 65,536
	nodeSize   = 1 + 4 + sha256.Size           // level, place, secret
	mostNodes  = treeLeaves                    // a tree of which every other leaf is gone has half as many
	treeLabel  = derivePrefix + "content tree" // what a node's children are hashed from
)

// treeNode is a secret in the tree: the place-th of its level, 0 being the root's.
type treeNode struct {
	level  uint8
	place  uint32
	secret [sha256.Size]byte
}

// keyTree is what is left of a tree: nodes that do not overlap, in order.
type keyTree []treeNode

var errTree = errors.New("vault: not a tree of keys")

// child is the i-th node below n.
func (n *treeNode) child(i uint32) treeNode {
	mac := hmac.New(sha256.New, n.secret[:])
	mac.Write([]byte(treeLabel))
	mac.Write([]byte{0, n.level, byte(i)})
	c := treeNode{level: n.level + 1, place: n.place*treeBranch + i}
	mac.Sum(c.secret[:0])
	return c
}

// above is the place, on a level, of the node over a leaf.
func above(leaf uint32, level uint8) uint32 { return leaf >> (4 * (treeLevels - level)) }

// over finds the node from which a leaf follows; false if the leaf is gone.
func (t keyTree) over(leaf uint32) (int, bool) {
	i := slices.IndexFunc(t, func(n treeNode) bool { return above(leaf, n.level) == n.place })
	return i, i >= 0
}

// treeKey is the secret of a leaf.
type treeKey = [sha256.Size]byte

// down is the node over a leaf on a level, or the one below it that is kept;
// false if the leaf was destroyed.
func (t keyTree) down(leaf uint32, level uint8) (treeNode, bool) {
	i, ok := t.over(leaf)
	if !ok || leaf >= treeLeaves {
		return treeNode{}, false
	}
	n := t[i]
	for n.level < level {
		n = n.child(above(leaf, n.level+1) % treeBranch)
	}
	return n, true
}

// family is the keys of a leaf and of those after it that have the same parent:
// made together they cost little more than one. Of a leaf whose parent is not
// kept whole it is the leaf's alone; of one that was destroyed, nothing.
func (t keyTree) family(leaf uint32) []treeKey {
	n, ok := t.down(leaf, treeLevels-1)
	switch {
	case !ok:
		return nil
	case n.level == treeLevels:
		return []treeKey{n.secret}
	}
	var keys []treeKey
	for i := leaf % treeBranch; i < treeBranch; i++ {
		keys = append(keys, n.child(i).secret)
	}
	return keys
}

// leaf is the key of a leaf; false if it was destroyed. The caller clears it.
func (t keyTree) leaf(leaf uint32) (key treeKey, ok bool) {
	n, ok := t.down(leaf, treeLevels)
	return n.secret, ok
}

// without is the tree from which one leaf does not follow any more. It shares
// nothing with t.
func (t keyTree) without(leaf uint32) keyTree {
	i, ok := t.over(leaf)
	if !ok {
		return slices.Clone(t)
	}
	n, beside := t[i], keyTree{}
	for n.level < treeLevels {
		way := above(leaf, n.level+1) % treeBranch
		for c := range uint32(treeBranch) {
			if c != way {
				beside = append(beside, n.child(c))
			}
		}
		n = n.child(way)
	}
	return slices.Concat(t[:i], beside, t[i+1:])
}

// clear forgets the secrets.
func (t keyTree) clear() { clear(t) }

// bytes is the tree as it is sealed: its nodes, each as level, place and secret.
func (t keyTree) bytes() []byte {
	b := make([]byte, 0, len(t)*nodeSize)
	for _, n := range t {
		b = append(b, n.level)
		b = binary.BigEndian.AppendUint32(b, n.place)
		b = append(b, n.secret[:]...)
	}
	return b
}

// readTree undoes bytes.
func readTree(b []byte) (keyTree, error) {
	if len(b)%nodeSize != 0 || len(b)/nodeSize > mostNodes {
		return nil, errTree
	}
	t := make(keyTree, 0, len(b)/nodeSize)
	for ; len(b) > 0; b = b[nodeSize:] {
		n := treeNode{level: b[0], place: binary.BigEndian.Uint32(b[1:5]), secret: [sha256.Size]byte(b[5:nodeSize])}
		if n.level > treeLevels || n.place >= 1<<(4*n.level) {
			return nil, errTree
		}
		t = append(t, n)
	}
	return t, nil
}
