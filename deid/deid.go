// Package deid finds what identifies a person in clinical text, puts random
// placeholders in its place, and restores them in the answer. It owns detection
// (Engine), the memory of who stands behind which placeholder (Session), the two
// passes over one exchange (Veil), what becomes of each kind (Profile) and the way
// back (Revealer).
//
// It is pure: it reads no file, opens no connection and keeps nothing at rest.
// It refuses to derive a placeholder from a value (45 CFR 164.514(c)), to resolve
// one that another session made or a user typed, and to go on without
// randomness. It promises no perfect detection; nobody can.
//
// All offsets are UTF-8 bytes of the text as it was given.
package deid
