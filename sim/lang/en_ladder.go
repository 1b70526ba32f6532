package lang

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim"
)

// englishLadder returns the words of the ladder.
func englishLadder() Ladder {
	return Ladder{
		Parent: "parent",
		Yours:  "yours",
		Skipped: func(s sim.Step) []string {
			if s.How != "" {
				return []string{"a wait, skipped", "skipped"}
			}
			return []string{s.For.String() + " skipped", "skipped"}
		},
		Heading: func(conn int, from string) string {
			if from == "" {
				return fmt.Sprintf("connection %d", conn)
			}
			return fmt.Sprintf("connection %d from %s", conn, from)
		},
		NewProcess: func(pid int) []string {
			return []string{fmt.Sprintf("new process %d", pid), fmt.Sprintf("process %d", pid), "new process"}
		},
		Exit: func(status string) string { return "exit " + status },
		Caught: func(signal string) []string {
			return []string{signal + " caught by the handler", signal + " handler ran", signal + " handled"}
		},
		Ignored: func(signal string) []string { return []string{signal + " ignored"} },
		Printed: func(text string) []string {
			return []string{"prints: " + text, text}
		},
		PrintsMore: []string{"prints more than is shown", "prints more"},
		EndOfFile:  []string{"end of file", "EOF"},

		KeepaliveProbe: []string{"keepalive probe", "probe"},
		WindowProbe:    []string{"zero-window probe", "window probe", "probe"},
		ChallengeACK:   []string{"challenge ACK"},

		Copy:  "copy",
		Again: "again",
		Sent:  func(n int) string { return "sent x" + strconv.Itoa(n) },

		Other: func(conn int, end string, what []string) []string {
			forms := make([]string, len(what))
			for i, form := range what {
				forms[i] = fmt.Sprintf("conn %d %s: %s", conn, end, form)
			}
			return forms
		},
		OtherFate: func(segment string, fate sim.Fate) string { return segment + " " + string(fate) },

		Cable: func(c sim.Cable) []string {
			return []string{"the cable is " + string(c), "cable " + string(c), string(c)}
		},
		Holds:    []string{"the wire holds what is sent", "holds what is sent", "holds"},
		Delivers: []string{"the wire delivers by itself", "delivers by itself", "delivers"},

		Kernel:      func(said string) string { return "kernel: " + said },
		Model:       func(said string) string { return "model: " + said },
		Also:        func(rest string) string { return "also " + rest },
		NothingElse: "nothing else",
		Of:          func(conn int, end string) string { return fmt.Sprintf("connection %d, %s", conn, end) },
		Silent: func(why string) []string {
			return []string{"model: no verdicts from here on: " + why, "model silent: " + why, "model silent"}
		},
	}
}

// englishTranscript returns the words of a transcript.
func englishTranscript() Transcript {
	return Transcript{
		Segments:       func(c sim.Capture) string { return "segments " + string(c) },
		PrivateNetwork: "private network",
		Repeated: func(s sim.Segment) string {
			return fmt.Sprintf("#%d %s was sent %d times: it has arrived, its acknowledgement has not.", s.ID, s.Flags, s.Copies)
		},
		Tally: func(steps, met, missed, refused int) string {
			parts := []string{count(steps, "step", "steps")}
			all := count(met+missed, "expectation", "expectations")
			switch {
			case missed > 0:
				parts = append(parts, fmt.Sprintf("%d of %s fell short", missed, all))
			case met > 0:
				parts = append(parts, all+" met")
			}
			if refused > 0 {
				parts = append(parts, count(refused, "step", "steps")+" refused")
			}
			return strings.Join(parts, ", ")
		},
	}
}
