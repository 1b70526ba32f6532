package lang

import (
	"finwait/sim"
	"finwait/sim/way"
)

// Screen has the words of the screen. A function takes what stands in its sentence, and returns
// text that is safe to draw if what it takes is.
type Screen struct {
	Tagline [2]string // what finwait is for, in two lines
	OnModel string    // the menu's lessons are played without real sockets

	// The menu, and a terminal that is too small.
	Minutes   func(n int) string
	NoLessons string
	More      func(n int) string // lessons above or below
	Plays     map[sim.Net]string // on what a lesson of the menu plays
	// ChapterFrom names a chapter, and its first step.
	ChapterFrom  func(step int, title string) string
	DoneOf       func(n, of int) string // lessons that were played to their end
	Found        func(n int) string     // lessons, by the search
	NothingFound string
	Finale       Finale
	TooSmall     func(minW, minH, w, h int) string

	// Where the lesson stands.
	Progress    func(n, of int) string
	SettingUp   string
	Opening     string
	Running     func(seconds int) string
	RunningOf   func(seconds int, limit, restart string) string
	WaitForStep string
	Ended       string // programs that record the screen wait for it: it never changes
	FellShort   func(expectations int) string
	NextLesson  func(key, name string) string
	LookingBack func(row, of int) string
	AnotherFrom func(key string, step int) string // what a key does while looking back
	Returning   func(made, of int) string         // the steps of a way are made once more
	// What was done is saved as a lesson: its title and its prose, and what is said of it.
	RecordedTitle func(title string) string
	RecordedSteps string
	RecordedOwn   string
	NothingToSave string
	LessonSaved   func(name string) string
	// The sandbox: a lab without a lesson.
	SandboxTitle string
	SandboxStory string // Markdown
	SandboxNext  func(key string) string
	Steps        func(n int) string
	NoStep       func(n, of int) string                       // there is no such step to go to
	Otherwise    func(way.Difference) string                  // where that came out otherwise
	WithoutLab   func(restart, simulate, leave string) string // keys; simulate is empty where the model is no way out

	// What went otherwise than expected.
	Expected    func(sim.ExpectationChecked) string // of one that fell short
	Refused     func(why string) string
	NothingLeft func(why string) string // there was nothing for a step to do
	NotDone     func(why string) string // a person's own step is refused
	// LedElsewhere says that an expectation of the lesson does not hold after a person's own
	// steps, CannotGoOn that a step of the lesson is refused after them.
	LedElsewhere   func(text, got string) string
	CannotGoOn     func(why string) string
	CannotOpen     func(why string) string
	OnModelInstead func(why string) string // the model plays what cannot be played live
	LabFailed      func(why string) string
	LabGone        string

	Pressed func(key string, times int) string // the key that was pressed last, and how often in a row

	// A screen that was saved.
	Saved    func(files []string) string
	NotSaved func(why string) string

	// The boxes of the endpoints.
	Private                        string                   // the network
	OnPort                         func(port string) string // the server's is not the usual one
	NotStarted                     string
	PID, SIGPIPE, KilledBy, Exited func(string) string
	ExitStatus                     func(n int) string
	Was                            func(state string) string
	Orphan                         string
	HeldBy                         func(pids string) string // processes have the socket, not the shown one alone
	HeldByMany                     func(n int) string       // the same, without their names
	Waiting                        func(n int) string       // at a listener: connections that nobody has accepted
	NoSocket                       string                   // a process has none
	Conn                           func(n int) string       // names a connection, before its state
	BlockedIn                      func(call string) string
	NeverReturned                  string // a process died in the call
	Poll                           func(events string) string
	RecvQ, SendQ                   func(n int) string
	RecvQWithFIN                   func(n int) string // the FIN counts as one of the n

	// Timers.
	Counting  Timers // the clock runs
	Standing  Timers // the clock stands still between steps
	AnyMoment string
	TimesSent func(n int) string

	// The wire.
	OnTheWire        string
	NothingOnTheWire string
	CableCut         string
	Cut              string // the short form of CableCut
	Resent           string
	ByItself         string // the wire delivers at once
	NothingHeld      string // the wire delivers at once, so nothing is on it
	InFlight         func(n int) string
	Nth              func(i, n int) string
	HeldFor          func(span string) string
	TimesShort       func(n int) string

	// The model beside the kernel.
	Agrees, AgreesShort      string
	ModelSilent, SilentShort string
	Differs                  func(sign, kernel, model string) string
	SaysInstead              func(sign, model string) string // stands beside what the kernel did
	DiffersShort             func(sign string) string
	DiffersIn                func(sign, what string) string // what is empty where there is no room for it
	What                     map[sim.What]string

	// Headings, and what stands beside a scrolled ladder.
	StoryHeading string
	NextHidden   string // in place of the next step
	Overtaken    string // before what a lesson has told, once a person has made a step of their own
	StepsHeading string
	WaysHeading  string
	// Drawn says which connection is drawn where the steps are about another, the longest form
	// first.
	Drawn   func(n, subject int) []string
	Earlier func(n int) string
	Later   func(n int) string

	// The help and the settings.
	KeysHeading     string
	LegendHeading   string
	Legend          Legend
	SettingsHeading string
	ByDefault       func(value string) string
	CloseFirst      string

	Keys Keys
}

// Finale is the card after the last lesson.
type Finale struct {
	Heading   string
	PlayedAll string
	NotPlayed func(names string) string
	GoOn      string // before the ways
	Ways      []Key  // what to press or to run, and what for
}

// Timers are what a timer will do, and when.
type Timers struct {
	Gone, Resent, ResentShort, Probe, WindowProbe, Waits func(span string) string
}

// Legend are what the signs of the ladder and of the boxes mean.
type Legend struct {
	Process, Kernel, Gone                     string // lifelines
	Captured, Inferred, Modelled              string // where a segment comes from
	Held, Resent, Delivered, NotCarried, Lost string // what becomes of a segment on the wire
	Hangs, Crosses                            string // the thread of a segment that is held
	Death, Blocks                             string
	Gap, Yours, Was, RecvQ                    string // in the ladder and in the boxes
	New, Met, Missed                          string // a row of the newest step; what the lesson expects
	Token, Listener, ClientWalk, ServerWalk   string // the state diagram
	States                                    map[sim.State]string
	Agrees, Differs, Silent                   string // what the model says
}

// Keys are what the keys do, short for the footer and long for the help.
type Keys struct {
	Next, Back, Forward, First, Last, Up Key
	SkipWait                             Key
	Scroll, StoryDown, NextConn          Key
	Deliver, Drop, Duplicate, DeliverAll Key
	Places, Undo, Another                Key
	Predict                              Key
	Compare                              Key
	Other, BackToLesson, StepOn          string // only in the footer, while two plays are compared
	OwnStep, Complete, ChooseClient      Key    // ChooseClient stands for both ends in the help
	Older                                Key
	Page                                 string // what the keys of a story do in the help
	Restart, Leave, Open, Settings, Help Key
	Diagram, Names, Hide, Presses        Key
	Larger                               Key
	Ladder                               string // what the key of the diagram does while the diagram is shown
	Successor, Simulate, Save, Search    Key
	Chapter                              Key
	EndSearch, WhatNow                   string // only in the footer and at the end of the last lesson
	GoThere                              string // only in the footer
	Onward                               string // only in the footer: the help says it with Another
	PredictNoMore, Answer                string // only in the footer: the help says it with Predict
	ChooseServer, EnterLine, Cancel      string // only in the footer
	Down, StoryUp                        string // only in the footer: the help says it with Up and StoryDown
	Close, Quit, Interrupt, Suspend      Key
	Choose                               string // what up and down do in the menu and on the wire
	LeaveThere, QuitThere                string // what leave and quit do, in a help of more than one place
}

// Key is what a key does, as the footer and as the help say it.
type Key struct{ Short, Long string }
