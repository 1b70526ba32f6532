package sim

import "fmt"

// The sentence of each body, for a transcript that a screen reader reads.

func (b LabOpened) sentence(End) string {
	if b.Kernel == "" {
		return fmt.Sprintf("lab: %s, segments %s.", b.Net, b.Capture)
	}
	return fmt.Sprintf("lab: %s, segments %s, Linux %s.", b.Net, b.Capture, b.Kernel)
}

func (b StepBegun) sentence(End) string { return fmt.Sprintf("step: %s.", b.Step) }

func (b StepRefused) sentence(End) string { return fmt.Sprintf("refused: %s.", b.Why) }

func (StepSettled) sentence(End) string { return "settled." }

func (b ProcessStarted) sentence(at End) string {
	return fmt.Sprintf("%s: process %d started.", at, b.PID)
}

func (b CallEntered) sentence(at End) string { return fmt.Sprintf("%s: calls %s.", at, b.Call) }

func (b CallBlocked) sentence(at End) string { return fmt.Sprintf("%s: %s blocks.", at, b.Call) }

func (b CallReturned) sentence(at End) string {
	return fmt.Sprintf("%s: %s returned %s.", at, b.Call, b.Result)
}

func (b SignalTaken) sentence(at End) string {
	if b.Action == Handled {
		return fmt.Sprintf("%s: its handler for %s ran.", at, b.Signal)
	}
	return fmt.Sprintf("%s: killed by %s.", at, b.Signal)
}

func (b ProcessExited) sentence(at End) string {
	return fmt.Sprintf("%s: process %d is gone, exit status %d.", at, b.PID, b.Status)
}

func (b StateChanged) sentence(at End) string {
	orphan := ""
	if b.Orphan {
		orphan = ", no process holds it"
	}
	return fmt.Sprintf("%s: %s → %s%s (%s).", at, b.From, b.To, orphan, b.By)
}

func (b SegmentMoved) sentence(at End) string {
	s := b.Segment
	if s.ID == 0 {
		return fmt.Sprintf("%s's kernel sent %s (%s).", at, s, b.By)
	}
	name := fmt.Sprintf("segment %d, %s from %s", s.ID, s, at)
	switch s.Fate {
	case Held:
		again := ""
		if s.Resent {
			again = " again"
		}
		return fmt.Sprintf("%s's kernel sent %s%s: segment %d, on the wire.", at, s, again, s.ID)
	case Retransmitted:
		return fmt.Sprintf("%s: sent %d times now.", name, s.Copies)
	case Duplicated:
		return fmt.Sprintf("%s: a copy was delivered.", name)
	case Overtaken:
		return fmt.Sprintf("%s: the next one has overtaken it.", name)
	}
	return fmt.Sprintf("%s: %s.", name, s.Fate)
}

func (b TimerChanged) sentence(at End) string {
	if b.Timer == TimerOff {
		return fmt.Sprintf("%s: no timer.", at)
	}
	return fmt.Sprintf("%s: %s timer, expires in %s.", at, b.Timer, b.Expires)
}

func (b QueuesChanged) sentence(at End) string {
	return fmt.Sprintf("%s: Recv-Q %d, Send-Q %d.", at, b.RecvQ, b.SendQ)
}

func (b CableChanged) sentence(End) string { return fmt.Sprintf("the cable is %s.", b.Cable) }

// The sentence of a verdict tells in which the model and the kernel agree, or both of what they
// differ in.
func (b Verdict) sentence(at End) string {
	if b.Agree {
		return fmt.Sprintf("%s, %s: the model agrees.", at, b.What)
	}
	return fmt.Sprintf("%s, %s: they differ, kernel: %s, model: %s.", at, b.What, b.What.Value(b.Kernel), b.What.Value(b.Model))
}

func (b ModelSilent) sentence(End) string {
	return fmt.Sprintf("model: no verdicts from here on: %s.", b.Why)
}

func (b ExpectationChecked) sentence(End) string {
	if b.OK {
		return fmt.Sprintf("expected: %s: yes.", b.Text)
	}
	return fmt.Sprintf("expected: %s: no, got %s.", b.Text, b.Got)
}
