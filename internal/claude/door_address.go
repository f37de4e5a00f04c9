package claude

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// addressReach says which addresses a door may connect to. The zero value is
// the narrowest that reaches the vendor.
type addressReach uint8

const (
	reachPublic   addressReach = iota // addresses of the public internet
	reachLoopback                     // those and this machine
	reachPrivate                      // those and private networks

	// reachMetadata is added to one of the others where credentials, and
	// nothing else, may come from the machine's own cloud.
	reachMetadata addressReach = 1 << 7
)

var errAddressRefused = errors.New("claude: door: address refused")

// control is called by the dialer for every address that a name led to, just
// before it connects. Checking there and not at the name means that a name
// which later leads elsewhere (DNS rebinding) is refused as well.
func (r addressReach) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: not an address", errAddressRefused)
	}
	if !r.allows(target.Addr()) {
		return errAddressRefused
	}
	return nil
}

// Metadata services hand out credentials to whoever asks (IMDS of the large
// clouds), some of them from addresses that look private or public.
var metadataAddresses = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("168.63.129.16"),
	netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("fd00:ec2::254"),
	netip.MustParseAddr("fd20:ce::254"),
}

// credentialAddresses are those of the metadata services from which the clouds'
// own libraries fetch credentials: Amazon's for machines, tasks and pods, and
// Google's and Microsoft's at the first of them.
var credentialAddresses = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"),
	netip.MustParseAddr("169.254.170.2"),
	netip.MustParseAddr("169.254.170.23"),
	netip.MustParseAddr("fd00:ec2::254"),
	netip.MustParseAddr("fd00:ec2::23"),
}

// shutPrefixes are special-purpose addresses (RFC 6890 and the registries that
// go with it) at which no service of the public internet stands. Addresses
// that netip knows by itself are not repeated here.
var shutPrefixes = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

var (
	carrierGradeNAT = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
	nat64           = netip.MustParsePrefix("64:ff9b::/96")  // RFC 6052: the last four bytes are an IPv4 address
)

func (r addressReach) allows(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if r&reachMetadata != 0 && slices.Contains(credentialAddresses, addr) {
		return true
	}
	r &^= reachMetadata
	for _, shut := range metadataAddresses {
		if addr == shut {
			return false
		}
	}
	switch {
	case !addr.IsValid(), addr.IsUnspecified(), addr.IsMulticast(), addr.IsLinkLocalUnicast():
		return false
	case addr.IsLoopback():
		return r == reachLoopback || r == reachPrivate
	case addr.IsPrivate(), carrierGradeNAT.Contains(addr):
		return r == reachPrivate
	}
	for _, shut := range shutPrefixes {
		if shut.Contains(addr) {
			return false
		}
	}
	return true
}
