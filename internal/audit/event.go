package audit

import (
	"context"
	"errors"

	"chaperone"
)

// EventKind sorts administrative events. Kinds are only ever added.
type EventKind string

// The kinds of administrative events.
const (
	Started         EventKind = "started"
	Stopped         EventKind = "stopped"
	KeyCreated      EventKind = "key.created"
	KeyRevoked      EventKind = "key.revoked"
	LinkCreated     EventKind = "link.created" // a one-time link to the console
	PolicyLoaded    EventKind = "policy.loaded"
	RulesLoaded     EventKind = "rules.loaded" // a rule pack of the detector
	ConfigLoaded    EventKind = "config.loaded"
	SignedIn        EventKind = "signed.in"
	SignedOut       EventKind = "signed.out"
	AccessDenied    EventKind = "access.denied" // a credential that does not count, or a right that is not there
	RecordRead      EventKind = "record.read"   // looking at the record is part of the record
	RecordQueried   EventKind = "record.queried"
	RecordVerified  EventKind = "record.verified"
	RecordResumed   EventKind = "record.resumed"   // recording had failed and works again
	RecordFaulty    EventKind = "record.faulty"    // it does not verify; the subject is the first place
	ClockBack       EventKind = "clock.back"       // the clock stepped back by more than a minute; order is by place, not by time
	OutOfPlace      EventKind = "residency.broken" // an answer came from outside the allowed countries and was withheld
	Weakened        EventKind = "weakened"         // a setting makes the house less strict than its default
	RegisterChanged EventKind = "register.changed" // something was put down in the register
	RegisterRead    EventKind = "register.read"    // a document of the register was read

	DeviceApproved  EventKind = "device.approved"   // a person let a program sign in
	DeviceDenied    EventKind = "device.denied"     // a person did not
	DeviceSignedIn  EventKind = "device.signed.in"  // it fetched its first tokens
	DeviceRefreshed EventKind = "device.refreshed"  // it fetched its next tokens
	DeviceSignedOut EventKind = "device.signed.out" // it gave its tokens up

	SessionKept     EventKind = "session.kept"     // the placeholders of files begin to be kept
	SessionResumed  EventKind = "session.resumed"  // they were read so that more files have the same
	SessionRelinked EventKind = "session.relinked" // they were read to restore what they stand for

	ExportOpened   EventKind = "export.opened"   // the record begins to be passed on to a receiver
	ExportStalled  EventKind = "export.stalled"  // a receiver takes nothing more
	ExportResumed  EventKind = "export.resumed"  // it does again
	RecordExported EventKind = "record.exported" // a part of the record was written out
	WitnessAlarm   EventKind = "witness.alarm"   // nobody vouches for the record, or a witness says that it was bent
	WitnessBack    EventKind = "witness.back"    // a second party vouches for it again

	RecordAsked     EventKind = "record.asked"     // a question to the record, with its reason
	PatientLinked   EventKind = "patient.linked"   // two aliases are one patient's
	PatientUnlinked EventKind = "patient.unlinked" // they were linked by mistake

	BatchLines   EventKind = "batch.lines"   // lines of a batch that concern a patient, before it leaves
	BatchResults EventKind = "batch.results" // results of a batch that are about to be delivered
)

var eventKinds = map[EventKind]bool{
	Started: true, Stopped: true, KeyCreated: true, KeyRevoked: true, LinkCreated: true, PolicyLoaded: true, RulesLoaded: true,
	ConfigLoaded: true, SignedIn: true, SignedOut: true, AccessDenied: true, RecordRead: true,
	RecordQueried: true, RecordVerified: true, RecordResumed: true, RecordFaulty: true, ClockBack: true, OutOfPlace: true, Weakened: true, RegisterChanged: true, RegisterRead: true,
	DeviceApproved: true, DeviceDenied: true, DeviceSignedIn: true, DeviceRefreshed: true, DeviceSignedOut: true,
	SessionKept: true, SessionResumed: true, SessionRelinked: true,
	ExportOpened: true, ExportStalled: true, ExportResumed: true, RecordExported: true,
	WitnessAlarm: true, WitnessBack: true,
	RecordAsked: true, PatientLinked: true, PatientUnlinked: true,
	BatchLines: true, BatchResults: true,
}

// Event is something people or the house did besides exchanges.
type Event struct {
	Kind    EventKind
	Who     chaperone.Principal  // zero for the house itself
	Patient chaperone.PatientRef // whose record was looked at, if one patient's
	Subject string               // a word: the key's id, the policy's version, the number of the record read
	Status  int                  // HTTP status answered, if any
	Found   map[string]int       // kinds of identifiers found, and how often; nil: nothing was looked at
	Detail  Content              // free words, sealed as content; may be empty
}

// result is how it ended for whoever asked.
func (e Event) result() Result {
	switch {
	case e.Kind == OutOfPlace:
		return UpstreamError
	case e.Kind == AccessDenied, e.Status >= 400 && e.Status < 500:
		return RefusedResult
	case e.Status >= 500:
		return Failed
	}
	return OK
}

// system stands for the house itself as a user.
const system = "chaperone"

// Note records an administrative event durably. The error is a
// *chaperone.Error: record_unavailable, or record_intent_invalid for a kind
// that is not in the list.
func (l *Log) Note(ctx context.Context, e Event) error {
	if !eventKinds[e.Kind] {
		return errIntent(errors.New("audit: the event is none of the closed list"))
	}
	ctx, cancel := l.patience(ctx)
	defer cancel()
	return l.note(ctx, e)
}

// note records an event for as long as ctx lasts.
func (l *Log) note(ctx context.Context, e Event) error {
	if e.Who.ID == "" {
		e.Who.ID = system
		if e.Who.Role == "" {
			e.Who.Role = system
		}
	}
	id, err := newID(l.cfg.Clock(), l.cfg.Random)
	if err != nil {
		return l.failed(err)
	}
	i := Intent{Who: e.Who, Why: Why{Patient: e.Patient}, What: What{Action: string(e.Kind)}}
	facts := i.facts(stamp(l.cfg.Clock()))
	facts.Ruling = nil
	facts.Note = &NoteFacts{Event: e.Kind, Subject: word(e.Subject), Findings: wordKeys(e.Found)}
	facts.Outcome = &OutcomeFacts{Result: e.result(), Status: e.Status}
	r, err := l.row(ctx, draft{
		id: id, kind: KindNote, class: string(e.Kind), index: l.index(i), facts: facts,
		content: []named{{"detail", e.Detail}},
	})
	if err == nil {
		_, err = l.append(ctx, r)
	}
	if err != nil {
		return l.failed(err)
	}
	return nil
}
