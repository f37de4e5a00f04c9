package claude

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"chaperone"
)

// PlatformNames is what the clouds were known to call the models on a date.
type PlatformNames struct {
	AsOf     string   `json:"as_of"` // the date, YYYY-MM-DD
	Source   string   `json:"source"`
	Profiles []string `json:"profiles"` // what Amazon puts in front of a model for more than one region
	// NoMessages are Amazon's regions without the Messages endpoint.
	NoMessages []string       `json:"no_messages"`
	Names      []PlatformName `json:"names"`
}

// PlatformName is one model whose name on a cloud follows no rule.
type PlatformName struct {
	Model   string `json:"model"` // the vendor's own id
	Bedrock string `json:"bedrock,omitempty"`
	Vertex  string `json:"vertex,omitempty"`
}

//go:embed platforms.json
var platformsFile []byte

// KnownPlatformNames reads the list that this build carries, anew on every
// call. The error means that the build itself is broken.
func KnownPlatformNames() (PlatformNames, error) {
	var list PlatformNames
	dec := json.NewDecoder(bytes.NewReader(platformsFile))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return PlatformNames{}, fmt.Errorf("claude: platforms: %w", err)
	}
	return list, nil
}

// find is the entry of a model or of the snapshot that the entry is about.
func (l PlatformNames) find(id string) (name PlatformName, ok bool) {
	for _, n := range l.Names {
		if n.Model == id {
			return n, true
		}
		if isSnapshot(id, n.Model) && strings.Contains(n.Bedrock+n.Vertex, id[len(n.Model)+1:]) {
			return n, true
		}
	}
	return PlatformName{}, false
}

// plainModel is an id in the vendor's own form, which the platforms' rules take.
var plainModel = regexp.MustCompile(`^claude-[a-z0-9]+(-[a-z0-9]+)*$`)

// modelMap turns the id that a client asks for into the platform's.
type modelMap struct {
	known   PlatformNames
	own     map[string]string // what the operator set
	profile string            // Bedrock: in front of the id, for more regions than one
}

func newModelMap(own map[string]string, profile string) (modelMap, error) {
	known, err := KnownPlatformNames()
	if err != nil {
		return modelMap{}, err
	}
	if profile != "" && !slices.Contains(known.Profiles, profile) {
		return modelMap{}, fmt.Errorf("claude: door: the inference profile is one of %s", strings.Join(known.Profiles, ", "))
	}
	return modelMap{known: known, own: own, profile: profile}, nil
}

// bedrock is the id for Amazon. versioned says that the model is of the old
// kind, whose ids end in a version and which takes the old API version alone.
// An id that is Amazon's already passes only if it leads to no more regions
// than the door's own profile (RTE-02).
func (m modelMap) bedrock(id string, messages bool) (name string, versioned bool, err error) {
	if own, ok := m.own[id]; ok {
		return own, versionedModel.MatchString(own), nil
	}
	if at := strings.Index(id, "anthropic."); at >= 0 {
		if at > 0 && id[:at] != m.profile+"." {
			return "", false, chaperone.NewError(chaperone.KindForbidden, "door_profile",
				"This model id leads to regions that the door is not set to", "Ask for the model by its plain id, like claude-sonnet-5-5", nil)
		}
		return id, versionedModel.MatchString(id), nil
	}
	if !plainModel.MatchString(id) {
		return "", false, errModelUnknown()
	}
	name = "anthropic." + id
	if known, ok := m.known.find(id); ok && known.Bedrock != "" && !messages {
		name = known.Bedrock
	} else if snapshotModel.MatchString(id) && !messages {
		return "", false, errModelUnknown() // no rule says how it is called there
	}
	versioned = versionedModel.MatchString(name)
	if m.profile != "" {
		name = m.profile + "." + name
	}
	return name, versioned, nil
}

var (
	versionedModel = regexp.MustCompile(`-v[0-9]+(:[0-9]+)?$`)
	snapshotModel  = regexp.MustCompile(`-20[0-9]{6}$`)
)

// vertex is the id for Google, whose snapshots stand behind an @.
func (m modelMap) vertex(id string) (string, error) {
	if own, ok := m.own[id]; ok {
		return own, nil
	}
	if known, ok := m.known.find(id); ok && known.Vertex != "" {
		return known.Vertex, nil
	}
	plain, snapshot, dated := strings.Cut(id, "@")
	if dated && plainModel.MatchString(plain) && within(snapshot, 16, "") {
		return id, nil
	}
	if !plainModel.MatchString(id) {
		return "", errModelUnknown()
	}
	if at := snapshotModel.FindStringIndex(id); at != nil {
		return id[:at[0]] + "@" + id[at[0]+1:], nil
	}
	return id, nil
}

func errModelUnknown() error {
	return chaperone.NewError(chaperone.KindNotFound, "door_model",
		"This door does not know the model by that id", "Ask for a model that GET /v1/models lists", nil)
}
