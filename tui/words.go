package tui

import (
	"fmt"
	"math"
	"strconv"

	"finwait/sim"
)

// words is every word of the screen that is not the kernel's or the lesson's, so
// that another language is one more function like english.
type words struct {
	name           string
	tagline        [2]string
	tooSmall       func(w, h int) string
	minutes        func(n int) string
	noLessons      string
	step           func(n, of int) string
	settingUp      string
	opening        string
	running        func(s sim.Seconds) string
	runningOf      func(s, of sim.Seconds, giveUp string) string
	waitForStep    string
	notStarted     string
	ended          string
	endedBadly     func(failures int) string
	lookingBack    func(row, of int) string
	private        string
	client, server string

	pid, sigpipe, killedBy, exited func(string) string
	exitStatus                     func(n int) string
	was                            func(state string) string
	orphan                         string
	blockedIn                      func(call string) string
	recvQ, sendQ                   func(n int) string
	poll                           func(events string) string

	onTheWire, nothingOnTheWire, cableCut, cut, again string
	inFlight                                          func(n int) string
	place                                             func(i, n int) string
	heldFor                                           func(span string) string
	timesShort                                        func(n int) string

	goneIn, resentIn, probeIn, windowProbeIn, waitsOn func(span string) string
	anyMoment                                         string
	timesSent                                         func(n int) string

	agrees      string // the model with the kernel
	modelSilent string // it compares nothing any more
	differs     func(sign, kernel, model string) string
	saysInstead func(sign, model string) string // beside what the kernel did
	differsIn   func(sign, what string) string  // "" for what there is no room for
	what        map[sim.What]string
	agreement   func(sim.Agreement) string

	agreementShort func(sim.Agreement) string

	expected      func(text, got string) string
	refused       func(why string) string
	nothingLeft   func(why string) string // for a step to do
	strayed       func(again string) string
	cannot        func(why string) string
	cannotOpen    func(why string) string
	labFailed     func(why string) string
	labGone       string
	againOrLeave  func(again, leave string) string
	earlier       func(n int) string
	later         func(n int) string
	storyHeading  string
	stepsHeading  string
	keysHeading   string
	legendHeading string
	legend        []legendEntry

	settingsHeading string
	byDefault       func(value string) string

	keys keyWords
}

// legendEntry explains one sign of the ladder. Sign is drawn in Tone.
type legendEntry struct {
	sign, ascii string
	tone        tone
	text        string
	where       occasion
}

// occasion is where a sign occurs.
type occasion int

// The occasions.
const (
	anywhere  occasion = iota
	wireOnly           // only on a wire
	modelOnly          // only where the model runs beside the kernel
)

// keyWords are what the keys do, short for the footer and long for the help.
type keyWords struct {
	next, back, forward, first, last, up, down keyWord
	scroll, storyUp, storyDown                 keyWord
	deliver, drop, duplicate, deliverAll       keyWord
	restart, leave, open, settings, help       keyWord
	close, quit, interrupt, suspend            keyWord
	choose                                     string // what up and down do in the menu and on the wire
}

type keyWord struct{ short, long string }

// english returns the words of the screen in English.
func english() *words {
	w := &words{
		name:    "finwait",
		tagline: [2]string{"How a TCP connection really ends,", "one key press at a time."},
		tooSmall: func(w, h int) string {
			return fmt.Sprintf("too small: needs %d×%d, is %d×%d", minWidth, minHeight, w, h)
		},
		minutes:   func(n int) string { return fmt.Sprintf("%d min", n) },
		noLessons: "There is no lesson to choose from.",
		step:      func(n, of int) string { return fmt.Sprintf("step %d/%d", n, of) },
		settingUp: "setting up",
		opening:   "opening the lab",
		running:   func(s sim.Seconds) string { return fmt.Sprintf("running, %d s", int(s)) },
		runningOf: func(s, of sim.Seconds, giveUp string) string {
			return fmt.Sprintf("running, %d s of %s, %s gives up", int(s), span(of), giveUp)
		},
		waitForStep: "wait: this step is still running",
		notStarted:  "not started",
		ended:       "This is the end of the lesson.",
		endedBadly: func(n int) string {
			return fmt.Sprintf("This is the end of the lesson; %s short.", count(n, "expectation fell", "expectations fell"))
		},
		lookingBack: func(row, of int) string { return fmt.Sprintf("looking back %d/%d", row, of) },
		private:     "private",
		client:      "client",
		server:      "server",
		orphan:      "orphan",
		anyMoment:   "any moment now",
		labGone:     "The lab is closed.",

		refused:    func(why string) string { return "refused: " + why },
		cannotOpen: func(why string) string { return "The lab did not open: " + why },
		labFailed:  func(why string) string { return "The lab broke: " + why },
		againOrLeave: func(again, leave string) string {
			return fmt.Sprintf("%s tries again, %s leaves.", again, leave)
		},
		expected:      func(text, got string) string { return fmt.Sprintf("expected %s, got %s", text, got) },
		storyHeading:  "story",
		stepsHeading:  "steps",
		keysHeading:   "Keys",
		legendHeading: "Reading the ladder",
		keys:          englishKeys(),
		legend:        englishLegend(),
	}
	w.endpoint()
	w.timers()
	w.signs()
	w.wire()
	w.model()
	return w
}

// wire adds what is said of the wire between two hosts.
func (w *words) wire() {
	w.onTheWire = "on the wire"
	w.nothingOnTheWire = "nothing"
	w.cableCut = "the cable is cut: what is sent is lost, and nobody is told"
	w.cut = "cable cut"
	w.again = "again"
	w.inFlight = func(n int) string { return strconv.Itoa(n) + " in flight" }
	w.place = func(i, n int) string { return fmt.Sprintf("%d of %d", i, n) }
	w.heldFor = func(span string) string { return "held " + span }
	w.timesShort = func(n int) string { return "x" + strconv.Itoa(n) }
	w.strayed = func(again string) string { return "You have left the lesson's path: " + again + " begins again." }
	w.nothingLeft = func(why string) string { return "nothing was left for this step to do: " + why }
	w.cannot = func(why string) string { return "not done: " + why }
	w.settingsHeading = "Otherwise than by default on the two private hosts"
	w.byDefault = func(value string) string { return "by default " + value }
}

// model adds what is said of the model that runs beside the kernel.
func (w *words) model() {
	w.agrees = "kernel = model"
	w.modelSilent = "model silent"
	w.differs = func(sign, kernel, model string) string { return "kernel: " + kernel + " " + sign + " model: " + model }
	w.saysInstead = func(sign, model string) string { return sign + " model: " + model }
	w.differsIn = func(sign, what string) string {
		if what == "" {
			return "kernel " + sign + " model"
		}
		return "kernel " + sign + " model: " + what
	}
	w.what = map[sim.What]string{
		sim.WhatState: "state", sim.WhatSegment: "segments", sim.WhatReturn: "return",
		sim.WhatSignal: "signal", sim.WhatExit: "exit", sim.WhatBlocked: "blocked",
	}
	w.agreement = sim.Agreement.String
	w.agreementShort = sim.Agreement.Short
}

// endpoint adds what the boxes say.
func (w *words) endpoint() {
	w.pid = func(pid string) string { return "pid " + pid }
	w.sigpipe = func(how string) string { return "SIGPIPE " + how }
	w.killedBy = func(signal string) string { return "killed by " + signal }
	w.exited = func(status string) string { return "exited, status " + status }
	w.exitStatus = func(n int) string { return "exit " + strconv.Itoa(n) }
	w.was = func(state string) string { return "was " + state }
	w.blockedIn = func(call string) string { return "blocked in " + call }
	w.recvQ = func(n int) string { return "Recv-Q " + strconv.Itoa(n) }
	w.sendQ = func(n int) string { return "Send-Q " + strconv.Itoa(n) }
	w.poll = func(events string) string { return "poll " + events }
}

// timers adds what the countdowns say.
func (w *words) timers() {
	w.goneIn = func(span string) string { return "gone in " + span }
	w.resentIn = func(span string) string { return "resent in " + span }
	w.probeIn = func(span string) string { return "keepalive in " + span }
	w.windowProbeIn = func(span string) string { return "window probe in " + span }
	w.waitsOn = func(span string) string { return "waits " + span + " more" }
	w.timesSent = func(n int) string { return fmt.Sprintf("sent %d times", n) }
}

// signs adds what stands beside a scrolled pane.
func (w *words) signs() {
	w.earlier = func(n int) string { return count(n, "row above", "rows above") }
	w.later = func(n int) string { return count(n, "row below", "rows below") }
}

func englishKeys() keyWords {
	return keyWords{
		next:      keyWord{"next", "the next step; while looking back, one row forward"},
		back:      keyWord{"back", "look back, row by row"},
		forward:   keyWord{"forward", "and forward again"},
		first:     keyWord{"first", "to the beginning"},
		last:      keyWord{"newest", "to the newest row"},
		up:        keyWord{"up", "choose a lesson, or a segment on the wire; else scroll the ladder"},
		down:      keyWord{"scroll", ""},
		scroll:    keyWord{"scroll", "on the wire: scroll the ladder"},
		storyUp:   keyWord{"story up", ""},
		storyDown: keyWord{"story down", "scroll a story that is longer than its place"},

		deliver:    keyWord{"deliver", "on the wire: deliver the chosen segment"},
		drop:       keyWord{"drop", "on the wire: lose it"},
		duplicate:  keyWord{"copy", "on the wire: deliver a copy of it, and hold it"},
		deliverAll: keyWord{"deliver all", "on the wire: deliver everything, and what that brings"},

		restart:   keyWord{"restart", "begin the lesson again, on a fresh connection"},
		leave:     keyWord{"menu", "back to the menu"},
		open:      keyWord{"open", "open the lesson"},
		settings:  keyWord{"settings", "what is set on the hosts otherwise than by default"},
		help:      keyWord{"help", "this help"},
		close:     keyWord{"close", "close the help"},
		quit:      keyWord{"quit", "quit"},
		interrupt: keyWord{"quit", "quit, whatever is on the screen"},
		suspend:   keyWord{"suspend", "back to the shell; fg returns"},
		choose:    "choose",
	}
}

// signsOf returns the signs to be explained, with or without those of the wire and of
// the model beside the kernel.
func (w *words) signsOf(wire, model bool) []legendEntry {
	occurs := map[occasion]bool{anywhere: true, wireOnly: wire, modelOnly: model}
	var list []legendEntry
	for _, e := range w.legend {
		if occurs[e.where] {
			list = append(list, e)
		}
	}
	return list
}

func englishLegend() []legendEntry {
	return []legendEntry{
		{"┃", "|", toneText, "a process holds the socket", anywhere},
		{"╎", ":", toneText, "the kernel alone keeps it: the process has closed or died", anywhere},
		{" ", " ", toneText, "no line: the socket is gone", anywhere},
		{"━━▶", "-->", toneText, "a segment, captured on its way", anywhere},
		{"╌╌▶  ~", "==>  ~", toneText, "a segment, a state that must have been, but was not seen", anywhere},
		{"━━▷ #7", "--> #7", toneText, "held on the wire, under its number", wireOnly},
		{"━━▷ #7 x3", "--> #7 x3", toneText, "and sent three times: nobody has acknowledged it", wireOnly},
		{"#7 ▷━━▶", "#7 >-->", toneText, "delivered later, from where it hung", wireOnly},
		{"━━✗", "--x", toneFail, "lost on the way", wireOnly},
		{"✝", "X", toneDeath, "the process died here", anywhere},
		{"…", "...", toneFaint, "the call has not returned: it blocks", anywhere},
		{"ESTABLISHED", "ESTABLISHED", toneOpen, "open", anywhere},
		{"FIN_WAIT", "FIN_WAIT", toneActiveClose, "this end closed first", anywhere},
		{"CLOSE_WAIT", "CLOSE_WAIT", tonePassiveClose, "the other end closed first", anywhere},
		{"TIME_WAIT", "TIME_WAIT", toneTimeWait, "waits for late segments, 60 s", anywhere},
		{"CLOSED", "CLOSED", toneOver, "over", anywhere},
		{"kernel = model", "kernel = model", toneFaint, "this end did in this step what the model predicts", modelOnly},
		{"≠", "!=", toneWarn, "the model says something else: both are told", modelOnly},
		{"model silent", "model silent", toneFaint, "it compares no more: the ladder says since when, and why", modelOnly},
	}
}

// count returns "1 row" or "2 rows".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// minutesFrom is the span from which on minutes are told.
const minutesFrom = 120

// span returns how long something has lasted, as a person reads a clock.
func span(s sim.Seconds) string {
	if s >= minutesFrom {
		return strconv.Itoa(int(s/60)) + " min"
	}
	return strconv.Itoa(int(max(0, s))) + " s"
}

// countdown returns a span that runs out, as a person reads a clock: whole
// seconds, tenths in the last one.
func countdown(s sim.Seconds) string {
	switch {
	case s >= minutesFrom:
		return strconv.Itoa(int(math.Ceil(float64(s)/60))) + " min"
	case s >= 1:
		return strconv.Itoa(int(math.Ceil(float64(s)))) + " s"
	}
	return strconv.FormatFloat(max(0, float64(s)), 'f', 1, 64) + " s"
}
