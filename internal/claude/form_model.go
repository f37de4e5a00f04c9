package claude

import (
	"regexp"
	"strings"

	"chaperone"
)

// vendors is the vendor's own id of a model that a client asks for by a cloud's
// name: with Amazon's profile in front, its version or Google's snapshot behind, or
// inside of an ARN. An id of any other make stays as it is. False means that the
// name is a cloud's and does not say which model it leads to.
func (l PlatformNames) vendors(id string) (string, bool) {
	if strings.HasPrefix(id, "arn:") {
		var ok bool
		if id, ok = namedByARN(id); !ok {
			return "", false
		}
	}
	plain, snapshot, google := strings.Cut(id, "@")
	if google {
		return googleModel(plain, snapshot)
	}
	for _, p := range l.Profiles {
		if rest, ok := strings.CutPrefix(id, p+"."); ok && strings.HasPrefix(rest, "anthropic.") {
			id = rest
			break
		}
	}
	name, amazon := strings.CutPrefix(id, "anthropic.")
	if !amazon {
		return id, !strings.Contains(id, ".anthropic.") // of a profile that is not known
	}
	return l.amazonModel(id, versionedModel.ReplaceAllString(name, ""))
}

// amazonModel prefers the rule, which keeps a snapshot, and takes the list where
// the rule makes something else of a name.
func (l PlatformNames) amazonModel(id, byRule string) (string, bool) {
	for _, n := range l.Names {
		if n.Bedrock == id && byRule != n.Model && !isSnapshot(byRule, n.Model) {
			return n.Model, true
		}
	}
	return byRule, plainModel.MatchString(byRule)
}

func googleModel(plain, snapshot string) (string, bool) {
	switch {
	case !plainModel.MatchString(plain):
		return "", false
	case snapshot == "default":
		return plain, true
	}
	return plain + "-" + snapshot, googleSnapshot.MatchString(snapshot)
}

var googleSnapshot = regexp.MustCompile(`^20[0-9]{6}$`)

// namedByARN is the model or profile at the end of an ARN. Those of an account's
// own making have a random id there.
func namedByARN(arn string) (string, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[2] != "bedrock" {
		return "", false
	}
	kind, name, _ := strings.Cut(part[5], "/")
	return name, (kind == "inference-profile" || kind == "foundation-model") && name != ""
}

// vendorsModel is vendors for the id in a request.
func vendorsModel(id string) (string, error) {
	if plainModel.MatchString(id) {
		return id, nil
	}
	known, err := KnownPlatformNames()
	if err != nil {
		return "", err
	}
	name, ok := known.vendors(id)
	if !ok || !modelForm(name) {
		return "", chaperone.NewError(chaperone.KindInvalid, "model_unclear",
			"The id does not say which model of Claude is meant",
			"Ask for the model by its own id, like claude-sonnet-5-5, or by the cloud's name of it", nil)
	}
	return name, nil
}
