package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// segmentFilter is which segments an expectation is about: their flags and their sender.
type segmentFilter struct {
	flags sim.Flags // 0 for any
	from  endFilter
}

// String returns the words of the filter, each after a space.
func (p segmentFilter) String() string {
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

// matches reports whether the flags of a segment are those of the filter. SYN, FIN and RST
// must be exactly those that are named, so that ACK does not match a FIN with an ACK. The
// other flags may be set without being named.
func (p segmentFilter) matches(f sim.Flags) bool {
	const control = sim.SYN | sim.FIN | sim.RST
	return p.flags == 0 || f&p.flags == p.flags && (f^p.flags)&control == 0
}

func (p segmentFilter) named(what string) string {
	if p.from == "" {
		return what
	}
	return what + " from " + string(p.from)
}

// segmentText returns a segment as Check reports it.
func segmentText(e sim.Event) string {
	text := fmt.Sprintf("%s from %s", e.Segment().Flags, e.At)
	if e.Segment().Resent {
		text += " again"
	}
	return text
}

// segment expects a segment in the step, or none.
type segment struct {
	segmentFilter
	none  bool
	again bool     // the sequence numbers had been sent before
	fate  sim.Fate // dropped or delivered; empty for sent
}

func (c segment) String() string {
	text := "segment" + c.segmentFilter.String()
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

func (c segment) check(m *settledStep) (bool, string) {
	var came []string
	for _, e := range m.step {
		if e.Kind() != sim.KindSegment || !c.from.includes(e.At) || !c.concerns(e.Segment()) {
			continue
		}
		if c.matches(e.Segment().Flags) && (e.Segment().Resent || !c.again) {
			return !c.none, c.withFate(segmentText(e))
		}
		came = append(came, segmentText(e))
	}
	switch {
	case c.none && c.flags != 0:
		return true, c.named("none")
	case c.none:
		return true, c.withFate(c.named("no segment"))
	case len(came) > 0:
		return false, c.withFate("only " + listed(came))
	}
	return false, c.withFate(c.named("no segment"))
}

// concerns reports whether an event is about the fate that the expectation names.
func (c segment) concerns(s sim.Segment) bool {
	if c.fate == "" {
		return s.Sent()
	}
	return s.Fate == c.fate
}

func (c segment) withFate(text string) string {
	if c.fate == "" {
		return text
	}
	return text + " " + string(c.fate)
}

// flight expects a segment on the wire, or none.
type flight struct {
	segmentFilter
	none  bool
	again bool // the sequence numbers had been sent before
	sent  int  // how often the segment was sent at least; 0 for any
}

func (c flight) String() string {
	text := "flight" + c.segmentFilter.String()
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

func (c flight) check(m *settledStep) (bool, string) {
	var held []string
	for _, e := range m.scene.Flight {
		if !c.from.includes(e.At) {
			continue
		}
		text := segmentText(e)
		if n := e.Segment().Copies; n > 1 {
			text += fmt.Sprintf(", sent %d times", n)
		}
		if c.matches(e.Segment().Flags) && (e.Segment().Resent || !c.again) && e.Segment().Copies >= c.sent {
			return !c.none, text
		}
		held = append(held, text)
	}
	switch {
	case c.none && c.flags != 0:
		return true, c.named("none")
	case len(held) > 0:
		return c.none, "only " + listed(held)
	}
	return c.none, c.named("nothing on the wire")
}

// listed joins texts, without repetition and at most four of them.
func listed(came []string) string {
	came = slices.Compact(came)
	if len(came) > 4 {
		came = append(came[:4:4], "...")
	}
	return strings.Join(came, ", ")
}
