package netlab

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
)

// inside returns a command that runs a tool in the network namespace of a process.
// An ordinary user must enter the user namespace that owns it as well.
func inside(t testing.TB, pid int, args ...string) *exec.Cmd {
	t.Helper()
	for _, tool := range []string{"nsenter", args[0]} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	enter := []string{"-t", strconv.Itoa(pid), "-n"}
	if os.Getuid() != 0 {
		enter = append(enter, "-U", "--preserve-credentials")
	}
	return exec.Command("nsenter", append(enter, args...)...)
}

// The names that ss has for states and timers.
var (
	ssStates = map[string]sim.State{
		"LISTEN": sim.Listen, "SYN-SENT": sim.SynSent, "SYN-RECV": sim.SynRecv, "ESTAB": sim.Established,
		"FIN-WAIT-1": sim.FinWait1, "FIN-WAIT-2": sim.FinWait2, "CLOSING": sim.Closing, "TIME-WAIT": sim.TimeWait,
		"CLOSE-WAIT": sim.CloseWait, "LAST-ACK": sim.LastAck, "UNCONN": sim.Close,
	}
	ssTimers = map[string]string{
		"on": sim.TimerRetransmit, "keepalive": sim.TimerKeepalive, "timewait": sim.TimerTimewait, "persist": sim.TimerPersist,
	}
)

// ssLine is a line of ss -Htano: state, queues, addresses, timer.
var ssLine = regexp.MustCompile(`(?m)^(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+timer:\((\w+),.*)?`)

// ss asks ss for the connection in a host, in words: "FIN_WAIT1 retransmit 0 1".
func ss(t testing.TB, pid int, local, remote string) string {
	t.Helper()
	out, err := inside(t, pid, "ss", "-Htano").CombinedOutput()
	if err != nil {
		t.Skipf("ss cannot look into the host: %v: %s", err, out)
	}
	for _, m := range ssLine.FindAllStringSubmatch(string(out), -1) {
		if m[4] == local && m[5] == remote {
			return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", ssStates[m[1]], m[2], m[3], ssTimers[m[6]]))
		}
	}
	return "nothing"
}

// told returns the same words from the log.
func told(e sim.Endpoint) string {
	if !e.State.Connected() {
		return "nothing"
	}
	timer := e.Timer
	if timer == sim.TimerOff {
		timer = ""
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d %d %s", e.State, e.RecvQ, e.SendQ, timer))
}

// dump is tcpdump in a host.
type dump struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	got   []string
}

// startDump starts tcpdump and waits until it listens.
func startDump(t testing.TB, pid int) *dump {
	t.Helper()
	// Packets wait for tcpdump in slots of the snapshot's length: with the length that it has by
	// itself, 262144, its buffer has room for eight, and a busy machine loses the ninth (pcap(3)).
	d := &dump{cmd: inside(t, pid, "tcpdump", "-nn", "-t", "-l", "-p", "-s", "256", "--immediate-mode", "-i", "tun0", "tcp")}
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := d.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.cmd.Process.Kill()
		d.cmd.Wait()
	})
	errors := bufio.NewScanner(said)
	var all bytes.Buffer
	for errors.Scan() {
		if strings.HasPrefix(errors.Text(), "listening on") {
			d.lines = bufio.NewScanner(out)
			go io.Copy(io.Discard, said)
			return d
		}
		all.WriteString(errors.Text() + "; ")
	}
	t.Skipf("tcpdump cannot look into the host: %s", all.String())
	return nil
}

// dumpLine is a line of tcpdump: who, flags, numbers, length.
var dumpLine = regexp.MustCompile(`^IP (\S+) > \S+ Flags \[([SFRPU.]+)\],(?: seq (\d+)(?::\d+)?,)?(?: ack (\d+),)?.* length (\d+)`)

// read reads until n lines are there.
func (d *dump) read(t testing.TB, n int) []string {
	t.Helper()
	stop := time.AfterFunc(patience, func() { d.cmd.Process.Kill() })
	defer stop.Stop()
	for len(d.got) < n && d.lines.Scan() {
		m := dumpLine.FindStringSubmatch(d.lines.Text())
		if m == nil {
			t.Fatalf("tcpdump says %q", d.lines.Text())
		}
		from := sim.Server
		if strings.HasPrefix(m[1], wiredAddress(sim.Client).String()+".") {
			from = sim.Client
		}
		d.got = append(d.got, segmentText(sim.Event{At: from, Body: sim.SegmentMoved{Segment: dumped(m)}}))
	}
	return d.got
}

// dumped returns the segment in a line of tcpdump. Numbers are relative only once tcpdump has
// seen both SYNs.
func dumped(m []string) sim.Segment {
	number := func(text string) sim.Seq {
		n, _ := strconv.ParseUint(text, 10, 32)
		return sim.Seq(n)
	}
	s := sim.Segment{Seq: number(m[3]), Ack: number(m[4]), Len: int(number(m[5]))}
	for _, c := range m[2] {
		s.Flags |= map[rune]sim.Flags{'S': sim.SYN, 'F': sim.FIN, 'R': sim.RST, 'P': sim.PSH, 'U': sim.URG, '.': sim.ACK}[c]
	}
	if s.Flags&sim.SYN != 0 {
		s.Seq, s.Ack = 0, 1
	}
	return s
}

// seen returns what a packet tool in the host of an end must have seen: each time it
// sent a segment, and each time one reached it.
func seen(log []sim.Event, at sim.End) []string {
	var all []string
	for _, e := range log {
		if e.Kind() != sim.KindSegment {
			continue
		}
		out := e.At == at && (e.Segment().Fate == sim.Held || e.Segment().Fate == sim.Retransmitted)
		in := e.At != at && (e.Segment().Fate == sim.Delivered || e.Segment().Fate == sim.Duplicated)
		if out || in {
			sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Resent = false })
			all = append(all, segmentText(e))
		}
	}
	return all
}

// truthSteps is a story with everything that a wire can do to it.
var truthSteps = append(threeWay[:len(threeWay):len(threeWay)],
	`client write "hello"`, "deliver client", "server read 9", "deliver server", `server write "world"`, `server write "again"`,
	"duplicate server", "deliver all", "client read 99", "client close", "drop client", "wait until flight from client",
	"deliver client", "deliver all", "server close", "deliver server", "drop all", "wait until flight from server",
	"deliver all", "client connect", "deliver all", "server accept", "client close", "server close",
	"deliver client", "deliver server", "deliver all",
	"server close listener", "client connect", "server connect", "deliver client", "deliver server", "deliver client", "deliver server",
	"deliver all", `server write "hello"`, "deliver all")

// ss in either host says what the log says, at every settled step.
func TestWireTruthOfStates(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openTalk(t, Options{})
		for i, step := range truthSteps {
			k.do(t, step)
			for _, at := range []sim.End{sim.Client, sim.Server} {
				end := k.scene.End(at)
				local := fmt.Sprintf("%s:%d", wiredAddress(sim.Client), firstPrivatePort+max(0, k.scene.Subject-1))
				remote := fmt.Sprintf("%s:%d", wiredAddress(sim.Server), sim.DefaultPort)
				if at == sim.Server {
					local, remote = remote, local
				}
				if got, want := ss(t, k.process(at).PID, local, remote), told(end); got != want {
					t.Errorf("step %d, %s: ss says of the %s %q, the log %q", i+1, step, at, got, want)
				}
			}
		}
	})
}

// tcpdump in either host sees the segments of the log, in its order.
func TestWireTruthOfSegments(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) { compareWithDumps(t, truthSteps...) })
}

// The log has one line for each packet that a host has sent, and the line tells what was sent:
// also of a repetition, whatever it repeats.
func TestWireTruthOfRepetitions(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]string{
		"a segment that has arrived twice": {
			"server close", "deliver server", "deliver client", "client close", "deliver client", "drop server",
			"wait until flight from client", "deliver client", "wait 700ms",
		},
		"with another acknowledgement number": {"client close", "server close", "deliver client", "wait 500ms"},
		"two joined in one":                   {`client write "hello"`, "client close", "wait 700ms"},
		"two joined in one that have arrived": {`client write "hello"`, "client close", "deliver client", "deliver client", "wait 700ms"},
	} {
		t.Run(name, func(t *testing.T) {
			livetest.Play(t, func(t testing.TB) {
				compareWithDumps(t, append(append(slices.Clone(threeWay), steps...), "deliver all")...)
			})
		})
	}
}

// compareWithDumps plays steps, and compares the log with what tcpdump sees in either host.
func compareWithDumps(t testing.TB, steps ...string) {
	t.Helper()
	k := openTalk(t, Options{})
	k.bothStart(t)
	client, server := startDump(t, k.process(sim.Client).PID), startDump(t, k.process(sim.Server).PID)
	k.do(t, steps...)
	for at, d := range map[sim.End]*dump{sim.Client: client, sim.Server: server} {
		want := seen(k.log, at)
		if got := d.read(t, len(want)); !slices.Equal(got, want) {
			t.Errorf("in the host of the %s tcpdump saw\n\t%s\nthe log has\n\t%s", at, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
}
