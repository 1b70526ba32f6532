package script

import (
	"fmt"
	"strings"

	"finwait/sim"
)

// Story returns the events of one step in their order, one line each. It leaves out timers,
// queues, and retransmissions, which depend on how fast the kernel is.
func Story(step string, events []sim.Event) string {
	lines := []string{"> " + step}
	for _, e := range events {
		if line := storyLine(e); line != "" {
			lines = append(lines, line)
		}
	}
	return hideNumbers(strings.Join(lines, "\n")) + "\n"
}

// storyLine returns one event as a line, "" for an event that a story leaves out.
func storyLine(e sim.Event) string {
	switch b := e.Body.(type) {
	case sim.CallEntered:
		return fmt.Sprintf("%s calls %s", e.At, b.Call)
	case sim.CallReturned:
		return fmt.Sprintf("%s %s = %s", e.At, b.Call.Name, b.Result)
	case sim.CallBlocked:
		return fmt.Sprintf("%s blocks in %s", e.At, b.Call.Name)
	case sim.SegmentMoved:
		if !b.Segment.Resent && b.Segment.Fate != sim.Retransmitted {
			return fmt.Sprintf("%s: %s, %s", e.At, b.Segment, b.Segment.Fate)
		}
	case sim.StateChanged:
		return fmt.Sprintf("%s %s > %s", e.At, b.From, b.To)
	case sim.SignalTaken:
		return fmt.Sprintf("%s %s by %s", e.At, b.Action, b.Signal)
	case sim.ProcessExited:
		return fmt.Sprintf("%s exits %d", e.At, b.Status)
	case sim.ProcessStarted:
		return fmt.Sprintf("%s starts", e.At)
	case sim.CableChanged:
		return "cable " + string(b.Cable)
	case sim.StepRefused:
		return "refused: " + b.Why
	}
	return ""
}
