package claude

import (
	"encoding/json"
	"strings"
)

// profile is an inference profile as Amazon lists it.
type profile struct {
	ID     string         `json:"inferenceProfileId"`
	ARN    string         `json:"inferenceProfileArn"`
	Name   string         `json:"inferenceProfileName"`
	Models []profileModel `json:"models"`
	Status string         `json:"status"`
	Type   string         `json:"type"`
}

type profileModel struct {
	ARN string `json:"modelArn"`
}

// profileList turns a page of models into Amazon's list of inference profiles, in
// which Amazon's clients look for what they can ask. The ids have no profile in
// front and the ARNs no region and no account: where a call goes is ruled here,
// and nothing else is claimed.
func profileList(page *document) []byte {
	list := struct {
		Summaries []profile `json:"inferenceProfileSummaries"`
	}{[]profile{}}
	names, err := newModelMap(nil, "")
	data, ok := page.get(0, "data")
	if err == nil && ok {
		for _, m := range page.items(data) {
			id := page.getText(m, "id")
			if !strings.Contains(id, "anthropic.") {
				if id, _, err = names.bedrock(id, false); err != nil {
					continue // Amazon has no name for it
				}
			}
			list.Summaries = append(list.Summaries, profile{
				ID: id, ARN: "arn:aws:bedrock:::inference-profile/" + id, Name: page.getText(m, "display_name"),
				Models: []profileModel{{"arn:aws:bedrock:::foundation-model/" + id}},
				Status: "ACTIVE", Type: "SYSTEM_DEFINED",
			})
		}
	}
	body, err := json.Marshal(list)
	if err != nil { // strings and structs only: cannot happen
		return []byte(`{"inferenceProfileSummaries":[]}`)
	}
	return body
}
