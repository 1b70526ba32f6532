package sim

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// chain returns a copy of the first step with the others chained to it.
func chain(steps ...Step) Step {
	for i := len(steps) - 1; i > 0; i-- {
		next := steps[i]
		steps[i-1].Then = &next
	}
	return steps[0]
}

var steps = []struct {
	text string
	want Step
	form string // as String writes it; empty for text
}{
	{"server listen", Step{At: Server, Verb: VerbListen}, ""},
	{"client connect", Step{At: Client, Verb: VerbConnect}, ""},
	{"server connect", Step{At: Server, Verb: VerbConnect}, ""},
	{"server accept", Step{At: Server, Verb: VerbAccept}, ""},
	{`client write "hello"`, Step{At: Client, Verb: VerbWrite, Data: "hello"}, ""},
	{`client write 100000`, Step{At: Client, Verb: VerbWrite, N: 100000}, ""},
	{`server write 1 nosignal then close`, chain(Step{At: Server, Verb: VerbWrite, N: 1, NoSignal: true}, Step{At: Server, Verb: VerbClose}), ""},
	{`client write "7"`, Step{At: Client, Verb: VerbWrite, Data: "7"}, ""},
	{`server write "hello" nosignal`, Step{At: Server, Verb: VerbWrite, Data: "hello", NoSignal: true}, ""},
	{`client write ""`, Step{At: Client, Verb: VerbWrite}, ""},
	{`client write "a\n\t\"\\\x00\xffä"`, Step{At: Client, Verb: VerbWrite, Data: "a\n\t\"\\\x00\xffä"}, ""},
	{`client write "then" then close`, chain(Step{At: Client, Verb: VerbWrite, Data: "then"}, Step{At: Client, Verb: VerbClose}), ""},
	{`client write "# not a comment" # a comment`, Step{At: Client, Verb: VerbWrite, Data: "# not a comment"}, `client write "# not a comment"`},
	{"server read 100", Step{At: Server, Verb: VerbRead, N: 100}, ""},
	{"server read 100 peek", Step{At: Server, Verb: VerbRead, N: 100, How: ReadPeek}, ""},
	{"server read 1 peek then close", chain(Step{At: Server, Verb: VerbRead, N: 1, How: ReadPeek}, Step{At: Server, Verb: VerbClose}), ""},
	{"server read 1", Step{At: Server, Verb: VerbRead, N: 1}, ""},
	{"server read 65536", Step{At: Server, Verb: VerbRead, N: maxBytes}, ""},
	{"client shutdown rd", Step{At: Client, Verb: VerbShutdown, How: "rd"}, ""},
	{"client shutdown wr", Step{At: Client, Verb: VerbShutdown, How: "wr"}, ""},
	{"server shutdown rdwr", Step{At: Server, Verb: VerbShutdown, How: "rdwr"}, ""},
	{"client close", Step{At: Client, Verb: VerbClose}, ""},
	{"client close 5", Step{At: Client, Verb: VerbClose, How: "fd", N: 5}, ""},
	{"client close 0", Step{At: Client, Verb: VerbClose, How: "fd"}, ""},
	{"server close listener", Step{At: Server, Verb: VerbClose, How: "listener"}, ""},
	{"server parent close", Step{At: Server, Verb: VerbClose, Parent: true}, ""},
	{"client dup", Step{At: Client, Verb: VerbDup}, ""},
	{"server fork", Step{At: Server, Verb: VerbFork}, ""},
	{"server sigpipe default", Step{At: Server, Verb: VerbSigpipe, How: "default"}, ""},
	{"server sigpipe ignore", Step{At: Server, Verb: VerbSigpipe, How: "ignore"}, ""},
	{"client sigpipe handler", Step{At: Client, Verb: VerbSigpipe, How: "handler"}, ""},
	{"client linger 0", Step{At: Client, Verb: VerbLinger}, ""},
	{"client linger 30", Step{At: Client, Verb: VerbLinger, N: 30}, ""},
	{"client linger off", Step{At: Client, Verb: VerbLinger, N: LingerOff}, ""},
	{"server linger2 2", Step{At: Server, Verb: VerbLinger2, N: 2}, ""},
	{"server linger2 none", Step{At: Server, Verb: VerbLinger2, N: Linger2None}, ""},
	{"server linger 0 listener", Step{At: Server, Verb: VerbLinger, How: OfListener}, ""},
	{"server linger off listener", Step{At: Server, Verb: VerbLinger, N: LingerOff, How: OfListener}, ""},
	{"server linger2 none listener", Step{At: Server, Verb: VerbLinger2, N: Linger2None, How: OfListener}, ""},
	{"server keepalive 1s 2s 3 listener", Step{At: Server, Verb: VerbKeepalive, For: 1, Every: 2, N: 3, How: OfListener}, ""},
	{"server parent usertimeout 2s listener", Step{At: Server, Parent: true, Verb: VerbUserTimeout, For: 2, How: OfListener}, ""},
	{"server poll", Step{At: Server, Verb: VerbPoll}, ""},
	{"client error", Step{At: Client, Verb: VerbError}, ""},
	{"client kill SIGKILL", Step{At: Client, Verb: VerbKill, How: "SIGKILL"}, ""},
	{"client kill SIGINT", Step{At: Client, Verb: VerbKill, How: "SIGINT"}, ""},
	{"server kill SIGTERM", Step{At: Server, Verb: VerbKill, How: "SIGTERM"}, ""},
	{"server start", Step{At: Server, Verb: VerbStart}, ""},
	{"wait 500ms", Step{Verb: VerbWait, For: 0.5}, ""},
	{"wait 1s", Step{Verb: VerbWait, For: 1}, ""},
	{"wait 2.5s", Step{Verb: VerbWait, For: 2.5}, ""},
	{"wait 0.25s", Step{Verb: VerbWait, For: 0.25}, "wait 250ms"},
	{"wait 1m", Step{Verb: VerbWait, For: 60}, "wait 60s"},
	{"wait 60m", Step{Verb: VerbWait, For: MaxWait}, "wait 3600s"},
	{"wait 33.3333ms", Step{Verb: VerbWait, For: 0.033}, "wait 33ms"},
	{"server read 100 then close", chain(Step{At: Server, Verb: VerbRead, N: 100}, Step{At: Server, Verb: VerbClose}), ""},
	{
		`server parent accept then read 5 then write "x" nosignal then shutdown wr then poll then close 4`,
		chain(
			Step{At: Server, Parent: true, Verb: VerbAccept}, Step{At: Server, Parent: true, Verb: VerbRead, N: 5},
			Step{At: Server, Parent: true, Verb: VerbWrite, Data: "x", NoSignal: true}, Step{At: Server, Parent: true, Verb: VerbShutdown, How: "wr"},
			Step{At: Server, Parent: true, Verb: VerbPoll}, Step{At: Server, Parent: true, Verb: VerbClose, How: "fd", N: 4},
		), "",
	},
	{"server listen noreuse", Step{At: Server, Verb: VerbListen, How: "noreuse"}, ""},
	{"client keepalive 1s 500ms 3", Step{At: Client, Verb: VerbKeepalive, For: 1, Every: 0.5, N: 3}, ""},
	{"server keepalive 2m 1m 127", Step{At: Server, Verb: VerbKeepalive, For: 120, Every: 60, N: 127}, "server keepalive 120s 60s 127"},
	{"server usertimeout 3s", Step{At: Server, Verb: VerbUserTimeout, For: 3}, ""},
	{"wait until client FIN_WAIT2", Step{Verb: VerbWait, How: WaitState, From: Client, Until: FinWait2}, ""},
	{"wait until server CLOSED", Step{Verb: VerbWait, How: WaitState, From: Server}, ""},
	{"wait until flight from client", Step{Verb: VerbWait, How: WaitFlight, From: Client}, ""},
	{"wait until client TIME_WAIT for 10s", Step{Verb: VerbWait, How: WaitState, From: Client, Until: TimeWait, For: 10}, ""},
	{"wait until flight from server for 1m", Step{Verb: VerbWait, How: WaitFlight, From: Server, For: 60}, "wait until flight from server for 60s"},
	{"deliver", Step{Verb: VerbDeliver}, ""},
	{"deliver client", Step{Verb: VerbDeliver, From: Client}, ""},
	{"deliver server", Step{Verb: VerbDeliver, From: Server}, ""},
	{"deliver all", Step{Verb: VerbDeliver, How: PickAll}, ""},
	{"deliver 7", Step{Verb: VerbDeliver, N: 7}, ""},
	{"drop", Step{Verb: VerbDrop}, ""},
	{"drop client", Step{Verb: VerbDrop, From: Client}, ""},
	{"drop all", Step{Verb: VerbDrop, How: PickAll}, ""},
	{"drop 12", Step{Verb: VerbDrop, N: 12}, ""},
	{"duplicate", Step{Verb: VerbDuplicate}, ""},
	{"duplicate server", Step{Verb: VerbDuplicate, From: Server}, ""},
	{"duplicate 2147483647", Step{Verb: VerbDuplicate, N: 1<<31 - 1}, ""},
	{"swap client", Step{Verb: VerbSwap, From: Client}, ""},
	{"cut", Step{Verb: VerbCut}, ""},
	{"mend # the cable", Step{Verb: VerbMend}, "mend"},
	{"auto deliver on", Step{Verb: VerbAuto, How: "on"}, ""},
	{"auto deliver off", Step{Verb: VerbAuto, How: "off"}, ""},
	{"\t client   close\r", Step{At: Client, Verb: VerbClose}, "client close"},
}

func TestParseStep(t *testing.T) {
	for _, test := range steps {
		got, err := ParseStep(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", test.text, got, test.want)
		}
		form := test.form
		if form == "" {
			form = test.text
		}
		if got.String() != form {
			t.Errorf("%s is written %s, want %s", test.text, got, form)
		}
	}
}

var stepErrors = []struct {
	text string
	col  int
	want string
}{
	{"", 1, "there is no step"},
	{"  # only a comment", 1, "there is no step"},
	{"clinet close", 1, `"clinet" is not the beginning of a step; did you mean "client"?`},
	{"close", 1, `"close" is not the beginning of a step; it is one of: client, server, wait, deliver, drop, duplicate, swap, cut, mend, auto`},
	{`"client" close`, 1, `"client" is not the beginning of a step; did you mean "client"?`},
	{`"wait" 1s`, 1, `"wait" is not the beginning of a step; did you mean "wait"?`},
	{"client", 1, `after "client" something is missing; it needs a verb`},
	{"server parent", 8, `after "parent" something is missing; it needs a verb`},
	{"server parent parent close", 15, `"parent" is not a verb; it is one of: listen, connect, accept, write, read, shutdown, close, dup, fork, sigpipe, linger, linger2, poll, error, kill, start, keepalive, usertimeout, next, skip, type`},
	{"  client   shutdwon wr", 12, `"shutdwon" is not a verb; did you mean "shutdown"?`},
	{`client "close"`, 8, `"close" is not a verb; did you mean "close"?`},
	{"client wait 1s", 8, "wait is not for one end; it is written wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]"},
	{"client listen", 8, `the client cannot listen; "server listen [noreuse]" can`},
	{"client accept", 8, `the client cannot accept; "server accept" can`},
	{"client connect now", 16, `"now" is too much; it is written client|server connect`},
	{"server poll all", 13, `"all" is too much; it is written client|server poll`},
	{"client write", 8, `after "write" something is missing; it needs a text in quotes: write "hello"`},
	{"client write hello", 14, `the text to write is not in quotes; it is written write "hello"`},
	{"client write 0", 14, `"0" is not the number of bytes to write; it is a number from 1 to 16777216`},
	{"client write 99999999", 14, `"99999999" is not the number of bytes to write; it is a number from 1 to 16777216`},
	{"client write 12x", 14, `"12x" is not the number of bytes to write; it is a number from 1 to 16777216`},
	{`client write "hello" quietly`, 22, `"quietly" is not nosignal; did you mean "nosignal"?`},
	{`client write "a" nosignal "b"`, 27, `"b" is too much; it is written client|server write "text"|BYTES [nosignal]`},
	{`client write "` + strings.Repeat("x", maxBytes+1) + `"`, 14, "the text to write is too long; 65536 bytes at most in one step"},
	{`client write "` + strings.Repeat("x", maxBytes) + `" then write "x"`, 65564, "the text to write is too long; 65536 bytes at most in one step"},
	{"client poll" + strings.Repeat(" then poll", maxChain), 13 + 10*(maxChain-1), "the step is too long; then joins 64 calls at most"},
	{`client write "hello`, 14, `a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`},
	{`client write "\q"`, 14, `a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`},
	{"server read", 8, `after "read" something is missing; it needs the number of bytes to read`},
	{"server read 0", 13, `"0" is not the number of bytes to read; it is a number from 1 to 65536`},
	{"server read 65537", 13, `"65537" is not the number of bytes to read; it is a number from 1 to 65536`},
	{"server read 1 peak", 15, `"peak" is not peek; did you mean "peek"?`},
	{"server read many", 13, `"many" is not the number of bytes to read; it is a number from 1 to 65536`},
	{`server read "5"`, 13, `"5" is not the number of bytes to read; it is a number from 1 to 65536`},
	{"server read 99999999999999999999", 13, `"99999999999999999999" is not the number of bytes to read; it is a number from 1 to 65536`},
	{"client shutdown", 8, `after "shutdown" something is missing; it needs rd, wr or rdwr`},
	{"client shutdown both", 17, `"both" is not rd, wr or rdwr; it is one of: rd, wr, rdwr`},
	{"client shutdown rdrw", 17, `"rdrw" is not rd, wr or rdwr; did you mean "rdwr"?`},
	{"client close -1", 14, `"-1" is not a descriptor; it is a number from 0 to 1048576`},
	{`server close "listener"`, 14, `"listener" is not a descriptor; it is a number from 0 to 1048576`},
	{"server close listener 3", 23, `"3" is too much; it is written client|server close [FD|listener]`},
	{"client sigpipe ignored", 16, `"ignored" is not default, ignore or handler; did you mean "ignore"?`},
	{"client linger", 8, `after "linger" something is missing; it needs off or a number of seconds`},
	{"client linger on", 15, `"on" is not off or a number of seconds; it is a number from 0 to 3600`},
	{"client linger2 0", 16, `"0" is not none or a number of seconds; it is a number from 1 to 120`},
	{"server linger 0 listner", 17, `"listner" is too much; it is written client|server linger SECONDS|off [listener]`},
	{`server linger 0 "listener"`, 17, `"listener" is too much; it is written client|server linger SECONDS|off [listener]`},
	{`client linger "off"`, 15, `"off" is not off or a number of seconds; it is a number from 0 to 3600`},
	{"client kill SIGPIPE", 13, `"SIGPIPE" is not SIGKILL, SIGINT or SIGTERM; it is one of: SIGKILL, SIGINT, SIGTERM`},
	{"client kill 9", 13, `"9" is not SIGKILL, SIGINT or SIGTERM; it is one of: SIGKILL, SIGINT, SIGTERM`},
	{"wait", 1, `after "wait" something is missing; it needs a time such as 2s`},
	{"wait 2", 6, `"2" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait -1s", 6, `"-1s" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait 0.1ms", 6, `"0.1ms" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait 61m", 6, `"61m" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait infs", 6, `"infs" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait nanms", 6, `"nanms" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{`wait "1s"`, 6, `"1s" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait 1s more", 9, `"more" is too much; it is written wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]`},
	{"client close then", 14, `after "then" something is missing; it needs a verb`},
	{"client close then clos", 19, `"clos" is not a verb; did you mean "close"?`},
	{"client close then listen", 19, `the client cannot listen; "server listen [noreuse]" can`},
	{"client close then server close", 19, `"server" is not a verb; it is one of: connect, write, read, shutdown, close, dup, fork, sigpipe, linger, linger2, poll, error, kill, start, keepalive, usertimeout, next, skip, type`},
	{"client close then fork", 14, "close then fork cannot be one step; then joins accept, write, read, shutdown, close, poll, error"},
	{"client dup then close", 12, "dup then close cannot be one step; then joins accept, write, read, shutdown, close, poll, error"},
	{"client close then read", 19, `after "read" something is missing; it needs the number of bytes to read`},
	{"client poll then poll then", 23, `after "then" something is missing; it needs a verb`},
	{`client poll "then" close`, 13, `"then" is too much; it is written client|server poll`},
	{"server listen reuse", 15, `"reuse" is not noreuse; did you mean "noreuse"?`},
	{"server listen noreuse now", 23, `"now" is too much; it is written server listen [noreuse]`},
	{"client keepalive", 8, `after "keepalive" something is missing; it needs a time such as 2s`},
	{"client keepalive 1s 1s", 21, `after "1s" something is missing; it needs the number of probes`},
	{"client keepalive 1s 1s 128", 24, `"128" is not the number of probes; it is a number from 1 to 127`},
	{"client keepalive 1s 3", 21, `"3" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"server usertimeout soon", 20, `"soon" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait until", 6, `after "until" something is missing; it needs client, server or flight`},
	{"wait until FIN_WAIT2", 12, `"FIN_WAIT2" is not client, server or flight; it is one of: client, server, flight`},
	{"wait until client", 12, `after "client" something is missing; it needs a state such as FIN_WAIT2`},
	{"wait until client FINWAIT2", 19, `"FINWAIT2" is not a state; did you mean "FIN_WAIT2"?`},
	{`wait until client "CLOSED"`, 19, `"CLOSED" is not a state; did you mean "CLOSED"?`},
	{"wait until client CLOSED 2s", 26, `"2s" is too much; it is written wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]`},
	{"wait until client CLOSED for", 26, `after "for" something is missing; it needs a time such as 2s`},
	{"wait until client CLOSED for ever", 30, `"ever" is not a time; it is written 500ms, 2s or 1m, up to an hour`},
	{"wait 1s for 2s", 9, `"for" is too much; it is written wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]`},
	{"wait until flight", 12, `after "flight" something is missing; it needs from`},
	{"wait until flight client", 19, `"client" is not from; did you mean "from"?`},
	{"wait until flight from", 19, `after "from" something is missing; it needs client or server`},
	{"wait until flight from client now", 31, `"now" is too much; it is written wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]`},
	{"client deliver", 8, "deliver is not for one end; it is written deliver [client|server|all|ID]"},
	{"deliver clinet", 9, `"clinet" is not a segment on the wire; did you mean "client"?`},
	{"deliver everything", 9, `"everything" is not a segment on the wire; it is client, server, all, or its number`},
	{"deliver 0", 9, `"0" is not the number of a segment; it is a number from 1 to 2147483647`},
	{"drop -1", 6, `"-1" is not a segment on the wire; it is client, server, all, or its number`},
	{`deliver "all"`, 9, `"all" is not a segment on the wire; did you mean "all"?`},
	{`deliver "7"`, 9, `"7" is not the number of a segment; it is a number from 1 to 2147483647`},
	{"deliver client server", 16, `"server" is too much; it is written deliver [client|server|all|ID]`},
	{"duplicate all", 11, `"all" is not a segment on the wire; it is client, server, or its number`},
	{"deliver then close", 9, "deliver then close cannot be one step; then joins accept, write, read, shutdown, close, poll, error"},
	{"swap", 1, `after "swap" something is missing; it needs client or server`},
	{"swap 3", 6, `"3" is not client or server; it is one of: client, server`},
	{"cut client", 5, `"client" is too much; it is written cut`},
	{"mend it", 6, `"it" is too much; it is written mend`},
	{"auto", 1, `after "auto" something is missing; it needs deliver`},
	{"auto on", 6, `"on" is not deliver; did you mean "deliver"?`},
	{"auto deliver", 6, `after "deliver" something is missing; it needs on or off`},
	{"auto deliver always", 14, `"always" is not on or off; it is one of: on, off`},
	{"client ü\x1b[2Jx", 8, `"ü\x1b[2Jx" is not a verb; it is one of: connect, write, read, shutdown, close, dup, fork, sigpipe, linger, linger2, poll, error, kill, start, keepalive, usertimeout, next, skip, type`},
}

func TestParseStepErrors(t *testing.T) {
	for _, test := range stepErrors {
		_, err := ParseStep(test.text)
		var e *SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if e.Col != test.col || e.Error() != test.want {
			t.Errorf("%.40s:\ngot  %d: %s\nwant %d: %s", test.text, e.Col, e, test.col, test.want)
		}
	}
}

// Each verb has an example in its syntax, and its help.
func TestUsages(t *testing.T) {
	want := map[Verb]string{
		VerbListen:   "server listen [noreuse]",
		VerbConnect:  "client|server connect",
		VerbAccept:   "server accept",
		VerbWrite:    `client|server write "text"|BYTES [nosignal]`,
		VerbRead:     "client|server read BYTES [peek]",
		VerbShutdown: "client|server shutdown rd|wr|rdwr",
		VerbClose:    "client|server close [FD|listener]",
		VerbDup:      "client|server dup",
		VerbFork:     "client|server fork",
		VerbSigpipe:  "client|server sigpipe default|ignore|handler",
		VerbLinger:   "client|server linger SECONDS|off [listener]",
		VerbLinger2:  "client|server linger2 SECONDS|none [listener]",
		VerbPoll:     "client|server poll",
		VerbError:    "client|server error",
		VerbKill:     "client|server kill SIGKILL|SIGINT|SIGTERM",
		VerbStart:    "client|server start",
		VerbWait:     "wait TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]",

		VerbKeepalive:   "client|server keepalive IDLE INTERVAL COUNT [listener]",
		VerbUserTimeout: "client|server usertimeout TIME [listener]",
		VerbDeliver:     "deliver [client|server|all|ID]",
		VerbDrop:        "drop [client|server|all|ID]",
		VerbDuplicate:   "duplicate [client|server|ID]",
		VerbSwap:        "swap client|server",
		VerbCut:         "cut",
		VerbMend:        "mend",
		VerbAuto:        "auto deliver on|off",
		VerbNext:        "client|server next",
		VerbSkip:        "client|server skip",
		VerbType:        `client|server type "text"`,
	}
	all := Usages()
	if len(all) != len(want) {
		t.Errorf("%d usages, want %d", len(all), len(want))
	}
	for _, u := range all {
		if u.Syntax() != want[u.Verb] {
			t.Errorf("%s: syntax %q, want %q", u.Verb, u.Syntax(), want[u.Verb])
		}
		if u.Help == "" {
			t.Errorf("%s has no help", u.Verb)
		}
	}
}

func TestUsagesIsACopy(t *testing.T) {
	Usages()[0].Verb = "changed"
	if Usages()[0].Verb != VerbListen {
		t.Error("the grammar can be written to")
	}
}

func TestStepStringOfUnknownVerb(t *testing.T) {
	if got, want := (Step{At: Client, Verb: "dance", N: 3}).String(), "client dance"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzParseStep(f *testing.F) {
	for _, u := range Usages() {
		f.Add(u.Syntax())
	}
	for _, text := range []string{
		`client write "a\x00" nosignal then shutdown rdwr`, "wait 1.5s", "wait 33.3333ms", "wait 1e-3s", "wait 0x1p2s",
		"server parent close 3 then close listener", "client linger off # x", "server sigpipe handler", "client kill SIGINT",
		"deliver 7", "drop all", "wait until server LAST_ACK", "wait until flight from server", "client keepalive 1s 1s 3", "deliver then", "auto deliver on", "swap server",
		"\xff\x1b", `client "then"`, "server read 00012", `client write "ü" nosig`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		step, err := ParseStep(text)
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) {
				t.Fatalf("%q: %T is not a *SyntaxError", text, err)
			}
			if e.Col < 1 || e.Col > len([]rune(text))+1 || e.Msg == "" {
				t.Errorf("%q: column %d, message %q", text, e.Col, e.Msg)
			}
			return
		}
		again, err := ParseStep(step.String())
		if err != nil {
			t.Fatalf("%q is written %q: %v", text, step, err)
		}
		if !reflect.DeepEqual(again, step) {
			t.Errorf("%q is written %q and reads as %#v, not %#v", text, step, again, step)
		}
	})
}

// How long a step may wait for what it waits for.
func TestStepLimit(t *testing.T) {
	for _, c := range []struct {
		step  string
		limit Seconds
		text  string
	}{
		{"wait until client TIME_WAIT", 300, "5m"},
		{"wait until flight from client for 10s", 10, "10s"},
		{"wait until client CLOSED for 90s", 90, "90s"},
		{"wait until client CLOSED for 50ms", 0.05, "50ms"},
		{"wait 1s", 0, ""},
		{"client read 5", 0, ""},
	} {
		step, err := ParseStep(c.step)
		if err != nil {
			t.Fatal(err)
		}
		if step.Limit() != c.limit || c.text != "" && step.LimitText() != c.text {
			t.Errorf("%s: %v, %q", c.step, step.Limit(), step.LimitText())
		}
	}
}
