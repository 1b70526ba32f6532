package cli

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
)

// tcpdump(8) beside a run of finwait tells of the same segments in the same order.
// What the programs that outlive the lesson send when finwait ends them is not in
// the log, and comes after all of it.

// TestTcpdump compares.
func TestTcpdump(t *testing.T) {
	t.Parallel()
	for _, name := range append(lessonNames(sim.Loopback), "testdata/every-call.md") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				port := freePort(t)
				dump := startDump(t, port)
				r := finwait(t, "run", "--json", "--port", port, name)
				if r.status != exitOK {
					t.Fatalf("exit status %d: %s", r.status, r.stderr)
				}
				log := readLog(t, r.stdout)
				if log[0].Private || log[0].Capture != "captured" {
					t.Skip("finwait does not capture on this machine's lo, or not here")
				}
				told, last := segmentsOf(log)
				if len(told) == 0 {
					t.Fatal("the log has no segment")
				}
				seen := dump.read(len(told))
				var lines []string
				for _, s := range numbered(seen) {
					lines = append(lines, s.text)
				}
				sameLines(t, "the log", told, "tcpdump", lines[:min(len(told), len(lines))])
				for _, s := range seen[min(len(told), len(seen)):] {
					// Both clocks are that of the first segment's arrival.
					if at := s.at.Sub(seen[0].at).Seconds(); at < last {
						t.Errorf("tcpdump has a segment %.6f s after the first one, %.6f s before the end of the log", at, last-at)
					}
				}
			})
		})
	}
}

// freePort returns a port on which nobody listens.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// segmentsOf returns the log's segments, and how long after the first of them it
// ends.
func segmentsOf(log []entry) (lines []string, last float64) {
	first := 0.0
	for _, e := range log {
		if e.Kind != "segment" {
			continue
		}
		if lines == nil {
			first = *e.T
		}
		lines = append(lines, fmt.Sprintf("connection %d: %s %s seq %d ack %d len %d", e.Conn, e.At, e.Flags, e.Seq, e.Ack, e.Len))
	}
	return lines, *log[len(log)-1].T - first
}

// dump is a tcpdump that runs.
type dump struct {
	t   testing.TB
	cmd *exec.Cmd
	// packets comes from tcpdump, and is closed at its end.
	packets chan packet
}

// packet is what tcpdump says of one segment.
type packet struct {
	at       time.Time
	src, dst netip.AddrPort
	flags    byte
	seq, ack uint32
	len      int
	text     string // relative, as segmentsOf writes it
}

// startDump starts tcpdump on lo and waits until it listens.
func startDump(t testing.TB, port string) *dump {
	t.Helper()
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("tcpdump is not installed")
	}
	// A short snapshot: packets wait in slots of its length, and a buffer of few slots loses some
	// while the machine is busy (pcap(3)).
	d := &dump{t: t, cmd: commandOf(t, tcpdump, "-i", "lo", "-n", "-s", "256", "--immediate-mode", "-U", "-w", "-", "tcp port "+port), packets: make(chan packet)}
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := d.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, said := bufio.NewReader(stderr), ""
	for !strings.Contains(said, "listening on") {
		line, err := lines.ReadString('\n')
		said += line
		if err != nil {
			_ = d.cmd.Wait()
			if strings.Contains(said, "permi") {
				t.Skip("tcpdump may not capture here: ", strings.TrimSpace(said))
			}
			t.Fatalf("tcpdump: %s", said)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	go d.parse(stdout)
	return d
}

// read returns all that tcpdump saw, once that is at least n segments.
func (d *dump) read(n int) []packet {
	d.t.Helper()
	var all []packet
	late := time.After(patience / 2)
	for len(all) < n {
		select {
		case p, ok := <-d.packets:
			if !ok {
				d.t.Errorf("tcpdump ended after %d segments, the log has %d", len(all), n)
				return all
			}
			all = append(all, p)
		case <-late:
			d.t.Errorf("tcpdump saw %d segments, the log has %d", len(all), n)
			n = 0
		}
	}
	if err := d.cmd.Process.Signal(syscall.SIGINT); err != nil {
		d.t.Fatal(err)
	}
	for p := range d.packets {
		all = append(all, p)
	}
	_ = d.cmd.Wait()
	return all
}

// parse reads a pcap stream of Ethernet frames with IPv4 and TCP in them
// (pcap-savefile(5)).
func (d *dump) parse(r io.Reader) {
	defer close(d.packets)
	var header [24]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if binary.BigEndian.Uint32(header[:]) == 0xa1b2c3d4 {
		order = binary.BigEndian
	}
	for {
		var record [16]byte
		if _, err := io.ReadFull(r, record[:]); err != nil {
			return
		}
		frame := make([]byte, order.Uint32(record[8:]))
		if _, err := io.ReadFull(r, frame); err != nil {
			return
		}
		p := segmentIn(frame[14:])
		p.at = time.Unix(int64(order.Uint32(record[0:])), 1000*int64(order.Uint32(record[4:])))
		d.packets <- p
	}
}

// segmentIn reads an IPv4 packet with a TCP segment (RFC 791, RFC 9293 section
// 3.1).
func segmentIn(ip []byte) packet {
	header := int(ip[0]&15) * 4
	tcp := ip[header:]
	big := binary.BigEndian
	address := func(at int, port []byte) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(ip[at:at+4])), big.Uint16(port))
	}
	return packet{
		src: address(12, tcp), dst: address(16, tcp[2:]),
		seq: big.Uint32(tcp[4:]), ack: big.Uint32(tcp[8:]), flags: tcp[13],
		len: int(big.Uint16(ip[2:])) - header - int(tcp[12]>>4)*4,
	}
}

// numbered gives the segments the numbers that a log has: connections in the order
// of their first SYN, sequence numbers from 0.
func numbered(packets []packet) []packet {
	type flow struct {
		conn                int
		client              netip.AddrPort
		clientISN, theirISN uint32
	}
	flows := map[netip.AddrPort]*flow{}
	conns := 0
	for i := range packets {
		p := &packets[i]
		const fin, syn, rst, psh, ack, urg = 1, 2, 4, 8, 16, 32
		if p.flags&(syn|ack) == syn && (flows[p.src] == nil || flows[p.src].clientISN != p.seq) {
			conns++
			flows[p.src] = &flow{conn: conns, client: p.src, clientISN: p.seq}
		}
		f, at := flows[p.src], "client"
		if f == nil {
			if f, at = flows[p.dst], "server"; f == nil {
				p.text = fmt.Sprintf("%v to %v without a SYN", p.src, p.dst)
				continue
			}
		}
		if p.flags&(syn|ack) == syn|ack {
			f.theirISN = p.seq
		}
		mine, peers := f.clientISN, f.theirISN
		if at == "server" {
			mine, peers = peers, mine
		}
		var names []string
		for _, n := range []struct {
			bit  byte
			name string
		}{{syn, "SYN"}, {fin, "FIN"}, {rst, "RST"}, {psh, "PSH"}, {urg, "URG"}, {ack, "ACK"}} {
			if p.flags&n.bit != 0 {
				names = append(names, n.name)
			}
		}
		relative := uint32(0)
		if p.flags&ack != 0 {
			relative = p.ack - peers
		}
		p.text = fmt.Sprintf("connection %d: %s %s seq %d ack %d len %d", f.conn, at, strings.Join(names, " "), p.seq-mine, relative, p.len)
	}
	return packets
}
