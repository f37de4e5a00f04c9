package config

import (
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"chaperone/internal/policy"

	"go.yaml.in/yaml/v4"
)

var (
	tenantForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)
	nameForm    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	pathForm    = regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,1000}$`)
	publicForm  = regexp.MustCompile(`^(https://[A-Za-z0-9.-]{1,253}|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Parse reads the source of a configuration file and reports all its faults, in
// the order of the file. It looks at no other file and at no environment. name
// is the path of the file: it stands in the faults, and relative paths count
// from its directory.
func Parse(name string, src []byte) (File, []Fault) {
	r := &reader{file: name}
	f := Default()
	dir := filepath.Dir(name)
	root := r.root(src)
	var listen, doors, defaultDoor *yaml.Node
	r.mapping(root, []field{
		{"listen", func(n *yaml.Node) { listen = n; r.text(n, &f.Listen, pathForm, "write host:port, like 127.0.0.1:8787") }},
		{"insecure_listen", func(n *yaml.Node) { r.flag(n, &f.InsecureListen) }},
		{"data", func(n *yaml.Node) {
			r.text(n, &f.Data, pathForm, "write the path of a directory")
			f.Data = under(dir, f.Data)
		}},
		{"tenant", func(n *yaml.Node) {
			r.text(n, &f.Tenant, tenantForm, "write 1 to 64 letters, digits and . _ @ + -")
		}},
		{"policy", func(n *yaml.Node) { r.policy(n, &f.Policy, dir) }},
		{"detection", func(n *yaml.Node) { r.detection(n, &f.Detection, dir) }},
		{"doors", func(n *yaml.Node) { doors = n; f.Doors = r.doors(n, dir) }},
		{"default_door", func(n *yaml.Node) {
			defaultDoor = n
			r.text(n, &f.DefaultDoor, nameForm, "write the name of one of the doors")
		}},
		{"residency", func(n *yaml.Node) { r.countryList(n, &f.Residency) }},
		{"patients", func(n *yaml.Node) { r.patients(n, &f.Patients) }},
		{"cross_border", func(n *yaml.Node) { r.crossBorder(n, &f.CrossBorder) }},
		{"insecure_unknown_blocks", func(n *yaml.Node) { r.flag(n, &f.InsecureUnknownBlocks) }},
		{"allowances", func(n *yaml.Node) { r.allowances(n, &f.Allowances) }},
		{"teams", func(n *yaml.Node) { r.teams(n, &f.Teams) }},
		{"limits", func(n *yaml.Node) { r.limits(n, &f.Limits) }},
		{"session", func(n *yaml.Node) {
			r.mapping(n, []field{{"idle", func(n *yaml.Node) { r.duration(n, &f.Session.Idle, time.Minute, 7*24*time.Hour) }}})
		}},
		{"log", func(n *yaml.Node) {
			r.mapping(n, []field{{"level", func(n *yaml.Node) { r.choice(n, &f.Log.Level, []string{"debug", "info", "warn", "error"}) }}})
		}},
		{"record", func(n *yaml.Node) {
			r.mapping(n, append([]field{
				{"checkpoint", func(n *yaml.Node) { r.duration(n, &f.Record.Checkpoint, 100*time.Millisecond, time.Minute) }},
			}, r.second(&f.Record.Second, dir)...))
		}},
		{"exports", func(n *yaml.Node) { f.Exports = r.exports(n, dir) }},
		{"public_url", func(n *yaml.Node) {
			r.text(n, &f.PublicURL, publicForm, "write https:// and a host, without a path: https://chaperone.clinic.example")
		}},
		{"managed_settings", func(n *yaml.Node) {
			r.text(n, &f.ManagedSettings, pathForm, "write the path of a JSON file, or none")
			if f.ManagedSettings != NoManagedSettings {
				f.ManagedSettings = under(dir, f.ManagedSettings)
			}
		}},
		{"store", func(n *yaml.Node) { r.store(n, &f.Store, dir) }},
		{"witnesses", func(n *yaml.Node) { f.Witnesses = r.witnesses(n) }},
	})
	r.required(root, f)
	r.listen(listen, f)
	r.chosen(defaultDoor, doors, &f)
	r.countries(doors, f)
	r.fallbacks(doors, f)
	return f, byPlace(r.faults)
}

// listen refuses an address that others can reach: what comes in is not
// encrypted, and it is patient text (CRY-01).
func (r *reader) listen(n *yaml.Node, f File) {
	host, port, err := net.SplitHostPort(f.Listen)
	if p, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || p == 0 && port != "0" {
		if f.Listen != "" {
			r.fault(n, "this is not an address to listen on", "write host:port, like 127.0.0.1:8787")
		}
		return
	}
	if !loopback(host) && !f.InsecureListen {
		r.fault(n, "this address can be reached from other machines without encryption",
			"listen on 127.0.0.1 behind a TLS proxy, or set insecure_listen: true")
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// policy reads the name of a shipped policy or the path of a file.
func (r *reader) policy(n *yaml.Node, into *string, dir string) {
	r.text(n, into, pathForm, "write the name of a shipped policy or the path of a .cedar file")
	switch {
	case *into == "" || policy.IsShipped(*into):
	case strings.HasSuffix(*into, ".cedar"):
		*into = under(dir, *into)
	default:
		r.fault(n, "there is no shipped policy of this name", "they are "+strings.Join(policy.Shipped(), ", ")+"; a policy of your own ends in .cedar")
		*into = ""
	}
}

// chosen settles which door is used.
func (r *reader) chosen(n, doors *yaml.Node, f *File) {
	if doors == nil && n == nil {
		return
	}
	if doors != nil && len(f.Doors) == 0 {
		r.fault(doors, "the list of doors is empty", "remove it to use the simulator, or name a door")
		return
	}
	if n == nil {
		if len(f.Doors) > 1 {
			r.fault(doors, "there are several doors and no default_door", "set default_door to the name of one")
		}
		f.DefaultDoor = f.Doors[0].Name
		return
	}
	if _, ok := f.Door(f.DefaultDoor); !ok && f.DefaultDoor != "" {
		r.fault(n, "there is no door of this name", "write the name of one of the doors")
	}
}

// countries asks every real door for its country if countries matter: a door
// without one would be refused at every request (RTE-02).
func (r *reader) countries(doors *yaml.Node, f File) {
	if len(f.Residency) == 0 || doors == nil || doors.Kind != yaml.SequenceNode || len(doors.Content) != len(f.Doors) {
		return
	}
	for i, d := range f.Doors {
		if d.Kind != policy.DoorSimulator && d.Country == "" {
			r.fault(doors.Content[i], "the door has no country, and residency is set", "set country to where the door processes text")
		}
	}
}

func (r *reader) limits(n *yaml.Node, l *Limits) {
	header := int64(l.HeaderBytes)
	r.mapping(n, []field{
		{"request_bytes", func(n *yaml.Node) { r.size(n, &l.RequestBytes, 1<<10, 1<<30) }},
		{"decoded_bytes", func(n *yaml.Node) { r.size(n, &l.DecodedBytes, 1<<10, 1<<30) }},
		{"header_bytes", func(n *yaml.Node) { r.size(n, &header, 4<<10, 1<<20) }},
		{"concurrency", func(n *yaml.Node) { r.whole(n, &l.Concurrency, 1, 100_000) }},
		{"read_timeout", func(n *yaml.Node) { r.duration(n, &l.ReadTimeout, time.Second, time.Hour) }},
		{"first_byte_timeout", func(n *yaml.Node) { r.duration(n, &l.FirstByte, time.Second, time.Hour) }},
		{"stream_idle_timeout", func(n *yaml.Node) { r.duration(n, &l.StreamIdle, time.Second, time.Hour) }},
		{"shutdown_timeout", func(n *yaml.Node) { r.duration(n, &l.Shutdown, time.Second, time.Hour) }},
	})
	l.HeaderBytes = int(header)
	if l.DecodedBytes < l.RequestBytes {
		r.fault(n, "decoded_bytes is smaller than request_bytes", "a body never shrinks by decompression; make it at least as large")
	}
}

func (r *reader) detection(n *yaml.Node, into *Detection, dir string) {
	r.mapping(n, []field{
		{"rules", func(n *yaml.Node) {
			r.list(n, func(item *yaml.Node) {
				var path string
				r.text(item, &path, pathForm, "write the path of a rule pack")
				if path != "" {
					into.Rules = append(into.Rules, under(dir, path))
				}
			})
		}},
		{"date_order", func(n *yaml.Node) { r.choice(n, &into.DateOrder, []string{"month-first", "day-first"}) }},
		{"determination", func(n *yaml.Node) {
			r.text(n, &into.Determination, pathForm, "write the path of a determination")
			into.Determination = under(dir, into.Determination)
		}},
	})
}
