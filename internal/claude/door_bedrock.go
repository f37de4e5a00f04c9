package claude

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"chaperone"

	"github.com/aws/smithy-go/encoding/httpbinding"
)

// NewBedrock returns the door to Amazon Bedrock's runtime (InvokeModel). An
// empty Name means "bedrock". It connects to nothing yet. The errors are about
// the configuration and name the field.
//
// The model stands in the path there, the version and the features in the body,
// and a stream comes in frames of Amazon's; what is read from a Reply is the
// Messages API all the same. There is no list of models; the door answers with
// the configured or the known ones.
func NewBedrock(cfg AWSConfig) (*HTTPDoor, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	host := "https://bedrock-runtime." + cfg.Region + ".amazonaws.com"
	if strings.HasPrefix(cfg.Region, "cn-") {
		host += ".cn"
	}
	cfg.DoorConfig = cfg.named("bedrock", host)
	models, err := newModelMap(cfg.ModelIDs, cfg.Profile)
	if err != nil {
		return nil, err
	}
	list, err := newListing(cfg.Models)
	if err != nil {
		return nil, err
	}
	auth, err := newAWSCredential(cfg, "bedrock", "AWS_BEARER_TOKEN_BEDROCK")
	if err != nil {
		return nil, err
	}
	return newHTTPDoor(cfg.DoorConfig, bedrock{models, list}, auth)
}

// bedrock is the form of InvokeModel.
type bedrock struct {
	models modelMap
	list   listing
}

const bedrockVersion = "bedrock-2023-05-31"

func (p bedrock) shape(c Call, h http.Header) (shaped, error) {
	if reply, err := p.list.answer(c); reply != nil || err != nil {
		return shaped{reply: reply}, err
	}
	doc, err := readCall(c)
	if err != nil {
		return shaped{}, err
	}
	id := doc.getText(0, "model")
	name, versioned, err := p.models.bedrock(id, false)
	if err != nil {
		return shaped{}, err
	}
	version, err := invokeVersion(h, versioned)
	if err != nil {
		return shaped{}, err
	}
	betas := splitBetas(h.Values("Anthropic-Beta"))
	h.Del("Anthropic-Beta")
	front := member("anthropic_version", version)
	if len(betas) > 0 {
		front += "," + member("anthropic_beta", betas)
	}
	drop := []string{"model", "stream", "anthropic_version", "anthropic_beta", "tags"}
	h.Set("Accept", "application/json")
	if strings.HasSuffix(c.Path, "/count_tokens") {
		return p.count(doc, id, front, drop)
	}
	out := shaped{path: invokePath(name, "invoke"), body: reshape(doc, front, drop...)}
	if streams(doc) {
		out.path = invokePath(name, "invoke-with-response-stream")
		h.Set("Accept", frameMedia)
	}
	return out, nil
}

// invokeVersion is what stands in the body. Models of the old kind take none
// but the old version, and would say so in words that help nobody.
func invokeVersion(h http.Header, versioned bool) (string, error) {
	version := cloudVersion(h.Get("Anthropic-Version"), bedrockVersion)
	h.Del("Anthropic-Version")
	if versioned && version != bedrockVersion {
		return "", chaperone.NewError(chaperone.KindInvalid, "door_version",
			"This model takes no other API version than 2023-06-01 on Amazon Bedrock",
			"Send anthropic-version 2023-06-01, or ask for a newer model", nil)
	}
	return version, nil
}

// count asks for the tokens of what would be invoked. Amazon counts for models
// and not for profiles, and wants a whole request: a limit that the call to
// count does not have, and that changes nothing of the count, is added.
func (p bedrock) count(doc *document, id, front string, drop []string) (shaped, error) {
	inRegion := p.models
	inRegion.profile = ""
	name, _, err := inRegion.bedrock(strings.TrimPrefix(id, p.models.profile+"."), false)
	if err != nil {
		return shaped{}, err
	}
	if _, ok := doc.get(0, "max_tokens"); !ok {
		front += `,"max_tokens":1`
	}
	inner := base64.StdEncoding.EncodeToString(reshape(doc, front, drop...))
	return shaped{
		path: invokePath(name, "count-tokens"),
		body: fmt.Appendf(nil, `{"input":{"invokeModel":{"body":"%s"}}}`, inner),
	}, nil
}

// invokePath escapes an id as Amazon's own programs do; the slash of an ARN too.
func invokePath(model, action string) string {
	return "/model/" + httpbinding.EscapePath(model, true) + "/" + action
}

func streams(doc *document) bool {
	v, ok := doc.get(0, "stream")
	return ok && doc.text(v) == "true"
}

func (p bedrock) unshape(c Call, reply *Reply) error {
	nameRequest(reply.Header)
	switch media := mediaOf(reply.Header); {
	case reply.Status >= 400:
		return awsRefusal(reply)
	case media == frameMedia:
		reply.Body = newFrames(reply.Body)
		reply.Header.Set("Content-Type", "text/event-stream; charset=utf-8")
		reply.Header.Del("Content-Length")
	case strings.HasSuffix(c.Path, "/count_tokens"):
		return counted(reply)
	}
	return nil
}

// counted turns Amazon's count into the vendor's.
func counted(reply *Reply) error {
	doc, err := readWhole(reply)
	if err != nil {
		return err
	}
	v, ok := doc.get(0, "inputTokens")
	if !ok || !doc.is(v, number) {
		return errMalformed(nil)
	}
	reply.replace([]byte(`{"input_tokens":` + doc.text(v) + `}`))
	return nil
}
