package claude

import (
	"net/netip"
	"testing"
)

func TestEachReachAllowsItsAddressesAndNoOthers(t *testing.T) {
	cases := []struct {
		addr                      string
		public, loopback, private bool
	}{
		{"160.79.104.10", true, true, true},
		{"2607:6bc0::10", true, true, true},
		{"127.0.0.1", false, true, true},
		{"::1", false, true, true},
		{"::ffff:127.0.0.1", false, true, true},
		{"10.1.2.3", false, false, true},
		{"172.16.0.1", false, false, true},
		{"192.168.1.1", false, false, true},
		{"100.64.0.1", false, false, true},
		{"fd12:3456::1", false, false, true},
		{"64:ff9b::a01:203", false, false, true},
		{"64:ff9b::a04f:680a", true, true, true},
		{"0.0.0.0", false, false, false},
		{"0.1.2.3", false, false, false},
		{"::", false, false, false},
		{"169.254.169.254", false, false, false},
		{"64:ff9b::a9fe:a9fe", false, false, false},
		{"::ffff:169.254.169.254", false, false, false},
		{"fe80::1%eth0", false, false, false},
		{"100.100.100.200", false, false, false},
		{"168.63.129.16", false, false, false},
		{"fd00:ec2::254", false, false, false},
		{"224.0.0.1", false, false, false},
		{"ff02::1", false, false, false},
		{"255.255.255.255", false, false, false},
		{"198.18.0.1", false, false, false},
		{"2002:a00:1::1", false, false, false},
		{"2001::1", false, false, false},
		{"2001:db8::1", false, false, false},
	}
	for _, c := range cases {
		addr := netip.MustParseAddr(c.addr)
		got := [3]bool{reachPublic.allows(addr), reachLoopback.allows(addr), reachPrivate.allows(addr)}
		if want := [3]bool{c.public, c.loopback, c.private}; got != want {
			t.Errorf("%s: public, loopback, private are %v, want %v", c.addr, got, want)
		}
	}
	if reachPrivate.allows(netip.Addr{}) {
		t.Error("no address was allowed")
	}
}

func TestEveryKnownModelHasAPlainUniqueID(t *testing.T) {
	list, err := KnownModels()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range list.Models {
		if !modelPath("/v1/models/"+m.ID) || seen[m.ID] || m.DisplayName == "" {
			t.Errorf("%+v", m)
		}
		seen[m.ID] = true
		if got, ok := list.Find(m.ID + "-20260501"); !ok || got.ID != m.ID {
			t.Errorf("the snapshot of %s is %+v", m.ID, got)
		}
	}
	if len(list.Models) == 0 || list.AsOf == "" {
		t.Error("the list is empty or has no date")
	}
	for _, id := range []string{"", "claude-opus-5-2026050", "claude-opus-5-2026050x", "claude-opus"} {
		if m, ok := list.Find(id); ok {
			t.Errorf("%q found %s", id, m.ID)
		}
	}
}

func TestCredentialsAloneMayComeFromMetadataAddresses(t *testing.T) {
	for addr, want := range map[string]bool{
		"169.254.169.254": true, "169.254.170.2": true, "169.254.170.23": true, "fd00:ec2::254": true,
		"169.254.1.1": false, "100.100.100.200": false, "168.63.129.16": false, "10.0.0.1": false, "127.0.0.1": false, "160.79.104.10": true,
	} {
		if got := (reachPublic | reachMetadata).allows(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
	if !(reachPrivate | reachMetadata).allows(netip.MustParseAddr("10.0.0.1")) {
		t.Error("with metadata a private address is shut")
	}
}
