// Package lang has every word that a person reads on the screen, in a transcript and in the
// reasons for which a step is not done. Until a text is drawn it is a value: a refusal, a
// silence, an outcome is a kind with its data, and a Catalogue spells it.
//
//	sim.Event, sim.Refusal, sim.Agreement … ──▶ Catalogue ──▶ ladder, transcript, screen
//
// A Catalogue is one language. It is a struct of strings and of functions that return one, so
// that each language has its own order of words and its own plurals. Another language is another
// set of files such as en*.go; a test says what is missing in it.
//
// Not in a catalogue is what is the same in every language: the kernel's own spelling (states,
// calls, errors, flags, Recv-Q), the grammar of steps and expectations, and the log as JSON. Lessons have a language of their own. Nor is here what no learner reads: errors in the
// syntax of a lesson, and the command line.
//
// The package is pure, as sim is. A Catalogue is never written to once it is made; any number of
// goroutines may share it.
package lang
