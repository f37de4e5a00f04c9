package lossy

import (
	"context"
	"maps"
	"slices"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// node is a file or a directory, as it is and as it would be after a cut.
type node struct {
	fs.Inode
	disk  *Disk
	ino   uint64
	mode  uint32
	mtime time.Time

	data  []byte // as written
	kept  []byte // as durable
	dirty map[int]bool

	links     int              // names that lead here
	names     map[string]*node // as made
	keptNames map[string]*node // as durable
	parent    *node            // of a file or directory that was made or moved; for Ext4
	name      string
}

var (
	_ fs.NodeLookuper  = (*node)(nil)
	_ fs.NodeReaddirer = (*node)(nil)
	_ fs.NodeCreater   = (*node)(nil)
	_ fs.NodeMkdirer   = (*node)(nil)
	_ fs.NodeLinker    = (*node)(nil)
	_ fs.NodeMknoder   = (*node)(nil)
	_ fs.NodeUnlinker  = (*node)(nil)
	_ fs.NodeRmdirer   = (*node)(nil)
	_ fs.NodeRenamer   = (*node)(nil)
	_ fs.NodeOpener    = (*node)(nil)
	_ fs.NodeReader    = (*node)(nil)
	_ fs.NodeWriter    = (*node)(nil)
	_ fs.NodeFsyncer   = (*node)(nil)
	_ fs.NodeGetattrer = (*node)(nil)
	_ fs.NodeSetattrer = (*node)(nil)
	_ fs.NodeStatfser  = (*node)(nil)
)

// handle is an open file.
type handle struct{ synced bool }

func (d *Disk) newNode(mode uint32) *node {
	d.last++
	n := &node{disk: d, ino: d.last, mode: mode, mtime: time.Now(), dirty: map[int]bool{}}
	if n.isDir() {
		n.names, n.keptNames = map[string]*node{}, map[string]*node{}
	}
	return n
}

func (n *node) isDir() bool { return n.mode&syscall.S_IFMT == syscall.S_IFDIR }

func (n *node) attr(out *fuse.Attr) {
	out.Ino, out.Mode, out.Size, out.Nlink, out.Blksize = n.ino, n.mode, uint64(len(n.data)), 1, page
	out.Blocks = (out.Size + 511) / 512
	out.SetTimes(nil, &n.mtime, &n.mtime)
}

// enter makes a child known to the kernel.
func (n *node) enter(ctx context.Context, child *node, out *fuse.EntryOut) *fs.Inode {
	child.attr(&out.Attr)
	return n.NewInode(ctx, child, fs.StableAttr{Mode: child.mode & syscall.S_IFMT, Ino: child.ino})
}

func (n *node) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	child := n.names[name]
	if child == nil {
		return nil, syscall.ENOENT
	}
	return n.enter(ctx, child, out), 0
}

func (n *node) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	var list []fuse.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		list = append(list, fuse.DirEntry{Name: name, Mode: n.names[name].mode, Ino: n.names[name].ino})
	}
	return fs.NewListDirStream(list), 0
}

func (n *node) place(name string, child *node) {
	n.names[name] = child
	child.links++
	child.parent, child.name = n, name
	n.mtime = time.Now()
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	inode, errno := n.Mknod(ctx, name, syscall.S_IFREG|mode, 0, out)
	return inode, newHandle(flags), 0, errno
}

func (n *node) Mknod(ctx context.Context, name string, mode, _ uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	if errno := n.disk.change(n, 0); errno != 0 {
		return nil, errno
	}
	defer n.disk.mu.Unlock()
	if n.names[name] != nil {
		return nil, syscall.EEXIST
	}
	child := n.disk.newNode(mode)
	n.place(name, child)
	return n.enter(ctx, child, out), 0
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return n.Mknod(ctx, name, syscall.S_IFDIR|mode, 0, out)
}

func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	if errno := n.disk.change(n, 0); errno != 0 {
		return nil, errno
	}
	defer n.disk.mu.Unlock()
	if n.names[name] != nil {
		return nil, syscall.EEXIST
	}
	child := target.(*node)
	n.place(name, child)
	child.attr(&out.Attr)
	return child.EmbeddedInode(), 0
}

func (n *node) Unlink(_ context.Context, name string) syscall.Errno {
	if errno := n.disk.change(n, 0); errno != 0 {
		return errno
	}
	defer n.disk.mu.Unlock()
	child := n.names[name]
	if child == nil {
		return syscall.ENOENT
	}
	if len(child.names) > 0 {
		return syscall.ENOTEMPTY
	}
	delete(n.names, name)
	n.disk.unlinked(child)
	return 0
}

func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno { return n.Unlink(ctx, name) }

func (n *node) Rename(_ context.Context, name string, newParent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	if errno := n.disk.change(n, 0); errno != 0 {
		return errno
	}
	defer n.disk.mu.Unlock()
	to := newParent.(*node)
	child := n.names[name]
	switch {
	case child == nil:
		return syscall.ENOENT
	case flags&1 != 0 && to.names[newName] != nil: // RENAME_NOREPLACE
		return syscall.EEXIST
	case flags&^1 != 0:
		return syscall.EINVAL
	}
	if over := to.names[newName]; over != nil && over != child {
		n.disk.unlinked(over)
	}
	delete(n.names, name)
	child.links--
	to.place(newName, child)
	return 0
}

func newHandle(flags uint32) *handle {
	return &handle{synced: flags&(syscall.O_SYNC|syscall.O_DSYNC) != 0}
}

func (n *node) Open(_ context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	if flags&syscall.O_TRUNC != 0 {
		if errno := n.truncate(0); errno != 0 {
			return nil, 0, errno
		}
	}
	return newHandle(flags), 0, 0
}

func (n *node) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if off >= int64(len(n.data)) {
		return fuse.ReadResultData(nil), 0
	}
	return fuse.ReadResultData(dest[:copy(dest, n.data[off:])]), 0
}

func (n *node) Write(_ context.Context, f fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	n.disk.mu.Lock()
	more := max(0, off+int64(len(data))-int64(len(n.data)))
	n.disk.mu.Unlock()
	if errno := n.disk.change(n, more); errno != 0 {
		return 0, errno
	}
	if end := off + int64(len(data)); end > int64(len(n.data)) {
		n.resize(end)
	}
	copy(n.data[off:], data)
	for p := off / page; p <= (off+int64(len(data))-1)/page; p++ {
		n.dirty[int(p)] = true
	}
	n.mtime = time.Now()
	n.disk.mu.Unlock()
	if h, ok := f.(*handle); ok && h.synced {
		return uint32(len(data)), n.makeDurable()
	}
	return uint32(len(data)), 0
}

// resize sets the length; the lock is held.
func (n *node) resize(size int64) {
	n.disk.used += size - int64(len(n.data))
	if size <= int64(len(n.data)) {
		n.data = n.data[:size]
	} else {
		n.data = append(n.data, make([]byte, size-int64(len(n.data)))...)
	}
	n.dirty[int(size/page)] = true
}

func (n *node) truncate(size int64) syscall.Errno {
	if errno := n.disk.change(n, size-int64(len(n.data))); errno != 0 {
		return errno
	}
	defer n.disk.mu.Unlock()
	n.resize(size)
	return 0
}

func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno { return n.makeDurable() }

// makeDurable syncs a file or a directory. If that fails, what was waiting is
// clean as far as the next sync can tell, and never becomes durable: so Linux
// does it.
func (n *node) makeDurable() syscall.Errno {
	good := n.disk.sync(n)
	defer n.disk.mu.Unlock()
	if !good {
		clear(n.dirty)
		return syscall.EIO
	}
	if n.isDir() {
		n.keptNames = maps.Clone(n.names)
		return 0
	}
	size := len(n.data)
	if len(n.kept) > size {
		n.kept = n.kept[:size]
	} else {
		n.kept = append(n.kept, make([]byte, size-len(n.kept))...)
	}
	for p := range n.dirty {
		if from := p * page; from < size {
			copy(n.kept[from:], n.data[from:min(size, from+page)])
		}
	}
	clear(n.dirty)
	if n.disk.names == Ext4 {
		for at := n; at.parent != nil && at.parent.names[at.name] == at; at = at.parent {
			at.parent.keptNames[at.name] = at
		}
	}
	return 0
}

func (n *node) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	n.attr(&out.Attr)
	return 0
}

func (n *node) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if size, ok := in.GetSize(); ok {
		if errno := n.truncate(int64(size)); errno != 0 {
			return errno
		}
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if mode, ok := in.GetMode(); ok {
		n.mode = n.mode&syscall.S_IFMT | mode&0o7777
	}
	if at, ok := in.GetMTime(); ok {
		n.mtime = at
	}
	n.attr(&out.Attr)
	return 0
}

func (n *node) Statfs(_ context.Context, out *fuse.StatfsOut) syscall.Errno {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	space := n.disk.trials.Space
	if space == 0 {
		space = 1 << 40
	}
	free := uint64(max(0, space-n.disk.used)) / page
	out.Bsize, out.Frsize, out.NameLen = page, page, 255
	out.Blocks, out.Bfree, out.Bavail = uint64(space)/page, free, free
	return 0
}
