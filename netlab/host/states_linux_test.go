package host_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/host"
	"finwait/netlab/program/puppet"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// The table of the model, every state and every kind of segment, beside the kernel of this
// machine: one host whose peer is nobody, so that it can be sent what no kernel sends.

// peer is nobody's end of one connection with a host.
type peer struct {
	testing.TB
	h      *host.Host
	p      *puppet.Process
	local  netip.AddrPort // the kernel's end
	remote netip.AddrPort
	fd     int
	known  bool
	isn    sim.Seq // initial sequence number of the kernel's end
	flow   numbers
}

// numbers are what would be in order now, and what it would acknowledge.
type numbers struct{ seq, una, ack sim.Seq }

// peerISN is the initial sequence number of the peer.
const peerISN = 0x10000000

func (c *peer) calls(calls ...sim.Call) puppet.Reply { return call(c, c.p, calls...) }

// sends makes the kernel receive a segment.
func (c *peer) sends(flags sim.Flags, seq, ack sim.Seq, n int) {
	c.Helper()
	b := make([]byte, 40+n)
	be := binary.BigEndian
	b[0], b[8], b[9] = 0x45, 64, unix.IPPROTO_TCP
	be.PutUint16(b[2:], uint16(len(b)))
	copy(b[12:], c.remote.Addr().AsSlice())
	copy(b[16:], c.local.Addr().AsSlice())
	be.PutUint16(b[20:], c.remote.Port())
	be.PutUint16(b[22:], c.local.Port())
	be.PutUint32(b[24:], uint32(peerISN+seq))
	if flags&sim.ACK != 0 {
		be.PutUint32(b[28:], uint32(c.isn+ack))
	}
	b[32], b[33] = 5<<4, byte(flags)
	be.PutUint16(b[34:], 60000)
	be.PutUint16(b[10:], ^sum(b[:20]))
	pseudo := append(slices.Clone(b[12:20]), 0, unix.IPPROTO_TCP, byte((20+n)>>8), byte(20+n))
	be.PutUint16(b[36:], ^sum(append(pseudo, b[20:]...)))
	if err := c.h.TUN.Write(b); err != nil {
		c.Fatal(err)
	}
}

// sum is the Internet checksum (RFC 1071) without its complement.
func sum(b []byte) uint16 {
	var all uint32
	for i, v := range b {
		all += uint32(v) << (8 * (1 - i%2))
	}
	for all>>16 != 0 {
		all = all>>16 + all&0xffff
	}
	return uint16(all)
}

// takes returns what the kernel has sent.
func (c *peer) takes() (sent []string) {
	c.Helper()
	buf := make([]byte, wire.MaxPacket)
	for {
		n, err := c.h.TUN.Read(buf)
		if errors.Is(err, wire.ErrEmpty) {
			return sent
		}
		if err != nil {
			c.Fatal(err)
		}
		p, err := wire.Parse(buf[:n])
		if err != nil || p.Src != c.local {
			continue
		}
		if p.Flags&sim.SYN != 0 && !c.known {
			c.known, c.isn = true, p.Seq
		}
		s := sim.Segment{Flags: p.Flags, Seq: p.Seq - c.isn, Len: p.Len, Fate: sim.Delivered}
		if p.Seq == 0 { // of nobody: a reset that answers a SYN
			s.Seq = 0
		}
		if p.Flags&sim.ACK != 0 {
			s.Ack = p.Ack - peerISN
		}
		sent = append(sent, s.String())
	}
}

// awaits waits until the kernel's end sends something. Ends of earlier connections may still send
// by their timers.
func (c *peer) awaits() {
	c.Helper()
	for sent := c.takes(); len(sent) == 0; sent = c.takes() {
		readable(c, c.h.TUN.FD(), patience)
	}
}

func (c *peer) listens() { c.calls(listenOn(c.local.String())...) }

// connects leaves the program in connect.
func (c *peer) connects() {
	if err := c.p.Send(puppet.Request{Calls: connectTo(c.local.String(), c.remote.String()), Stop: true}); err != nil {
		c.Fatal(err)
	}
	for !c.known {
		c.awaits()
	}
	c.flow = numbers{0, 0, 1}
}

func (c *peer) connected() {
	c.connects()
	c.sends(sim.SYN|sim.ACK, 0, 1, 0)
	c.fd = answer(c, c.p).FD
	c.takes()
	c.flow = numbers{1, 1, 1}
}

func (c *peer) shuts() {
	c.calls(sim.Call{Name: sim.CallShutdown, FD: c.fd, How: sim.ShutWR})
	c.flow.ack++
}

func (c *peer) closes() {
	c.calls(sim.Call{Name: sim.CallClose, FD: c.fd})
	c.flow.ack++
}

// confirms acknowledges everything.
func (c *peer) confirms() {
	c.sends(sim.ACK, c.flow.seq, c.flow.ack, 0)
	c.flow.una = c.flow.ack
}

// ends sends a FIN, and waits for its acknowledgement.
func (c *peer) ends() {
	c.takes()
	c.sends(sim.FIN|sim.ACK, c.flow.seq, c.flow.una, 0)
	c.flow.seq++
	c.awaits()
}

// accepted is a connection that the program has accepted.
func (c *peer) accepted() {
	listener := c.calls(listenOn(c.local.String())...).FD
	c.sends(sim.SYN, 0, 0, 0)
	c.takes()
	c.flow = numbers{1, 1, 1}
	c.confirms()
	c.fd = c.calls(sim.Call{Name: sim.CallAccept, FD: listener}).Ret
}

// situations bring the kernel's end into each state of the table.
var situations = map[string]func(*peer){
	"CLOSED":                             func(c *peer) { c.flow = numbers{1, 1, 1} },
	"LISTEN":                             func(c *peer) { c.listens(); c.flow = numbers{1, 1, 1} },
	"SYN_SENT":                           (*peer).connects,
	"SYN_RECV":                           func(c *peer) { c.listens(); c.sends(sim.SYN, 0, 0, 0); c.flow = numbers{1, 0, 1} },
	"ESTABLISHED":                        (*peer).connected,
	"SYN_RECV after a simultaneous open": func(c *peer) { c.connects(); c.sends(sim.SYN, 0, 0, 0); c.flow = numbers{1, 0, 1} },
	"FIN_WAIT1":                          func(c *peer) { c.connected(); c.shuts() },
	"FIN_WAIT1 orphan":                   func(c *peer) { c.connected(); c.closes() },
	"FIN_WAIT2":                          func(c *peer) { c.connected(); c.shuts(); c.confirms() },
	"FIN_WAIT2 orphan":                   func(c *peer) { c.connected(); c.closes(); c.confirms() },
	"CLOSING":                            func(c *peer) { c.connected(); c.shuts(); c.ends() },
	"TIME_WAIT":                          func(c *peer) { c.connected(); c.shuts(); c.confirms(); c.ends() },
	"CLOSE_WAIT":                         func(c *peer) { c.connected(); c.ends() },
	"LAST_ACK":                           func(c *peer) { c.connected(); c.ends(); c.shuts() },
	"LAST_ACK orphan":                    func(c *peer) { c.connected(); c.ends(); c.closes() },
	"CLOSE":                              func(c *peer) { c.connected(); c.sends(sim.RST, 1, 0, 0) },
	"TIME_WAIT beside a listener": func(c *peer) {
		c.accepted()
		c.closes()
		c.confirms()
		c.ends()
	},
}

// kinds are the kinds of segments of the table.
var kinds = map[string]func(*peer){
	"SYN":                     func(c *peer) { c.sends(sim.SYN, 0, 0, 0) },
	"SYN in the window":       func(c *peer) { c.sends(sim.SYN, c.flow.seq+9, 0, 0) },
	"SYN again, acknowledged": func(c *peer) { c.sends(sim.SYN|sim.ACK, 0, c.flow.ack, 0) },
	"ACK":                     func(c *peer) { c.sends(sim.ACK, c.flow.seq, c.flow.ack, 0) },
	"data":                    func(c *peer) { c.sends(sim.PSH|sim.ACK, c.flow.seq, c.flow.una, 5) },
	"data with ACK":           func(c *peer) { c.sends(sim.PSH|sim.ACK, c.flow.seq, c.flow.ack, 5) },
	"data beyond a hole":      func(c *peer) { c.sends(sim.PSH|sim.ACK, c.flow.seq+9, c.flow.una, 5) },
	"FIN":                     func(c *peer) { c.sends(sim.FIN|sim.ACK, c.flow.seq, c.flow.una, 0) },
	"FIN with ACK":            func(c *peer) { c.sends(sim.FIN|sim.ACK, c.flow.seq, c.flow.ack, 0) },
	"FIN beyond a hole":       func(c *peer) { c.sends(sim.FIN|sim.ACK, c.flow.seq+9, c.flow.una, 0) },
	"FIN again":               func(c *peer) { c.sends(sim.FIN|sim.ACK, c.flow.seq-1, c.flow.una, 0) },
	"keepalive probe":         func(c *peer) { c.sends(sim.ACK, c.flow.seq-1, c.flow.una, 0) },
	"RST":                     func(c *peer) { c.sends(sim.RST, c.flow.seq, 0, 0) },
	"RST in the window":       func(c *peer) { c.sends(sim.RST, c.flow.seq+9, 0, 0) },
	"RST out of the window":   func(c *peer) { c.sends(sim.RST, c.flow.seq+1<<20, 0, 0) },
	"RST with ACK":            func(c *peer) { c.sends(sim.RST|sim.ACK, c.flow.seq, c.flow.ack, 0) },
}

// differs reports whether Linux and the model are known to differ. After a simultaneous open
// Linux takes an ACK that does not acknowledge its SYN for one that does (tcp_ack finds
// nothing wrong with it); the model refuses it (RFC 9293 section 3.10.7.4, fifth). No
// peer sends such a thing.
func differs(state, kind string) bool {
	return state == "SYN_RECV after a simultaneous open" && slices.Contains([]string{"data", "data beyond a hole", "FIN", "FIN beyond a hole", "FIN again"}, kind)
}

// table returns what the model's table says of each state and each segment.
func table(t *testing.T) map[string]map[string]string {
	src, err := os.ReadFile("../../sim/tcp/testdata/states.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, state := map[string]map[string]string{}, ""
	for line := range strings.Lines(string(src)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, " ") {
			state = line
			all[state] = map[string]string{}
			continue
		}
		kind, effects, _ := strings.Cut(strings.TrimSpace(line), "  ")
		all[state][kind] = strings.TrimSpace(effects)
	}
	return all
}

// parseEffects splits what a line says: the segments that are sent, and the state at the end.
func parseEffects(line, state string) (segments []string, end string) {
	end, _, _ = strings.Cut(state, " ")
	for word := range strings.SplitSeq(line, "; ") {
		name, _, _ := strings.Cut(word, " ")
		_, isState := sim.ParseState(name)
		switch {
		case isState:
			end = name
		case strings.Contains(word, "seq ") || strings.Contains(word, "ack "):
			segments = append(segments, strings.TrimSuffix(word, " retransmitted"))
		}
	}
	if end == "LISTEN" || end == "CLOSE" {
		end = "CLOSED" // of this connection there is nothing
	}
	return segments, end
}

// state returns the kernel's end's state.
func (c *peer) state() string {
	s, err := c.h.Diag.Lookup(c.local, c.remote, 0)
	if err != nil || s.State == sim.Listen {
		return sim.Closed.String()
	}
	return s.State.String()
}

// Linux does what the table of the model says it does with each kind of segment in each
// state. An acknowledgement that it owes may have left already.
func TestSegmentsInEveryState(t *testing.T) {
	nothingLeft(t)
	h := wired(t, "192.0.2.1/24")
	port, compared := uint16(20000), 0
	for state, lines := range table(t) {
		prepare := situations[state]
		if prepare == nil {
			continue
		}
		shared := program(t, h)
		for kind, does := range kinds {
			if state == "TIME_WAIT beside a listener" && kind == "SYN" {
				continue // new by its timestamp, and these have none
			}
			compared++
			t.Run(state+"/"+kind, func(t *testing.T) {
				livetest.Play(t, func(t testing.TB) {
					p := shared
					if state == "SYN_SENT" || state == "SYN_RECV after a simultaneous open" { // it will be in connect still
						p = program(t, h)
					}
					port++
					c := &peer{
						TB: t, h: h, p: p, isn: 7000, local: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), port),
						remote: netip.MustParseAddrPort("192.0.2.2:30000"),
					}
					prepare(c)
					c.takes()
					does(c)
					got, is := c.takes(), c.state()
					want, end := parseEffects(lines[kind], state)
					if delayed := fmt.Sprintf("ACK ack %d", c.flow.seq+1); len(want) == 0 && len(got) == 1 && got[0] == delayed && end == "CLOSE_WAIT" {
						got = nil
					}
					if same := slices.Equal(got, want) && is == end; same == differs(state, kind) {
						t.Errorf("kernel %q, %s; model %q, %s", got, is, want, end)
					}
				})
			})
		}
	}
	if n := len(situations) * len(kinds); compared != n-1 {
		t.Errorf("%d of %d lines were compared", compared, n-1)
	}
}
