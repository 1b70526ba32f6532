package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/sim/lesson"

	"golang.org/x/sys/unix"
)

// What a person feels: how soon the screen is there, how soon a key shows, what an
// open lesson costs. All of it is measured on the binary as it is shipped, at a
// terminal. The aims: first frame 50 ms, a key's first effect 33 ms, idle 1 % of a
// CPU, 12 MB on disk.

// shipped builds finwait as it is shipped and returns the file.
func shipped(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "finwait")
	if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", file, "finwait").CombinedOutput(); err != nil {
		b.Skipf("finwait cannot be built here: %v: %s", err, out)
	}
	return file
}

// times are durations of one kind.
type times []time.Duration

func (d times) report(b *testing.B, what string) {
	if len(d) == 0 {
		return
	}
	slices.Sort(d)
	at := func(p float64) float64 { return float64(d[int(p*float64(len(d)-1)+0.5)]) / 1e6 }
	b.ReportMetric(at(0.5), what+"-p50-ms")
	b.ReportMetric(at(0.99), what+"-p99-ms")
}

// fourWay returns the lesson that is measured.
func fourWay(b *testing.B) *lesson.Lesson {
	b.Helper()
	l, err := lesson.Find("four-way")
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// BenchmarkFirstFrame is the time from the start of the process to the first
// thing on the screen, and to a lesson that waits for a key.
func BenchmarkFirstFrame(b *testing.B) {
	file, l := shipped(b), fourWay(b)
	for name, args := range map[string][]string{"menu": nil, "lesson": {"play", l.Name, "--port", "0"}} {
		b.Run(name, func(b *testing.B) {
			var first, ready times
			for b.Loop() {
				p := sitWith(b, commandOf(b, file, args...))
				p.until("the first frame", func() bool { return strings.TrimSpace(p.screen.String()) != "" })
				first = append(first, time.Since(p.started))
				if args != nil {
					p.opens(l)
					ready = append(ready, time.Since(p.started))
				}
				p.types("q")
				p.left(exitOK)
			}
			first.report(b, "first")
			ready.report(b, "ready")
		})
	}
}

// BenchmarkRun is the time of a whole run of one close, as a shell sees it, and how often that of
// two bare programs, started in the same run, goes into it.
func BenchmarkRun(b *testing.B) {
	file := shipped(b)
	for _, net := range []string{"loopback", "wire"} {
		b.Run(net, func(b *testing.B) {
			name := filepath.Join(b.TempDir(), "close.md")
			text := "---\ntitle: One close\n---\n\n```finwait\n" + strings.Join(oneClose, "\n") + "\n```\n"
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			if r := finish(b, commandOf(b, file, "run", name, "--net", net)); r.status == exitUnavailable {
				b.Skip(r.stderr)
			}
			var whole, bare times
			for b.Loop() {
				begin := time.Now()
				if r := finish(b, commandOf(b, file, "run", name, "--net", net)); r.status != exitOK {
					b.Fatal(r.stdout, r.stderr)
				}
				whole = append(whole, time.Since(begin))
				begin = time.Now()
				for range 2 {
					if err := exec.Command("true").Run(); err != nil {
						b.Fatal(err)
					}
				}
				bare = append(bare, time.Since(begin))
			}
			whole.report(b, "run")
			bare.report(b, "bare")
			b.ReportMetric(float64(whole[len(whole)/2])/float64(bare[len(bare)/2]), "ratio")
		})
	}
}

// oneClose are the steps of a connection that both ends close.
var oneClose = []string{"server listen", "client connect", "server accept", "client close", "server close"}

// BenchmarkKey is the time from a key press to its first effect on the screen, and
// to the settled step. Steps in which the kernel has something to wait for (its
// delayed acknowledgement) are apart: the log of a run without a screen says which
// and how long.
func BenchmarkKey(b *testing.B) {
	file := shipped(b)
	for _, name := range []string{"four-way", "server-first", "keep-writing"} {
		b.Run(name, func(b *testing.B) {
			l, err := lesson.Find(name)
			if err != nil {
				b.Fatal(err)
			}
			kernel := waits(b, l)
			var effect, quick, waiting, beyond times
			for b.Loop() {
				p := sitWith(b, commandOf(b, file, "play", name, "--no-animation", "--port", "0"))
				p.opens(l)
				for n := 1; n <= len(l.Steps); n++ {
					before, start := p.text(), time.Now()
					p.types(" ")
					p.until("an effect", func() bool { return p.screen.String() != before })
					effect = append(effect, time.Since(start))
					p.sees(title(l, n), next(l, n))
					took := time.Since(start)
					if wait := kernel[n]; wait < 3*time.Millisecond {
						quick = append(quick, took)
					} else {
						waiting = append(waiting, took)
						beyond = append(beyond, took-wait)
					}
				}
				p.types("q")
				p.left(exitOK)
			}
			times(slices.Clone(kernel[1:])).report(b, "without-screen")
			effect.report(b, "effect")
			quick.report(b, "settled")
			waiting.report(b, "waiting")
			beyond.report(b, "beyond-kernel")
		})
	}
}

// waits returns how long each step of a lesson takes without a screen: the median
// of some runs.
func waits(b *testing.B, l *lesson.Lesson) []time.Duration {
	b.Helper()
	runs := make([]times, len(l.Steps)+1)
	for range 5 {
		begun := 0.0
		for _, e := range runJSON(b, l.Name) {
			switch e.Kind {
			case "step":
				begun = *e.T
			case "settled":
				runs[*e.Step] = append(runs[*e.Step], time.Duration((*e.T-begun)*1e9))
			}
		}
	}
	all := make([]time.Duration, len(runs))
	for i, r := range runs {
		if len(r) > 0 {
			slices.Sort(r)
			all[i] = r[len(r)/2]
		}
	}
	return all
}

// BenchmarkBare makes the calls of a step's kind from a plain program: what the
// kernel itself takes, to compare BenchmarkKey with.
func BenchmarkBare(b *testing.B) {
	var took times
	for b.Loop() {
		start := time.Now()
		bare(b)
		took = append(took, time.Since(start)/bareCalls)
	}
	took.report(b, "call")
}

const bareCalls = 10

// bare makes, accepts and closes a connection.
func bare(b *testing.B) {
	try := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	here := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	try(err)
	try(unix.Bind(listener, here))
	try(unix.Listen(listener, 5))
	name, err := unix.Getsockname(listener)
	try(err)
	client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	try(err)
	try(unix.Connect(client, name))
	server, _, err := unix.Accept(listener)
	try(err)
	try(unix.Close(client))
	try(unix.Close(server))
	try(unix.Close(listener))
}

// BenchmarkIdle is what an open lesson costs while nobody presses a key: CPU time
// over some seconds, and memory. PSS counts what processes share once.
func BenchmarkIdle(b *testing.B) {
	file, l := shipped(b), fourWay(b)
	for name, n := range map[string]int{"still": 3, "countdown": 4} {
		b.Run(name, func(b *testing.B) {
			p := sitWith(b, commandOf(b, file, "play", l.Name, "--port", "0"))
			p.opens(l)
			p.steps(l, 0, n)
			time.Sleep(time.Second) // what follows a key press is over
			const span = 5 * time.Second
			used := 0.0
			for b.Loop() {
				before := cpuTime(b, p.cmd.Process.Pid)
				time.Sleep(span)
				used += (cpuTime(b, p.cmd.Process.Pid) - before) / span.Seconds() * 100
			}
			b.ReportMetric(used/float64(b.N), "cpu-%")
			family := familyOf(b, p.cmd.Process.Pid).pids
			own, all := pss(b, p.cmd.Process.Pid), 0.0
			for _, pid := range append(family, p.cmd.Process.Pid) {
				all += pss(b, pid)
			}
			b.ReportMetric(own, "finwait-MB")
			b.ReportMetric(all, "tree-MB")
			p.types("q")
			p.left(exitOK)
		})
	}
}

// cpuTime returns the seconds a process has used, from proc_pid_schedstat: the
// first number is in nanoseconds, for one thread.
func cpuTime(b *testing.B, pid int) float64 {
	b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		b.Skip("no schedstat here")
	}
	sum := 0.0
	for _, name := range threads {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var ns float64
		if _, err := fmt.Sscan(string(text), &ns); err != nil {
			b.Fatal(err)
		}
		sum += ns / 1e9
	}
	return sum
}

// pss returns the proportional set size of a process in MB.
func pss(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		b.Skip(err)
	}
	for line := range bytes.Lines(text) {
		var kb float64
		if n, _ := fmt.Sscanf(string(line), "Pss: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	b.Fatalf("no Pss of process %d", pid)
	return 0
}

// BenchmarkSize is the size of the binary.
func BenchmarkSize(b *testing.B) {
	info, err := os.Stat(shipped(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() { // nothing takes time here
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}
