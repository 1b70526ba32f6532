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
	switch e.Kind {
	case sim.KindCall:
		return fmt.Sprintf("%s calls %s", e.At, e.Call)
	case sim.KindReturn:
		return fmt.Sprintf("%s %s = %s", e.At, e.Call.Name, e.Result)
	case sim.KindBlocked:
		return fmt.Sprintf("%s blocks in %s", e.At, e.Call.Name)
	case sim.KindSegment:
		if !e.Segment.Resent && e.Segment.Fate != sim.Retransmitted {
			return fmt.Sprintf("%s: %s, %s", e.At, e.Segment, e.Segment.Fate)
		}
	case sim.KindState:
		return fmt.Sprintf("%s %s > %s", e.At, e.From, e.To)
	case sim.KindSignal:
		return fmt.Sprintf("%s %s by %s", e.At, e.Action, e.Signal)
	case sim.KindExit:
		return fmt.Sprintf("%s exits %d", e.At, e.Status)
	case sim.KindStart:
		return fmt.Sprintf("%s starts", e.At)
	case sim.KindCable:
		return "cable " + e.Text
	case sim.KindRefused:
		return "refused: " + e.Text
	}
	return ""
}
