package ladder_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/text"
)

// Runes that have broken layouts elsewhere: controls, joiners, marks that stand
// alone, flags, jamo, directions, wide and unassigned ones.
const awkward = "\x00\x07\x1b\x7f\u0085\u009b\u200b\u200d\u202e\u2066\ufe0f\ufeff\u0301\u0600\u0903\u0e33" +
	"\u1100\u1161\u11a8\uac00\U0001f1e9\U0001f1ea\U0001f468\U0001f3ff\u2764\u4f60\u597d\uff21\u0661\u05d0\ue000\U000e0041\ufffd\u00ad┃━▶… \t\r\n\"\\"

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOf(rapid.SampledFrom([]rune(awkward))),
		rapid.StringN(0, 12, 80),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{"", "socket", "bind", "listen", "connect", "accept", "read", "write", "close", "setsockopt", "rt_sigaction", "dup", "fork", "poll", "SIGPIPE", "SIG_IGN", "EPIPE"}),
	)
}

func anyState() *rapid.Generator[sim.State] {
	return rapid.Custom(func(t *rapid.T) sim.State { return sim.State(rapid.IntRange(0, 14).Draw(t, "state")) })
}

// anyEvent draws an event that need not make sense.
func anyEvent() *rapid.Generator[sim.Event] {
	return rapid.Custom(func(t *rapid.T) sim.Event {
		return sim.Event{
			T: sim.Seconds(rapid.Float64().Draw(t, "T")), Step: rapid.IntRange(-1, 9).Draw(t, "step"),
			At:   rapid.SampledFrom([]sim.End{client, server, client, server, "", "elsewhere"}).Draw(t, "at"),
			Body: anyBody(t),
		}
	})
}

// anyBody draws the body of an event; segments are the most.
func anyBody(t *rapid.T) sim.Body {
	pid, conn := rapid.IntRange(0, 4).Draw(t, "pid"), rapid.IntRange(-1, 3).Draw(t, "conn")
	yes, text, n := rapid.Bool().Draw(t, "yes"), anyText().Draw(t, "text"), rapid.Int().Draw(t, "n")
	by := rapid.SampledFrom([]sim.Source{sim.ByKernel, sim.ByInference, sim.ByModel, ""}).Draw(t, "by")
	call := sim.Call{
		Name: sim.CallName(anyText().Draw(t, "name")), FD: rapid.IntRange(-1, 5).Draw(t, "fd"),
		Text: rapid.SliceOfN(anyText(), 0, 3).Draw(t, "args"),
	}
	result := sim.Result{
		Ret: rapid.IntRange(-1, 6).Draw(t, "ret"), Errno: anyText().Draw(t, "errno"),
		Data: anyText().Draw(t, "data"), Note: anyText().Draw(t, "note"),
	}
	fates := []sim.Fate{sim.Delivered, sim.Held, sim.Dropped, sim.Duplicated, sim.Retransmitted, sim.Held, ""}
	segment := sim.Segment{
		Flags: sim.Flags(rapid.Byte().Draw(t, "flags")), Seq: sim.Seq(rapid.Uint32().Draw(t, "seq")),
		Ack: sim.Seq(rapid.Uint32().Draw(t, "ack")), Len: rapid.IntRange(-1, 70000).Draw(t, "len"),
		ID: rapid.IntRange(0, 4).Draw(t, "id"), Copies: rapid.IntRange(0, 1000).Draw(t, "copies"),
		Fate: rapid.SampledFrom(fates).Draw(t, "fate"), Resent: rapid.Bool().Draw(t, "resent"),
	}
	moved := sim.SegmentMoved{Conn: conn, Segment: segment, By: by}
	step := sim.MustParseStep(rapid.SampledFrom([]string{"client connect", "auto deliver on", "auto deliver off", "wait 1s"}).Draw(t, "made"))
	what := rapid.SampledFrom([]sim.What{sim.WhatState, sim.WhatSegment, sim.WhatExit, "else", ""}).Draw(t, "what")
	action := rapid.SampledFrom([]sim.Action{sim.Killed, sim.Handled, ""}).Draw(t, "action")
	return rapid.SampledFrom([]sim.Body{
		nil, moved, moved, moved,
		sim.LabOpened{Setting: &sim.Setting{Title: text}},
		sim.StepBegun{Step: step},
		sim.StepRefused{Why: text},
		sim.StepSettled{},
		sim.ProcessStarted{PID: pid, Forked: yes},
		sim.CallEntered{PID: pid, Call: call},
		sim.CallBlocked{PID: pid, Call: call},
		sim.CallReturned{PID: pid, Call: call, Result: result},
		sim.SignalTaken{PID: pid, Signal: text, Action: action},
		sim.ProcessExited{PID: pid, Status: n, Signal: text},
		sim.StateChanged{Conn: conn, From: anyState().Draw(t, "from"), To: anyState().Draw(t, "to"), Orphan: yes, By: by},
		sim.TimerChanged{Conn: conn, Timer: text},
		sim.QueuesChanged{Conn: conn, RecvQ: n},
		sim.CableChanged{Cable: sim.Cable(text)},
		sim.Verdict{Conn: conn, What: what, Model: text, Kernel: anyText().Draw(t, "kernel"), Agree: yes},
		sim.ModelSilent{Why: text},
		sim.ExpectationChecked{Text: text, OK: yes, Got: anyText().Draw(t, "got")},
	}).Draw(t, "body")
}

// anyLog draws events that need not make sense, in any order.
func anyLog() *rapid.Generator[[]sim.Event] { return rapid.SliceOfN(anyEvent(), 0, 40) }

// plausibleLog draws steps as a lab would report them, with answers that no kernel need
// give.
func plausibleLog() *rapid.Generator[[]sim.Event] {
	return rapid.Custom(func(t *rapid.T) []sim.Event {
		s := newScript(rapid.SampledFrom([]sim.Capture{sim.Captured, sim.Inferred}).Draw(t, "capture"))
		steps := []func(){
			s.listen, func() { s.connect(40000 + s.conn) }, s.accept, func() { s.connected() },
			func() { s.conn++; s.connect(40000 + s.conn) },
			func() { s.clientCloses(1, 1) }, func() { s.serverCloses(1, 2) },
			func() { s.killed("SIGKILL", 137) }, func() { s.resetByWrite("first message") },
			func() { s.step(`client write "hello"`); s.write(client, 3, "hello", 1, 1) },
			func() { s.step("server accept"); s.blocked(server, s.call(server, "accept", 3)) },
			func() { s.step("client read 9"); s.blocked(client, s.call(client, "read", 3)) },
			func() { s.ret(client, sim.Call{Name: "read", FD: 3}, sim.Result{Ret: 5, Data: "hello"}) },
			func() { s.settled(); s.sleep(2); s.orphan(client, sim.FinWait2, sim.Closed) },
			func() { s.step("wait 2s"); s.sleep(2); s.settled() },
			func() { s.step("server fork"); s.start(server, s.pid[server]+1, true) },
			func() { s.step("server dup"); s.does(server, 5, "dup", 4) },
			func() { s.signal(server, "SIGPIPE", sim.Handled) },
			func() { s.signal(server, "SIGPIPE", sim.Killed); s.exit(server, 141, "SIGPIPE") },
			func() { s.step("server start"); s.start(server, s.pid[server]+1, false) },
			func() { s.agrees(client, sim.WhatState, "FIN_WAIT2") },
			func() { s.differs(server, sim.WhatSegment, "ACK ack 1; RST seq 2", "ACK ack 1") },
			func() { s.step("server poll"); s.add(sim.Event{At: server, Body: sim.StepRefused{Why: "no"}}) },
		}
		steps = append(steps, wireSteps(s)...)
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			rapid.SampledFrom(steps).Draw(t, "do")()
		}
		return s.log
	})
}

// wireSteps draws the steps of a lab with a wire.
func wireSteps(s *script) []func() {
	every := func(do func(id int)) func() {
		return func() {
			for id := range len(s.wire) {
				if s.wire[id+1].Segment().Fate != sim.Delivered && s.wire[id+1].Segment().Fate != sim.Dropped {
					do(id + 1)
				}
			}
		}
	}
	return []func(){
		func() { s.auto = !s.auto },
		func() { s.heldClose(client, sim.Established, sim.FinWait1, 1, 1) },
		func() { s.heldClose(server, sim.CloseWait, sim.LastAck, 1, 2) },
		func() { s.held(server, "ACK", 1, 2, 0) },
		func() { s.heldRepeat(client, "FIN ACK", 1, 1, 0) },
		func() { s.became(server, sim.Established, sim.CloseWait) },
		every(s.deliver), every(s.deliver), every(s.drop),
		every(func(id int) { s.laterFate(id, sim.Retransmitted) }),
		every(func(id int) { s.step("duplicate"); s.laterFate(id, sim.Duplicated) }),
		func() { s.cable(sim.CableCut) },
	}
}

func eitherLog() *rapid.Generator[[]sim.Event] {
	return rapid.OneOf(anyLog(), plausibleLog())
}

func anyOptions(t *rapid.T) Options {
	return Options{
		ASCII:   rapid.Bool().Draw(t, "ascii"),
		Numbers: rapid.Bool().Draw(t, "numbers"),
		Grow:    rapid.SampledFrom([]float64{0, 0.3, 0.5, 1, -1, 7}).Draw(t, "grow"),
	}
}

// counts matches how often a segment was sent, which may change in a final row.
var counts = regexp.MustCompile(`( sent)? x\d+\b`)

// strokes matches the line of an arrow, which is shorter where there is a count.
var strokes = regexp.MustCompile(`━+|╌+|·+|-+|=+|\.+`)

// uncounted returns a line without counts and without the space that they take.
func uncounted(line string) string {
	line = strokes.ReplaceAllString(counts.ReplaceAllString(line, ""), "-")
	return strings.Join(strings.Fields(line), " ")
}

// A final row never changes, and rows are only added.
func TestFinalRowsNeverChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := eitherLog().Draw(t, "log")
		width := rapid.IntRange(40, 200).Draw(t, "width")
		l := &Ladder{Focus: rapid.IntRange(0, 3).Draw(t, "focus")}
		var final []string
		for i, e := range log {
			length := l.Len()
			l.Apply(e)
			if l.Len() < length || l.Final() < len(final) || l.Final() > l.Len() {
				t.Fatalf("event %d: %d rows, %d final; before: %d, %d", i, l.Len(), l.Final(), length, len(final))
			}
			now := lines(l, l.Final(), width)
			for r, was := range final {
				if uncounted(now[r]) != uncounted(was) {
					t.Fatalf("event %d (%s) changed row %d\nfrom %q\nto   %q", i, e, r, was, now[r])
				}
			}
			final = now
		}
	})
}

// A settled step is final, except for a segment held in its newest row.
func TestSettledIsFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := fold(plausibleLog().Draw(t, "log"))
		l.Apply(sim.Event{Body: sim.StepSettled{}})
		hangs := l.Len() > 0 && strings.ContainsAny(l.Draw(l.Len()-1, l.Len(), 78, Options{Grow: 1})[0].String(), "▷◁")
		if l.Final() != l.Len() && !(hangs && l.Final() == l.Len()-1) {
			t.Fatalf("%d of %d rows are final", l.Final(), l.Len())
		}
	})
}

func lines(l *Ladder, n, width int) []string {
	var list []string
	for _, line := range l.Draw(0, n, width, Options{Grow: 1}) {
		list = append(list, line.String())
	}
	return list
}

// Whatever was applied, every line is as wide as was asked for and has no control
// characters.
func TestLinesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := fold(eitherLog().Draw(t, "log"))
		width := rapid.OneOf(rapid.IntRange(40, 200), rapid.IntRange(0, 39)).Draw(t, "width")
		o := anyOptions(t)
		drawn := l.Draw(-1, l.Len()+1, width, o)
		if len(drawn) != l.Len() {
			t.Fatalf("%d lines of %d rows", len(drawn), l.Len())
		}
		for r := range l.Len() - 1 {
			drawn = append(drawn, l.Between(r, width, o))
		}
		lab := &sim.Setting{Client: anyText().Draw(t, "client"), Server: anyText().Draw(t, "server")}
		for _, line := range append(drawn, Head(lab, width, o)) {
			exact(t, line, width, o.ASCII)
		}
	})
}

func exact(t *rapid.T, line text.Line, width int, ascii bool) {
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.Text)
	}
	if got := ansi.StringWidth(b.String()); got != width {
		t.Fatalf("%d cells, not %d: %s", got, width, strconv.QuoteToASCII(b.String()))
	}
	safe(t, b.String(), ascii)
}

func safe(t *rapid.T, line string, ascii bool) {
	for _, r := range line {
		joins := r == '\u200c' || r == '\u200d'
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !joins || ascii && r > '~' {
			t.Fatalf("%U in %s", r, strconv.QuoteToASCII(line))
		}
	}
}

func TestAllWidths(t *testing.T) {
	step := 1
	if testing.Short() { // the race detector gains nothing from another width
		step = 7
	}
	for _, story := range slices.Concat(stories, wireStories) {
		l := story.log().ladder()
		for width := 40; width <= 200; width += step {
			for _, line := range l.Draw(0, l.Len(), width, Options{Grow: 1}) {
				var text string
				for _, s := range line {
					text += s.Text
				}
				if got := ansi.StringWidth(text); got != width {
					t.Errorf("%s at %d: %d cells: %q", story.name, width, got, text)
				}
			}
		}
	}
}

// The transcript loses no row, writes none twice, and is safe to print.
func TestTranscriptIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := eitherLog().Draw(t, "log")
		tr := Transcript{Width: rapid.IntRange(40, 120).Draw(t, "width"), ASCII: rapid.Bool().Draw(t, "ascii")}
		var got []string
		for _, e := range log {
			got = append(got, tr.Apply(e)...)
		}
		got = append(got, tr.Story(anyText().Draw(t, "story"))...)
		got = append(got, tr.Flush()...)
		for _, line := range got {
			safe(t, line, tr.ASCII)
		}
		l, at := fold(log), 0
		for r, line := range l.Draw(0, l.Len(), tr.Width, Options{ASCII: tr.ASCII, Grow: 1}) {
			if line.String() == "" || toldBelow(line) {
				continue
			}
			for at < len(got) && uncounted(got[at]) != uncounted(line.String()) {
				at++
			}
			if at == len(got) {
				t.Fatalf("row %d is missing: %q", r, line)
			}
			at++
		}
	})
}

// toldBelow reports whether a row is one that the transcript writes below the rows of the
// step: a refusal, a difference, the silence of the model.
func toldBelow(line text.Line) bool {
	for _, s := range line {
		if s.Role == text.RoleDiffers || s.Role == text.RoleNote && strings.HasPrefix(s.Text, "model") || s.Role == text.RoleFail && (strings.HasPrefix(s.Text, "✗ ") || strings.HasPrefix(s.Text, "x ")) {
			return true
		}
	}
	return false
}
