package host

import (
	"fmt"
	"os"
	"strings"
)

// Sysctl is a setting of a host's kernel below net.ipv4 (ip-sysctl.rst).
type Sysctl struct {
	Name    string // "tcp_fin_timeout"
	Value   string // what it is set to
	Default string // what it was in the new namespace
}

// setSysctls sets each in this process's network namespace, and returns them with
// the values they had.
func setSysctls(list []Sysctl) ([]Sysctl, error) {
	var set []Sysctl
	for _, s := range list {
		path := "/proc/sys/net/ipv4/" + s.Name
		before, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("sysctl %s: %w", s.Name, err)
		}
		s.Default = strings.TrimSpace(string(before))
		if err := os.WriteFile(path, []byte(s.Value), 0); err != nil {
			return nil, fmt.Errorf("sysctl %s: %w", s.Name, err)
		}
		set = append(set, s)
	}
	return set, nil
}

// silenceIPv6 keeps the kernel from sending router solicitations and multicast
// reports on a device that comes up. An error is ignored: a kernel without IPv6 sends nothing,
// and the wire discards everything that is not IPv4.
func silenceIPv6() {
	for _, device := range []string{"all", "default"} {
		_ = os.WriteFile("/proc/sys/net/ipv6/conf/"+device+"/disable_ipv6", []byte("1"), 0)
	}
}
