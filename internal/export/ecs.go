package export

import (
	"net/netip"
	"time"

	"chaperone/internal/audit"
)

// ecsVersion is the version of the Elastic Common Schema whose names are used.
const ecsVersion = "8.17.0"

// ecs names the few fields that every Elastic dashboard knows; the record's own
// are under "chaperone".
func ecs(e Event) object {
	f := e.Facts
	event := object{
		"kind": "event", "category": []string{"api"}, "type": []string{"access"}, "action": orUnknown(f.Deed.Action),
		"id": e.ID, "sequence": e.Seq, "dataset": "chaperone.record", "module": "chaperone", "outcome": ecsOutcome(e), "hash": e.Leaf,
	}
	user := object{}
	set(user, "id", e.user())
	if f.Who.Role != "" {
		user["roles"] = []string{f.Who.Role}
	}
	o := object{
		"@timestamp": e.Time.Format(time.RFC3339Nano), "ecs": object{"version": ecsVersion}, "event": event, "user": user,
		"organization": object{"id": f.Who.Tenant}, "chaperone": e,
	}
	if _, err := netip.ParseAddr(f.Who.Address); err == nil {
		o["source"] = object{"ip": f.Who.Address}
	}
	if f.Outcome != nil && f.Outcome.Status > 0 {
		o["http"] = object{"response": object{"status_code": f.Outcome.Status}}
	}
	return o
}

func ecsOutcome(e Event) string {
	switch out := e.Facts.Outcome; {
	case e.Damaged:
		return "failure"
	case out == nil:
		return "unknown"
	case out.Result == audit.OK:
		return "success"
	}
	return "failure"
}
