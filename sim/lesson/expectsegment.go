package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// pick is what an expectation asks of a segment: flags, and whose it is.
type pick struct {
	flags sim.Flags // 0 for any
	from  by
}

// String returns the words of it, each after a space.
func (p pick) String() string {
	text := ""
	if flags := p.flags.String(); p.flags != 0 && strings.Contains(flags, " ") {
		text = " " + strconv.Quote(flags)
	} else if p.flags != 0 {
		text = " " + flags
	}
	if p.from != "" {
		text += " from " + string(p.from)
	}
	return text
}

// matches reports whether a segment is of the kind that is asked for. SYN, FIN
// and RST must be there exactly as they are named, so that ACK alone does not mean
// a FIN that acknowledges; the other flags may be there unnamed.
func (p pick) matches(f sim.Flags) bool {
	const control = sim.SYN | sim.FIN | sim.RST
	return p.flags == 0 || f&p.flags == p.flags && (f^p.flags)&control == 0
}

func (p pick) missing(what string) string {
	if p.from == "" {
		return what
	}
	return what + " from " + string(p.from)
}

// told names a segment in an answer.
func told(e sim.Event) string {
	text := fmt.Sprintf("%s from %s", e.Segment.Flags, e.At)
	if e.Segment.Resent {
		text += " again"
	}
	return text
}

// segment expects a segment in the step, or none.
type segment struct {
	pick
	none  bool
	again bool     // its sequence numbers had been sent before
	fate  sim.Fate // dropped or delivered; empty: it was sent
}

func (c segment) String() string {
	text := "segment" + c.pick.String()
	if c.none {
		text = "no " + text
	}
	if c.again {
		text += " " + again
	}
	if c.fate != "" {
		text += " " + string(c.fate)
	}
	return text
}

func (c segment) check(m *moment) (bool, string) {
	var came []string
	for _, e := range m.step {
		if e.Kind != sim.KindSegment || !c.from.includes(e.At) || !c.concerns(e.Segment) {
			continue
		}
		if c.matches(e.Segment.Flags) && (e.Segment.Resent || !c.again) {
			return !c.none, c.fated(told(e))
		}
		came = append(came, told(e))
	}
	switch {
	case c.none && c.flags != 0:
		return true, c.missing("none")
	case c.none:
		return true, c.fated(c.missing("no segment"))
	case len(came) > 0:
		return false, c.fated("only " + listed(came))
	}
	return false, c.fated(c.missing("no segment"))
}

// concerns reports whether an event is about the fate that is asked for.
func (c segment) concerns(s sim.Segment) bool {
	if c.fate == "" {
		return s.Sent()
	}
	return s.Fate == c.fate
}

func (c segment) fated(text string) string {
	if c.fate == "" {
		return text
	}
	return text + " " + string(c.fate)
}

// flight expects a segment on the wire, or none.
type flight struct {
	pick
	none  bool
	again bool // its sequence numbers had been sent before
	sent  int  // at least so many times; 0 for any
}

func (c flight) String() string {
	text := "flight" + c.pick.String()
	if c.none {
		text = "no " + text
	}
	if c.again {
		text += " " + again
	}
	if c.sent > 0 {
		text += fmt.Sprintf(" sent %d", c.sent)
	}
	return text
}

func (c flight) check(m *moment) (bool, string) {
	var held []string
	for _, e := range m.scene.Flight {
		if !c.from.includes(e.At) {
			continue
		}
		text := told(e)
		if n := e.Segment.Copies; n > 1 {
			text += fmt.Sprintf(", sent %d times", n)
		}
		if c.matches(e.Segment.Flags) && (e.Segment.Resent || !c.again) && e.Segment.Copies >= c.sent {
			return !c.none, text
		}
		held = append(held, text)
	}
	switch {
	case c.none && c.flags != 0:
		return true, c.missing("none")
	case len(held) > 0:
		return c.none, "only " + listed(held)
	}
	return c.none, c.missing("nothing on the wire")
}

// listed joins what came, without repetition and not at any length.
func listed(came []string) string {
	came = slices.Compact(came)
	if len(came) > 4 {
		came = append(came[:4:4], "...")
	}
	return strings.Join(came, ", ")
}
