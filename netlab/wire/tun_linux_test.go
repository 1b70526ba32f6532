package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"regexp"
	"testing"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// TestTUN runs TestTUNInside in a namespace of its own, where any user may have a
// TUN device that may open /dev/net/tun.
func TestTUN(t *testing.T) {
	cmd, out := again(t, roleTests, nil, "-test.run=^TestTUNInside$", "-test.v")
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if refused := regexp.MustCompile(`refused: .*`).Find(out.Bytes()); refused != nil {
		t.Skip(string(refused))
	}
	if !bytes.Contains(out.Bytes(), []byte("--- PASS: TestTUNInside")) {
		t.Errorf("did not run:\n%s", out)
	}
}

// openTUN opens a TUN device in this namespace and gives it an address.
func openTUN(t *testing.T) *TUN {
	t.Helper()
	_ = os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0) // else it solicits a router
	tun, err := OpenTUN("tun7")
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EPERM) {
		t.Skipf("refused: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for _, set := range []struct {
		ioctl uint
		addr  []byte
	}{{unix.SIOCSIFADDR, []byte{192, 0, 2, 1}}, {unix.SIOCSIFNETMASK, []byte{255, 255, 255, 0}}, {unix.SIOCSIFFLAGS, nil}} {
		req, err := unix.NewIfreq("tun7")
		if err == nil && set.addr != nil {
			err = req.SetInet4Addr(set.addr)
		} else if err == nil {
			req.SetUint16(unix.IFF_UP)
		}
		if err == nil {
			err = unix.IoctlIfreq(fd, set.ioctl, req)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return tun
}

// TestTUNInside makes a connection's SYN come out of a TUN device, and answers it.
func TestTUNInside(t *testing.T) {
	if os.Getenv(role) == "" {
		t.Skip("TestTUN runs it in a namespace")
	}
	tun := openTUN(t)
	buf := make([]byte, MaxPacket)
	if n, err := tun.Read(buf); !errors.Is(err, ErrEmpty) {
		t.Fatalf("read before anything was sent: %d, %v: %x", n, err, buf[:max(n, 0)])
	}
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(s)
	if err := unix.Connect(s, &unix.SockaddrInet4{Addr: [4]byte{192, 0, 2, 2}, Port: 8088}); !errors.Is(err, unix.EINPROGRESS) {
		t.Fatal(err)
	}
	n, err := tun.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(buf[:n])
	if err != nil || p.Flags != sim.SYN || p.Dst.String() != "192.0.2.2:8088" {
		t.Fatalf("%+v, %v", p, err)
	}
	checkSums(t, buf[:n])
	if _, err := tun.Read(buf); !errors.Is(err, ErrEmpty) {
		t.Errorf("read after the SYN: %v", err)
	}
	if err := tun.Write(refusal(p)); err != nil {
		t.Fatal(err)
	}
	// The host has taken it in before the write returns.
	if errno, err := unix.GetsockoptInt(s, unix.SOL_SOCKET, unix.SO_ERROR); err != nil || unix.Errno(errno) != unix.ECONNREFUSED {
		t.Errorf("SO_ERROR %d, %v", errno, err)
	}
	checkRefusals(t, tun)
}

// refusal returns the RST ACK that answers a SYN.
func refusal(p Packet) []byte {
	b := segment(sim.Server, rstAck, 0, p.Seq+1, "", 0)
	binary.BigEndian.PutUint16(b[minIP+2:], p.Src.Port())
	binary.BigEndian.PutUint16(b[10:], ^sum(b[:minIP]))
	binary.BigEndian.PutUint16(b[minIP+16:], ^sum(pseudo(b)))
	return b
}

// checkRefusals uses the device wrongly, and closes it.
func checkRefusals(t *testing.T, tun *TUN) {
	t.Helper()
	for name, want := range map[string]unix.Errno{"tun7": unix.EBUSY, "a-name-that-is-too-long": unix.EINVAL} {
		if second, err := OpenTUN(name); !errors.Is(err, want) {
			t.Errorf("open %s: %v, %v", name, second, err)
		}
	}
	fd, err := unix.Dup(tun.FD())
	if err != nil {
		t.Fatal(err)
	}
	if err := tun.Close(); err != nil {
		t.Error(err)
	}
	other := TUNFromFD(fd) // it keeps the device
	if n, err := other.Read(make([]byte, MaxPacket)); !errors.Is(err, ErrEmpty) {
		t.Errorf("read from the copy: %d, %v", n, err)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	var e *Error
	if _, err := other.Read(nil); !errors.As(err, &e) || !errors.Is(err, unix.EBADF) {
		t.Errorf("read after close: %v", err)
	}
	if err := other.Write(nil); !errors.As(err, &e) || !errors.Is(err, unix.EBADF) {
		t.Errorf("write after close: %v", err)
	}
	if err := other.Close(); !errors.As(err, &e) {
		t.Errorf("close after close: %v", err)
	}
}

// checkSums fails the test unless both checksums of a packet are right: recorded as
// it is, it opens without complaint elsewhere.
func checkSums(t *testing.T, b []byte) {
	t.Helper()
	if got := sum(b[:minIP]); got != 0xffff {
		t.Errorf("checksum of the IP header: the sum is %#x", got)
	}
	if got := sum(pseudo(b)); got != 0xffff {
		t.Errorf("checksum of the segment: the sum is %#x", got)
	}
}

// pseudo returns what the checksum of a segment is made of (RFC 9293 section 3.1).
func pseudo(b []byte) []byte {
	head := append(bytes.Clone(b[12:20]), 0, protoTCP)
	head = binary.BigEndian.AppendUint16(head, uint16(len(b)-minIP))
	return append(head, b[minIP:]...)
}

// sum is the Internet checksum (RFC 1071) without its complement.
func sum(b []byte) uint16 {
	var all uint32
	for ; len(b) >= 2; b = b[2:] {
		all += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		all += uint32(b[0]) << 8
	}
	for all>>16 != 0 {
		all = all>>16 + all&0xffff
	}
	return uint16(all)
}
