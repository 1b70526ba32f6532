package tui

import (
	"strings"
	"testing"

	"finwait/sim/lesson"
)

// questions are questions that people have asked in public about how connections end, each with the
// lines that answer it: what is typed in the middle of a lesson, and what to expect of it.
var questions = []struct {
	ask, lesson string
	lines       []string
}{
	{"a server answers 413 and closes with the body unread: does the client see the answer?", "client-gone", []string{
		`client sigpipe ignore`, `client write "body"`, `server write "413"`, `server close`, `expect segment RST from server`,
		`client read 100`, `expect reads "413"`, `client read 100`, `expect fails ECONNRESET`, `client read 100`, `expect returns 0`, `client write "x"`, `expect fails EPIPE`,
	}},
	{"are received bytes lost when a reset comes behind them?", "client-gone", []string{
		`client write "a"`, `client linger 0`, `client close`, `server read 5`, `expect reads "a"`, `server read 5`, `expect fails ECONNRESET`, `server read 5`, `expect returns 0`,
	}},
	{"the server sends its body and closes, and a late byte of the client is reset: is the body lost?", "client-gone", []string{
		`server write "body"`, `server close`, `client write "late"`, `expect segment RST from server`, `client read 9`, `expect reads "body"`, `client read 9`, `expect returns 0`,
	}},
	{"when does poll say RDHUP, and when HUP?", "client-gone", []string{
		`client shutdown wr`, `server poll`, `expect events RDHUP`, `expect no events HUP`, `server shutdown wr`, `server poll`, `expect events RDHUP HUP`,
	}},
	{"does a second shutdown fail?", "client-gone", []string{`client shutdown wr`, `client shutdown wr`, `expect returns 0`, `expect no segment`}},
	{"why does shutdown say ENOTCONN?", "client-gone", []string{
		`server linger 0`, `server close`, `client shutdown wr`, `expect fails ENOTCONN`, `client error`, `expect error ECONNRESET`,
	}},
	{"may SO_LINGER be set after shutdown?", "client-gone", []string{`client shutdown wr`, `client linger 0`, `expect returns 0`, `client close`, `expect segment RST from client`, `server read 5`, `expect returns 0`}},
	{"what does a server read of a client that said nothing and left?", "client-gone", []string{`client close`, `server read 5`, `expect returns 0`}},
	{"a child keeps the connection: when does the FIN leave?", "client-gone", []string{`server fork`, `server close`, `expect no segment`, `server parent close`, `expect segment FIN from server`}},
	{"what does ctrl-c send?", "client-gone", []string{`client kill SIGINT`, `expect segment FIN from client`, `expect exit 130`}},
	{"may the other side still send after a FIN?", "client-gone", []string{`client shutdown wr`, `server write "x"`, `expect returns 1`, `client read 5`, `expect reads "x"`}},
	{"the listener is closed before accept: what becomes of the connection?", "client-gone", []string{`client connect`, `server close listener`, `expect segment RST from server`, `client read 5`, `expect fails ECONNRESET`}},
	{"is a pooled connection still alive?", "client-gone", []string{`client write "a"`, `client close`, `server read 9 peek`, `expect reads "a"`, `server poll`, `expect events RDHUP`, `server read 9`, `server read 9`, `expect returns 0`}},
	{"two FINs cross and one is lost", "simultaneous", []string{`client close`, `server close`, `drop client`, `deliver server`, `expect client CLOSING`}},
	{"does a repeated FIN keep its number?", "simultaneous", []string{`client close`, `wait 2s`, `expect flight FIN from client sent 3`}},
	{"the last ACK is lost", "simultaneous", []string{
		`client close`, `deliver client`, `deliver server`, `server close`, `deliver server`, `drop client`, `expect client TIME_WAIT`, `expect server LAST_ACK`, `wait until flight from server`, `deliver server`, `deliver client`, `expect server CLOSED`,
	}},
	{"a request and a FIN cross", "simultaneous", []string{`server close`, `client write "request"`, `deliver server`, `expect client CLOSE_WAIT`, `client read 9`, `expect returns 0`}},
	{"does FIN_WAIT2 last for ever?", "simultaneous", []string{`client shutdown wr`, `deliver all`, `wait 2m`, `expect client FIN_WAIT2`}},
	{"a FIN overtakes its data: is that CLOSE_WAIT?", "simultaneous", []string{
		`client write "last words"`, `client close`, `swap client`, `deliver client`, `expect server ESTABLISHED`, `deliver client`, `expect server CLOSE_WAIT`,
	}},
	{"a blocked reader whose peer has vanished", "simultaneous", []string{`client keepalive 1s 1s 2`, `cut`, `wait 10s`, `client read 5`, `expect fails ETIMEDOUT`}},
}

// TestQuestions: what people ask is answered from inside a lesson, by typing. (That the model does
// what the kernel does is tested elsewhere.)
func TestQuestions(t *testing.T) {
	for _, q := range questions {
		t.Run(q.ask, func(t *testing.T) {
			l := found(t, q.lesson)
			drive(t, 100, 30, simulated(l), func(d *driver) {
				for _, line := range q.lines {
					text, expects := strings.CutPrefix(line, "expect ")
					if !expects {
						d.enters(line)
						if d.m.mode != modeLesson {
							t.Fatalf("%s stays in the line:\n%s", line, d.text())
						}
						continue
					}
					x, err := lesson.ParseExpectation(text, l.HasWire())
					if err != nil {
						t.Fatal(err)
					}
					if ok, got := x.Check(d.m.play.player.Log().All()); !ok {
						t.Errorf("expected %s, got %s:\n%s", text, got, d.text())
					}
				}
				d.shows("‹yours›", "step 0/")
			})
		})
	}
}
