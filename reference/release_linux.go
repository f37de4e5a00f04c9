package reference

import (
	"os"
	"syscall"
	"unsafe"
)

// release tells the system that embedded data will hardly be needed again. Its
// pages are those of the program's file: they leave memory, and come back from
// the file if somebody reads them after all. Nobody can see the difference but in
// what the program takes.
func release(data string) {
	page := uintptr(os.Getpagesize())
	start := uintptr(unsafe.Pointer(unsafe.StringData(data))) //nolint:gosec // only an address is worked out
	from := (start + page - 1) / page * page
	to := (start + uintptr(len(data))) / page * page
	if from >= to {
		return
	}
	whole := unsafe.Slice(unsafe.StringData(data), len(data))              //nolint:gosec // the bytes are not written
	_ = syscall.Madvise(whole[from-start:to-start], syscall.MADV_DONTNEED) // or it stays as it is
}
