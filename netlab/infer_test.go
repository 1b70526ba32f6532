package netlab

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

// chapter is one batch: the effects of both ends in order, and what the kernel says
// afterwards.
type chapter struct {
	effects        []effect
	client, server reading
	want           string // "client FIN ACK seq 1 ack 1; server ACK ack 2"
}

func in(s sim.State) reading { return reading{state: s} }

// unacknowledged is a reading with n bytes in the Send-Q, on their way.
func unacknowledged(s sim.State, n int) reading {
	return reading{state: s, sendQ: n, timer: sim.TimerRetransmit}
}

func client(what effectKind, n int) effect { return effect{at: sim.Client, what: what, n: n} }
func server(what effectKind, n int) effect { return effect{at: sim.Server, what: what, n: n} }

// handshake is how most stories begin.
func handshake() chapter {
	return chapter{
		effects: []effect{client(didConnect, 0)}, client: in(sim.Established), server: in(sim.Established),
		want: "client SYN seq 0; server SYN ACK seq 0 ack 1; client ACK ack 1",
	}
}

// clientClosed is the first half of a close: the server's acknowledgement comes later.
func clientClosed() chapter {
	return chapter{
		effects: []effect{client(didClose, 0)}, client: unacknowledged(sim.FinWait1, 1), server: in(sim.CloseWait),
		want: "client FIN ACK seq 1 ack 1",
	}
}

func finWait2() chapter {
	return chapter{client: in(sim.FinWait2), server: in(sim.CloseWait), want: "server ACK ack 2"}
}

// Each story is the list of batches of one connection; the facts behind it are those
// of kernel-facts.md, by number.
func TestConclude(t *testing.T) {
	quiet := func(c, s sim.State) chapter { return chapter{client: in(c), server: in(s)} }
	tests := []struct {
		name  string
		story []chapter
	}{
		{"1 four segments", []chapter{handshake(), clientClosed(), finWait2(), {
			effects: []effect{server(didRead, 0), server(didClose, 0)}, client: in(sim.TimeWait), server: in(sim.Closed),
			want: "server FIN ACK seq 1 ack 2; client ACK ack 2",
		}, quiet(sim.Closed, sim.Closed)}},

		{"1 three segments", []chapter{handshake(), {
			effects: []effect{client(didClose, 0), server(didRead, 0), server(didClose, 0)},
			client:  in(sim.TimeWait), server: in(sim.Closed),
			want: "client FIN ACK seq 1 ack 1; server FIN ACK seq 1 ack 2; client ACK ack 2",
		}}},

		{"1 data and close at once", []chapter{handshake(), {
			effects: []effect{client(didWrite, 5), client(didClose, 0)},
			client:  unacknowledged(sim.FinWait1, 1), server: in(sim.CloseWait),
			want: "client PSH ACK seq 1 ack 1 len 5; server ACK ack 6; client FIN ACK seq 6 ack 1",
		}, {client: in(sim.FinWait2), server: in(sim.CloseWait), want: "server ACK ack 7"}}},

		{"1 data and close, one acknowledgement is certain", []chapter{handshake(), {
			effects: []effect{client(didWrite, 5), client(didClose, 0)},
			client:  in(sim.FinWait2), server: in(sim.CloseWait),
			want: "client PSH ACK seq 1 ack 1 len 5; client FIN ACK seq 6 ack 1; server ACK ack 7",
		}}},

		{"3 half close", []chapter{handshake(), {
			effects: []effect{client(didShutWrite, 0), server(didWrite, 10), client(didRead, 10)},
			client:  in(sim.FinWait2), server: in(sim.CloseWait),
			want: "client FIN ACK seq 1 ack 1; server PSH ACK seq 1 ack 2 len 10; client ACK ack 11",
		}, {
			effects: []effect{server(didClose, 0), client(didClose, 0)}, client: in(sim.TimeWait), server: in(sim.Closed),
			want: "server FIN ACK seq 11 ack 2; client ACK ack 12",
		}}},

		{"4 write to a closed peer", []chapter{handshake(), clientClosed(), finWait2(), {
			effects: []effect{server(didWrite, 13)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "server PSH ACK seq 1 ack 2 len 13; client RST seq 2",
		}, {effects: []effect{server(didClose, 0)}, client: in(sim.Closed), server: in(sim.Closed)}}},

		{"4 the reset comes later", []chapter{handshake(), clientClosed(), finWait2(), {
			effects: []effect{server(didWrite, 13)}, client: in(sim.FinWait2), server: unacknowledged(sim.CloseWait, 13),
			want: "server PSH ACK seq 1 ack 2 len 13",
		}, {client: in(sim.Closed), server: in(sim.Closed), want: "client RST seq 2"}}},

		{"6 close with unread data", []chapter{handshake(), {
			effects: []effect{client(didWrite, 7)}, client: in(sim.Established), server: in(sim.Established),
			want: "client PSH ACK seq 1 ack 1 len 7; server ACK ack 8",
		}, {
			effects: []effect{server(didRead, 3), server(didClose, 0)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "server RST ACK seq 1 ack 8",
		}}},

		{"6 close with everything read", []chapter{handshake(), {
			effects: []effect{client(didWrite, 7), server(didRead, 3), server(didRead, 4), server(didClose, 0)},
			client:  in(sim.CloseWait), server: unacknowledged(sim.FinWait1, 1),
			want: "client PSH ACK seq 1 ack 1 len 7; server FIN ACK seq 1 ack 8",
		}}},

		{"7 linger 0", []chapter{handshake(), {
			effects: []effect{client(didLinger, 1), client(didClose, 0)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "client RST ACK seq 1 ack 1",
		}}},

		{"7 linger 0 in CLOSE_WAIT", []chapter{handshake(), clientClosed(), finWait2(), {
			effects: []effect{server(didLinger, 1), server(didClose, 0)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "server RST ACK seq 1 ack 2",
		}}},

		{"7 linger 0 taken back", []chapter{handshake(), {
			effects: []effect{client(didLinger, 1), client(didLinger, 0), client(didClose, 0)},
			client:  unacknowledged(sim.FinWait1, 1), server: in(sim.CloseWait),
			want: "client FIN ACK seq 1 ack 1",
		}}},

		{"8 close that waits", []chapter{handshake(), {
			client: unacknowledged(sim.FinWait1, 1), server: in(sim.CloseWait),
			want: "client FIN ACK seq 1 ack 1",
		}, {effects: []effect{client(didClose, 0)}, client: in(sim.FinWait2), server: in(sim.CloseWait), want: "server ACK ack 2"}}},

		{"9 shutdown RD sends nothing", []chapter{handshake(), {
			effects: []effect{server(didShutRead, 0), client(didWrite, 4)}, client: in(sim.Established), server: in(sim.Established),
			want: "client PSH ACK seq 1 ack 1 len 4; server ACK ack 5",
		}}},

		{"9 data after shutdown RDWR", []chapter{handshake(), {
			effects: []effect{server(didShutRead, 0), server(didShutWrite, 0)}, client: in(sim.CloseWait), server: in(sim.FinWait2),
			want: "server FIN ACK seq 1 ack 1; client ACK ack 2",
		}, {
			effects: []effect{client(didWrite, 4)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "client PSH ACK seq 1 ack 2 len 4; server RST seq 2",
		}}},

		{"10 shutdown twice", []chapter{handshake(), {
			effects: []effect{client(didShutWrite, 0), client(didShutWrite, 0), client(didClose, 0)},
			client:  in(sim.FinWait2), server: in(sim.CloseWait),
			want: "client FIN ACK seq 1 ack 1; server ACK ack 2",
		}}},

		{"12 after the orphan vanished", []chapter{handshake(), clientClosed(), finWait2(), quiet(sim.Closed, sim.CloseWait), {
			effects: []effect{server(didClose, 0)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "server FIN ACK seq 1 ack 2; client RST seq 2",
		}}},

		{"21 listener closed", []chapter{handshake(), {
			effects: []effect{server(wasDropped, 0)}, client: in(sim.Closed), server: in(sim.Closed),
			want: "server RST ACK seq 1 ack 1",
		}}},

		{"21 queue full", []chapter{
			{client: in(sim.SynSent), want: "client SYN seq 0"},
			{client: reading{state: sim.SynSent, retransmits: 2}, want: "client SYN seq 0; client SYN seq 0"},
			{effects: []effect{client(didConnect, 0)}, client: in(sim.Established), server: in(sim.Established), want: "server SYN ACK seq 0 ack 1; client ACK ack 1"},
		}},

		{"21 a place became free", []chapter{
			{client: in(sim.SynSent), want: "client SYN seq 0"},
			{effects: []effect{client(didConnect, 1)}, client: in(sim.Established), server: in(sim.Established), want: "client SYN seq 0; server SYN ACK seq 0 ack 1; client ACK ack 1"},
		}},

		{"22 refused", []chapter{{effects: []effect{client(wasRefused, 0)}, want: "client SYN seq 0; server RST ACK seq 0 ack 1"}}},

		{"22 killed in SYN_SENT", []chapter{{client: in(sim.SynSent), want: "client SYN seq 0"}, {effects: []effect{client(didClose, 0)}}}},

		{"25 small writes wait for each other", []chapter{handshake(), {
			effects: []effect{client(didWrite, 1), client(didWrite, 2)}, client: in(sim.Established), server: in(sim.Established),
			want: "client PSH ACK seq 1 ack 1 len 1; server ACK ack 2; client PSH ACK seq 2 ack 1 len 2; server ACK ack 4",
		}}},

		{"25 an answer carries the acknowledgement", []chapter{handshake(), {
			effects: []effect{client(didWrite, 4), server(didRead, 4), server(didWrite, 6)},
			client:  in(sim.Established), server: unacknowledged(sim.Established, 6),
			want: "client PSH ACK seq 1 ack 1 len 4; server PSH ACK seq 1 ack 5 len 6",
		}, {client: in(sim.Established), server: in(sim.Established), want: "client ACK ack 7"}}},

		{"25 the peer's window is closed", []chapter{handshake(), {
			effects: []effect{client(didWrite, 60000), client(didClose, 0)},
			client:  reading{state: sim.FinWait1, sendQ: 20001, timer: sim.TimerPersist}, server: in(sim.Established),
			want: "client PSH ACK seq 1 ack 1 len 40000",
		}, {
			client: unacknowledged(sim.FinWait1, 1), server: in(sim.CloseWait),
			want: "client FIN PSH ACK seq 40001 ack 1 len 20000",
		}, {client: in(sim.FinWait2), server: in(sim.CloseWait), want: "server ACK ack 60002"}}},

		{"write of nothing", []chapter{handshake(), {effects: []effect{client(didWrite, 0)}, client: in(sim.Established), server: in(sim.Established)}}},

		{"timers end it", []chapter{handshake(), clientClosed(), finWait2(), quiet(sim.Closed, sim.CloseWait), quiet(sim.Closed, sim.Closed)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newInference()
			for i, c := range test.story {
				if got := tell(f.conclude(c.effects, c.client, c.server, 0)); got != c.want {
					t.Fatalf("chapter %d: concluded\n%s\nwant\n%s", i, got, c.want)
				}
			}
		})
	}
}

// tell writes conclusions as a chapter's want.
func tell(list []conclusion) string {
	text := make([]string, len(list))
	for i, c := range list {
		text[i] = fmt.Sprintf("%s %s", c.from, c.segment)
	}
	return strings.Join(text, "; ")
}

// A conclusion belongs to the place of its effect, and what nobody did to the end.
func TestConcludePlaces(t *testing.T) {
	f := newInference()
	effects := []effect{{place: 1, at: sim.Client, what: didConnect}, {place: 3, rank: 1, at: sim.Client, what: didClose}}
	got := f.conclude(effects, in(sim.FinWait2), in(sim.CloseWait), 7)
	var places []int
	for _, c := range got {
		places = append(places, c.place)
	}
	if want := "[1 1 1 3 7]"; fmt.Sprint(places) != want {
		t.Errorf("%s: places %v, want %s", tell(got), places, want)
	}
}

// Whatever the effects and readings, it neither panics nor goes back in sequence
// numbers, and concludes no more data than were written.
func FuzzConclude(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 0, 0x13, 4, 0, 0x58, 1, 2, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		states := sim.States()
		inf := newInference()
		written, concluded := 0, 0
		for len(data) >= 3 {
			var effects []effect
			n := int(data[0]&0x3) + 1
			if data[0]&0x80 != 0 {
				n = 0
			}
			for i := 0; i < n; i++ {
				d := effect{at: sim.Client, what: effectKind(data[1]>>1) % (wasDropped + 1), n: int(data[2])}
				if (int(data[1])+i)%2 == 1 {
					d.at = sim.Server
				}
				if d.what == didWrite {
					written += d.n
				}
				effects = append(effects, d)
			}
			read := func(b byte) reading {
				return reading{state: states[int(b&0x0f)%len(states)], sendQ: int(b >> 4), retransmits: int(b >> 6)}
			}
			for _, c := range inf.conclude(effects, read(data[1]), read(data[2]), len(effects)) {
				concluded += c.segment.Len
				if c.doubtful {
					t.Error("a doubtful conclusion came out")
				}
			}
			data = data[3:]
		}
		if concluded > written {
			t.Errorf("%d bytes concluded, %d written", concluded, written)
		}
	})
}
