package lang

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/way"
)

// endOfLesson stands on the screen at the end of a lesson, in every language: programs wait for it.
const endOfLesson = "-- end of lesson --"

// englishScreen returns the words of the screen.
func englishScreen() Screen {
	w := Screen{
		Tagline: [2]string{"How a TCP connection really ends,", "one key press at a time."},
		TooSmall: func(minW, minH, w, h int) string {
			return fmt.Sprintf("too small: needs %d×%d, is %d×%d", minW, minH, w, h)
		},
		Minutes:   func(n int) string { return fmt.Sprintf("%d min", n) },
		More:      func(n int) string { return strconv.Itoa(n) + " more" },
		OnModel:   "on the model: no real sockets",
		NoLessons: "There is no lesson to choose from.",
		Progress:  func(n, of int) string { return fmt.Sprintf("step %d/%d", n, of) },
		SettingUp: "setting up",
		Opening:   "opening the lab",
		Running:   func(seconds int) string { return fmt.Sprintf("running, %d s", seconds) },
		RunningOf: func(seconds int, limit, restart string) string {
			return fmt.Sprintf("running, %d s of %s, %s gives up", seconds, limit, restart)
		},
		WaitForStep: "still running; space works again when it ends",
		NotStarted:  "not started",
		Ended:       endOfLesson,
		FellShort:   func(n int) string { return count(n, "expectation fell", "expectations fell") + " short" },
		NextLesson:  func(key, name string) string { return key + ": " + name },
		LookingBack: func(row, of int) string { return fmt.Sprintf("looking back %d/%d", row, of) },
		Private:     "private",
		OnPort:      func(port string) string { return "port " + port },
		Orphan:      "orphan",
		HeldBy:      func(pids string) string { return "held by pid " + pids },
		HeldByMany:  func(n int) string { return fmt.Sprintf("held by %d", n) },
		Waiting:     func(n int) string { return fmt.Sprintf("%d waiting", n) },
		NoSocket:    "no socket",
		Conn:        func(n int) string { return fmt.Sprintf("conn %d:", n) },
		AnyMoment:   "any moment now",
		LabGone:     "The lab is closed.",
		Saved:       func(files []string) string { return "saved as " + strings.Join(files, " and ") },
		Pressed: func(key string, times int) string {
			if times == 1 {
				return key
			}
			return fmt.Sprintf("%s x%d", key, times)
		},
		NotSaved: func(why string) string { return "not saved: " + why },

		Expected:      englishExpected,
		StoryHeading:  "story",
		NextHidden:    "the next step: what will happen?",
		Overtaken:     "Told before your own step:",
		StepsHeading:  "steps",
		KeysHeading:   "Keys",
		LegendHeading: "Reading the ladder",
		Keys:          englishKeys(),
		Legend:        englishLegend(),
	}
	w.menu()
	w.trouble()
	w.ways()
	w.endpoint()
	w.timers()
	w.signs()
	w.wire()
	w.model()
	return w
}

// ways adds what is said of another way.
func (w *Screen) ways() {
	w.WaysHeading = "ways you took"
	w.AnotherFrom = func(key string, step int) string {
		if step == 0 {
			return "before step 1 · " + key + ": another way from here"
		}
		return fmt.Sprintf("after step %d · %s: another way from here", step, key)
	}
	w.Returning = func(made, of int) string { return fmt.Sprintf("on the way back: step %d of %d", made, of) }
	w.Otherwise = englishOtherwise
	w.sandbox()
	w.NoStep = func(n, of int) string {
		return fmt.Sprintf("there is no step %d; the lesson has %s", n, count(of, "step", "steps"))
	}
}

// sandbox adds what is said of a lab without a lesson, and of a lesson that was made in play.
func (w *Screen) sandbox() {
	w.RecordedTitle = func(title string) string { return title + ": another way" }
	w.RecordedSteps = "Steps of the lesson."
	w.RecordedOwn = "Steps added to the lesson."
	w.NothingToSave = "nothing was done yet that could be saved"
	w.LessonSaved = func(name string) string { return fmt.Sprintf("saved as %s · finwait run %[1]s checks it", name) }
	w.SandboxTitle = "The lab"
	w.SandboxStory = "Two processes, a client and a server, and no call made. Type the steps: `server listen`, `client connect`, `server accept`, and then what you want to know.\n\n" +
		"`save NAME.md` writes what you did as a lesson. `esc` leaves the line: then `1` and `2` make the calls of an end, `u` undoes, `?` says the rest."
	w.SandboxNext = func(key string) string { return key + " types the next step" }
	w.Steps = func(n int) string { return count(n, "step", "steps") }
}

// englishOtherwise says where a kernel did something else than before.
func englishOtherwise(d way.Difference) string {
	said := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return s
	}
	whose := "What it was refused for"
	if d.At != "" {
		whose = fmt.Sprintf("The %s's %s", d.At, whats[d.What])
	}
	return fmt.Sprintf("Made again, this step did something else, so the way stops here: %s. %s: %s; before: %s.", d.Step, whose, said(d.Now), said(d.Was))
}

// menu adds what the menu says, and the card after the last lesson.
func (w *Screen) menu() {
	w.Plays = map[sim.Net]string{sim.Loopback: "loopback", sim.Wire: "wire", sim.Model: "on the model"}
	w.ChapterFrom = func(step int, title string) string { return fmt.Sprintf("%s, from step %d", title, step) }
	w.DoneOf = func(n, of int) string { return fmt.Sprintf("%d of %d played", n, of) }
	w.Found = func(n int) string { return count(n, "lesson", "lessons") }
	w.NothingFound = "No lesson has all of these words."
	w.Finale = Finale{
		Heading:   "That was the last lesson",
		PlayedAll: "You have seen how a TCP connection ends, in all its ways.",
		NotPlayed: func(names string) string { return "Not played yet: " + names + "." },
		GoOn:      "What to do now:",
		Ways: []Key{
			{":", "in any lesson, at any moment: a step of your own. What if the server writes once more?"},
			{"f", "in any lesson: the state diagram, with the way that both ends have gone"},
			{"/", "in the menu: search all lessons, for SIGPIPE, CLOSING or keepalive"},
			{"finwait run LESSON", "the same as text, for a handout"},
			{"finwait run FILE.md", "a lesson of your own, in Markdown, checked against your kernel"},
			{"finwait conform", "random walks: does your kernel do what the model says?"},
		},
	}
}

// trouble adds what is said of a step that is refused and of a lab that does not open.
func (w *Screen) trouble() {
	w.Refused = func(why string) string { return "refused: " + why }
	w.NotDone = func(why string) string { return "not done: " + why }
	w.NothingLeft = func(why string) string { return "nothing was left for this step to do: " + why }
	w.LedElsewhere = func(text, got string) string {
		return fmt.Sprintf("Your own steps have led elsewhere: the lesson expected %s, got %s.", text, got)
	}
	w.CannotGoOn = func(why string) string {
		return "After your own steps the lesson cannot make this one: " + why + "."
	}
	w.CannotOpen = func(why string) string { return "The lab did not open: " + why }
	w.LabFailed = func(why string) string { return "The lab broke: " + why }
	w.WithoutLab = func(restart, simulate, leave string) string {
		if simulate == "" {
			return fmt.Sprintf("%s tries again, %s leaves.", restart, leave)
		}
		return fmt.Sprintf("%s plays it on the model, %s tries again, %s leaves.", simulate, restart, leave)
	}
	w.OnModelInstead = func(why string) string { return "The model plays this lesson: " + why }
}

// wire adds what is said of the wire between two hosts.
func (w *Screen) wire() {
	w.OnTheWire = "on the wire"
	w.NothingOnTheWire = "nothing"
	w.CableCut = "the cable is cut: what is sent is lost, and nobody is told"
	w.Cut = "cable cut"
	w.ByItself = "delivers by itself"
	w.NothingHeld = "nothing: the wire delivers by itself"
	w.Resent = "again"
	w.InFlight = func(n int) string { return strconv.Itoa(n) + " in flight" }
	w.Nth = func(i, n int) string { return fmt.Sprintf("%d of %d", i, n) }
	w.HeldFor = func(span string) string { return "held " + span }
	w.TimesShort = func(n int) string { return "sent x" + strconv.Itoa(n) }
	w.SettingsHeading = "Settings of the two hosts that differ from the default"
	w.CloseFirst = "close this first"
	w.ByDefault = func(value string) string { return "by default " + value }
}

// model adds what is said of the model that runs beside the kernel.
func (w *Screen) model() {
	w.Agrees, w.AgreesShort = "kernel = model", "= model"
	w.ModelSilent, w.SilentShort = "model silent", "no model"
	w.Differs = func(sign, kernel, model string) string { return "kernel: " + kernel + " " + sign + " model: " + model }
	w.SaysInstead = func(sign, model string) string { return sign + " model: " + model }
	w.DiffersShort = func(sign string) string { return sign + " model" }
	w.DiffersIn = func(sign, what string) string {
		if what == "" {
			return "kernel " + sign + " model"
		}
		return "kernel " + sign + " model: " + what
	}
	w.What = whats
}

// whats are the names of what is compared. They are never changed.
var whats = map[sim.What]string{
	sim.WhatState: "state", sim.WhatSegment: "segments", sim.WhatReturn: "return",
	sim.WhatSignal: "signal", sim.WhatExit: "exit", sim.WhatBlocked: "blocked", sim.WhatRefused: "refused",
}

// endpoint adds what the boxes say.
func (w *Screen) endpoint() {
	w.PID = func(pid string) string { return "pid " + pid }
	w.SIGPIPE = func(how string) string { return "SIGPIPE " + how }
	w.KilledBy = func(signal string) string { return "killed by " + signal }
	w.Exited = func(status string) string { return "exited, status " + status }
	w.ExitStatus = func(n int) string { return "exit " + strconv.Itoa(n) }
	w.Was = func(state string) string { return "was " + state }
	w.BlockedIn = func(call string) string { return "blocked in " + call }
	w.RecvQ = func(n int) string { return "Recv-Q " + strconv.Itoa(n) }
	w.RecvQWithFIN = func(n int) string {
		if n == 1 {
			return w.RecvQ(n) + " (the FIN)"
		}
		return fmt.Sprintf("%s (%d + FIN)", w.RecvQ(n), n-1)
	}
	w.NeverReturned = "never returned"
	w.SendQ = func(n int) string { return "Send-Q " + strconv.Itoa(n) }
	w.Poll = func(events string) string { return "poll " + events }
}

// timers adds what the countdowns say, and what stands there where nothing counts.
func (w *Screen) timers() {
	prefix := func(text string) func(string) string { return func(span string) string { return text + span } }
	waits := func(span string) string { return "waits " + span + " more" }
	w.Counting = Timers{
		Gone: prefix("gone in "), Resent: prefix("resent in "), ResentShort: prefix("again in "), Probe: prefix("keepalive in "),
		WindowProbe: prefix("window probe in "), Waits: waits,
	}
	w.Standing = Timers{
		Gone: prefix("gone after "), Resent: prefix("resent after "), ResentShort: prefix("again +"), Probe: prefix("keepalive after "),
		WindowProbe: prefix("window probe after "), Waits: waits,
	}
	w.TimesSent = func(n int) string { return fmt.Sprintf("sent %d times", n) }
}

// signs adds what stands beside a scrolled pane.
func (w *Screen) signs() {
	w.Drawn = func(n, subject int) []string {
		return []string{
			fmt.Sprintf("connection %d is drawn, the steps are about connection %d", n, subject),
			fmt.Sprintf("drawn: conn %d, steps: conn %d", n, subject),
			fmt.Sprintf("drawn: conn %d", n),
		}
	}
	w.Earlier = func(n int) string { return count(n, "row above", "rows above") }
	w.Later = func(n int) string { return count(n, "row below", "rows below") }
}

func englishKeys() Keys {
	return Keys{
		Next:      Key{"next", "the next step"},
		Back:      Key{"back", "look back, row by row"},
		Forward:   Key{"forward", "and forward again"},
		First:     Key{"first", "to the beginning"},
		Last:      Key{"newest", "to the newest row"},
		NextConn:  Key{"conn", "draw the next connection, or with [ the one before"},
		Up:        Key{"up", "choose a lesson, a segment on the wire; else scroll the ladder"},
		Down:      "scroll",
		Scroll:    Key{"scroll", "on the wire: scroll the ladder"},
		StoryUp:   "story up",
		StoryDown: Key{"story down", "scroll a story, a help that is longer than its place"},

		Deliver:    Key{"deliver", "on the wire: deliver the chosen segment"},
		Drop:       Key{"drop", "on the wire: lose it"},
		Duplicate:  Key{"copy", "on the wire: deliver a copy of it, and hold it"},
		DeliverAll: Key{"deliver all", "on the wire: deliver everything, and what that brings"},

		Onward:        "one row on",
		Places:        Key{"steps", "the steps, and the ways you took; enter goes there"},
		GoThere:       "goes there",
		Undo:          Key{"undo", "undo the last step, on a fresh connection"},
		Another:       Key{"another way", "while looking back: one row forward; another way from here"},
		Predict:       Key{"predict", "predict what each step will do, or no more; answer what is asked"},
		PredictNoMore: "ask no more",
		Answer:        "answer",
		Page:          "page",
		OwnStep:       Key{"own step", "a step of your own, in the grammar of lessons"},
		Complete:      Key{"completes", "in the line: complete the word"},
		ChooseClient:  Key{"client", "choose an end; the next key is one of its calls (space goes on):"},
		ChooseServer:  "server",
		EnterLine:     "does it",
		Cancel:        "leaves",
		Older:         Key{"earlier", "in the line: what was typed before"},

		SkipWait:  Key{"skip", "skip a wait in which, by the model, nothing happens"},
		Restart:   Key{"restart", "begin the lesson again, on a fresh connection"},
		Successor: Key{"next lesson", "at the end of a lesson: the next; after the last, what to do now"},
		WhatNow:   "what now",
		Search:    Key{"search", "in the menu: search in everything that the lessons say"},
		EndSearch: "all lessons",
		Chapter:   Key{"chapter", "in the menu: open the lesson at that chapter"},
		Simulate:  Key{"on the model", "in the menu, or where the lab did not open: play the lesson on the model"},
		Save:      Key{"save", "save this screen, as text and as SVG"},
		Leave:     Key{"menu", "back to the menu"},
		Open:      Key{"open", "open the lesson"},
		Compare:   Key{"compare", "compare two runs of a lesson, or the kernel and the model; tab shows the other"},
		Other:     "the other", BackToLesson: "lesson", StepOn: "one step on",
		Diagram:    Key{"diagram", "the state diagram (figure 5 of RFC 9293), and back to the ladder"},
		Names:      Key{"RFC names", "in the diagram: the RFC's names (FIN-WAIT-1), or the kernel's"},
		Hide:       Key{"hide", "hide the next step; the story; all but ladder; all but boxes"},
		Larger:     Key{"larger", "from 160 columns on: a larger ladder, with both numbers of every segment"},
		Presses:    Key{"keys", "show which key was pressed, or no more"},
		Ladder:     "ladder",
		Settings:   Key{"settings", "settings of the hosts that differ from the default"},
		Help:       Key{"help", "this help"},
		Close:      Key{"close", "close the help, a list, the line"},
		Quit:       Key{"quit", "quit"},
		Interrupt:  Key{"quit", "quit, whatever is on the screen"},
		Suspend:    Key{"suspend", "back to the shell; fg returns"},
		Choose:     "choose",
		LeaveThere: "from a lesson back to the menu",
		QuitThere:  "quit, in the menu and in `finwait play`",
	}
}

func englishLegend() Legend {
	return Legend{
		Process: "a process holds the socket",
		Kernel:  "the kernel alone keeps it: not accepted yet, or left alone",
		Gone:    "no line: the socket is gone",

		Captured: "a segment, captured on its way",
		Inferred: "a segment, a state that must have been, but was not seen",
		Modelled: "a segment, a state as the model has it: no kernel was asked",

		Held:       "held on the wire, under its number",
		Resent:     "and sent three times: nobody has acknowledged it",
		Hangs:      "held meanwhile: it hangs on the wire",
		Delivered:  "delivered later, from where it hung",
		Crosses:    "crosses one that hangs, or overtakes it",
		NotCarried: "has arrived; what is sent again after that is not carried on",
		Lost:       "lost on the way",

		Death:      "the process died here",
		Gap:        "so long nothing happened",
		Yours:      "a step of your own, not of the lesson",
		Was:        "in a box: the state before",
		RecvQ:      "in a box: bytes that nobody has read yet; a FIN counts as one",
		New:        "beside a row: new with the newest step",
		Met:        "the step did what the lesson expects; no sign: nothing expected",
		Missed:     "something that the lesson expects did not happen",
		Blocks:     "the call has not returned: it blocks",
		Token:      "in the diagram: the state of this end",
		Listener:   "in the diagram: the end also listens",
		ClientWalk: "in the diagram: the client has gone this way, or both have",
		ServerWalk: "in the diagram: the server has gone this way",
		States: map[sim.State]string{
			sim.Listen:      "listens: a server's socket that takes connections",
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

		Agrees:  "in the title: in the newest step the kernel did what the model predicts",
		Differs: "the model says something else: both are told",
		Silent:  "it compares no more: the ladder says since when, and why",
	}
}

// count returns "1 row" or "2 rows".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
