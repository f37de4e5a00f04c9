package verify

import "golang.org/x/mod/sumdb/tlog"

// sum adds leaves up to a root while keeping only the right edge of the tree:
// one hash for each bit of the size. node is called for every complete subtree
// as it comes about, with its level and its index on that level.
type sum struct {
	size uint64
	edge []tlog.Hash // the largest subtree first
	node func(level int, index uint64, h tlog.Hash)
}

func (s *sum) add(leaf tlog.Hash) {
	h, index := leaf, s.size
	s.node(0, index, h)
	for level := 1; index&1 == 1; level++ {
		h = tlog.NodeHash(s.edge[len(s.edge)-1], h)
		s.edge = s.edge[:len(s.edge)-1]
		index >>= 1
		s.node(level, index, h)
	}
	s.edge = append(s.edge, h)
	s.size++
}

// root is the tree's hash at this size (RFC 6962, section 2.1). The empty tree
// has the hash of the empty string.
func (s *sum) root() tlog.Hash {
	if len(s.edge) == 0 {
		h, _ := tlog.TreeHash(0, nil) // no hash is read for a tree of size 0
		return h
	}
	h := s.edge[len(s.edge)-1]
	for i := len(s.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(s.edge[i], h)
	}
	return h
}
