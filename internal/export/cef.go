package export

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"chaperone/internal/audit"
)

var (
	cefHeader    = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\n", " ", "\r", " ")
	cefExtension = strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\n", `\n`, "\r", `\r`)
)

// cef writes the Common Event Format, version 0: what a rule needs to match, and
// the place in the record where the rest is.
func cef(e Event) string {
	f := e.Facts
	severity := 3
	switch out := f.Outcome; {
	case e.Damaged:
		severity = 10
	case out != nil && out.Result != audit.OK:
		severity = 5
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CEF:0|Chaperone|Chaperone|1|%s|%s|%d|",
		cefHeader.Replace(e.Stage+"."+e.Class), cefHeader.Replace(orUnknown(f.Deed.Action)), severity)
	first := true
	put := func(key, value string) {
		if value == "" {
			return
		}
		if !first {
			b.WriteByte(' ')
		}
		first = false
		b.WriteString(key + "=" + cefExtension.Replace(value))
	}
	put("rt", strconv.FormatInt(e.Time.UnixMilli(), 10))
	put("externalId", strconv.FormatUint(e.Seq, 10))
	put("suid", e.user())
	put("spriv", f.Who.Role)
	if _, err := netip.ParseAddr(f.Who.Address); err == nil {
		put("src", f.Who.Address)
	}
	put("reason", f.Deed.Purpose)
	if f.Outcome != nil {
		put("outcome", string(f.Outcome.Result))
	}
	for i, pair := range [][2]string{
		{"patient", e.patient()}, {"exchange", f.Exchange}, {"model", f.Deed.Model}, {"door", f.Deed.Door}, {"leaf", e.Leaf}, {"event", e.ID},
	} {
		if pair[1] != "" {
			put(fmt.Sprintf("cs%dLabel", i+1), pair[0])
			put(fmt.Sprintf("cs%d", i+1), pair[1])
		}
	}
	return b.String()
}
