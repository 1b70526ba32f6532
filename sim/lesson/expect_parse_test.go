package lesson

import (
	"strings"
	"testing"

	"finwait/sim"
)

func TestExpectationText(t *testing.T) {
	tests := []struct{ written, text string }{
		{"client FIN_WAIT2", ""},
		{"server listening", ""},
		{"server not listening", ""},
		{"server   CLOSED # gone", "server CLOSED"},
		{"client alive", ""},
		{"server killed by SIGPIPE", ""},
		{"returns 13", ""},
		{"returns -1", ""},
		{"server returns 0", ""},
		{"fails EPIPE", ""},
		{"client fails ECONNRESET", ""},
		{"fails ECONNRESET or EPIPE", ""},
		{"server fails EPIPE or EPIPE or ECONNRESET", "server fails EPIPE or ECONNRESET"},
		{"killed by SIGPIPE", ""},
		{"events IN RDHUP", ""},
		{"server events RDHUP IN IN", "server events IN RDHUP"},
		{"events only IN OUT", ""},
		{"no events", ""},
		{"no events HUP", ""},
		{"client no events ERR HUP", "client no events HUP ERR"},
		{`reads "hello\n"`, ""},
		{`client reads ""`, ""},
		{"error ECONNRESET", ""},
		{"server error 0", ""},
		{"blocked", ""},
		{"server blocked", ""},
		{"signal SIGPIPE", ""},
		{"signal SIGPIPE handled", ""},
		{"server signal SIGINT killed", ""},
		{"no signal", ""},
		{"no signal SIGPIPE", ""},
		{"exit 141", ""},
		{"client exit 0", ""},
		{"segment RST", ""},
		{"segment RST from client", ""},
		{`segment "FIN ACK" from client`, ""},
		{"segment ACK FIN from server", `segment "FIN ACK" from server`},
		{`segment "fin" from server`, "segment FIN from server"},
		{"no segment", ""},
		{"no segment RST", ""},
		{"no segment from client", ""},
		{`no segment "SYN ACK" from server`, ""},
		{"segment FIN again", ""},
		{"segment FIN from client dropped", ""},
		{`segment "FIN ACK" from server again delivered`, ""},
		{"segment FIN delivered  # and no more", "segment FIN delivered"},
		{"no segment dropped", ""},
		{"flight SYN", ""},
		{`flight "FIN ACK" from client`, ""},
		{"flight FIN ACK from client again sent 3", `flight "FIN ACK" from client again sent 3`},
		{"flight FIN sent 2", ""},
		{"no flight", ""},
		{"no flight FIN", ""},
		{"no flight from client", ""},
	}
	for _, test := range tests {
		want := test.text
		if want == "" {
			want = test.written
		}
		x := expectation(t, test.written)
		if x.Text != want {
			t.Errorf("%q becomes %q, want %q", test.written, x.Text, want)
		}
		if again := expectation(t, x.Text); again.Text != x.Text {
			t.Errorf("%q reads as %q", x.Text, again.Text)
		}
		if x.Line != 8 || x.Column != 8 {
			t.Errorf("%q is at %d:%d, want 8:8", test.written, x.Line, x.Column)
		}
	}
}

// Every word that a hint can name is accepted.
func TestExpectationWords(t *testing.T) {
	for _, errno := range errnos() {
		expectation(t, "fails "+errno)
	}
	for _, signal := range signals() {
		expectation(t, "signal "+signal)
	}
	for _, state := range stateWords() {
		expectation(t, "client "+state)
	}
	for _, flag := range sim.FlagNames() {
		expectation(t, "segment "+flag)
	}
	for _, event := range pollEvents() {
		expectation(t, "events "+event)
	}
	for _, word := range callWords() {
		_, err := Parse("x", []byte(lessonOf("client close", "expect "+word)))
		if err != nil && !strings.Contains(err.Error(), "something is missing") {
			t.Error(err)
		}
	}
}
