package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"chaperone/deid"
)

// entry is one file that was done.
type entry struct {
	In      string `json:"in"`
	Out     string `json:"out"`
	Digest  string `json:"sha256"`         // of the file as it was read
	Written string `json:"written_sha256"` // of what was written
	Profile string `json:"profile"`
	Basis   string `json:"basis,omitempty"` // the agreement or determination it was written under
	Rules   string `json:"rules,omitempty"` // digest of the rule packs it was read with
	Read    string `json:"read,omitempty"`  // other flags that say how it was read
}

// line is a line of the list: a file that was done, or the session under which
// the placeholders of those below it are kept.
type line struct {
	entry
	Session string `json:"session"`
}

// manifest is the list of files that are done: one JSON object a line, added to
// as files are finished, so that whatever ends the run leaves it true.
type manifest struct {
	file    *os.File
	profile deid.Profile
	rules   string // digest of the rule packs in use; empty: none
	read    string // other flags that say how files are read; see deidOptions.readAs
	session string // under which the placeholders are kept; "": they are not
	entries map[string]entry
}

// openManifest reads the list, or begins one, and holds it until it is closed, so
// that no two runs write into one folder. A last line that was cut off is dropped.
// The profile and how files are read are to be set before the list is used.
func openManifest(path string) (*manifest, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, plainPathError(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		file.Close()
		return nil, exit{exitFailed, "another run is writing into that folder", "wait until it has ended, or choose another folder to write"}
	} else if err != nil {
		file.Close()
		return nil, fmt.Errorf("the list of what is done cannot be held: %w", err)
	}
	m := &manifest{file: file, entries: map[string]entry{}}
	whole := int64(0)
	in := bufio.NewReader(file)
	for {
		raw, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var e line
		if json.Unmarshal(bytes.TrimSpace(raw), &e) != nil || e.In == "" && e.Session == "" {
			file.Close()
			return nil, exit{exitFailed, path + " is not a list that this command wrote", "move it away, and the folder to write with it"}
		}
		whole += int64(len(raw))
		if e.In == "" {
			m.session = e.Session
			continue
		}
		m.entries[e.In] = e.entry
	}
	if err := file.Truncate(whole); err != nil {
		file.Close()
		return nil, err
	}
	if _, err := file.Seek(whole, io.SeekStart); err != nil {
		file.Close()
		return nil, err
	}
	return m, nil
}

// has reports whether a file was done as it is now, under the same profile and
// rules and read in the same way, and what was written is still there as it was.
func (m *manifest) has(in, digest, out string) bool {
	e, ok := m.entries[in]
	if !ok || e.Digest != digest || e.Profile != m.profile.String() || e.Basis != m.profile.Basis() || e.Rules != m.rules || e.Read != m.read {
		return false
	}
	written, err := digestOf(filepath.Join(out, e.Out))
	return err == nil && written == e.Written
}

// placeOf is where a file went in an earlier run, or "".
func (m *manifest) placeOf(in string) string { return m.entries[in].Out }

func (m *manifest) add(e entry) error {
	e.Profile, e.Basis, e.Rules, e.Read = m.profile.String(), m.profile.Basis(), m.rules, m.read
	m.entries[e.In] = e
	return m.write(e)
}

// keptAs notes the session under which the placeholders are kept.
func (m *manifest) keptAs(session string) error {
	if session == m.session {
		return nil
	}
	m.session = session
	return m.write(struct {
		Session string `json:"session"`
	}{session})
}

func (m *manifest) write(e any) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := m.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("the list of what is done cannot be written: %w", err)
	}
	return nil
}

// Close closes the list. One with nothing in it goes.
func (m *manifest) Close() error {
	if info, err := m.file.Stat(); err == nil && info.Size() == 0 {
		os.Remove(m.file.Name()) //nolint:errcheck // an empty list says nothing
	}
	return m.file.Close()
}

// digestOf is the SHA-256 of a file, in hexadecimal.
func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
