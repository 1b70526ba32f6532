// Package cli is the command line of finwait: its commands, flags, exit statuses
// and what is printed where there is no screen.
//
//	arguments ─▶ Main ─▶ a command ─▶ openLab ─▶ netlab, or the model alone
//	                        │
//	                        ├ play, and finwait alone ─▶ tui
//	                        ├ run ─▶ ladder.Transcript, or JSON
//	                        ├ compare ─▶ ladder.PairTranscript
//	                        ├ check ─▶ a line for each lesson
//	                        └ conform ─▶ netlab/conform
//
// It decides which laboratory a lesson gets and who draws it, and nothing else:
// what a step means, what the kernel did and how that looks belong to netlab, sim
// and tui. It is the only package that knows all three.
//
// The exit status is part of the interface, for scripts:
//
//	0      everything was as expected
//	1      an expectation fell short, or the kernel did not do what the model says
//	2      finwait was called wrongly, or the lesson cannot be read
//	3      what was asked for is not permitted here, or missing
//	128+n  signal n ended finwait
//
// Standard output has the result, standard error at most one sentence that says
// what is wrong and what would be right. Nobody is shown a stack trace.
//
// The tests run the whole binary, as a person does, and compare what it says with
// what strace, tcpdump, ss and a terminal see: the test binary becomes finwait when
// an environment variable says so (main_test.go).
package cli
