package register

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Flow is where data goes in this house, as it is configured (RTE-08). It holds no
// secret and nothing of any patient. Two flows of one digest are the same.
type Flow struct {
	Tenant     string     `json:"tenant"`
	Listen     string     `json:"listen"`
	Encrypted  bool       `json:"encrypted_or_local"` // what comes in is encrypted, or does not leave this machine
	Policy     string     `json:"policy"`             // name and version
	Residency  []string   `json:"residency,omitempty"`
	Patients   string     `json:"patients_under,omitempty"` // the law that counts where a request states none
	Assessment string     `json:"cross_border,omitempty"`   // its id
	Kept       []FlowKept `json:"kept"`
	Doors      []FlowDoor `json:"doors"` // the default first
}

// FlowKept is something that stays in the house.
type FlowKept struct {
	What string `json:"what"`
	How  string `json:"how"`
}

// FlowDoor is one way out.
type FlowDoor struct {
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`
	To         string    `json:"to"` // who stands behind it
	Simulated  bool      `json:"simulated,omitempty"`
	Region     string    `json:"region,omitempty"`
	Places     []string  `json:"places,omitempty"` // countries, or "any"
	Retention  string    `json:"retention"`
	Agreement  string    `json:"agreement,omitempty"`
	Expires    time.Time `json:"expires,omitzero"`
	Chain      []string  `json:"subcontractors,omitempty"`
	TLS        string    `json:"tls,omitempty"`
	Plan       string    `json:"plan,omitempty"`
	Configured string    `json:"configuration,omitempty"`
	Fallback   []string  `json:"fallback,omitempty"` // doors that stand in for it
	// Carries is what may leave here at most: "identified" under the agreement,
	// "placeholders", or "nothing".
	Carries string `json:"carries"`
}

// Digest is the SHA-256 of the flow's JSON, hexadecimal. It changes whenever
// anything in the picture does.
func (f Flow) Digest() string {
	b, err := json.Marshal(f)
	if err != nil {
		return "" // plain strings always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// JSON is the flow with its digest.
func (f Flow) JSON() ([]byte, error) {
	return json.MarshalIndent(struct {
		Digest string `json:"digest"`
		Flow
	}{f.Digest(), f}, "", "  ")
}

// lines are what is said of a door in the picture.
func (d FlowDoor) lines() []string {
	if d.Simulated {
		return []string{d.Name + " (" + d.Kind + ")", "nothing leaves this machine"}
	}
	where := strings.Join(d.Places, ", ")
	if where == "any" || where == "" {
		where = "a place that nobody pins down"
	}
	if d.Region != "" {
		where += " (" + d.Region + ")"
	}
	covered := "no agreement"
	if d.Agreement != "" {
		covered = d.Agreement + " until " + day(d.Expires)
	}
	list := []string{d.Name + " (" + d.Kind + ")", "to " + d.To, "in " + where, covered, "keeps: " + d.Retention}
	if len(d.Chain) > 0 {
		list = append(list, "with "+strings.Join(d.Chain, ", "))
	}
	if len(d.Fallback) > 0 {
		list = append(list, "falls back to "+strings.Join(d.Fallback, ", "))
	}
	return list
}

// out is what is said of the way to a door.
func (d FlowDoor) out() string {
	if d.Simulated {
		return "stays on this machine"
	}
	said := map[string]string{
		"identified":   "as the policy rules, identified too",
		"placeholders": "with placeholders only",
		"nothing":      "nothing",
	}[d.Carries]
	if d.TLS != "" {
		said += ", TLS " + d.TLS
	}
	return said
}

// in is what is said of the way into the house.
func (f Flow) in() string {
	if f.Encrypted {
		return "patient text, " + f.Listen
	}
	return "patient text, UNENCRYPTED, " + f.Listen
}

// house is what is said of the gateway itself.
func (f Flow) house() []string {
	list := []string{"Chaperone (" + f.Tenant + ")", "policy " + f.Policy}
	if len(f.Residency) > 0 {
		list = append(list, "may go to "+strings.Join(f.Residency, ", "))
	}
	if f.Patients != "" {
		list = append(list, "patients under the law of "+f.Patients)
	}
	if f.Assessment != "" {
		list = append(list, "assessment "+f.Assessment)
	}
	return list
}

// Mermaid draws the flow in the language of mermaid flowcharts.
func (f Flow) Mermaid() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%%%% data flow, digest %s\nflowchart LR\n", f.Digest())
	fmt.Fprintf(&b, "  client[\"Your software\"]\n  house[%s]\n", mermaidLabel(f.house()))
	fmt.Fprintf(&b, "  client -->|%s| house\n", mermaidLabel([]string{f.in()}))
	for i, k := range f.Kept {
		fmt.Fprintf(&b, "  kept%d[(%s)]\n  house --> kept%d\n", i, mermaidLabel([]string{k.What, k.How}), i)
	}
	for i, d := range f.Doors {
		arrow := "-->"
		if d.Carries != "identified" {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  door%d[%s]\n  house %s|%s| door%d\n", i, mermaidLabel(d.lines()), arrow, mermaidLabel([]string{d.out()}), i)
	}
	return b.String()
}

// mermaidLabel quotes lines. Mermaid reads entities inside quotes, and < as markup.
func mermaidLabel(lines []string) string {
	quoted := make([]string, len(lines))
	for i, l := range lines {
		quoted[i] = strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "#", "#35;").Replace(l)
	}
	return `"` + strings.Join(quoted, "<br/>") + `"`
}
