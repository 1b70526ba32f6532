package lesson

import (
	"testing"

	"finwait/sim"
)

// expectation reads an expectation as it is written after the word expect.
func expectation(t *testing.T, text string) Expectation {
	t.Helper()
	l := mustParse(t, onWire("client close", "expect "+text))
	return l.Steps[0].Expect[0]
}

// begun returns the beginning of a step, of the end where its first event happens.
func begun(n int, events []sim.Event) sim.Event {
	b := sim.StepBegun{}
	if len(events) > 0 {
		b.Step.At = events[0].At
	}
	return sim.Event{Step: n, Body: b}
}

func settled() sim.Event { return sim.Event{Body: sim.StepSettled{}} }

func started(at sim.End, pid int) sim.Event {
	return sim.Event{At: at, Body: sim.ProcessStarted{PID: pid}}
}

func called(at sim.End, pid int, name string) sim.Event {
	return sim.Event{At: at, Body: sim.CallEntered{PID: pid, Call: sim.Call{Name: sim.CallName(name), FD: 4}}}
}

func returned(at sim.End, pid int, name string, r sim.Result) sim.Event {
	return sim.Event{At: at, Body: sim.CallReturned{PID: pid, Call: sim.Call{Name: sim.CallName(name), FD: 4}, Result: r}}
}

func blocks(at sim.End, pid int, name string) sim.Event {
	return sim.Event{At: at, Body: sim.CallBlocked{PID: pid, Call: sim.Call{Name: sim.CallName(name), FD: 4}}}
}

func signalOf(at sim.End, signal string, action sim.Action) sim.Event {
	return sim.Event{At: at, Body: sim.SignalTaken{Signal: signal, Action: action}}
}

func exited(at sim.End, pid, status int, signal string) sim.Event {
	return sim.Event{At: at, Body: sim.ProcessExited{PID: pid, Status: status, Signal: signal}}
}

func sent(at sim.End, flags sim.Flags) sim.Event {
	return sim.Event{At: at, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: flags}}}
}

// news returns the event of a fate of a segment on the wire.
func news(at sim.End, id int, flags sim.Flags, fate sim.Fate, copies int) sim.Event {
	return sim.Event{At: at, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: flags, ID: id, Fate: fate, Copies: copies}}}
}

// resent marks a segment as sent before.
func resent(e sim.Event) sim.Event {
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Resent = true })
	return e
}

func becomes(at sim.End, conn int, to sim.State) sim.Event {
	return sim.Event{At: at, Body: sim.StateChanged{Conn: conn, To: to}}
}

// log numbers the events: each takes the number of the step before it.
func log(events ...sim.Event) []sim.Event {
	n := 0
	for i, e := range events {
		if e.Kind() == sim.KindStep {
			n = e.Step
		}
		events[i].Step = n
	}
	return events
}

const (
	client = sim.Client
	server = sim.Server
)

// oneStep returns the log of a step 1 of a lab with both processes.
func oneStep(events ...sim.Event) []sim.Event {
	return log(append(append(append([]sim.Event{}, bothStarted...), begun(1, events)), events...)...)
}

// after returns the log with a step 2 after it.
func after(before []sim.Event, events ...sim.Event) []sim.Event {
	return log(append(append(append([]sim.Event{}, before...), begun(2, events)), events...)...)
}

// Logs that the expectations are checked against. The client is process 1, the
// server process 2.
var (
	thirteen    = sim.Result{Ret: 13}
	brokenPipe  = sim.Result{Ret: -1, Errno: "EPIPE"}
	bothStarted = []sim.Event{started(client, 1), started(server, 2)}
	logWrote    = oneStep(called(server, 2, "write"), returned(server, 2, "write", thirteen), settled())
	logFailed   = oneStep(called(server, 2, "write"), returned(server, 2, "write", brokenPipe), settled())
	logDied     = oneStep(called(server, 2, "write"), signalOf(server, "SIGPIPE", sim.Killed), exited(server, 2, 141, "SIGPIPE"), settled())
	logHandled  = oneStep(called(client, 1, "write"), signalOf(client, "SIGPIPE", sim.Handled), returned(client, 1, "write", brokenPipe), settled())
	logWaits    = oneStep(called(server, 2, "read"), blocks(server, 2, "read"), settled())
	logWakes    = after(logWaits, called(client, 1, "close"),
		returned(server, 2, "read", sim.Result{}), returned(client, 1, "close", sim.Result{}), settled())
	logRefused = oneStep(sim.Event{At: server, Body: sim.StepRefused{Why: "the server is dead"}}, settled())
	logError   = oneStep(called(server, 2, "getsockopt"), returned(server, 2, "getsockopt", sim.Result{Note: "[ECONNRESET]"}), settled())
	logNone    = oneStep(called(server, 2, "getsockopt"), returned(server, 2, "getsockopt", sim.Result{Note: "[0]"}), settled())
	logPolls   = oneStep(called(server, 2, "poll"), returned(server, 2, "poll", sim.Result{Ret: 1, Note: "IN OUT RDHUP"}), settled())
	logQuiet   = oneStep(called(server, 2, "poll"), returned(server, 2, "poll", sim.Result{}), settled())
	logNothing = oneStep(settled())
	logLater   = after(logDied, settled())
	logCloses  = oneStep(
		called(client, 1, "close"), sent(client, sim.FIN|sim.ACK), returned(client, 1, "close", sim.Result{}),
		becomes(client, 1, sim.FinWait1), becomes(server, 1, sim.CloseWait),
		sent(server, sim.ACK), becomes(client, 1, sim.FinWait2), settled(),
	)
)

// Logs of a wire.
var (
	fin      = sim.FIN | sim.ACK
	wireFINs = oneStep(news(client, 7, fin, sim.Held, 1), settled(), news(client, 7, fin, sim.Retransmitted, 2), news(server, 8, fin, sim.Held, 1))
	wireMet  = after(wireFINs, news(client, 7, fin, sim.Delivered, 2), news(server, 9, sim.ACK, sim.Held, 1), settled())
	wireLost = after(wireFINs, news(client, 7, fin, sim.Dropped, 2), settled())
	wireBack = after(wireLost[:len(wireLost)-1], settled(), resent(news(client, 10, fin, sim.Held, 1)))
	wireCut  = oneStep(news(client, 7, sim.PSH|sim.ACK, sim.Held, 1), news(client, 7, sim.PSH|sim.ACK, sim.Dropped, 1), settled())
	wireCopy = after(wireFINs, news(client, 7, fin, sim.Duplicated, 2), settled())
)

var checks = []struct {
	name   string
	expect string
	log    []sim.Event
	ok     bool
	got    string
}{
	{"state", "client FIN_WAIT2", logCloses, true, "FIN_WAIT2"},
	{"another state", "server LAST_ACK", logCloses, false, "CLOSE_WAIT"},
	{"state before anything", "client CLOSED", nil, true, "CLOSED"},
	{"state of the newest connection", "client ESTABLISHED", after(logCloses, becomes(client, 2, sim.Established), becomes(client, 1, sim.TimeWait), settled()), true, "ESTABLISHED"},
	{"state of an older connection", "client TIME_WAIT", after(logCloses, becomes(client, 2, sim.Established), becomes(client, 1, sim.TimeWait), settled()), false, "ESTABLISHED (of connection 2, the newest)"},
	{"state of an earlier step", "client FIN_WAIT2", after(logCloses, settled()), true, "FIN_WAIT2"},

	{"alive", "server alive", logWrote, true, "alive"},
	{"alive, but dead", "server alive", logDied, false, "killed by SIGPIPE"},
	{"alive, but exited", "client alive", oneStep(exited(client, 1, 1, ""), settled()), false, "exited with status 1"},
	{"alive before the start", "client alive", nil, false, "never started"},
	{"alive again", "server alive", after(logDied, started(server, 3), settled()), true, "alive"},
	{"killed", "server killed by SIGPIPE", logDied, true, "killed by SIGPIPE"},
	{"killed, at the end that acts", "killed by SIGPIPE", logDied, true, "killed by SIGPIPE"},
	{"not killed, at the end that acts", "killed by SIGPIPE", logHandled, false, "alive"},
	{"killed earlier", "server killed by SIGPIPE", logLater, true, "killed by SIGPIPE"},
	{"killed by another signal", "server killed by SIGKILL", logDied, false, "killed by SIGPIPE"},
	{"killed, but alive", "client killed by SIGPIPE", logDied, false, "alive"},
	{"killed before the start", "client killed by SIGPIPE", nil, false, "never started"},

	{"returns", "returns 13", logWrote, true, "returned 13"},
	{"returns another value", "returns 14", logWrote, false, "returned 13"},
	{"returns an error", "returns 13", logFailed, false, "returned -1 EPIPE"},
	{"returns -1", "returns -1", logFailed, true, "returned -1 EPIPE"},
	{"never returns", "returns 13", logDied, false, "the call never returned: killed by SIGPIPE"},
	{"never returns, exits", "returns 0", oneStep(called(client, 1, "close"), exited(client, 1, 3, ""), settled()), false, "the call never returned: exit 3"},
	{"returns nothing yet", "returns 0", oneStep(called(client, 1, "close")), false, "close has not returned"},
	{"returns, but blocked", "returns 0", logWaits, false, "read is still blocked"},
	{"returns, but refused", "returns 0", logRefused, false, "refused: the server is dead"},
	{"returns, but no call", "returns 0", logNothing, false, "no call"},
	{"returns, an earlier step", "returns 13", after(logWrote, settled()), false, "no call"},
	{"returns of one end", "server returns 0", logWakes, true, "returned 0"},
	{"returns of the other end", "client returns 13", logWrote, false, "no call"},
	{"returns the newest", "returns 13", oneStep(called(server, 2, "bind"), returned(server, 2, "bind", sim.Result{}), called(server, 2, "write"), returned(server, 2, "write", thirteen), settled()), true, "returned 13"},
	{"the newest call never returns", "returns 13", oneStep(called(server, 2, "write"), returned(server, 2, "write", thirteen), called(server, 2, "write"), exited(server, 2, 141, "SIGPIPE"), settled()), false, "the call never returned: killed by SIGPIPE"},
	{"another process ends", "returns 13", oneStep(called(server, 2, "write"), exited(server, 9, 0, ""), returned(server, 2, "write", thirteen), settled()), true, "returned 13"},

	{"returns, its own call", "returns 13", oneStep(called(client, 1, "write"), returned(client, 1, "write", thirteen), returned(server, 2, "read", sim.Result{}), settled()), true, "returned 13"},
	{"returns, the call that it wakes up", "server returns 0", oneStep(called(client, 1, "write"), returned(server, 2, "read", sim.Result{}), returned(client, 1, "write", thirteen), settled()), true, "returned 0"},
	{"its own call wakes up another process of its end", "returns 0", oneStep(called(client, 3, "shutdown"), returned(client, 3, "shutdown", sim.Result{}), returned(client, 1, "read", thirteen), called(client, 1, "close"), returned(client, 1, "close", brokenPipe), settled()), true, "returned 0"},
	{"its own process makes two calls", "returns 13", oneStep(called(client, 1, "read"), returned(client, 1, "read", sim.Result{}), called(client, 1, "write"), returned(client, 1, "write", thirteen), settled()), true, "returned 13"},
	{"its own call is blocked, another returns", "blocked", oneStep(called(client, 1, "read"), blocks(client, 1, "read"), returned(server, 2, "read", thirteen), settled()), true, "read is still blocked"},
	{"a person's own step has its own call", "returns 0", log(append(append([]sim.Event{}, logWrote...), begun(1, logHandled[3:]), called(client, 1, "dup"), returned(client, 1, "dup", sim.Result{}), settled())...), true, "returned 0"},

	{"fails", "fails EPIPE", logFailed, true, "returned -1 EPIPE"},
	{"fails otherwise", "fails ECONNRESET", logFailed, false, "returned -1 EPIPE"},
	{"fails in one of two ways", "fails ECONNRESET or EPIPE", logFailed, true, "returned -1 EPIPE"},
	{"fails in neither way", "fails ECONNRESET or ETIMEDOUT", logFailed, false, "returned -1 EPIPE"},
	{"fails, but succeeds", "fails EPIPE", logWrote, false, "returned 13"},
	{"fails, but dies", "fails EPIPE", logDied, false, "the call never returned: killed by SIGPIPE"},

	{"reads", `reads "hi"`, oneStep(called(server, 2, "read"), returned(server, 2, "read", sim.Result{Ret: 2, Data: "hi"}), settled()), true, `returned 2 "hi"`},
	{"reads by a peek", `reads "hi"`, oneStep(called(server, 2, "recv"), returned(server, 2, "recv", sim.Result{Ret: 2, Data: "hi"}), settled()), true, `returned 2 "hi"`},
	{"reads another text", `reads "ho"`, oneStep(called(server, 2, "read"), returned(server, 2, "read", sim.Result{Ret: 2, Data: "hi"}), settled()), false, `returned 2 "hi"`},
	{"reads nothing", `reads ""`, oneStep(called(server, 2, "read"), returned(server, 2, "read", sim.Result{}), settled()), true, "returned 0"},
	{"reads, but writes", `reads ""`, oneStep(called(server, 2, "write"), returned(server, 2, "write", sim.Result{}), settled()), false, "write returned 0"},
	{"reads, but fails", `reads ""`, oneStep(called(server, 2, "read"), returned(server, 2, "read", brokenPipe), settled()), false, "returned -1 EPIPE"},
	{"reads a control character", `reads "x"`, oneStep(called(server, 2, "read"), returned(server, 2, "read", sim.Result{Ret: 1, Data: "\x1b"}), settled()), false, `returned 1 "\x1b"`},

	{"events, all that came", "events IN OUT RDHUP", logPolls, true, "returned 1 IN OUT RDHUP"},
	{"events, some that came", "events RDHUP", logPolls, true, "returned 1 IN OUT RDHUP"},
	{"events, one that did not come", "events IN HUP", logPolls, false, "returned 1 IN OUT RDHUP"},
	{"events, but nothing came", "events IN", logQuiet, false, "returned 0"},
	{"events only, and others came", "events only IN OUT", logPolls, false, "returned 1 IN OUT RDHUP"},
	{"events only, all that came", "events only IN OUT RDHUP", logPolls, true, "returned 1 IN OUT RDHUP"},
	{"events only, one did not come", "events only IN OUT HUP", logPolls, false, "returned 1 IN OUT RDHUP"},
	{"no such event", "no events HUP ERR", logPolls, true, "returned 1 IN OUT RDHUP"},
	{"no such event, but one", "no events HUP OUT", logPolls, false, "returned 1 IN OUT RDHUP"},
	{"no event", "no events", logQuiet, true, "returned 0"},
	{"no event, but some", "server no events", logPolls, false, "returned 1 IN OUT RDHUP"},
	{"no event, but no poll", "no events", logWrote, false, "write returned 13"},
	{"no event of the other end", "client no events", logQuiet, false, "no call"},

	{"error", "error ECONNRESET", logError, true, "SO_ERROR = ECONNRESET"},
	{"error of one end", "server error ECONNRESET", logError, true, "SO_ERROR = ECONNRESET"},
	{"another error", "error EPIPE", logError, false, "SO_ERROR = ECONNRESET"},
	{"an error, but none", "error ECONNRESET", logNone, false, "SO_ERROR = 0"},
	{"no error", "error 0", logNone, true, "SO_ERROR = 0"},
	{"no error, but one", "error 0", logError, false, "SO_ERROR = ECONNRESET"},
	{"an error is no failure", "fails ECONNRESET", logError, false, "SO_ERROR = ECONNRESET"},
	{"no error, but another call", "error 0", logWrote, false, "write returned 13"},
	{"no error, but it failed", "error EPIPE", oneStep(called(server, 2, "getsockopt"), returned(server, 2, "getsockopt", brokenPipe), settled()), false, "returned -1 EPIPE"},

	{"blocked", "blocked", logWaits, true, "read is still blocked"},
	{"blocked at one end", "server blocked", logWaits, true, "read is still blocked"},
	{"blocked at the other", "client blocked", logWaits, false, "no call"},
	{"blocked, but returned", "server blocked", logWakes, false, "returned 0"},
	{"blocked, another process's", "server blocked", oneStep(called(server, 2, "read"), blocks(server, 9, "wait4"), returned(server, 2, "read", thirteen), settled()), false, "returned 13"},

	{"signal", "signal SIGPIPE", logDied, true, "server: SIGPIPE killed"},
	{"signal handled", "signal SIGPIPE handled", logHandled, true, "client: SIGPIPE handled"},
	{"signal not handled", "signal SIGPIPE handled", logDied, false, "server: SIGPIPE killed"},
	{"another signal", "signal SIGINT", logDied, false, "server: SIGPIPE killed"},
	{"no signal came", "signal SIGPIPE", logWrote, false, "no signal"},
	{"signal of the other end", "client signal SIGPIPE", logDied, false, "no signal at the client"},
	{"signal of an earlier step", "signal SIGPIPE", logLater, false, "no signal"},
	{"no signal", "no signal", logFailed, true, "no signal"},
	{"no signal, but one", "no signal", logHandled, false, "client: SIGPIPE handled"},
	{"no such signal", "no signal SIGPIPE", logHandled, false, "client: SIGPIPE handled"},
	{"no such signal, another", "no signal SIGINT", logHandled, true, "client: SIGPIPE handled"},

	{"exit", "exit 141", logDied, true, "server: exit 141"},
	{"exit otherwise", "exit 0", logDied, false, "server: exit 141"},
	{"exit of nobody", "exit 141", logWrote, false, "no process ended"},
	{"exit of an earlier step", "exit 141", logLater, false, "no process ended"},
	{"exit of the other end", "client exit 141", logDied, false, "no process ended"},

	{"segment", "segment FIN from client", logCloses, true, "FIN ACK from client"},
	{"segment, exactly", `segment "FIN ACK" from client`, logCloses, true, "FIN ACK from client"},
	{"segment of anybody", "segment ACK", logCloses, true, "ACK from server"},
	{"ACK is not FIN ACK", "segment ACK from client", logCloses, false, "only FIN ACK from client"},
	{"segment of the other end", "segment FIN from server", logCloses, false, "only ACK from server"},
	{"segment that did not come", "segment RST", logCloses, false, "only FIN ACK from client, ACK from server"},
	{"no segment came", "segment RST from client", logWrote, false, "no segment from client"},
	{"no segment at all came", "segment RST", logWrote, false, "no segment"},
	{"segment of an earlier step", "segment FIN", after(logCloses, settled()), false, "no segment"},
	{"RST with ACK", "segment RST", oneStep(sent(client, sim.RST|sim.ACK), settled()), true, "RST ACK from client"},
	{"RST without the ACK", `segment "RST ACK"`, oneStep(sent(client, sim.RST), settled()), false, "only RST from client"},
	{"data with FIN", `segment "FIN ACK"`, oneStep(sent(client, sim.FIN|sim.PSH|sim.ACK), settled()), true, "FIN PSH ACK from client"},
	{
		"many others", "segment RST",
		oneStep(sent(client, sim.SYN), sent(server, sim.SYN|sim.ACK), sent(client, sim.ACK), sent(client, sim.ACK), sent(server, sim.PSH|sim.ACK), sent(client, sim.FIN|sim.ACK), settled()),
		false, "only SYN from client, SYN ACK from server, ACK from client, PSH ACK from server, ...",
	},
	{"no segment", "no segment", logWrote, true, "no segment"},
	{"no segment, but one", "no segment", logCloses, false, "FIN ACK from client"},
	{"no segment of one end", "no segment from server", logCloses, false, "ACK from server"},
	{"none of that kind", "no segment RST", logCloses, true, "none"},
	{"none of that kind from there", "no segment FIN from server", logCloses, true, "none from server"},
	{"one of that kind", "no segment FIN", logCloses, false, "FIN ACK from client"},

	{"sent on the wire", `segment "FIN ACK" from client`, wireFINs, true, "FIN ACK from client"},
	{"delivered is not sent", "segment FIN from client", wireMet, false, "no segment from client"},
	{"dropped is not sent", "no segment", wireLost, true, "no segment"},
	{"retransmitted is not sent", "no segment from server", oneStep(news(server, 1, fin, sim.Retransmitted, 2)), true, "no segment from server"},
	{"sent again", "segment FIN again", wireBack, true, "FIN ACK from client again"},
	{"sent for the first time", "segment FIN again", wireFINs, false, "only FIN ACK from client, FIN ACK from server"},
	{"delivered", "segment FIN delivered", wireMet, true, "FIN ACK from client delivered"},
	{"not delivered", "segment FIN delivered", wireLost, false, "no segment delivered"},
	{"another delivered", "segment RST from client delivered", wireMet, false, "only FIN ACK from client delivered"},
	{"dropped", "segment FIN from client dropped", wireLost, true, "FIN ACK from client dropped"},
	{"dropped at once", `segment "PSH ACK" dropped`, wireCut, true, "PSH ACK from client dropped"},
	{"not dropped", "no segment dropped", wireMet, true, "no segment dropped"},
	{"dropped nevertheless", "no segment dropped", wireCut, false, "PSH ACK from client dropped"},

	{"flight", `flight "FIN ACK" from client`, wireFINs, true, "FIN ACK from client, sent 2 times"},
	{"flight from an earlier step", "flight FIN from server", wireMet, true, "FIN ACK from server"},
	{"flight that has landed", "flight FIN from client", wireMet, false, "nothing on the wire from client"},
	{"flight of another kind", "flight SYN", wireMet, false, "only FIN ACK from server, ACK from server"},
	{"flight, copied", "flight FIN from client", wireCopy, true, "FIN ACK from client, sent 2 times"},
	{"sent twice", "flight FIN from client sent 2", wireFINs, true, "FIN ACK from client, sent 2 times"},
	{"sent twice, not thrice", "flight FIN from client sent 3", wireFINs, false, "only FIN ACK from client, sent 2 times"},
	{"again in flight", "flight FIN from client again", wireBack, true, "FIN ACK from client again"},
	{"in flight, not again", "flight FIN from client again", wireFINs, false, "only FIN ACK from client, sent 2 times"},
	{"no flight", "no flight", wireCut, true, "nothing on the wire"},
	{"no flight on loopback", "no flight", logCloses, true, "nothing on the wire"},
	{"no flight, but one", "no flight", wireLost, false, "FIN ACK from server"},
	{"no flight from one end", "no flight from client", wireLost, true, "nothing on the wire from client"},
	{"no flight of that kind", "no flight ACK", wireFINs, true, "none"},
	{"no flight of that kind, but one", "no flight FIN from client", wireFINs, false, "FIN ACK from client, sent 2 times"},
}

func TestCheck(t *testing.T) {
	for _, test := range checks {
		t.Run(test.name, func(t *testing.T) {
			ok, got := expectation(t, test.expect).Check(test.log)
			if ok != test.ok || got != test.got {
				t.Errorf("expect %s: %t, %q; want %t, %q", test.expect, ok, got, test.ok, test.got)
			}
		})
	}
}

func TestCheckOfNothing(t *testing.T) {
	if ok, got := (Expectation{}).Check(nil); ok || got == "" {
		t.Errorf("the zero Expectation holds: %t, %q", ok, got)
	}
}
