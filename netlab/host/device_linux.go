package host

import (
	"fmt"
	"net/netip"

	"finwait/netlab/wire"

	"golang.org/x/sys/unix"
)

// tunName is the name of the device on every wired host.
const tunName = "tun0"

// openTUN makes the TUN device, gives it an address and brings it up. The route
// to its network comes with the address. The device goes with the namespace.
func openTUN(addr netip.Prefix) (*wire.TUN, error) {
	tun, err := wire.OpenTUN(tunName)
	if err != nil {
		return nil, err
	}
	if err := tun.Persist(); err != nil {
		return nil, err
	}
	if err := setAddress(tunName, addr); err != nil {
		return nil, err
	}
	return tun, linkUp(tunName)
}

// setAddress gives a device an IPv4 address and its network (netdevice(7)).
func setAddress(device string, addr netip.Prefix) error {
	mask := [4]byte{}
	for bit := range addr.Bits() {
		mask[bit/8] |= 0x80 >> (bit % 8)
	}
	for _, set := range []struct {
		what  string
		ioctl uint
		value [4]byte
	}{
		{"address", unix.SIOCSIFADDR, addr.Addr().As4()},
		{"network mask", unix.SIOCSIFNETMASK, mask},
	} {
		err := deviceIoctl(device, set.ioctl, func(r *unix.Ifreq) error { return r.SetInet4Addr(set.value[:]) })
		if err != nil {
			return fmt.Errorf("%s of %s: %w", set.what, device, err)
		}
	}
	return nil
}

// linkUp sets IFF_UP on a device.
func linkUp(device string) error {
	err := deviceIoctl(device, unix.SIOCSIFFLAGS, func(r *unix.Ifreq) error {
		r.SetUint16(unix.IFF_UP)
		return nil
	})
	if err != nil {
		return fmt.Errorf("bring %s up: %w", device, err)
	}
	return nil
}

// deviceIoctl makes one request of netdevice(7), which fill completes.
func deviceIoctl(device string, ioctl uint, fill func(*unix.Ifreq) error) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	req, err := unix.NewIfreq(device)
	if err != nil {
		return err
	}
	if err := fill(req); err != nil {
		return err
	}
	return unix.IoctlIfreq(fd, ioctl, req)
}
