package verify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles are 256 hashes wide and eight levels high, and so are bundles of entries
// (C2SP tlog-tiles). A tile that is not full yet stands under a path that names
// its width; it may be removed once the full one is there.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	entrySize  = 2 + leafSize
)

// tiles reads a tree's directory and remembers the last file of each level.
type tiles struct {
	dir  fs.FS
	last map[int]tileData // by tile level; bundles under -1
}

type tileData struct {
	index uint64
	width int
	data  []byte
	err   error
}

func newTiles(dir fs.FS) *tiles { return &tiles{dir: dir, last: map[int]tileData{}} }

// widthAt is how many of a tile's places are filled in a tree of that size.
func widthAt(level int, index, size uint64) int {
	filled := size >> (tileHeight * level)
	return int(min(filled-min(filled, index*tileWidth), tileWidth))
}

// read yields the tile's data, at least width places of it.
func (t *tiles) read(level int, index uint64, width int) ([]byte, error) {
	if last, ok := t.last[level]; ok && last.index == index && last.width == width {
		return last.data, last.err
	}
	data, err := t.load(level, index, width)
	t.last[level] = tileData{index, width, data, err}
	return data, err
}

func (t *tiles) load(level int, index uint64, width int) ([]byte, error) {
	if width < tileWidth {
		if data, err := fs.ReadFile(t.dir, tilePath(level, index)+fmt.Sprintf(".p/%d", width)); err == nil {
			return data, nil
		}
	}
	data, err := fs.ReadFile(t.dir, tilePath(level, index))
	if err != nil {
		return nil, errors.New("it cannot be read")
	}
	return data, nil
}

// hash is the hash at a place of a tile level.
func (t *tiles) hash(level int, place, size uint64) (tlog.Hash, error) {
	index, at := place/tileWidth, int(place%tileWidth)
	width := widthAt(level, index, size)
	data, err := t.read(level, index, width)
	if err != nil {
		return tlog.Hash{}, err
	}
	if len(data) < width*tlog.HashSize || len(data)%tlog.HashSize != 0 {
		return tlog.Hash{}, errors.New("it has the wrong length")
	}
	return tlog.Hash(data[at*tlog.HashSize:][:tlog.HashSize]), nil
}

// entry is the leaf at a place.
func (t *tiles) entry(place, size uint64) ([]byte, error) {
	index, at := place/tileWidth, int(place%tileWidth)
	width := widthAt(0, index, size)
	data, err := t.read(bundles, index, width)
	if err != nil {
		return nil, err
	}
	if len(data) < width*entrySize || len(data)%entrySize != 0 {
		return nil, errors.New("it has the wrong length")
	}
	e := data[at*entrySize:][:entrySize]
	if binary.BigEndian.Uint16(e) != leafSize {
		return nil, errors.New("an entry has the wrong length")
	}
	return e[2:], nil
}

const bundles = -1

// tilePath writes the index in groups of three digits, all but the last marked
// with an x.
func tilePath(level int, index uint64) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	if level == bundles {
		return "tile/entries/" + path
	}
	return fmt.Sprintf("tile/%d/%s", level, path)
}
