package vault

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestALeafThatWasDestroyedFollowsFromNothingThatIsLeft(t *testing.T) {
	tree := keyTree{{secret: [32]byte{7}}}
	rnd := rand.New(rand.NewPCG(1, 2))
	gone := map[uint32]bool{}
	keys := map[uint32][32]byte{}
	for range 300 {
		n := rnd.Uint32N(treeLeaves)
		keys[n], _ = tree.leaf(n)
	}
	for n := range keys {
		if len(gone) < 150 {
			tree, gone[n] = tree.without(n), true
		}
	}
	again, err := readTree(tree.bytes())
	if err != nil || !slices.Equal(again, tree) {
		t.Fatalf("a tree does not read back: %v", err)
	}
	for n, key := range keys {
		got, ok := again.leaf(n)
		if ok == gone[n] || ok && got != key {
			t.Errorf("leaf %d: there %v, destroyed %v, the same key %v", n, ok, gone[n], got == key)
		}
		for _, left := range again {
			if gone[n] && left.secret == key {
				t.Errorf("the key of leaf %d is left in the tree", n)
			}
		}
	}
}

func TestNoTwoLeavesShareAKey(t *testing.T) {
	tree, seen := keyTree{{secret: [32]byte{9}}}, map[[32]byte]uint32{}
	for n := range uint32(treeLeaves) {
		key, ok := tree.leaf(n)
		if was, twice := seen[key]; twice || !ok {
			t.Fatalf("leaves %d and %d: there %v", was, n, ok)
		}
		seen[key] = n
	}
	if _, ok := tree.leaf(treeLeaves); ok {
		t.Error("there is a leaf beyond the last")
	}
}

func FuzzReadTree(f *testing.F) {
	f.Add([]byte{})
	f.Add(keyTree{{secret: [32]byte{1}}}.bytes())
	f.Add(keyTree{{secret: [32]byte{1}}}.without(77).bytes())
	f.Add(append([]byte{9}, make([]byte, nodeSize-1)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		tree, err := readTree(b)
		if err != nil {
			return
		}
		if !slices.Equal(tree.bytes(), b) {
			t.Error("a tree does not write itself back")
		}
		for _, n := range []uint32{0, 77, treeLeaves - 1} {
			tree.leaf(n)
			if _, ok := tree.without(n).leaf(n); ok && len(tree) == 1 {
				t.Error("a destroyed leaf is still there")
			}
		}
	})
}

func FuzzReadKeyName(f *testing.F) {
	for _, s := range []string{"", "0123456789abcdef0123456789abcdef", "a.1", "a.65535", "a.65536", "a.01", "a.-1", "a.b.3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := readKeyName(s); ok && (n.String() != s || n.leaf >= treeLeaves) {
			t.Errorf("%q reads as %v", s, n)
		}
	})
}
