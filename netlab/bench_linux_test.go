package netlab

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// benchHosts are the labs that are measured.
var benchHosts = map[string]Options{
	"machine":  {Host: HostMachine},
	"private":  {Host: HostPrivate},
	"inferred": {Host: HostMachine, blind: true},
}

// BenchmarkOpenClose measures what a person waits for before the first step, and
// after the last, and how often the time of two bare programs, started in the same run, goes
// into it.
func BenchmarkOpenClose(b *testing.B) {
	for name, o := range benchHosts {
		b.Run(name, func(b *testing.B) {
			openLab(b, o).Close() // skips the benchmark where there is no such lab
			benchOpenClose(b, o)
		})
	}
}

func benchOpenClose(b *testing.B, o Options) {
	var opening, closing, bare samples
	for b.Loop() {
		begin := time.Now()
		l, err := Open(o)
		if err != nil {
			b.Fatal(err)
		}
		opened := time.Now()
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
		opening.add(opened.Sub(begin))
		closing.add(time.Since(opened))
		bare.add(twoPrograms(b))
	}
	for what, s := range map[string]samples{"open": opening, "close": closing} {
		s.report(b, what, 0.5, 0.99)
		b.ReportMetric(float64(s.quantile(0.5))/float64(bare.quantile(0.5)), what+"-ratio")
	}
}

// twoPrograms starts the smallest program there is twice, one after the other, and returns how
// long that took.
func twoPrograms(b *testing.B) time.Duration {
	b.Helper()
	begin := time.Now()
	for range 2 {
		if err := exec.Command("true").Run(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begin)
}

// samples are durations of one kind.
type samples []time.Duration

func (s *samples) add(d time.Duration) { *s = append(*s, d) }

// quantile returns the q-th of the samples.
func (s samples) quantile(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// report reports quantiles in milliseconds: "open-p50-ms".
func (s samples) report(b *testing.B, what string, quantiles ...float64) {
	for _, q := range quantiles {
		b.ReportMetric(float64(s.quantile(q))/1e6, fmt.Sprintf("%s-p%.0f-ms", what, 100*q))
	}
}

// fourWay are the steps of a connection that ends in four segments. What is
// measured of a step is the time from the key to the settled event.
var fourWay = []string{"client connect", "server accept", "client close", "server read 100", "server close"}

// BenchmarkFourWay measures each step, and how often the time of the same bare
// calls, made in the same run, goes into it. Only after the client's close has the
// kernel something to wait for, its delayed acknowledgement.
func BenchmarkFourWay(b *testing.B) {
	for name, o := range benchHosts {
		b.Run(name, func(b *testing.B) {
			l := openLab(b, o)
			play(b, l, 0, "server listen")
			lab, bare := make([]samples, len(fourWay)), make([]samples, len(fourWay))
			server := listenBare(b)
			defer unix.Close(server.fd)
			connections := 0
			for b.Loop() {
				// A lesson has few connections; each is looked at until it is over.
				if connections++; connections%10 == 0 {
					if err := l.Close(); err != nil {
						b.Fatal(err)
					}
					l = openLab(b, o)
					play(b, l, 0, "server listen")
				}
				for i, text := range fourWay {
					begin := time.Now()
					play(b, l, i+1, text)
					lab[i].add(time.Since(begin))
				}
				server.fourWay(b, bare)
			}
			for i, what := range []string{"connect", "accept", "close", "read", "last-close"} {
				lab[i].report(b, what, 0.5, 0.99)
				b.ReportMetric(float64(lab[i].quantile(0.5))/float64(bare[i].quantile(0.5)), what+"-ratio")
			}
		})
	}
}

// bareServer is the listening socket of a plain program.
type bareServer struct {
	fd   int
	addr unix.SockaddrInet4
}

func listenBare(b *testing.B) bareServer {
	b.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrInet4{Addr: loopbackAddress(sim.Server).As4()})
	}
	if err == nil {
		err = unix.Listen(fd, sim.Backlog)
	}
	if err != nil {
		b.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		b.Fatal(err)
	}
	return bareServer{fd, *name.(*unix.SockaddrInet4)}
}

// fourWay makes the calls of fourWay and adds what each took.
func (s bareServer) fourWay(b *testing.B, took []samples) {
	b.Helper()
	var client, accepted int
	calls := []func() error{
		func() (err error) {
			if client, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err != nil {
				return err
			}
			if err := unix.Bind(client, &unix.SockaddrInet4{Addr: loopbackAddress(sim.Client).As4()}); err != nil {
				return err
			}
			return unix.Connect(client, &s.addr)
		},
		func() (err error) {
			accepted, _, err = unix.Accept(s.fd)
			return err
		},
		func() error { return unix.Close(client) },
		func() error {
			_, err := unix.Read(accepted, make([]byte, 100))
			return err
		},
		func() error { return unix.Close(accepted) },
	}
	for i, call := range calls {
		begin := time.Now()
		if err := call(); err != nil {
			b.Fatal(fourWay[i], err)
		}
		took[i].add(time.Since(begin))
	}
}

// BenchmarkMemory reports the proportional set size (proc_pid_smaps_rollup(5)) of
// this process, of the programs and of the whole tree in the middle of a lesson.
func BenchmarkMemory(b *testing.B) {
	for name, o := range benchHosts {
		b.Run(name, func(b *testing.B) {
			l := openLab(b, o)
			for i, text := range append([]string{"server listen"}, fourWay...) {
				play(b, l, i, text)
			}
			var own, programs float64
			for b.Loop() {
				own, programs = pss(b, strconv.Itoa(os.Getpid())), 0
				for _, pid := range children(b) {
					programs += pss(b, pid)
				}
			}
			b.ReportMetric(own, "self-MB")
			b.ReportMetric(programs, "programs-MB")
			b.ReportMetric(own+programs, "tree-MB")
		})
	}
}

// pss returns the proportional set size of a process in megabytes.
func pss(b *testing.B, pid string) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		b.Skip(err)
	}
	_, after, _ := bytes.Cut(text, []byte("\nPss:"))
	kB, _, _ := bytes.Cut(bytes.TrimSpace(after), []byte(" "))
	n, err := strconv.ParseFloat(string(kB), 64)
	if err != nil {
		b.Fatal(err)
	}
	return n / 1024
}

// BenchmarkIdle reports how much of one CPU the lab takes while nothing happens
// but a timer that runs.
func BenchmarkIdle(b *testing.B) {
	l := openLab(b, Options{})
	for i, text := range append([]string{"server listen"}, fourWay...) {
		play(b, l, i, text)
	}
	var busy, all time.Duration
	for b.Loop() {
		before, begin := cpuTime(b), time.Now()
		if err := l.Start(9, sim.Step{Verb: sim.VerbWait, For: 0.25}); err != nil {
			b.Fatal(err)
		}
		settled(b, l, "wait")
		busy += cpuTime(b) - before
		all += time.Since(begin)
	}
	b.ReportMetric(100*float64(busy)/float64(all), "%cpu")
}

// cpuTime returns the CPU time that this process has taken.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
