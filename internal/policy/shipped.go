package policy

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed profiles/*.cedar
var profiles embed.FS

// Default is the shipped policy that holds where nothing else is configured.
const Default = "conceal-everything"

// Shipped lists the names of the policies that come with the product, in the
// order in which people are shown them.
func Shipped() []string {
	return []string{"conceal-everything", "clinic-no-phi", "baa-direct", "developer-synthetic-only"}
}

// IsShipped reports whether a policy of that name comes with the product.
func IsShipped(name string) bool { return slices.Contains(Shipped(), name) }

// ShippedSource returns the text of a shipped policy, as a start for one's own.
// The error names the policies there are.
func ShippedSource(name string) ([]byte, error) {
	if !IsShipped(name) {
		return nil, fmt.Errorf("there is no shipped policy of that name: they are %s", strings.Join(Shipped(), ", "))
	}
	return profiles.ReadFile("profiles/" + name + ".cedar")
}

// OpenShipped parses a shipped policy. The error names the policies there are.
func OpenShipped(name string) (*Policy, error) {
	src, err := ShippedSource(name)
	if err != nil {
		return nil, err
	}
	return Parse(name, src)
}
