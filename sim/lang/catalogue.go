package lang

import "finwait/sim"

// Catalogue is one language.
type Catalogue struct {
	Program        string // the name of the program
	Client, Server string // the two ends of a connection
	Log
	Screen
}

// Log spells what stands in a log.
type Log struct {
	// Refusal returns why a step is refused, as a sentence without a full stop: the text of the
	// log itself where the kind is not known.
	Refusal func(sim.StepRefused) string
	// Silence returns why the model says nothing, as a phrase: the text of the log itself where
	// the kind is not known.
	Silence func(sim.ModelSilent) string
}

// English returns the English catalogue. It is shared.
func English() *Catalogue { return english }

// Refused returns what the log has of a refusal, with its text.
func Refused(r *sim.Refusal) sim.StepRefused {
	b := sim.StepRefused{Refusal: *r}
	b.Why = english.Refusal(b)
	return b
}

// Silent returns what the log has of a silence, with its text.
func Silent(s sim.Silence) sim.ModelSilent {
	b := sim.ModelSilent{Silence: s}
	b.Why = english.Silence(b)
	return b
}
