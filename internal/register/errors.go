package register

import (
	"errors"

	"chaperone"
)

func errUnavailable(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "register_unavailable", "The register cannot be read or written",
		"Check the space and the permissions of the data directory, then try again", cause)
}

func errDamaged(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "register_damaged", "Something in the register is missing or was changed",
		"Restore the directory register from a backup; the record says what was put down", cause)
}

func errFile(cause error) *chaperone.Error {
	if !errors.Is(cause, ErrUnknown) {
		return errUnavailable(cause)
	}
	return chaperone.NewError(chaperone.KindNotFound, "register_no_file", "The register does not keep this file",
		"Give the file itself with --file", cause)
}

func errSize() *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "register_file_size", "A file of the register is not empty and at most 32 MiB",
		"Give the signed document alone", nil)
}

// malformed is an entry that does not have its form.
func malformed(what, next string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInvalid, "register_malformed", what, next, nil)
}

// untimely is an entry for which something must be there first, or that came too late.
func untimely(code, what, next string) *chaperone.Error {
	return chaperone.NewError(chaperone.KindConflict, code, what, next, nil)
}
