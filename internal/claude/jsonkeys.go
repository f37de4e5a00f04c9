package claude

import "bytes"

// keySet finds duplicate keys in one object. Few keys are compared one by one,
// many go into a map, so that the whole stays linear and small objects cost
// nothing.
type keySet struct {
	few  [][]byte
	many map[string]struct{}
}

const fewKeys = 12

// add reports false where the decoded key is already there.
func (k *keySet) add(src []byte, n node) bool {
	key := src[n.start+1 : n.end-1]
	if n.escaped {
		key = []byte(unescape(string(key)))
	}
	if k.many != nil {
		if _, dup := k.many[string(key)]; dup {
			return false
		}
		k.many[string(key)] = struct{}{}
		return true
	}
	for _, other := range k.few {
		if bytes.Equal(other, key) {
			return false
		}
	}
	k.few = append(k.few, key)
	if len(k.few) > fewKeys {
		k.many = make(map[string]struct{}, 4*fewKeys)
		for _, other := range k.few {
			k.many[string(other)] = struct{}{}
		}
		k.few = nil
	}
	return true
}
