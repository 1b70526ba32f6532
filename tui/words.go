package tui

import (
	"fmt"
	"strconv"

	"finwait/sim"
)

// words is every word of the screen that is not the kernel's or the lesson's, so
// that another language is one more function like english.
type words struct {
	name    string
	tagline [2]string // what finwait is for, in two lines
	onModel string    // the menu's lessons are played without real sockets

	// The menu, and a terminal that is too small.
	minutes   func(n int) string
	noLessons string
	more      func(n int) string // lessons above or below
	tooSmall  func(minW, minH, w, h int) string

	// Where the lesson stands.
	step           func(n, of int) string
	settingUp      string
	opening        string
	running        func(seconds int) string
	runningOf      func(seconds int, limit, restart string) string
	waitForStep    string
	ended          string
	endedBadly     func(failures int) string
	nextLesson     func(key, name string) string
	lookingBack    func(row, of int) string
	restartOrLeave func(restart, leave string) string

	// What went otherwise than expected.
	expected    func(text, got string) string
	refused     func(why string) string
	nothingLeft func(why string) string // there was nothing for a step to do
	leftPath    func(restart string) string
	notDone     func(why string) string
	cannotOpen  func(why string) string
	labFailed   func(why string) string
	labGone     string

	// The boxes of the endpoints.
	client, server                 string
	private                        string // the network
	notStarted                     string
	pid, sigpipe, killedBy, exited func(string) string
	exitStatus                     func(n int) string
	was                            func(state string) string
	orphan                         string
	blockedIn                      func(call string) string
	neverReturned                  string // a process died in the call
	poll                           func(events string) string
	recvQ, sendQ                   func(n int) string
	recvQWithFIN                   func(n int) string // the FIN counts as one of the n

	// Timers.
	counting  timerWords // the clock runs
	standing  timerWords // the clock stands still between steps
	anyMoment string
	timesSent func(n int) string

	// The wire.
	onTheWire        string
	nothingOnTheWire string
	cableCut         string
	cut              string // short for cableCut
	resent           string
	byItself         string // the wire delivers at once
	nothingHeld      string // the wire delivers at once, so nothing is on it
	inFlight         func(n int) string
	nth              func(i, n int) string
	heldFor          func(span string) string
	timesShort       func(n int) string

	// The model beside the kernel.
	agrees         string
	modelSilent    string
	differs        func(sign, kernel, model string) string
	saysInstead    func(sign, model string) string // stands beside what the kernel did
	differsIn      func(sign, what string) string  // what is empty where there is no room for it
	what           map[sim.What]string
	agreement      func(sim.Agreement) string
	agreementShort func(sim.Agreement) string

	// Headings, and what stands beside a scrolled ladder.
	storyHeading string
	stepsHeading string
	earlier      func(n int) string
	later        func(n int) string

	// The help and the settings.
	keysHeading     string
	legendHeading   string
	legend          legendWords
	settingsHeading string
	byDefault       func(value string) string
	closeFirst      string

	keys keyWords
}

// timerWords are what a timer will do, and when.
type timerWords struct {
	gone, resent, resentShort, probe, windowProbe, waits func(span string) string
}

// legendWords are what the signs of the ladder and of the boxes mean.
type legendWords struct {
	process, kernel, gone                     string // lifelines
	captured, inferred, modelled              string // where a segment comes from
	held, resent, delivered, notCarried, lost string // what becomes of a segment on the wire
	death, blocks                             string
	states                                    map[sim.State]string
	agrees, differs, silent                   string // what the model says
}

// keyWords are what the keys do, short for the footer and long for the help.
type keyWords struct {
	next, back, forward, first, last, up, down keyWord
	scroll, storyUp, storyDown                 keyWord
	deliver, drop, duplicate, deliverAll       keyWord
	restart, leave, open, settings, help       keyWord
	successor                                  keyWord
	onward                                     keyWord // what next does while looking back
	close, quit, interrupt, suspend            keyWord
	choose                                     string // what up and down do in the menu and on the wire
	leaveThere, quitThere                      string // what leave and quit do, in a help of more than one place
}

type keyWord struct{ short, long string }

// english returns the words of the screen in English.
func english() *words {
	w := &words{
		name:    "finwait",
		tagline: [2]string{"How a TCP connection really ends,", "one key press at a time."},
		tooSmall: func(minW, minH, w, h int) string {
			return fmt.Sprintf("too small: needs %d×%d, is %d×%d", minW, minH, w, h)
		},
		minutes:   func(n int) string { return fmt.Sprintf("%d min", n) },
		more:      func(n int) string { return strconv.Itoa(n) + " more" },
		onModel:   "on the model: no real sockets",
		noLessons: "There is no lesson to choose from.",
		step:      func(n, of int) string { return fmt.Sprintf("step %d/%d", n, of) },
		settingUp: "setting up",
		opening:   "opening the lab",
		running:   func(seconds int) string { return fmt.Sprintf("running, %d s", seconds) },
		runningOf: func(seconds int, limit, restart string) string {
			return fmt.Sprintf("running, %d s of %s, %s gives up", seconds, limit, restart)
		},
		waitForStep: "wait: this step is still running",
		notStarted:  "not started",
		ended:       "This is the end of the lesson.",
		endedBadly: func(n int) string {
			return fmt.Sprintf("This is the end of the lesson; %s short.", count(n, "expectation fell", "expectations fell"))
		},
		nextLesson:  func(key, name string) string { return key + ": " + name },
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
		restartOrLeave: func(restart, leave string) string {
			return fmt.Sprintf("%s tries again, %s leaves.", restart, leave)
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
	w.byItself = "delivers by itself"
	w.nothingHeld = "nothing: the wire delivers by itself"
	w.resent = "again"
	w.inFlight = func(n int) string { return strconv.Itoa(n) + " in flight" }
	w.nth = func(i, n int) string { return fmt.Sprintf("%d of %d", i, n) }
	w.heldFor = func(span string) string { return "held " + span }
	w.timesShort = func(n int) string { return "sent x" + strconv.Itoa(n) }
	w.leftPath = func(restart string) string { return "You have left the lesson's path: " + restart + " begins again." }
	w.nothingLeft = func(why string) string { return "nothing was left for this step to do: " + why }
	w.notDone = func(why string) string { return "not done: " + why }
	w.settingsHeading = "Set on the two hosts otherwise than by default"
	w.closeFirst = "close this first"
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
	w.recvQWithFIN = func(n int) string {
		if n == 1 {
			return w.recvQ(n) + " (the FIN)"
		}
		return fmt.Sprintf("%s (%d + FIN)", w.recvQ(n), n-1)
	}
	w.neverReturned = "never returned"
	w.sendQ = func(n int) string { return "Send-Q " + strconv.Itoa(n) }
	w.poll = func(events string) string { return "poll " + events }
}

// timers adds what the countdowns say, and what stands there where nothing counts.
func (w *words) timers() {
	prefix := func(text string) func(string) string { return func(span string) string { return text + span } }
	waits := func(span string) string { return "waits " + span + " more" }
	w.counting = timerWords{
		gone: prefix("gone in "), resent: prefix("resent in "), resentShort: prefix("again in "), probe: prefix("keepalive in "),
		windowProbe: prefix("window probe in "), waits: waits,
	}
	w.standing = timerWords{
		gone: prefix("gone after "), resent: prefix("resent after "), resentShort: prefix("again +"), probe: prefix("keepalive after "),
		windowProbe: prefix("window probe after "), waits: waits,
	}
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
		onward:    keyWord{"one row on", ""},
		back:      keyWord{"back", "look back, row by row"},
		forward:   keyWord{"forward", "and forward again"},
		first:     keyWord{"first", "to the beginning"},
		last:      keyWord{"newest", "to the newest row"},
		up:        keyWord{"up", "choose a lesson, a segment on the wire; else scroll the ladder"},
		down:      keyWord{"scroll", ""},
		scroll:    keyWord{"scroll", "on the wire: scroll the ladder"},
		storyUp:   keyWord{"story up", ""},
		storyDown: keyWord{"story down", "scroll a story that is longer than its place"},

		deliver:    keyWord{"deliver", "on the wire: deliver the chosen segment"},
		drop:       keyWord{"drop", "on the wire: lose it"},
		duplicate:  keyWord{"copy", "on the wire: deliver a copy of it, and hold it"},
		deliverAll: keyWord{"deliver all", "on the wire: deliver everything, and what that brings"},

		restart:    keyWord{"restart", "begin the lesson again, on a fresh connection"},
		successor:  keyWord{"next lesson", "at the end of a lesson: the next one"},
		leave:      keyWord{"menu", "back to the menu"},
		open:       keyWord{"open", "open the lesson"},
		settings:   keyWord{"settings", "what is set on the hosts otherwise than by default"},
		help:       keyWord{"help", "this help"},
		close:      keyWord{"close", "close this"},
		quit:       keyWord{"quit", "quit"},
		interrupt:  keyWord{"quit", "quit, whatever is on the screen"},
		suspend:    keyWord{"suspend", "back to the shell; fg returns"},
		choose:     "choose",
		leaveThere: "from a lesson back to the menu",
		quitThere:  "quit, in the menu and in `finwait play`",
	}
}

func englishLegend() legendWords {
	return legendWords{
		process: "a process holds the socket",
		kernel:  "the kernel alone keeps it: the process has closed or died",
		gone:    "no line: the socket is gone",

		captured: "a segment, captured on its way",
		inferred: "a segment, a state that must have been, but was not seen",
		modelled: "a segment, a state as the model has it: no kernel was asked",

		held:       "held on the wire, under its number",
		resent:     "and sent three times: nobody has acknowledged it",
		delivered:  "delivered later, from where it hung",
		notCarried: "sent again though it has arrived: that is not carried on",
		lost:       "lost on the way",

		death:  "the process died here",
		blocks: "the call has not returned: it blocks",
		states: map[sim.State]string{
			sim.SynSent:     "has asked for a connection",
			sim.SynRecv:     "was asked for one, and has answered",
			sim.Established: "open",
			sim.FinWait1:    "this end closed first; its FIN is not acknowledged yet",
			sim.FinWait2:    "and now it is; the other end may still send",
			sim.CloseWait:   "the other end closed first; this one has not yet",
			sim.LastAck:     "and now it has; its FIN is not acknowledged yet",
			sim.Closing:     "both closed at once; its FIN is not acknowledged yet",
			sim.TimeWait:    "waits for late segments, 60 s",
			sim.Closed:      "over",
		},

		agrees:  "this end did in this step what the model predicts",
		differs: "the model says something else: both are told",
		silent:  "it compares no more: the ladder says since when, and why",
	}
}

// count returns "1 row" or "2 rows".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
