package lang

import "finwait/sim"

// Catalogue is one language.
type Catalogue struct {
	Program        string // the name of the program
	Client, Server string // the two ends of a connection
	Log
	Ladder     Ladder
	Transcript Transcript
	Diagram    Diagram
	Predict    Predict
	Compare    Compare
	Screen
}

// End returns the name of an end, empty for neither.
func (c *Catalogue) End(at sim.End) string {
	switch at {
	case sim.Client:
		return c.Client
	case sim.Server:
		return c.Server
	}
	return ""
}

// Log spells what stands in a log.
type Log struct {
	// Refusal returns why a step is refused, as a sentence without a full stop: the text of the
	// log itself where the kind is not known.
	Refusal func(sim.StepRefused) string
	// Silence returns why the model says nothing, as a phrase: the text of the log itself where
	// the kind is not known.
	Silence func(sim.ModelSilent) string
	// Value returns what one side of a verdict says, so that it can stand alone: "exit 141",
	// "no signal".
	Value func(what sim.What, said string) string
	// Agreement returns how far the model and the kernel agree, as one sentence; empty where
	// there is nothing to say. AgreementShort says it in fewer words.
	Agreement, AgreementShort func(sim.Agreement) string
	// Step returns a step in words, which the screen shows beside the short form of a lesson's
	// file: "deliver the client's segment", "SIGINT to the client".
	Step func(sim.Step) string
	// PortTaken says that a port was in use, and which address the server has instead.
	PortTaken func(taken int, server string) string
	// Sentence returns an event as one sentence, for a transcript that a screen reader reads.
	Sentence func(sim.Event) string
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
