package host_test

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/program/puppet"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// callsOnTable are the calls of the table that need not wait.
var callsOnTable = map[string][]sim.Call{
	"write":                  {{Name: sim.CallWrite, Data: []byte("hello")}},
	"write of nothing":       {{Name: sim.CallWrite}},
	"read":                   {{Name: sim.CallRead, Size: 9}},
	"shutdown RD":            {{Name: sim.CallShutdown, How: sim.ShutRD}},
	"shutdown WR":            {{Name: sim.CallShutdown, How: sim.ShutWR}},
	"shutdown RDWR":          {{Name: sim.CallShutdown, How: sim.ShutRDWR}},
	"close":                  {{Name: sim.CallClose}},
	"close with SO_LINGER 0": {{Name: sim.CallSetsockopt, Option: sim.Option{Name: sim.OptLinger, On: true}}, {Name: sim.CallClose}},
	"poll":                   {{Name: sim.CallPoll}},
	"SO_ERROR":               {{Name: sim.CallGetsockopt, Option: sim.Option{Name: sim.OptError}}},
	"dup":                    {{Name: sim.CallDup}},
	"connect":                {{Name: sim.CallConnect, Addr: netip.MustParseAddrPort("192.0.2.2:9")}},
	"listen":                 {{Name: sim.CallListen, Backlog: 5}},
	"accept":                 {{Name: sim.CallAccept}},
}

// makes has the program make the calls on its only descriptor, and returns what the
// table would say of it: what the last has returned, or that SIGPIPE has killed.
func (c *peer) makes(calls []sim.Call) string {
	c.Helper()
	calls = slices.Clone(calls)
	for i := range calls {
		calls[i].FD = 3
	}
	if err := c.p.Send(puppet.Request{Calls: calls}); err != nil {
		c.Fatal(err)
	}
	for {
		r, err := c.p.TryRecv()
		switch {
		case errors.Is(err, unix.EAGAIN):
			readable(c, c.p.FD(), patience)
		case errors.Is(err, io.EOF):
			if status := dies(c, c.p); status.Signal() != unix.SIGPIPE {
				c.Fatalf("the program has ended with %v", status)
			}
			return "SIGPIPE"
		case err != nil:
			c.Fatal(err)
		case r.Last && r.Errno != 0:
			return fmt.Sprintf("= %d %s", r.Ret, unix.ErrnoName(unix.Errno(r.Errno)))
		case r.Last:
			return strings.TrimSpace(fmt.Sprintf("= %d %s", r.Ret, strings.Trim(r.Note, "[0]"))) // [0]: no error
		}
	}
}

// returns is what a line says that the last call returned.
func returns(line string) string {
	last := ""
	for word := range strings.SplitSeq(line, "; ") {
		if strings.HasPrefix(word, "= ") || word == "SIGPIPE" {
			last = word
		}
	}
	return last
}

// Linux does what the table of the model says it does with each call in each state that a
// descriptor of a connection can be in.
func TestCallsInEveryState(t *testing.T) {
	nothingLeft(t)
	h := wired(t, "192.0.2.1/24")
	port, compared := uint16(20000), 0
	for state, lines := range table(t) {
		switch prepare := situations[state]; state {
		case "ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSING", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK", "CLOSE",
			"FIN_WAIT1 orphan", "FIN_WAIT2 orphan", "LAST_ACK orphan", "LISTEN":
			shared := program(t, h)
			for name, calls := range callsOnTable {
				line := lines[name]
				if strings.Contains(line, "blocks") {
					continue
				}
				compared++
				t.Run(state+"/"+name, func(t *testing.T) {
					livetest.Play(t, func(t testing.TB) {
						p := shared
						if strings.Contains(line, "exit") { // the program's
							p = program(t, h)
						} else {
							t.Cleanup(func() {
								call(t, p, sim.Call{Name: sim.CallClose, FD: 3}, sim.Call{Name: sim.CallClose, FD: 4}) // dup's
							})
						}
						port++
						c := &peer{
							TB: t, h: h, p: p, isn: 7000, local: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), port),
							remote: netip.MustParseAddrPort("192.0.2.2:30000"),
						}
						prepare(c)
						c.takes()
						ret := c.makes(calls)
						got, is := c.takes(), c.state()
						want, end := parseEffects(line, state)
						if ret != returns(line) || !slices.Equal(got, want) || is != end {
							t.Errorf("kernel %s %q, %s; model %s %q, %s", ret, got, is, returns(line), want, end)
						}
					})
				})
			}
		}
	}
	if compared < 12*12 {
		t.Errorf("only %d lines were compared", compared)
	}
}
