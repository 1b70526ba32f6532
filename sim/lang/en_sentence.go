package lang

import (
	"fmt"
	"strings"

	"finwait/sim"
)

func englishSentence(e sim.Event) string {
	switch b := e.Body.(type) {
	case sim.LabOpened:
		return englishLab(b.Setting)
	case sim.StepBegun:
		if b.Own {
			return fmt.Sprintf("your step: %s.", b.Step)
		}
		return fmt.Sprintf("step: %s.", b.Step)
	case sim.StepRefused:
		return fmt.Sprintf("refused: %s.", englishRefusal(b))
	case sim.StepSettled:
		return "settled."
	case sim.CableChanged:
		return fmt.Sprintf("the cable is %s.", b.Cable)
	case sim.Verdict:
		if b.Agree {
			return fmt.Sprintf("%s, %s: the model agrees.", e.At, b.What)
		}
		return fmt.Sprintf("%s, %s: they differ, kernel: %s, model: %s.", e.At, b.What, englishValue(b.What, b.Kernel), englishValue(b.What, b.Model))
	case sim.ModelSilent:
		return fmt.Sprintf("model: no verdicts from here on: %s.", englishSilence(b))
	case sim.ExpectationChecked:
		return englishChecked(b)
	}
	return englishEndSentence(e)
}

func englishChecked(b sim.ExpectationChecked) string {
	what := "expected"
	switch {
	case b.Answer == sim.WrongAnswer:
		return fmt.Sprintf("an answer marked wrong is right: %s, got %s.", b.Text, b.Got)
	case b.Answer == sim.RightAnswer:
		what = "the right answer"
	}
	if b.OK {
		return fmt.Sprintf("%s: %s: yes.", what, b.Text)
	}
	return fmt.Sprintf("%s: %s: no, got %s.", what, b.Text, b.Got)
}

// englishExpected says what fell short.
func englishExpected(b sim.ExpectationChecked) string {
	what := "expected"
	switch b.Answer {
	case sim.RightAnswer:
		what = "the answer marked right is wrong:"
	case sim.WrongAnswer:
		what = "an answer marked wrong is right:"
	}
	return fmt.Sprintf("%s %s, got %s", what, b.Text, b.Got)
}

func englishLab(s *sim.Setting) string {
	text := fmt.Sprintf("lab: %s, segments %s", s.Net, s.Capture)
	if s.Kernel != "" {
		text += ", Linux " + s.Kernel
	}
	text += "."
	if s.PortTaken != 0 {
		text += " " + englishPortTaken(s.PortTaken, s.Server)
	}
	return text
}

// englishEndSentence is englishSentence for what happens at one end.
func englishEndSentence(e sim.Event) string {
	switch b := e.Body.(type) {
	case sim.ProcessStarted:
		return fmt.Sprintf("%s: process %d started.", e.At, b.PID)
	case sim.CallHeld:
		return fmt.Sprintf("%s: held before %s.", e.At, b.Call)
	case sim.Printed:
		if b.More {
			return fmt.Sprintf("%s: prints more than is shown.", e.At)
		}
		return fmt.Sprintf("%s: prints %s.", e.At, strings.TrimSuffix(b.Text, "\n"))
	case sim.CallEntered:
		return fmt.Sprintf("%s: calls %s.", e.At, b.Call)
	case sim.CallBlocked:
		return fmt.Sprintf("%s: %s blocks.", e.At, b.Call)
	case sim.CallReturned:
		return fmt.Sprintf("%s: %s returned %s.", e.At, b.Call, b.Result)
	case sim.SignalTaken:
		switch b.Action {
		case sim.Handled:
			return fmt.Sprintf("%s: its handler for %s ran.", e.At, b.Signal)
		case sim.Ignored:
			return fmt.Sprintf("%s: %s ignored.", e.At, b.Signal)
		}
		return fmt.Sprintf("%s: killed by %s.", e.At, b.Signal)
	case sim.ProcessExited:
		return fmt.Sprintf("%s: process %d is gone, exit status %d.", e.At, b.PID, b.Status)
	case sim.StateChanged:
		orphan := ""
		if b.Orphan {
			orphan = ", no process holds it"
		}
		return fmt.Sprintf("%s: %s → %s%s (%s).", e.At, b.From, b.To, orphan, b.By)
	case sim.SegmentMoved:
		return englishSegment(e.At, b)
	case sim.TimerChanged:
		if b.Timer == sim.TimerOff {
			return fmt.Sprintf("%s: no timer.", e.At)
		}
		return fmt.Sprintf("%s: %s timer, expires in %s.", e.At, b.Timer, b.Expires)
	case sim.QueuesChanged:
		return fmt.Sprintf("%s: Recv-Q %d, Send-Q %d.", e.At, b.RecvQ, b.SendQ)
	}
	return "nothing."
}

// englishSegment says what became of a segment.
func englishSegment(from sim.End, b sim.SegmentMoved) string {
	s := b.Segment
	if s.ID == 0 {
		return fmt.Sprintf("%s's kernel sent %s (%s).", from, s, b.By)
	}
	name := fmt.Sprintf("segment %d, %s from %s", s.ID, s, from)
	switch s.Fate {
	case sim.Held:
		again := ""
		if s.Resent {
			again = " again"
		}
		return fmt.Sprintf("%s's kernel sent %s%s: segment %d, on the wire.", from, s, again, s.ID)
	case sim.Retransmitted:
		return fmt.Sprintf("%s: sent %d times now.", name, s.Copies)
	case sim.Duplicated:
		return fmt.Sprintf("%s: a copy was delivered.", name)
	case sim.Overtaken:
		return fmt.Sprintf("%s: the next one has overtaken it.", name)
	}
	return fmt.Sprintf("%s: %s.", name, s.Fate)
}
