// Package lossy is a file system in memory that loses what a careless program
// would lose. It keeps apart what was written and what was made durable: bytes
// are durable once their file was synced (or was opened with O_SYNC or
// O_DSYNC), names once their directory was. Cut takes the power away and what
// is left is mounted again. It also fails on demand: no space, read-only,
// errors, slowness and silence of a disk.
//
// It owns nothing of the product and imports nothing of it. What it does not
// model: sectors torn in half, and writes that reach the disk out of order
// between two syncs. It needs /dev/fuse and the right to mount.
package lossy

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Names says when the name of a file is durable.
type Names int

// The promises about names.
const (
	Strict Names = iota // when its directory was synced
	Ext4                // also when the file itself was synced, as ext4 does it
)

// page is how much of a file is made durable at once, in bytes.
const page = 4096

// Disk is a mounted file system.
type Disk struct {
	dir    string
	names  Names
	server *fuse.Server

	mu     sync.Mutex // guards all nodes and what follows
	root   *node
	last   uint64 // inode number
	trials Trials
	used   int64
	syncs  int
	gate   chan struct{} // closed: open; else everything that changes or syncs waits
	except string        // but for files whose names end so
}

// Trials are what the disk does wrong. The zero Trials are a good disk.
type Trials struct {
	ReadOnly   bool          // changes fail with EROFS
	Space      int64         // bytes there are in all; 0: no limit
	WriteFails bool          // writes fail with EIO
	SyncFails  float64       // share of syncs that fail with EIO; what they should have made durable never becomes so
	SyncTakes  time.Duration // how long every sync takes
	Seed       uint64        // of the choice which syncs fail
}

// Mount mounts an empty disk at dir, which must be an empty directory.
func Mount(dir string, names Names) (*Disk, error) {
	d := &Disk{dir: dir, names: names}
	d.root = d.newNode(syscall.S_IFDIR | 0o700)
	return d, d.mount()
}

// Able reports why a disk cannot be mounted on this machine; nil if it can.
func Able() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("mounting needs root")
	}
	f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func (d *Disk) mount() error {
	d.gate = make(chan struct{})
	close(d.gate)
	none := time.Duration(0)
	server, err := fs.Mount(d.dir, d.root, &fs.Options{
		EntryTimeout: &none, AttrTimeout: &none, NegativeTimeout: &none,
		MountOptions: fuse.MountOptions{DirectMount: true, FsName: "lossy", Name: "lossy", DisableXAttrs: true},
	})
	if err != nil {
		return fmt.Errorf("lossy: mount: %w", err)
	}
	d.server = server
	return nil
}

// Set changes what the disk does wrong, from now on.
func (d *Disk) Set(t Trials) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trials = t
}

// Hang makes everything that writes or syncs wait until the returned function
// is called. Files whose names end in except go on: a memory-mapped index that
// never needs the disk stays in the page cache of a real one.
func (d *Disk) Hang(except string) (release func()) {
	gate := make(chan struct{})
	d.mu.Lock()
	d.gate, d.except = gate, except
	d.mu.Unlock()
	return sync.OnceFunc(func() { close(gate) })
}

// Syncs is how many syncs the disk was asked for.
func (d *Disk) Syncs() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

// Unmount takes the disk away. Nothing may have files open on it.
func (d *Disk) Unmount() error {
	var err error
	for range 100 { // what a killed process held open is let go of a moment later
		if err = d.server.Unmount(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("lossy: unmount: %w", err)
}

// Cut takes the power away: what was not durable is gone, and the disk is
// mounted again as a good one. Whoever used it must have been killed.
func (d *Disk) Cut() error {
	d.mu.Lock()
	d.trials = Trials{}
	kept := &node{disk: d, mode: d.root.mode, ino: 1, names: map[string]*node{}, keptNames: map[string]*node{}}
	d.used = 0
	d.recover(kept, d.root, map[*node]*node{d.root: kept})
	d.mu.Unlock()
	if err := d.Unmount(); err != nil {
		return err
	}
	d.root = kept
	return d.mount()
}

// recover copies what is durable below from.
func (d *Disk) recover(to, from *node, seen map[*node]*node) {
	for name, child := range from.keptNames {
		if old, ok := seen[child]; ok {
			to.names[name], to.keptNames[name] = old, old
			old.links++
			continue
		}
		n := &node{disk: d, mode: child.mode, ino: child.ino, mtime: child.mtime, links: 1, parent: to, name: name}
		seen[child] = n
		if n.isDir() {
			n.names, n.keptNames = map[string]*node{}, map[string]*node{}
		} else {
			n.data = append([]byte(nil), child.kept...)
			n.kept = append([]byte(nil), child.kept...)
			n.dirty = map[int]bool{}
			d.used += int64(len(n.data))
		}
		to.names[name], to.keptNames[name] = n, n
		if n.isDir() {
			d.recover(n, child, seen)
		}
	}
}

// Lost lists what a cut would lose now: the paths whose names or bytes are not
// durable.
func (d *Disk) Lost() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []string
	var walk func(at string, n *node, sure bool)
	walk = func(at string, n *node, sure bool) {
		for name, child := range n.names {
			full := path.Join(at, name)
			named := sure && n.keptNames[name] == child
			if !named || len(child.dirty) > 0 || len(child.data) != len(child.kept) {
				list = append(list, full)
			}
			if child.isDir() {
				walk(full, child, named)
			}
		}
	}
	walk("/", d.root, true)
	return list
}

// unlinked counts a name less, and gives the space back with the last.
func (d *Disk) unlinked(n *node) {
	if n.links--; n.links == 0 {
		d.used -= int64(len(n.data))
	}
}

// change is asked before anything of a node is changed; more is how many bytes are added.
// It returns with the lock held, or with an error and without it.
func (d *Disk) change(n *node, more int64) syscall.Errno {
	d.wait(n)
	d.mu.Lock()
	t := d.trials
	switch {
	case t.ReadOnly:
		d.mu.Unlock()
		return syscall.EROFS
	case t.WriteFails:
		d.mu.Unlock()
		return syscall.EIO
	case t.Space > 0 && more > 0 && d.used+more > t.Space:
		d.mu.Unlock()
		return syscall.ENOSPC
	}
	return 0
}

func (d *Disk) wait(n *node) {
	d.mu.Lock()
	gate, free := d.gate, d.except != "" && strings.HasSuffix(n.name, d.except)
	d.mu.Unlock()
	if !free {
		<-gate
	}
}

// sync is asked before anything of a node is made durable. It returns with the lock held;
// false: the sync fails.
func (d *Disk) sync(n *node) bool {
	d.wait(n)
	d.mu.Lock()
	takes := d.trials.SyncTakes
	if takes > 0 {
		d.mu.Unlock()
		time.Sleep(takes)
		d.mu.Lock()
	}
	d.syncs++
	t := d.trials
	if t.ReadOnly {
		return true // there is nothing to sync
	}
	return t.SyncFails == 0 || rand.New(rand.NewPCG(t.Seed, uint64(d.syncs))).Float64() >= t.SyncFails
}
