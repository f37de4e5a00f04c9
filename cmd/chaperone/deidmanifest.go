package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
}

// manifest is the list of files that are done: one JSON object a line, added to
// as files are finished, so that whatever ends the run leaves it true.
type manifest struct {
	file    *os.File
	profile deid.Profile
	rules   string
	entries map[string]entry
}

// openManifest reads the list, or begins one. A last line that was cut off is
// dropped.
func openManifest(path string, profile deid.Profile, rules string) (*manifest, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, plainPathError(err)
	}
	m := &manifest{file: file, profile: profile, rules: rules, entries: map[string]entry{}}
	whole := int64(0)
	in := bufio.NewReader(file)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var e entry
		if json.Unmarshal(bytes.TrimSpace(line), &e) != nil || e.In == "" {
			file.Close()
			return nil, exit{exitFailed, path + " is not a list that this command wrote", "move it away, and the folder to write with it"}
		}
		whole += int64(len(line))
		m.entries[e.In] = e
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
// rules, and what was written is still there as it was.
func (m *manifest) has(in, digest, out string) bool {
	e, ok := m.entries[in]
	if !ok || e.Digest != digest || e.Profile != m.profile.String() || e.Basis != m.profile.Basis() || e.Rules != m.rules {
		return false
	}
	written, err := digestOf(filepath.Join(out, e.Out))
	return err == nil && written == e.Written
}

// placeOf is where a file went in an earlier run, or "".
func (m *manifest) placeOf(in string) string { return m.entries[in].Out }

func (m *manifest) add(e entry) error {
	e.Profile, e.Basis, e.Rules = m.profile.String(), m.profile.Basis(), m.rules
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	m.entries[e.In] = e
	if _, err := m.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("the list of what is done cannot be written: %w", err)
	}
	return nil
}

// Close closes the list.
func (m *manifest) Close() error { return m.file.Close() }

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
