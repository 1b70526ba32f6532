package netlab

import (
	"testing"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// crossing is a connection from beginning to end in which nothing waits for a
// delayed acknowledgement: the closes cross.
var crossing = []string{
	"client connect", "deliver", "deliver", "deliver", "server accept",
	"client close", "server close", "deliver", "deliver", "deliver", "deliver",
}

// renewal is after how many connections a benchmark takes a new lab: those in
// TIME_WAIT are looked at for a minute.
const renewal = 16

// BenchmarkWireSteps plays connections, one segment a step, and says how many steps
// a second that is; a deliver step is a segment handed over, everything that follows
// taken in, and the states of both ends read.
func BenchmarkWireSteps(b *testing.B) {
	var k *talk
	var steps, delivers int
	var all, delivering time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		if n%renewal == 0 {
			if k != nil {
				k.Close()
			}
			k = openTalk(b, Options{}, "server listen")
		}
		b.StartTimer()
		for _, step := range crossing {
			begin := time.Now()
			k.do(b, step)
			took := time.Since(begin)
			steps, all = steps+1, all+took
			if step == "deliver" {
				delivers, delivering = delivers+1, delivering+took
			}
		}
	}
	k.in(b, sim.TimeWait, sim.TimeWait)
	b.ReportMetric(float64(steps)/all.Seconds(), "steps/s")
	b.ReportMetric(float64(delivers)/delivering.Seconds(), "delivers/s")
}

// BenchmarkWireLab is BenchmarkOpenClose on the wire.
func BenchmarkWireLab(b *testing.B) {
	openTalk(b, Options{}) // skips the benchmark where there is none
	benchOpenClose(b, Options{Net: sim.Wire})
}

// BenchmarkWireClose closes connections, played on the wire and by plain calls on
// loopback in turn, and says how many times longer the play takes: when the closes
// cross, and when the client closes first, where the kernel delays the
// acknowledgement of its FIN.
func BenchmarkWireClose(b *testing.B) {
	for name, steps := range map[string][]string{
		"crossing": {"client close", "server close", "deliver", "deliver", "deliver", "deliver"},
		"first":    {"client close", "deliver", "deliver", "server close", "deliver", "deliver"},
	} {
		b.Run(name, func(b *testing.B) {
			p := newPlain(b)
			var k *talk
			var played, plain time.Duration
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				if n%renewal == 0 {
					if k != nil {
						k.Close()
					}
					k = openTalk(b, Options{}, "server listen")
				}
				k.do(b, crossing[:5]...)
				b.StartTimer()
				begin := time.Now()
				k.do(b, steps...)
				played += time.Since(begin)
				plain += p.close(b)
			}
			k.in(b, sim.TimeWait, map[bool]sim.State{true: sim.TimeWait}[name == "crossing"])
			b.ReportMetric(played.Seconds()*1e6/float64(b.N), "played-µs")
			b.ReportMetric(plain.Seconds()*1e6/float64(b.N), "plain-µs")
			b.ReportMetric(float64(played)/float64(plain), "ratio")
		})
	}
}

// plain makes connections on loopback by plain calls.
type plain struct {
	listener int
	addr     unix.Sockaddr
}

func newPlain(b *testing.B) *plain {
	b.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		b.Fatal(err)
	}
	if err := unix.Listen(fd, 5); err != nil {
		b.Fatal(err)
	}
	addr, err := unix.Getsockname(fd)
	if err != nil {
		b.Fatal(err)
	}
	return &plain{fd, addr}
}

// close makes a connection and returns how long it takes to close both its ends.
func (p *plain) close(b *testing.B) time.Duration {
	b.Helper()
	client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = unix.Connect(client, p.addr)
	}
	if err != nil {
		b.Fatal(err)
	}
	server, _, err := unix.Accept4(p.listener, unix.SOCK_CLOEXEC)
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	if err := unix.Close(client); err != nil {
		b.Fatal(err)
	}
	if err := unix.Close(server); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}
