package netlab

import (
	"errors"
	"fmt"
	"os"

	"finwait/netlab/host"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// openNetwork opens the network that the options ask for.
func openNetwork(o Options) (network, error) {
	switch o.Net {
	case "", sim.Loopback:
		h, err := openHost(o.Host)
		if err != nil {
			return nil, err
		}
		if o.blind && h.Capture != nil {
			err := h.Capture.Close()
			if h.Capture = nil; err != nil {
				return nil, errors.Join(err, h.Close())
			}
		}
		return &loopback{only: h}, nil
	case sim.Wire:
		return openWired(o), nil
	}
	return nil, &UnavailableError{Why: fmt.Sprintf("there is no network %q", o.Net), Remedy: "it is loopback or wire"}
}

// openHost opens the host of choice. Without a choice it prefers the machine if segments can be
// captured there, then a private namespace, then the machine without capture.
func openHost(choice HostChoice) (*host.Host, error) {
	switch choice {
	case HostPrivate:
		h, err := host.Private()
		if err != nil {
			return nil, privateRefused(err)
		}
		return h, nil
	case HostAuto, HostMachine:
	default:
		return nil, fmt.Errorf("%q is not a host: it is machine or private", choice)
	}
	here, err := host.Here()
	if err != nil {
		return nil, resource("open the lab", err)
	}
	if here.Capture != nil || choice == HostMachine {
		return here, nil
	}
	private, err := host.Private()
	if err != nil {
		return here, nil // segments are inferred; doctor says why
	}
	return private, errors.Join(here.Close())
}

// privateRefused says why there is no private host and what would change it.
func privateRefused(err error) error {
	return &UnavailableError{Why: "a private network namespace is not available", Remedy: namespaceRemedy(err), Err: err}
}

// wireRefused says why there are no two hosts and what would change it.
func wireRefused(err error) error {
	return &UnavailableError{Why: "the wire is not available", Remedy: wireRemedy(err), Err: err}
}

// wireRemedy says what would let this user have two hosts with TUN devices.
func wireRemedy(err error) string {
	if remedy := limitRemedy(err); remedy != "" {
		return remedy
	}
	if _, statErr := os.Stat("/dev/net/tun"); statErr != nil {
		return "make /dev/net/tun: modprobe tun, or in a container: docker run --device /dev/net/tun"
	}
	if errors.Is(err, unix.EACCES) && !os.IsPermission(unix.Access("/dev/net/tun", unix.R_OK|unix.W_OK)) {
		return namespaceRemedy(err)
	}
	if errors.Is(err, unix.EACCES) {
		return "let everybody use the device, as distributions do: sudo chmod 0666 /dev/net/tun"
	}
	return namespaceRemedy(err)
}

// namespaceRemedy says what would let an ordinary user have a namespace.
func namespaceRemedy(err error) string {
	if remedy := limitRemedy(err); remedy != "" {
		return remedy
	}
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EUSERS) {
		return "raise the limit: sysctl user.max_user_namespaces=10000 user.max_net_namespaces=10000"
	}
	return "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 (Debian), " +
		"sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), " +
		"docker run --cap-add NET_RAW (container)"
}
