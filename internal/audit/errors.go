package audit

import (
	"errors"

	"chaperone"
)

// ErrTaken is returned by a Journal when a row with the same id but another
// leaf is kept already. Nothing was written.
var ErrTaken = errors.New("audit: the event is recorded with other contents")

var errClosed = errors.New("audit: the record is closed")

const codeMismatch = "record_tree_mismatch"

func errUnavailable(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "record_unavailable",
		"The record cannot be written now, so nothing was sent on",
		"Try again shortly; if it stays, ask your administrator to check the disk that holds the record", cause)
}

func errMismatch(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, codeMismatch,
		"The journal and the tree over it contradict each other, so recording has stopped",
		"Keep the data directory as it is, run 'chaperone audit verify', and compare with a kept checkpoint", cause)
}

func errKeyChanged(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "record_key_changed",
		"The record was signed with another key than the one at hand",
		"Restore the vault that belongs to this record", cause)
}

func errIntent(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "record_intent_invalid",
		"This exchange could not be recorded, so nothing was sent on",
		"Try again, and tell your administrator the request id if it stays", cause)
}

func errNoRecord() *chaperone.Error {
	return chaperone.NewError(chaperone.KindNotFound, "record_not_found",
		"There is no such record", "Check the number or the request id", nil)
}

func errNotYet(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindTimeout, "record_not_in_tree",
		"The record is durable but not yet in the signed tree", "Ask again in a few seconds", cause)
}

func errDamaged(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindInternal, "record_damaged",
		"This record does not read as it was written",
		"Run 'chaperone audit verify' and compare with a backup", cause)
}

// unavailable leaves an error that already speaks to people as it is.
func unavailable(err error) error {
	if own, ok := errors.AsType[*chaperone.Error](err); ok {
		return own
	}
	return errUnavailable(err)
}
