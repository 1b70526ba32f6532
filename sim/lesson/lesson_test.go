package lesson

import (
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"finwait/sim"
	"finwait/sim/text"
)

const allNames = "client-gone, four-way, server-first, keep-writing, " +
	"states, simultaneous-open, simultaneous, lost-fin, lost-last-ack, cable-cut, refused-and-half-open"

func TestEmbeddedIsInTeachingOrder(t *testing.T) {
	var got []string
	for _, l := range Embedded() {
		got = append(got, l.Name)
	}
	if strings.Join(got, ", ") != allNames {
		t.Errorf("got %v, want %s", got, allNames)
	}
}

// Every file is in the teaching order.
func TestEmbeddedIsComplete(t *testing.T) {
	entries, err := files.ReadDir("lessons")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := Find(strings.TrimSuffix(e.Name(), path.Ext(e.Name()))); err != nil {
			t.Error(err)
		}
	}
	if len(entries) != len(names()) {
		t.Errorf("%d files, %d lessons", len(entries), len(names()))
	}
}

func TestFind(t *testing.T) {
	tests := []struct{ name, want string }{
		{"client-gone", ""},
		{"cilent-gone", `there is no lesson "cilent-gone"; did you mean "client-gone"?`},
		{"Four-Way", `there is no lesson "Four-Way"; did you mean "four-way"?`},
		{"nosuch", `there is no lesson "nosuch"; there are ` + allNames},
		{"", `there is no lesson ""; there are ` + allNames},
		{"\x1b[2J", `there is no lesson "\x1b[2J"; there are ` + allNames},
		{"../four-way", `there is no lesson "../four-way"; there are ` + allNames},
	}
	for _, test := range tests {
		l, err := Find(test.name)
		switch {
		case test.want == "" && (err != nil || l.Name != test.name):
			t.Errorf("%q: %v", test.name, err)
		case test.want != "" && (err == nil || err.Error() != test.want):
			t.Errorf("%q: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}

// Every lesson has what the menu and the screen need.
func TestEmbeddedAreComplete(t *testing.T) {
	for _, l := range Embedded() {
		if l.Title == "" || l.Title == l.Name || l.Minutes == 0 || l.Net == sim.Model {
			t.Errorf("%s: title %q, %d minutes, net %s", l.Name, l.Title, l.Minutes, l.Net)
		}
		if !strings.HasSuffix(l.Summary, ".") || utf8.RuneCountInString(l.Summary) > 140 {
			t.Errorf("%s: summary %q", l.Name, l.Summary)
		}
		for _, want := range []string{"**Take home:**", "RFC 9293 §", "(2)"} {
			if !strings.Contains(l.Outro, want) {
				t.Errorf("%s: the outro has no %s", l.Name, want)
			}
		}
		for _, s := range l.Steps {
			if lines := Plain(s.Story, 78, text.GlyphsFor(false)); s.First && len(lines) > 8 {
				t.Errorf("%s: %d lines of prose before line %d", l.Name, len(lines), s.Line)
			}
			if s.Verb == sim.VerbWait && s.For > 1 {
				t.Errorf("%s: line %d waits %s", l.Name, s.Line, s.For)
			}
		}
	}
}

// Every step has a sentence, so that no sentence is about the step before. Each lesson asks at
// least twice, and says of every wrong answer why it is wrong.
func TestEmbeddedSayAndAsk(t *testing.T) {
	for _, l := range Embedded() {
		questions := 0
		for _, s := range l.Steps {
			if s.Say == "" {
				t.Errorf("%s: line %d, no sentence is shown with %s", l.Name, s.Line, s)
			}
			questions += len(s.Ask)
			for _, q := range s.Ask {
				if lines := Plain(q.Text, 78, text.GlyphsFor(false)); len(lines) > 1 || !strings.HasSuffix(q.Text, "?") {
					t.Errorf("%s: line %d, the question is %q", l.Name, q.Line, q.Text)
				}
				for _, a := range q.Answers {
					if !a.Right && a.Reason == "" {
						t.Errorf("%s: line %d, nothing says why %q is wrong", l.Name, a.Line, a.Text)
					}
				}
			}
		}
		if questions < 2 {
			t.Errorf("%s: %d questions", l.Name, questions)
		}
	}
}

// Each lesson expects of the kernel the facts that it teaches.
func TestEmbeddedExpect(t *testing.T) {
	tests := []struct {
		lesson string
		step   string
		expect string
	}{
		{"four-way", "client close", "client FIN_WAIT2"},
		{"four-way", "server close", "client TIME_WAIT"},
		{"four-way", "client close", `segment "FIN ACK" from server`},
		{"four-way", "client close", "no segment ACK from server"},
		{"server-first", "client close", "server TIME_WAIT"},
		{"server-first", "server read 100", `reads "one more thing"`},
		{"server-first", `client write "one more thing"`, "segment RST from server"},
		{"client-gone", "client kill SIGINT", "exit 130"},
		{"client-gone", "client kill SIGKILL", "exit 137"},
		{"client-gone", `server write "first message"`, "returns 13"},
		{"client-gone", `server write "first message"`, "segment RST from client"},
		{"client-gone", `server write "second message"`, "server killed by SIGPIPE"},
		{"client-gone", `server write "second message"`, "exit 141"},
		{"client-gone", `server write "second message"`, "fails EPIPE"},
		{"client-gone", "server accept", "server alive"},
		{"keep-writing", `client write "second line\n"`, "signal SIGPIPE handled"},
		{"keep-writing", `client write "second line\n"`, "client killed by SIGPIPE"},
		{"keep-writing", "server close", "no segment"},
		{"keep-writing", "server parent close", "segment FIN from server"},
		{"simultaneous", "deliver client", "server CLOSING"},
		{"simultaneous", "deliver server", "client CLOSING"},
		{"simultaneous", "deliver server", "client TIME_WAIT"},
		{"simultaneous", "deliver client", "server TIME_WAIT"},
		{"lost-fin", "wait 1s", "flight FIN from client sent 3"},
		{"lost-fin", "drop client", "server ESTABLISHED"},
		{"lost-fin", "wait until flight from client", "flight FIN from client again"},
		{"lost-fin", "deliver client", "server CLOSE_WAIT"},
		{"lost-fin", `server write "hello?"`, "fails ECONNRESET"},
		{"lost-last-ack", "wait until flight from server", "flight FIN from server again"},
		{"lost-last-ack", "deliver server", "segment ACK from client"},
		{"lost-last-ack", "deliver client", "server CLOSED"},
		{"lost-last-ack", "server listen noreuse", "fails EADDRINUSE"},
		{"lost-last-ack", "server listen", "returns 0"},
		{"cable-cut", "cut", "no segment"},
		{"cable-cut", "client read 100", "fails ETIMEDOUT"},
		{"cable-cut", "server read 100", "fails ETIMEDOUT"},
		{"refused-and-half-open", "deliver server", "client fails ECONNREFUSED"},
		{"refused-and-half-open", "client kill SIGKILL", "no segment"},
		{"refused-and-half-open", "drop server", "client ESTABLISHED"},
		{"refused-and-half-open", "client read 100", "fails ECONNRESET"},
	}
	for _, test := range tests {
		l, err := Find(test.lesson)
		if err != nil {
			t.Fatal(err)
		}
		if !expects(l, test.step, test.expect) {
			t.Errorf("%s: %s does not expect %s", test.lesson, test.step, test.expect)
		}
	}
}

// The tour stops in every state of RFC 9293 and expects it.
func TestStatesStopsInEach(t *testing.T) {
	l, err := Find("states")
	if err != nil {
		t.Fatal(err)
	}
	stops := map[string]bool{}
	for _, s := range l.Steps {
		for _, x := range s.Expect {
			stops[x.Text] = true
		}
	}
	if !stops["server listening"] {
		t.Error("it does not stop in LISTEN")
	}
	for _, s := range sim.States() {
		if s != sim.Close && s != sim.Listen && !stops["client "+s.String()] && !stops["server "+s.String()] {
			t.Errorf("it does not stop in %s", s)
		}
	}
}

func expects(l *Lesson, step, text string) bool {
	for _, s := range l.Steps {
		for _, x := range s.Expect {
			if s.String() == step && x.Text == text {
				return true
			}
		}
	}
	return false
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		Embedded()
	}
}
