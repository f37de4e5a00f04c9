package export

import "chaperone"

func errPlace(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "export_place",
		"How far a receiver of the record has got cannot be read or kept",
		"Check the folder export in the data directory; to send everything again, remove the receiver's file there", cause)
}

func errChanged(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindConflict, "export_record_changed",
		"The record is not the one that was passed on before: it was rolled back or rewritten",
		"Keep the data directory as it is, run 'chaperone audit verify', and compare with what the receiver has", cause)
}

func errUnreachable(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUnavailable, "export_unreachable",
		"A receiver of the record cannot be reached or does not acknowledge",
		"Check its address, its certificate and that it is up; it gets everything it missed", cause)
}

func errRefused(cause error) *chaperone.Error {
	return chaperone.NewError(chaperone.KindUpstream, "export_refused",
		"A receiver of the record refuses what it is sent",
		"Check its key and its settings; nothing is skipped, so it gets nothing more until it takes this", cause)
}
