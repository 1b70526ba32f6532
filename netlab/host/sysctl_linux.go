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

// Sysctls opens the directory of the sysctls of the calling thread's network namespace. The
// caller closes it. A file is opened much faster from an open directory than by its path: the
// kernel finds /proc/sys/net/ipv4 among those of all namespaces that there have been since it
// had to make room (proc_sys_compare), which takes a millisecond after some thousand of them.
func Sysctls() (*os.Root, error) { return os.OpenRoot("/proc/sys/net") }

// setSysctls sets each in a directory of Sysctls, and returns them with the values they had.
func setSysctls(net *os.Root, list []Sysctl) ([]Sysctl, error) {
	ipv4, err := net.OpenRoot("ipv4")
	if err != nil {
		return nil, fmt.Errorf("sysctls: %w", err)
	}
	defer ipv4.Close()
	var set []Sysctl
	for _, s := range list {
		before, err := ipv4.ReadFile(s.Name)
		if err != nil {
			return nil, fmt.Errorf("sysctl %s: %w", s.Name, err)
		}
		s.Default = strings.TrimSpace(string(before))
		if err := ipv4.WriteFile(s.Name, []byte(s.Value), 0); err != nil {
			return nil, fmt.Errorf("sysctl %s: %w", s.Name, err)
		}
		set = append(set, s)
	}
	return set, nil
}

// setDevices sets how the devices behave that this namespace will have.
func setDevices(net *os.Root) error {
	silenceIPv6(net)
	// Once finwait holds its descriptor no more, the TUN device has no carrier. Its route must be
	// gone with that, or a FIN that nobody will acknowledge would keep an orphan that could not be
	// destroyed, and with it the namespace, for as long as retransmission may go on
	// (tcp_orphan_retries of ip-sysctl.rst).
	if err := net.WriteFile("ipv4/conf/default/ignore_routes_with_linkdown", []byte("1"), 0); err != nil {
		return fmt.Errorf("sysctl ignore_routes_with_linkdown: %w", err)
	}
	return nil
}

// silenceIPv6 keeps the kernel from sending router solicitations and multicast
// reports on a device that comes up. An error is ignored: a kernel without IPv6 sends nothing,
// and the wire discards everything that is not IPv4.
func silenceIPv6(net *os.Root) {
	conf, err := net.OpenRoot("ipv6/conf")
	if err != nil {
		return
	}
	defer conf.Close()
	for _, device := range []string{"all", "default"} {
		_ = conf.WriteFile(device+"/disable_ipv6", []byte("1"), 0)
	}
}
