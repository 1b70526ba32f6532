package netlab

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"finwait/netlab/host"
	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// Wire tries whether there can be two hosts and a wire between them here. The error is an
// *UnavailableError if not.
func Wire() error {
	n := openWired(Options{})
	err := n.ready(sim.Client)
	if err == nil {
		err = n.ready(sim.Server)
	}
	return errors.Join(err, n.close())
}

// Diagnose tries what finwait needs of this machine and returns a report for a
// person: what works, why what does not, what would change it, and what a lesson without a wire
// will use in the end. wire reports whether lessons with a wire play here.
func Diagnose() (text string, wire bool) {
	var r report
	r.line("Linux %s, uid %d", kernelRelease(), os.Getuid())
	r.states()
	here := r.captureHere()
	private := r.privateHost()
	wire = r.wire()
	r.line("")
	switch {
	case here:
		r.line("Lessons without a wire play on this machine's lo; every segment is captured.")
	case private:
		r.line("Lessons without a wire play on the lo of a private namespace; every segment is")
		r.line("captured, but other tools on this machine do not see the connection.")
	default:
		r.line("Lessons without a wire play on this machine's lo; segments are inferred from states and calls.")
	}
	return r.String(), wire
}

// report collects the lines of a diagnosis.
type report struct{ strings.Builder }

func (r *report) line(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }

// check writes one result; remedy is what would change a failure.
func (r *report) check(what string, err error, remedy string) bool {
	if err == nil {
		r.line("  yes  %s", what)
		return true
	}
	r.line("  no   %s: %v", what, err)
	if remedy != "" {
		r.line("         %s", remedy)
	}
	return false
}

func (r *report) states() {
	diag, err := sockdiag.Open()
	if err == nil {
		_, err = diag.Dump(sockdiag.Filter{})
		err = errors.Join(err, diag.Close())
	}
	r.check("TCP states from the kernel (sock_diag)", err, "the kernel needs CONFIG_INET_DIAG: modprobe inet_diag tcp_diag")
}

func (r *report) captureHere() bool {
	capture, err := wire.OpenLoopback()
	if err == nil {
		err = capture.Close()
	}
	remedy := "the kernel needs CONFIG_PACKET: modprobe af_packet"
	if errors.Is(err, unix.EPERM) {
		remedy = "it needs CAP_NET_RAW: sudo setcap cap_net_raw+ep FINWAIT, or run as root"
	}
	return r.check("segments captured on this machine's lo", err, remedy)
}

func (r *report) privateHost() bool {
	h, err := host.Private()
	if err == nil {
		err = h.Close()
	}
	return r.check("a private network namespace, with segments captured", err, namespaceRemedy(err))
}

func (r *report) wire() bool {
	err := Wire()
	remedy := ""
	var refused *UnavailableError
	if errors.As(err, &refused) {
		err, remedy = refused.Err, refused.Remedy
	}
	return r.check("the wire: two private hosts, every segment held", err, remedy)
}
