// Package config reads the one configuration file. It owns its form, its
// defaults and the reporting of every fault at its line; it starts nothing,
// opens no door and never holds a secret: keys are named by where they lie.
package config

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"chaperone/deid"
	"chaperone/deid/pack"
	"chaperone/internal/allowance"
	"chaperone/internal/policy"
	"chaperone/regulation"
)

// DefaultPath is the file that is read when none is named. It need not exist.
const DefaultPath = "chaperone.yaml"

// File is the whole configuration. Default gives the values that hold where the
// file is silent.
type File struct {
	Listen         string // host:port
	InsecureListen bool   // allow an address other than loopback without TLS
	PublicURL      string // how clients reach this house, such as https://chaperone.clinic.example; empty: as each request says
	Data           string // directory of everything Chaperone keeps
	Tenant         string // the organisation's short name
	// InsecureUnknownBlocks admits content blocks of types that this version does
	// not know. Their texts are concealed like any other; what they mean is not
	// known.
	InsecureUnknownBlocks bool
	Policy                string // name of a shipped policy, or path of a .cedar file
	Detection             Detection
	Doors                 []Door
	DefaultDoor           string      // the door that is used; one of Doors
	Residency             []string    // countries (ISO 3166-1 alpha-2) where text may be processed; empty: any
	Patients              Patients    // what the law of a patient's place narrows
	CrossBorder           CrossBorder // the judgment by which text without identifiers may leave them
	Limits                Limits
	Allowances            []allowance.Rule
	Teams                 map[string]string // the team of a person, by the owner of their keys
	Session               Session
	Log                   Log
	Record                Record
	Exports               []Export // to whom the record is passed on
	Store                 Store
	// ManagedSettings is what Claude Code is told when it asks: the path of a
	// managed-settings.json, "none", or empty for safe defaults.
	ManagedSettings string
	Witnesses       []Witness // who cosigns the record's checkpoints
}

// Detection settings.
type Detection struct {
	Rules []string // paths of rule packs; see package pack
	// DateOrder says how 3/4/2024 is read: month-first or day-first; empty: not
	// known, and such a date keeps no day on the timeline.
	DateOrder string
	// Determination is the path of the registered expert determination; empty:
	// none, and its profile is locked.
	Determination string
}

// Door is one way to Claude.
type Door struct {
	Name      string
	Kind      policy.DoorKind
	URL       string // https, without a path
	Key       Key
	Agreement Agreement
	DataUse   Agreement // the data use agreement with who stands behind the door (45 CFR 164.514(e)(4))
	// Configuration is what the vendor has granted to the organisation behind the
	// key: "hipaa", "zdr" or "standard"; empty is standard.
	Configuration string
	Plan          string // what was bought of the vendor; empty is "api"
	Region        string
	Country       string             // ISO 3166-1 alpha-2
	Models        []string           // model ids that may be asked for; empty: any
	Betas         []string           // values of anthropic-beta that the door takes; nil: all
	Fallback      []string           // doors that are asked in its place when it fails, in order
	Prices        []regulation.Price // of this door's contract
	Repeat        bool               // it is tried once more after a short pause
	TLSMin        string             // "1.3" or "1.2"
	Pins          []string           // public keys of which one must be in the chain: "sha256/…"
	Platform      Platform

	InsecureHTTP           bool // allow http to a loopback address
	InsecurePrivateAddress bool // allow an address in a private network
}

// Platform is what a door to a cloud or to an endpoint of one's own needs
// besides. Which fields a kind of door takes is in doorRules.
type Platform struct {
	Profile     string            // Amazon: the inference profile
	ModelIDs    map[string]string // what the platform calls a model, by the vendor's id
	Project     string            // Google
	Workspace   string            // at the platforms that Anthropic runs
	Resource    string            // Microsoft
	Credentials string            // Google: a file of credentials; empty: the machine's own
	Metadata    bool              // credentials may come from the machine's metadata service
	EntraTenant string            // Microsoft: sign in as an application instead of by a key
	EntraClient string
	KeyHeader   string // compatible: x-api-key or authorization
}

// CrossBorder is a recorded assessment; see policy.Assessment.
type CrossBorder struct {
	ID         string
	ApprovedBy string
	From       time.Time
	Until      time.Time
	Countries  []string
}

// Assessment is what the policy may know of it.
func (c CrossBorder) Assessment() policy.Assessment { return policy.Assessment(c) }

// Key says where a door's key lies; at most one field is set.
type Key struct {
	File       string // a file that holds nothing but the key
	Env        string // the name of an environment variable
	Credential string // the name of a systemd credential
	Secret     Secret // a secret in a store
}

// Secret says where in which store a key lies.
type Secret struct {
	Store       string // vault, aws, google or azure; empty: in none
	Address     string // of a Vault or of a key vault
	Name        string
	Field       string
	Region      string // Amazon
	TokenFile   string // Vault: the token; Azure: the application's secret
	EntraTenant string
	EntraClient string
	Credentials string // Google: a file of credentials

	InsecurePrivateAddress bool // the store may stand in a private network
}

// Agreement is the agreement that covers a door; see policy.Agreement.
type Agreement struct {
	ID         string
	Holder     string // the party that signed on the other side
	Signed     time.Time
	Expires    time.Time // its end, or the day by which it is reviewed
	ApprovedBy string
	ApprovedOn time.Time // the day of the approval
	// CountersignedBy is the second person, where it was signed before it was approved.
	CountersignedBy string
	Gates           map[policy.Gate]policy.Signature
	Clauses         []string // what it states; see policy.Clauses
	Subcontractors  []policy.Subcontractor
	Covers          []policy.Category // sensitive matters that it expressly covers
	Names           []string          // features and products that it expressly covers; see policy.Namable
}

// Limits bound what is read from outside. Sizes are in bytes.
type Limits struct {
	RequestBytes int64 // a request body as it arrives
	DecodedBytes int64 // the same after decompression
	HeaderBytes  int
	Concurrency  int           // exchanges at once
	ReadTimeout  time.Duration // for a client to send its whole request
	FirstByte    time.Duration // for a door to begin to answer
	StreamIdle   time.Duration // between two pieces of an answer
	Shutdown     time.Duration // for exchanges under way when stopping
}

// Session settings: how long placeholders stay the same for a client that
// states no session of its own.
type Session struct {
	Idle time.Duration
}

// Log settings.
type Log struct {
	Level string // debug, info, warn or error; no level ever shows content
}

// Record settings.
type Record struct {
	Checkpoint time.Duration // at most this long until a record is in the signed tree
	Second     Second
}

// Default is the configuration of an empty or absent file: the simulator only,
// on loopback, with every identifier concealed.
func Default() File {
	return File{
		Listen: "127.0.0.1:8787",
		Data:   "chaperone-data",
		Tenant: "local",
		Policy: policy.Default,
		Doors:  []Door{{Name: "simulator", Kind: policy.DoorSimulator}}, DefaultDoor: "simulator",
		Limits: Limits{
			RequestBytes: 32 << 20, DecodedBytes: 64 << 20, HeaderBytes: 64 << 10, Concurrency: 256,
			ReadTimeout: time.Minute, FirstByte: 10 * time.Minute, StreamIdle: 5 * time.Minute, Shutdown: 30 * time.Second,
		},
		Session: Session{Idle: 8 * time.Hour},
		Log:     Log{Level: "info"},
		Record:  Record{Checkpoint: time.Second, Second: Second{Limit: 5 * time.Minute}},
	}
}

// Load reads the file at path and reports all its faults. With faults the File
// must not be used. An absent file is Default if path is empty or DefaultPath;
// at any other path it is a fault, since somebody meant it. Relative paths in
// the file count from the file's own directory.
func Load(path string) (File, []Fault) {
	if path == "" {
		path = DefaultPath
	}
	src, err := os.ReadFile(path)
	switch {
	case os.IsNotExist(err) && path == DefaultPath:
		return Default(), nil
	case err != nil:
		return Default(), []Fault{{path, 1, 1, "the file cannot be read", "check that it exists and that you may read it"}}
	}
	f, faults := Parse(path, src)
	faults = append(faults, f.policyFaults(faults)...)
	faults = append(faults, f.rulesFaults()...)
	if _, err := f.ReadManagedSettings(); err != nil {
		faults = append(faults, Fault{f.ManagedSettings, 1, 1, "the managed settings cannot be used: " + err.Error(), "mend the file, or take managed_settings out"})
	}
	if _, err := f.OpenDetermination(); err != nil {
		faults = append(faults, Fault{f.Detection.Determination, 1, 1, "the expert determination cannot be used: " + err.Error(), "mend it, or take detection.determination out"})
	}
	return f, faults
}

// ReadManagedSettings reads the configured managed settings, one JSON object;
// nil if no file is named. The error repeats nothing of the file.
func (f File) ReadManagedSettings() ([]byte, error) {
	if f.ManagedSettings == "" || f.ManagedSettings == NoManagedSettings {
		return nil, nil
	}
	src, err := os.ReadFile(f.ManagedSettings)
	if err != nil {
		return nil, errors.New("the file cannot be read")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(src, &object); err != nil || object == nil {
		return nil, errors.New("it is not one JSON object")
	}
	return src, nil
}

// NoManagedSettings is the word for having none.
const NoManagedSettings = "none"

// OpenDetermination reads the configured expert determination; nil if there is
// none. The error says what is wrong with the file and repeats nothing of it.
func (f File) OpenDetermination() (*deid.Determination, error) {
	if f.Detection.Determination == "" {
		return nil, nil
	}
	src, err := os.ReadFile(f.Detection.Determination)
	if err != nil {
		return nil, errors.New("the file cannot be read")
	}
	d, err := deid.ParseDetermination(src)
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// rulesFaults reports the faults of the rule packs that the configuration names.
func (f File) rulesFaults() []Fault {
	_, err := f.OpenRules()
	var faults pack.Faults
	if !errors.As(err, &faults) {
		return nil
	}
	var list []Fault
	for _, p := range faults {
		list = append(list, Fault(p))
	}
	return list
}

// OpenRules loads the configured rule packs; nil if there are none. The error is
// pack.Faults: with one fault no pack is in force.
func (f File) OpenRules() (*pack.Set, error) {
	if len(f.Detection.Rules) == 0 {
		return nil, nil
	}
	return pack.Load(f.Detection.Rules...)
}

// policyFaults reports the faults of the policy file that the configuration
// names. A policy setting that is itself at fault is not looked at.
func (f File) policyFaults(already []Fault) []Fault {
	if len(already) > 0 && f.Policy == "" {
		return nil
	}
	_, err := f.OpenPolicy()
	if err == nil {
		return nil
	}
	var list []Fault
	var faults policy.Faults
	if errors.As(err, &faults) {
		for _, p := range faults {
			list = append(list, Fault(p))
		}
		return list
	}
	return []Fault{{f.Policy, 1, 1, "the policy file cannot be read", "check that it exists, or name a shipped policy"}}
}

// OpenPolicy parses the configured policy. The error is policy.Faults when the
// policy is wrong, else that of reading its file.
func (f File) OpenPolicy() (*policy.Policy, error) {
	if policy.IsShipped(f.Policy) {
		return policy.OpenShipped(f.Policy)
	}
	src, err := os.ReadFile(f.Policy)
	if err != nil {
		return nil, err
	}
	return policy.Parse(f.Policy, src)
}

// Door returns the door of that name, and false if there is none.
func (f File) Door(name string) (Door, bool) {
	for _, d := range f.Doors {
		if d.Name == name {
			return d, true
		}
	}
	return Door{}, false
}

// Facts is what the policy may know about the door.
func (d Door) Facts() policy.DoorFacts {
	return policy.DoorFacts{
		Name: d.Name, Kind: d.Kind, Simulated: d.Kind == policy.DoorSimulator,
		Agreement: policy.Agreement{
			ID: d.Agreement.ID, Signed: d.Agreement.Signed, Expires: d.Agreement.Expires, ApprovedBy: d.Agreement.ApprovedBy,
			ApprovedOn: d.Agreement.ApprovedOn, CountersignedBy: d.Agreement.CountersignedBy,
			Gates: d.Agreement.Gates, Clauses: d.Agreement.Clauses, Subcontractors: d.Agreement.Subcontractors,
			Covers: d.Agreement.Covers, Names: d.Agreement.Names,
		},
		DataUse: policy.Agreement{
			ID: d.DataUse.ID, Signed: d.DataUse.Signed, Expires: d.DataUse.Expires, ApprovedBy: d.DataUse.ApprovedBy,
			ApprovedOn: d.DataUse.ApprovedOn, CountersignedBy: d.DataUse.CountersignedBy,
		},
		Connection: d.connection(), Plan: d.Plan,
		Region: d.Region, Country: d.Country,
	}
}

// connection is the row of the coverage table that the door stands in. What has
// no row carries nothing that identifies: Claude on Google Cloud run by
// Anthropic, whose terms the table does not know, and endpoints of one's own.
func (d Door) connection() string {
	switch d.Kind {
	case policy.DoorAnthropic:
		if d.Configuration == "" {
			return "anthropic-standard"
		}
		return "anthropic-" + d.Configuration
	case policy.DoorBedrockMessages:
		return "bedrock"
	case policy.DoorVertex:
		return "google-cloud"
	case policy.DoorGoogleCloud:
		return "google-cloud-by-anthropic"
	default:
		return string(d.Kind)
	}
}

// under makes a path of the file count from the file's directory.
func under(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
