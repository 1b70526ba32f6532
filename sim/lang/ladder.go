package lang

import "finwait/sim"

// Ladder has the words of the ladder. Where there are several forms of a text, the longest
// stands first.
type Ladder struct {
	Parent     string                  // beside what the process that forked does
	Skipped    func(sim.Step) []string // a wait that was not made
	Yours      string                  // beside what a person does of their own accord, in angle brackets
	Heading    func(conn int, from string) string
	NewProcess func(pid int) []string
	Exit       func(status string) string
	Caught     func(signal string) []string // the handler of the signal ran
	Ignored    func(signal string) []string // the signal was generated, and did nothing
	Printed    func(text string) []string   // the program has printed a line
	PrintsMore []string                     // the program prints more than is shown
	EndOfFile  []string                     // read(2) has returned 0

	// Segments.
	Copy  string             // after the flags of a copy
	Again string             // after the flags of a segment that was sent before
	Sent  func(n int) string // how often a segment was sent

	// What a segment without data is for, in place of its flags.
	KeepaliveProbe, WindowProbe, ChallengeACK []string

	// A connection older than the one on the lifelines.
	Other     func(conn int, end string, what []string) []string
	OtherFate func(segment string, fate sim.Fate) string

	// The wire.
	Cable    func(sim.Cable) []string
	Holds    []string
	Delivers []string

	// The model beside the kernel.
	Kernel, Model func(said string) string // what each says
	Also          func(rest string) string // what one has beyond what both have
	NothingElse   string                   // one has no more than what both have
	Of            func(conn int, end string) string
	Silent        func(why string) []string
}

// Transcript has the words of a transcript that are not the ladder's.
type Transcript struct {
	Segments       func(sim.Capture) string // where they come from
	PrivateNetwork string
	Repeated       func(s sim.Segment) string // a segment is sent again that has arrived
	Tally          func(steps, met, missed, refused int) string
}
