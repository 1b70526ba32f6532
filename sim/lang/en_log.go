package lang

import (
	"fmt"

	"finwait/sim"
)

// englishLog returns how a log is spelled.
func englishLog() Log {
	return Log{
		Refusal: englishRefusal, Silence: englishSilence, Value: englishValue,
		Agreement: englishAgreement, AgreementShort: englishAgreementShort, Sentence: englishSentence, Step: englishStep,
		PortTaken: englishPortTaken,
	}
}

func englishRefusal(b sim.StepRefused) string {
	switch r := b.Refusal; r.Kind {
	case sim.RefusedAlive:
		return fmt.Sprintf("the %s lives (process %d): kill it first", r.At, r.PID)
	case sim.RefusedDead:
		if r.Parent {
			return fmt.Sprintf("the %s's parent is dead (exit status %d)", r.At, r.Status)
		}
		return fmt.Sprintf("the %s is dead (exit status %d); \"%s start\" gives it a new process", r.At, r.Status, r.At)
	case sim.RefusedJustDied:
		return fmt.Sprintf("the process %d has just died", r.PID)
	case sim.RefusedBlocked:
		return fmt.Sprintf("the %s is blocked in %s", r.At, r.Call)
	case sim.RefusedNoParent:
		return fmt.Sprintf("the %s has no parent: it has not forked", r.At)
	case sim.RefusedForked:
		return fmt.Sprintf("the %s's parent has forked already", r.At)
	case sim.RefusedNotListening:
		return fmt.Sprintf("the %s is not listening", r.At)
	case sim.RefusedNoConnection:
		return fmt.Sprintf("the %s holds no connection", r.At)
	case sim.RefusedNoDescriptor:
		return fmt.Sprintf("the %s has no descriptor %d", r.At, r.FD)
	}
	return englishRefusalOfNetwork(b)
}

// englishRefusalOfNetwork spells the kinds that are about connections and the wire.
func englishRefusalOfNetwork(b sim.StepRefused) string {
	switch r := b.Refusal; r.Kind {
	case sim.RefusedCrossOnLoopback:
		return `on loopback the client's SYN is refused before the server can connect; it takes a lesson with "net: wire" in its head`
	case sim.RefusedNotConnecting:
		return fmt.Sprintf(`the client is in %s; the server can connect to it while it is in SYN_SENT, after "client connect"`, r.State)
	case sim.RefusedCrossed:
		return `the server has connected to it before; "client connect" begins another connection`
	case sim.RefusedNoWire:
		return `there is no wire on loopback; it takes a lesson with "net: wire" in its head`
	case sim.RefusedCableCut:
		return "the cable is cut already"
	case sim.RefusedCableWhole:
		return "the cable is not cut"
	case sim.RefusedNothingOnWire:
		if r.At != "" {
			return fmt.Sprintf("the %s has nothing on the wire", r.At)
		}
		return "nothing is on the wire"
	case sim.RefusedNotOnWire:
		return fmt.Sprintf("segment %d is not on the wire", r.ID)
	case sim.RefusedNothingToSwap:
		return fmt.Sprintf("the %s does not have two segments on the wire", r.At)
	case sim.RefusedStateNotReached:
		return fmt.Sprintf("the %s is in %s after %s", r.At, r.State, r.Waited)
	case sim.RefusedNothingSent:
		return fmt.Sprintf("the %s has nothing on the wire after %s", r.At, r.Waited)
	}
	return englishRefusalOfTraced(b)
}

// englishRefusalOfTraced spells the kinds that are about programs that make calls of their own.
func englishRefusalOfTraced(b sim.StepRefused) string {
	switch r := b.Refusal; r.Kind {
	case sim.RefusedOwnCalls:
		return fmt.Sprintf("the %s makes calls of its own; \"%s next\" lets go the one that it is held at", r.At, r.At)
	case sim.RefusedNotHeld:
		return fmt.Sprintf("the %s is not held at such a call", r.At)
	case sim.RefusedNotTraced:
		return fmt.Sprintf("the %s is finwait's own program: a step names the call that it makes", r.At)
	case sim.RefusedCannotStart:
		return fmt.Sprintf("the %s cannot be started: %s", r.At, r.Call)
	}
	return b.Why
}

func englishSilence(b sim.ModelSilent) string {
	switch s := b.Silence; s.Kind {
	case sim.SilentDisagreement:
		return "a disagreement"
	case sim.SilentLongWrite:
		return "a write of more than one segment"
	case sim.SilentUnknownStep:
		return "a step that the model does not know"
	case sim.SilentUnknownCall:
		return "a call that the model does not know"
	case sim.SilentSetting:
		return fmt.Sprintf("%s is %s on this machine", s.Name, s.Value)
	case sim.SilentUnsupported:
		return "more than the model covers"
	case sim.SilentModelAlone:
		return "more than the model covers; a kernel may do something else"
	case sim.SilentLongWriteAlone:
		return "a write of more than one segment; a kernel may do something else"
	case sim.SilentMissedSegment:
		return fmt.Sprintf("%s not captured, there was no room for them", count(s.Missed, "segment was", "segments were"))
	}
	return b.Why
}

func englishPortTaken(taken int, server string) string {
	return fmt.Sprintf("Port %d is in use on this machine: the server of this lesson is %s.", taken, server)
}

func englishValue(what sim.What, said string) string {
	switch {
	case said == "" && what == sim.WhatSegment:
		return "no segment"
	case said == "" && what == sim.WhatBlocked:
		return "not blocked"
	case said == "" && what == sim.WhatReturn:
		return "has not returned"
	case said == "" && what == sim.WhatRefused:
		return "nothing refused"
	case said == "":
		return "no " + string(what)
	case what == sim.WhatExit:
		return "exit " + said
	case what == sim.WhatBlocked:
		return "blocked in " + said
	}
	return said
}

// Steps that leave nothing to compare, such as a wait, are not among those compared.
func englishAgreement(a sim.Agreement) string {
	if a.Nothing() {
		return ""
	}
	if a.Judged == 0 && a.Agreed() {
		return "No step was compared with the model: " + englishSilence(a.Silent) + "."
	}
	text := fmt.Sprintf("%d of %s compared with the model: ", a.Judged, count(a.Steps, "step was", "steps were"))
	switch {
	case a.Differ > 1:
		text += fmt.Sprintf("%d differ, the first is step %d.", a.Differ, a.First)
	case a.Differ == 1:
		text += fmt.Sprintf("step %d differs.", a.First)
	case a.SetUp:
		text += "the making of the connection differs."
	default:
		text += "no difference."
	}
	if a.Silent.Why != "" && a.Differ == 0 && !a.SetUp {
		text += " Not compared further: " + englishSilence(a.Silent) + "."
	}
	return text
}

func englishAgreementShort(a sim.Agreement) string {
	switch {
	case a.Nothing():
		return ""
	case a.Differ > 0:
		return fmt.Sprintf("The model differs in step %d.", a.First)
	case a.SetUp:
		return "The model differs while the connection is made."
	case a.Judged == 0:
		return "No step was compared with the model."
	}
	return "The model agrees."
}
