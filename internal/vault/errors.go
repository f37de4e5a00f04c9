package vault

import (
	"errors"

	"chaperone"
)

// The sentinels of a Store. Vault turns them into what they mean; a driver
// returns them wrapped or bare.
var (
	// ErrExists says that something else is kept under that name already, and
	// that nothing was changed.
	ErrExists = errors.New("vault: exists with other contents")

	// ErrNoKey says that there is no key of that id, and that nothing was changed.
	ErrNoKey = errors.New("vault: no such key")

	// ErrSessionChanged says that the session was made, replaced or removed by
	// somebody else since it was read: read it again and retry.
	ErrSessionChanged = errors.New("vault: session changed meanwhile")
)

// errDamaged is the one thing said about ciphertext that does not open: more
// would help only an attacker.
var errDamaged = errors.New("vault: ciphertext does not open")

func errKeyMissing(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "vault_key_missing",
		"The root key file is not there, so nothing that was sealed can be opened",
		"Put the key file back from your backup; only if this data directory is new, let Chaperone make one", cause)
}

func errKeyDamaged(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "vault_key_damaged",
		"The root key file is not whole: its form or its check value is wrong",
		"Put the key file back from your backup", cause)
}

func errKeyUnsafe() *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "vault_key_unsafe",
		"The root key file can be read or changed by other users of this machine",
		"Make it yours alone with chmod 600, and replace the key if others may have read it", nil)
}

func errKeyExists(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindConflict, "vault_key_exists",
		"There is a root key file already, and it was left as it is",
		"Use it, or choose another place for the new one", cause)
}

func errKeyWrite(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "vault_key_unwritable",
		"The root key file could not be written",
		"Check that the directory exists, is yours and has space", cause)
}

func errKeyWrong(wanted string) *chaperone.Error {
	next := "Put back the root key file that belongs to this data directory"
	if wanted != "" {
		next = "Put back the root key file whose id is " + wanted
	}
	return chaperone.NewError(chaperone.KindUnavailable, "vault_key_wrong",
		"The root key is not the one this data was sealed with", next, nil)
}

func errStore(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "vault_unavailable",
		"The vault's store cannot be used now",
		"Check the disk that holds the data directory, then try again", cause)
}

func errConflict() *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "surrogate_conflict",
		"One placeholder would stand for two different things in this session; nothing was sent on",
		"Start a new session", nil)
}

func errOpen(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "vault_damaged",
		"Something in the vault was changed after it was sealed, or its key was destroyed",
		"Compare with a backup; do not trust this entry", cause)
}

const codeGone = "content_gone"

func errGone() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, codeGone,
		"The content of this record was destroyed with its key; the record itself is whole",
		"Read the record's facts, which are kept", nil)
}
