package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"

	"chaperone/internal/audit"
)

// What OCSF calls things: class API Activity of category Application Activity
// (https://schema.ocsf.io, 1.9.0), with the profiles ai_operation and
// record_integrity.
const (
	ocsfVersion  = "1.9.0"
	ocsfCategory = 6
	ocsfClass    = 6003

	ocsfCreate, ocsfRead, ocsfUpdate, ocsfOther = 1, 2, 3, 99
	ocsfSuccess, ocsfFailure, ocsfUnknown       = 1, 2, 0
	ocsfInformational, ocsfLow, ocsfHigh        = 1, 2, 4
	ocsfSHA256                                  = 3 // algorithm_id of a fingerprint
)

// ocsf makes an API Activity. Its attestation has a fingerprint over the rest of
// the event in canonical JSON (RFC 8785), and names the leaf in the log that
// proves the record it was made of.
func ocsf(e Event) (object, error) {
	f := e.Facts
	activity := ocsfActivity(f.Deed.Action)
	status, severity := ocsfStatus(e)
	o := object{
		"category_uid": ocsfCategory, "class_uid": ocsfClass, "activity_id": activity, "type_uid": ocsfClass*100 + activity,
		"severity_id": severity, "status_id": status, "time": e.Time.UnixMilli(),
		"metadata": object{
			"version": ocsfVersion, "uid": e.ID, "sequence": e.Seq, "log_name": e.Log, "tenant_uid": f.Who.Tenant,
			"event_code": e.Stage + "." + e.Class, "profiles": []string{"ai_operation", "record_integrity"},
			"product": object{"name": "Chaperone", "vendor_name": "Chaperone"},
		},
		"actor":        object{"user": ocsfUser(f.Who)},
		"api":          object{"operation": orUnknown(f.Deed.Action), "service": object{"name": "Chaperone"}},
		"src_endpoint": ocsfEndpoint(f.Who.Address),
		"unmapped":     object{"record": f, "identified": e.Identified, "damaged": e.Damaged},
	}
	if p := e.patient(); p != "" {
		o["resources"] = []object{{"type": "patient", "uid": p}}
	}
	if f.Deed.Door != "" {
		o["dst_endpoint"] = object{"name": f.Deed.Door}
	}
	if f.Outcome != nil && f.Outcome.Status > 0 {
		o["http_response"] = object{"code": f.Outcome.Status}
		set(o, "status_detail", f.Outcome.ErrorCode)
	}
	ocsfModel(o, e)
	return ocsfAttest(o, e)
}

func ocsfModel(o object, e Event) {
	d := e.Facts.Deed
	if d.Model == "" {
		return
	}
	o["ai_model"] = object{"name": d.Model, "ai_provider": "Anthropic"}
	context := object{"uid": e.Facts.Exchange, "ai_role_id": 2, "service": object{"name": orUnknown(d.Door)}}
	if out := e.Facts.Outcome; out != nil && out.Upstream != nil {
		context["prompt_tokens"] = out.Upstream.InputTokens
		context["completion_tokens"] = out.Upstream.OutputTokens
		context["total_tokens"] = out.Upstream.InputTokens + out.Upstream.OutputTokens
		set(o, "stop_reason", out.Upstream.StopReason)
	}
	o["message_context"] = context
}

func ocsfAttest(o object, e Event) (object, error) {
	attestation := object{"uid": e.Leaf, "authority_uid": e.Log, "chain_uid": e.Log}
	o["attestation"] = attestation
	canonical, err := canonicalJSON(o)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	attestation["fingerprint"] = object{"algorithm_id": ocsfSHA256, "algorithm": "SHA-256", "value": hex.EncodeToString(sum[:])}
	return o, nil
}

// canonicalJSON is JSON with its keys in order. Records hold words in ASCII, whole
// numbers and scores of two decimals, which RFC 8785 writes as Go does.
func canonicalJSON(v any) ([]byte, error) {
	text, err := compact(v)
	if err != nil {
		return nil, err
	}
	var plain any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&plain); err != nil {
		return nil, fmt.Errorf("export: canonical: %w", err)
	}
	return compact(plain)
}

func ocsfActivity(action string) int {
	switch {
	case strings.HasSuffix(action, ".create") || strings.HasSuffix(action, ".created"):
		return ocsfCreate
	case strings.HasSuffix(action, ".list") || strings.HasSuffix(action, ".read") || strings.HasSuffix(action, ".queried"):
		return ocsfRead
	case strings.HasSuffix(action, ".loaded"):
		return ocsfUpdate
	}
	return ocsfOther
}

func ocsfStatus(e Event) (status, severity int) {
	switch out := e.Facts.Outcome; {
	case e.Damaged:
		return ocsfFailure, ocsfHigh
	case out == nil:
		return ocsfUnknown, ocsfInformational
	case out.Result == audit.OK:
		return ocsfSuccess, ocsfInformational
	}
	return ocsfFailure, ocsfLow
}

func ocsfUser(w audit.WhoFacts) object {
	u := object{"uid": orUnknown(w.User)}
	if w.Role != "" {
		u["groups"] = []object{{"name": w.Role}}
	}
	set(u, "credential_uid", w.Key)
	return u
}

// ocsfEndpoint is where the call came from: an address, or what stands for one.
func ocsfEndpoint(address string) object {
	if _, err := netip.ParseAddr(address); err == nil {
		return object{"ip": address}
	}
	return object{"uid": orUnknown(address)}
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
