package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File is a Sink that appends lines to a file and begins a new one when it is
// full. What is acknowledged is on the disk.
type File struct {
	Path   string // the file that is written; full ones have the place of their first row behind it
	Format Format
	Rotate int64 // bytes at which a new file begins; 0: never

	f    *os.File
	size int64
}

// Send implements Sink.
func (s *File) Send(_ context.Context, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	text, err := lines(s.Format, events)
	if err != nil {
		return err
	}
	if err := s.open(events[0].Seq); err != nil {
		return errUnreachable(err)
	}
	_, err = s.f.Write(text)
	if err == nil {
		err = s.f.Sync()
	}
	if err != nil {
		// What of it was written is cut away when the file is opened again.
		cut := s.f.Truncate(s.size)
		return errUnreachable(errors.Join(fmt.Errorf("export: file: %w", err), cut, s.Close()))
	}
	s.size += int64(len(text))
	return nil
}

// open has the file ready, with room in it.
func (s *File) open(next uint64) error {
	if s.f == nil {
		if err := s.reopen(); err != nil {
			return err
		}
	}
	if s.Rotate <= 0 || s.size < s.Rotate {
		return nil
	}
	if err := s.Close(); err != nil {
		return err
	}
	full := fmt.Sprintf("%s.%020d", s.Path, next) // all rows before this one
	if err := os.Rename(s.Path, full); err != nil {
		return fmt.Errorf("export: file: %w", err)
	}
	return s.reopen()
}

func (s *File) reopen() error {
	f, err := os.OpenFile(s.Path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("export: file: %w", err)
	}
	size, err := wholeLines(f)
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err == nil {
		err = syncDirectory(filepath.Dir(s.Path))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("export: file: %w", err), f.Close())
	}
	s.f, s.size = f, size
	return nil
}

// wholeLines is the length of a file up to its last line break. What a crash left
// behind it was never acknowledged, and comes again.
func wholeLines(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	const chunk = 64 << 10
	buf := make([]byte, chunk)
	for end := info.Size(); end > 0; {
		begin := max(end-chunk, 0)
		n, err := f.ReadAt(buf[:end-begin], begin)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if at := bytes.LastIndexByte(buf[:n], '\n'); at >= 0 {
			return begin + int64(at) + 1, nil
		}
		end = begin
	}
	return 0, nil
}

// Close implements Sink.
func (s *File) Close() error {
	if s.f == nil {
		return nil
	}
	err := s.f.Close()
	s.f = nil
	return err
}
