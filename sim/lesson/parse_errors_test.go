package lesson

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const oneOfLine = "it is one of: client, server, wait, deliver, drop, duplicate, swap, cut, mend, auto, expect, say, ask, run"

var parseErrors = []struct {
	name string
	src  string
	want string // without the file's name
}{
	{"empty", "", "1:1: the file has no step; steps stand in fenced blocks that begin with ```finwait"},
	{"prose only", "# Hello\n\nNothing here.\n", "1:1: the file has no step; steps stand in fenced blocks that begin with ```finwait"},
	{"other language", "```go\nclient close\n```\n", "1:1: the file has no step; steps stand in fenced blocks that begin with ```finwait"},
	{"misspelt language", "a\n\n```finwiat\nclient close\n```\n", `3:4: "finwiat" is not a block that runs; did you mean "finwait"?`},
	{"capital language", "```  Finwait\nclient close\n```\n", `1:6: "Finwait" is not a block that runs; did you mean "finwait"?`},
	{"empty block", lessonOf(), "3:1: the block has no step; write one, or remove the block"},
	{"comment only", lessonOf("# nothing"), "3:1: the block has no step; write one, or remove the block"},
	{"no end", "```finwait\nclient close\n", "1:1: the block has no end; it ends with a line ```"},
	{"no end, one line", "```finwait", "1:1: the block has no end; it ends with a line ```"},
	{"other fence", "~~~finwait\nclient close\n```\n", "1:1: the block has no end; it ends with a line ~~~"},
	{"in a list", "- one\n\n  ```finwait\n  client close\n  ```\n", "3:6: the block stands inside a list or a quotation; move it out, to the beginning of the line"},
	{"in a quotation", "> ```finwait\n> client close\n> ```\n", "1:6: the block stands inside a list or a quotation; move it out, to the beginning of the line"},

	{"unknown beginning", lessonOf("clent close"), `4:1: "clent" is not the beginning of a line; did you mean "client"?`},
	{"unknown beginning, second line", lessonOf("client close", "  expct returns 0"), `5:3: "expct" is not the beginning of a line; did you mean "expect"?`},
	{"nothing like it", lessonOf("xyzzy"), `4:1: "xyzzy" is not the beginning of a line; ` + oneOfLine},
	{"quoted beginning", lessonOf(`"expect" returns 0`), `4:1: "expect" is not the beginning of a line; did you mean "expect"?`},
	{"unknown verb", lessonOf("client"), `4:1: after "client" something is missing; it needs a verb`},
	{"misspelt verb", lessonOf("client clos"), `4:8: "clos" is not a verb; did you mean "close"?`},
	{"the wrong end", lessonOf("client listen"), `4:8: the client cannot listen; "server listen [noreuse]" can`},
	{"column counts characters", lessonOf(`client write "äöü" nosig`), `4:20: "nosig" is not nosignal; did you mean "nosignal"?`},
	{"broken quotes", lessonOf(`client write "hello`), `4:14: a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`},

	{"expect first", lessonOf("expect returns 0", "client close"), "4:1: there is no step to expect this of; an expectation stands below its step, in the same block"},
	{"expect first in a later block", lessonOf("client close") + lessonOf("expect returns 0"), "9:1: there is no step to expect this of; an expectation stands below its step, in the same block"},
	{"say first", lessonOf("say nothing yet", "client close"), "4:1: there is no step to say this of; a sentence stands below its step, in the same block"},
	{"say between question and step", lessonOf("client close", "ask What?", "* returns 0", "- blocked", "say no", "client close"), "8:1: there is no step to say this of; a sentence stands below its step, in the same block"},
	{"say nothing", lessonOf("client close", "say  \t"), `5:1: after "say" something is missing; it needs the sentence that is shown with the step`},
	{"say twice", lessonOf("client close", "say one", " say two"), "6:2: the step has its sentence already; make one of the two, or move the longer one into the prose"},
	{"say too much", lessonOf("client close", "say "+strings.Repeat("ü", 501)), `5:1: the text after "say" has 501 characters; at most 500 are read there`},

	{"ask nothing", lessonOf("ask", "client close"), `4:1: after "ask" something is missing; it needs a question`},
	{"ask without answers", lessonOf(" ask What?", "client close"), "4:2: the question has 0 of at least 2 answers; they stand below it, the right one after *, the others after -"},
	{"ask with one answer", lessonOf("ask What?", "* returns 0", "client close"), "4:1: the question has 1 of at least 2 answers; they stand below it, the right one after *, the others after -"},
	{"ask twice, the first without answers", lessonOf("ask What?", "ask Who?", "* blocked", "- returns 0", "client close"), "4:1: the question has 0 of at least 2 answers; they stand below it, the right one after *, the others after -"},
	{"no right answer", lessonOf("ask What?", "- returns 0", "- blocked", "client close"), "4:1: the question has no right answer; it begins with *"},
	{"two right answers", lessonOf("ask What?", "* returns 0", "  * blocked", "client close"), "6:3: the question has a right answer already; the others begin with -"},
	{"an answer twice", lessonOf("ask What?", "* returns 0", "- returns  0 # again", "client close"), "6:1: the answer returns 0 is there twice; once is enough"},
	{"too many answers", lessonOf("ask What?", "* returns 0", "- returns 1", "- returns 2", "- returns 3", "- returns 4", "- returns 5", "- returns 6", "- returns 7", "- returns 8", "- returns 9"), "14:1: this is answer 10; a question has at most 9"},
	{"an answer without a question", lessonOf("client close", "- returns 0"), "5:1: there is no question that this answers; an answer stands below a line that begins with ask"},
	{"an answer that is nothing", lessonOf("ask What?", " *", "client close"), `5:2: after "*" something is missing; it needs what to expect: a state, returns, fails, signal, segment`},
	{"an answer that is only a reason", lessonOf("ask What?", "- > because"), `5:1: after "-" something is missing; it needs what to expect: a state, returns, fails, signal, segment`},
	{"an answer in words", lessonOf("ask What?", "* nothing at all"), `5:3: "nothing" is not something to expect; it is one of: client, server, returns, fails, reads, error, blocked, events, signal, killed, exit, segment, flight, no`},
	{"a reason that is nothing", lessonOf("ask What?", "- returns 0 >  "), `5:13: after ">" something is missing; it needs the reason`},
	{"broken quotes in an answer", lessonOf("ask What?", `- reads "a > b`), `5:9: a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`},
	{"an answer that needs a wire", lessonOf("ask What?", "- no flight"), `5:6: flight needs "net: wire" in the lesson's head`},
	{"ask at the end", lessonOf("client close", "ask What?", "* returns 0", "- blocked"), "5:1: there is no step to ask about; a question stands above its step, in the same block"},
	{"ask at the end, without answers", lessonOf("client close", "ask What?"), "5:1: there is no step to ask about; a question stands above its step, in the same block"},
	{"expect below a question", lessonOf("client close", "ask What?", "* returns 0", "- blocked", "expect returns 0", "client close"), "8:1: there is no step to expect this of; an expectation stands below its step, in the same block"},

	{"run", lessonOf("client close", "run", "client close"), `5:1: after "run" something is missing; it is written run A: what is different in it`},
	{"run without a colon", lessonOf("client close", "run A default", "client close"), `5:1: after "run" something is missing; it is written run A: what is different in it`},
	{"run without words", lessonOf("client close", "run A:", "client close"), `5:1: after "run" something is missing; it is written run A: what is different in it`},
	{"run with two names", lessonOf("client close", "run A B: x", "client close"), `5:5: "A B" is not the name of a run; it is one word of at most 20 letters and digits`},
	{"one run", lessonOf("client close", " run A: x", "client close"), "5:2: there is only one run; a lesson has two or more of them, or none"},
	{"the same run twice", lessonOf("run A: x", "client close", "run A: y", "client close"), "6:5: the run A is there twice; each has a name of its own"},
	{"a run without steps", lessonOf("run A: x", "run B: y", "client close"), "4:1: the run has no step; it needs one below it, before the next run"},
	{"too many runs", lessonOf(strings.Split("run 1: x,wait 1s,run 2: x,wait 1s,run 3: x,wait 1s,run 4: x,wait 1s,run 5: x,wait 1s,run 6: x,wait 1s,run 7: x,wait 1s,run 8: x,wait 1s,run 9: x,wait 1s,run 10: x,wait 1s", ",")...), "22:1: this is run 10; a lesson has at most 9"},
	{"a run after a question", lessonOf("client close", "ask What?", "* blocked", "- returns 0", "run A: x", "client close", "run B: y", "client close"), "5:1: there is no step to ask about; a question stands above its step, in the same block"},
	{"an expectation at the beginning of a run", lessonOf("client close", "run A: x", "expect returns 0", "client close", "run B: y", "client close"), "6:1: there is no step to expect this of; an expectation stands below its step, in the same block"},
	{"what is said about a run is too long", lessonOf("run A: "+strings.Repeat("x", 501), "client close", "run B: y", "client close"), "4:5: what is said about the run has 501 characters; at most 500 are read there"},

	{"bare expect", lessonOf("client close", "expect"), `5:1: after "expect" something is missing; it needs what to expect: a state, returns, fails, signal, segment`},
	{"unknown expectation", lessonOf("client close", "expect return 0"), `5:8: "return" is not something to expect; did you mean "returns"?`},
	{"quoted expectation", lessonOf("client close", `expect "returns" 0`), `5:8: "returns" is not something to expect; did you mean "returns"?`},
	{"state of nobody", lessonOf("client close", "expect FIN_WAIT_2"), `5:8: "FIN_WAIT_2" is a state of nobody; it is written expect client FIN_WAIT2, or expect server FIN_WAIT2`},
	{"state of a listener", lessonOf("client close", "expect server LISTEN"), `5:15: LISTEN is the state of a listener, not of a connection; it is written expect server listening, or expect server not listening`},
	{"unknown state", lessonOf("client close", "expect client FIN-WAIT-2"), `5:15: "FIN-WAIT-2" is not something to expect of an end; did you mean "FIN_WAIT2"?`},
	{"small state", lessonOf("client close", "expect server close_wait"), `5:15: "close_wait" is not something to expect of an end; did you mean "CLOSE_WAIT"?`},
	{"quoted state", lessonOf("client close", `expect server "CLOSED"`), `5:15: "CLOSED" is not something to expect of an end; did you mean "CLOSED"?`},
	{"no state", lessonOf("client close", "expect server"), `5:8: after "server" something is missing; it needs a state, alive, killed by, or returns, fails and the like`},
	{"killed off", lessonOf("client close", "expect server killed of SIGPIPE"), `5:22: "of" is not by; did you mean "by"?`},
	{"killed by nothing", lessonOf("client close", "expect server killed by"), `5:22: after "by" something is missing; it needs the name of a signal`},
	{"unknown signal", lessonOf("client close", "expect signal SIGPIP"), `5:15: "SIGPIP" is not the name of a signal; did you mean "SIGPIPE"?`},
	{"unknown action", lessonOf("client close", "expect signal SIGPIPE caught"), `5:23: "caught" is not what the signal did; it is one of: handled, killed`},
	{"returns what", lessonOf("client close", "expect returns"), `5:8: after "returns" something is missing; it needs a return value`},
	{"returns a word", lessonOf("client close", "expect returns zero"), `5:16: "zero" is not a return value; it is a number from -1 to 2147483647`},
	{"returns a quoted number", lessonOf("client close", `expect returns "0"`), `5:16: "0" is not a return value; it is a number from -1 to 2147483647`},
	{"unknown errno", lessonOf("client close", "expect fails EPIP"), `5:14: "EPIP" is not the name of an error; did you mean "EPIPE"?`},
	{"reads without quotes", lessonOf("client close", "expect reads hello"), `5:14: "hello" is not in quotes; it needs the text that is read, in quotes: "hello"`},
	{"exit status", lessonOf("client close", "expect exit 256"), `5:13: "256" is not an exit status; it is a number from 0 to 255`},
	{"segment of what", lessonOf("client close", "expect segment"), `5:8: after "segment" something is missing; it needs flags, such as RST or "FIN ACK"`},
	{"unknown flag", lessonOf("client close", "expect segment RTS from client"), `5:16: "RTS" is not a flag of a segment; did you mean "RST"?`},
	{"from whom", lessonOf("client close", "expect segment RST from"), `5:20: after "from" something is missing; it needs client or server`},
	{"from nobody", lessonOf("client close", "expect segment RST from clint"), `5:25: "clint" is not client or server; did you mean "client"?`},
	{"fails or what", lessonOf("client close", "expect fails EPIPE or"), `5:20: after "or" something is missing; it needs the name of an error`},
	{"fails or a number", lessonOf("client close", "expect fails EPIPE or 5"), `5:23: "5" is not the name of an error; it is one of: EPIPE, ECONNRESET, ECONNREFUSED, ECONNABORTED, ETIMEDOUT, ENOTCONN, EISCONN, EADDRINUSE, EADDRNOTAVAIL, EAGAIN, EINTR, EINVAL, EBADF, ENOTSOCK, EMFILE, ENFILE, ENOBUFS, ENOMEM, EHOSTUNREACH, ENETUNREACH, EALREADY, EINPROGRESS, EDESTADDRREQ, EMSGSIZE, EOPNOTSUPP, EACCES, EPERM, EFAULT, EIO`},
	{"events of what", lessonOf("client poll", "expect events"), `5:8: after "events" something is missing; it needs an event of poll`},
	{"events only of what", lessonOf("client poll", "expect events only"), `5:15: after "only" something is missing; it needs an event of poll`},
	{"an unknown event", lessonOf("client poll", "expect events IN RDHPU"), `5:18: "RDHPU" is not an event of poll; did you mean "RDHUP"?`},
	{"no unknown event", lessonOf("client poll", "expect server no events POLLIN"), `5:25: "POLLIN" is not an event of poll; it is one of: IN, OUT, RDHUP, HUP, ERR, NVAL`},
	{"an end has no", lessonOf("client poll", "expect server no signal"), `5:18: "signal" is not events; did you mean "events"?`},
	{"no call to return", lessonOf("wait 1s", "expect returns 0"), `5:8: "returns 0" is about a call, and wait makes none of its own; name the end that is meant: expect client returns 0, or expect server returns 0`},
	{"no call to poll", lessonOf("client kill SIGINT", "expect no events"), `5:8: "no events" is about a call, and kill makes none of its own; name the end that is meant: expect client no events, or expect server no events`},
	{"no process to be killed", lessonOf("wait 1s", "expect killed by SIGPIPE"), `5:8: "killed by SIGPIPE" is about a call, and wait makes none of its own; name the end that is meant: expect client killed by SIGPIPE, or expect server killed by SIGPIPE`},
	{"no call to ask about", lessonOf("client close", "ask What?", "* server CLOSED", "- blocked", "wait 1s"), `7:3: "blocked" is about a call, and wait makes none of its own; name the end that is meant: expect client blocked, or expect server blocked`},
	{"no what", lessonOf("client close", "expect no rst"), `5:11: "rst" is not what there should not be; it is one of: segment, flight, signal, events`},
	{"too much", lessonOf("client close", "expect returns 0 bytes"), `5:18: "bytes" is too much; the expectation ends before it: expect returns 0`},

	{"no end of front matter", "---\ntitle: x\n", "1:1: the front matter has no end; it ends with a line ---"},
	{"unknown key", "---\ntitel: x\n---\n", `2:1: "titel" is not a setting; did you mean "title"?`},
	{"unknown key, nothing like it", "---\n\n# c\n  author: x\n---\n", `4:3: "author" is not a setting; it is one of: title, summary, minutes, net, begin, timers`},
	{"no colon", "---\ntitle\n---\n", `2:1: "title" has no value; a setting is written "net: loopback"`},
	{"no value", "---\ntitle:  \n---\n", `2:1: "title" has no value; give it one, or remove the line`},
	{"twice", "---\nnet: sim\nnet: sim\n---\n", `3:1: "net" is there twice; once is enough`},
	{"unknown network", "---\nnet:  loopbak\n---\n", `2:7: "loopbak" is not a network; did you mean "loopback"?`},
	{"unknown beginning of a lesson", "---\nbegin: open\n---\n", `2:8: "open" is not a beginning; it is one of: connected, nothing`},
	{"minutes", "---\nminutes: soon\n---\n", `2:10: "soon" is not a number of minutes; it is a number from 1 to 600`},
	{"no minutes", "---\nminutes: 0\n---\n", `2:10: "0" is not a number of minutes; it is a number from 1 to 600`},

	{"no wire", lessonOf("client close", "  deliver client"), `5:3: deliver needs "net: wire" in the lesson's head`},
	{"no wire to cut", "---\nnet: loopback\n---\n" + lessonOf("cut"), `7:1: cut needs "net: wire" in the lesson's head`},
	{"no wire to wait for", lessonOf("wait until flight from client"), `4:12: flight needs "net: wire" in the lesson's head`},
	{"no wire to connect over", lessonOf("server connect"), `4:1: server connect needs "net: wire" in the lesson's head`},
	{"misspelt, and no wire", lessonOf("delivr client"), `4:1: "delivr" is not the beginning of a line; did you mean "deliver"?`},
	{"wrong, and no wire", lessonOf("deliver cleint"), `4:9: "cleint" is not a segment on the wire; did you mean "client"?`},
	{"no flight without a wire", lessonOf("client close", "expect no flight"), `5:11: flight needs "net: wire" in the lesson's head`},
	{"no flight of a FIN without a wire", lessonOf("client close", "expect flight FIN"), `5:8: flight needs "net: wire" in the lesson's head`},
	{"nothing again without a wire", lessonOf("client close", "expect segment FIN again"), `5:20: again needs "net: wire" in the lesson's head`},
	{"nothing dropped without a wire", lessonOf("client close", "expect segment FIN from client dropped"), `5:32: dropped needs "net: wire" in the lesson's head`},
	{"timers without a wire", "---\n timers: kernel\nminutes: 3\n---\n" + lessonOf("client close"), `2:2: timers needs "net: wire" in the lesson's head`},
	{"timers", "---\nnet: wire\ntimers: slow\n---\n", `3:9: "slow" is not whose timers they are; it is one of: patient, kernel`},
	{"flight of what", onWire("deliver", "expect flight"), `8:8: after "flight" something is missing; it needs flags, such as RST or "FIN ACK"`},
	{"flight, misspelt", onWire("deliver", "expect fligth SYN"), `8:8: "fligth" is not something to expect; did you mean "flight"?`},
	{"flight, sent never", onWire("deliver", "expect flight SYN sent 0"), `8:24: "0" is not how often it was sent; it is a number from 1 to 1000`},
	{"flight, dropped", onWire("deliver", "expect flight SYN from client dropped"), `8:31: "dropped" is too much; the expectation ends before it: expect flight SYN from client`},
	{"flight, agian", onWire("deliver", "expect flight SYN agian"), `8:19: "agian" is not a flag of a segment; did you mean "again"?`},
	{"segment, sent", onWire("deliver", "expect segment SYN sent 2"), `8:20: "sent" is not a flag of a segment; did you mean "SYN"?`},

	{"not UTF-8", "a\nbü\xff\n", "2:3: the byte 0xff is not UTF-8; a lesson is text in UTF-8"},
	{"escape", "a\n\x1b[31m\n", "2:1: there is a control character, U+001B; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"NUL", "\x00", "1:1: there is a control character, U+0000; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"lone carriage return", "ab\rc", "1:3: there is a control character, U+000D; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"C1", "a\u009b", "1:2: there is a control character, U+009B; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"right to left override", "ab\u202ec", "1:3: there is a control character, U+202E; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"line separator", "\u2028", "1:1: there is a control character, U+2028; a lesson is plain text, and tab and line end are the only ones it may hold"},
	{"the first of many", "\xff\x1b", "1:1: the byte 0xff is not UTF-8; a lesson is text in UTF-8"},
	{"too large", strings.Repeat("\xff", MaxSize+1), "1:1: the file is too large; a lesson has at most 1048576 bytes"},
	{"too many marks", strings.Repeat("> ", 200), "1:201: the line begins with too many marks of lists and quotations; a lesson needs one or two"},
	{"too much prose", strings.Repeat("word ", 7000) + "\n" + lessonOf("client close"), "1:1: there are 35006 bytes of prose in one place; at most 32768 fit between two blocks"},
	{"too much outro", lessonOf("client close") + strings.Repeat("word\n", 7000), "6:1: there are 34999 bytes of prose in one place; at most 32768 fit between two blocks"},
	{"too many steps", lessonOf(strings.Repeat("client read 1\n", MaxSteps) + "  client close"), "1004:3: this is step 1001; a lesson has at most 1000"},
}

func TestParseErrors(t *testing.T) {
	for _, test := range parseErrors {
		t.Run(test.name, func(t *testing.T) {
			l, err := Parse("dir/test.md", []byte(test.src))
			if err == nil {
				t.Fatalf("accepted: %+v", l)
			}
			if want := "dir/test.md:" + test.want; err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%T is not an *Error", err)
			}
			if want := fmt.Sprintf("dir/test.md:%d:%d: %s", e.Line, e.Column, e.Msg); err.Error() != want {
				t.Errorf("fields say %s", want)
			}
		})
	}
}

// TestParseReportsAll: all mistakes of a file are reported, in the order of their lines, and
// none that is only the consequence of another.
func TestParseReportsAll(t *testing.T) {
	_, err := Parse("x.md", []byte(`---
titel: x
net: loopbak
timers: slow
---

`+"```finwait"+`
client clos
expect fails EPIP
say it fails
say it fails again
ask What?
* returns 0
- returns O
deliver
expect returns 0
`+"```"+`

`+"```finwiat\n```\n\n- a\n\n  ```finwait\n  client close\n  ```\n\n```finwait\nexpect returns 0\nask\n"+`client write "
expect blocked
`+"```\n"))
	want := `x.md:2:1: "titel" is not a setting; did you mean "title"?
x.md:3:6: "loopbak" is not a network; did you mean "loopback"?
x.md:4:9: "slow" is not whose timers they are; it is one of: patient, kernel
x.md:8:8: "clos" is not a verb; did you mean "close"?
x.md:9:14: "EPIP" is not the name of an error; did you mean "EPIPE"?
x.md:11:1: the step has its sentence already; make one of the two, or move the longer one into the prose
x.md:13:3: "returns 0" is about a call, and deliver makes none of its own; name the end that is meant: expect client returns 0, or expect server returns 0
x.md:14:11: "O" is not a return value; it is a number from -1 to 2147483647
x.md:16:8: "returns 0" is about a call, and deliver makes none of its own; name the end that is meant: expect client returns 0, or expect server returns 0
x.md:19:4: "finwiat" is not a block that runs; did you mean "finwait"?
x.md:24:6: the block stands inside a list or a quotation; move it out, to the beginning of the line
x.md:29:1: there is no step to expect this of; an expectation stands below its step, in the same block
x.md:30:1: after "ask" something is missing; it needs a question
x.md:31:14: a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// TestParseReportsAtMost: of more mistakes than a person reads the first are reported.
func TestParseReportsAtMost(t *testing.T) {
	for _, src := range []string{lessonOf(strings.Repeat("clent close\n", 50)), strings.Repeat("\x00\n", 50)} {
		_, err := Parse("x.md", []byte(src))
		var all Errors
		if !errors.As(err, &all) || len(all) != MaxErrors || all[MaxErrors-1].Line-all[0].Line != MaxErrors-1 {
			t.Errorf("%v", err)
		}
	}
}

func TestErrorCleansTheFileName(t *testing.T) {
	err := &Error{File: "a\x1b[2Jb.md", Line: 1, Column: 2, Msg: "no"}
	if got, want := err.Error(), `a\x1b[2Jb.md:1:2: no`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
