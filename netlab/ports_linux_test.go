package netlab

import (
	"errors"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// The kernel knows of no claim: it may offer a free port that another finwait has claimed and not
// bound yet. Then it is asked again.
func TestFreePortMayBeClaimed(t *testing.T) {
	free := netip.MustParseAddrPort("127.0.0.1:0")
	other, mine := &ports{claim: -1}, &ports{claim: -1}
	t.Cleanup(func() {
		if err := errors.Join(other.close(), mine.close()); err != nil {
			t.Error(err)
		}
	})
	claimed, err := other.claimPort(free, probe)
	if err != nil {
		t.Fatal(err)
	}
	offers := 0
	port, err := mine.claimPort(free, func(addr netip.AddrPort, reuse bool) (uint16, error) {
		if offers++; offers <= 2 {
			return claimed, nil
		}
		return probe(addr, reuse)
	})
	if err != nil || port == claimed || offers < 3 {
		t.Errorf("port %d after %d offers: %v; port %d is claimed", port, offers, err, claimed)
	}
	// A port that was asked for is that one, or none.
	if port, err := new(ports).claimPort(netip.AddrPortFrom(free.Addr(), claimed), probe); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("port %d: %v", port, err)
	}
}
