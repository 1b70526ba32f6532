package diagram

import (
	"slices"
	"strings"

	"finwait/sim"
)

// Arrow returns the arrow that the end has walked. It is not ok if the model has no such arrow.
func (c Change) Arrow() (a Arrow, ok bool) {
	for _, a := range found {
		if a.From == c.From && a.To == c.To && c.fits(a.Label) {
			return a, true
		}
	}
	return Arrow{}, false
}

// found are all arrows, for those who read them often.
var found = Arrows()

// fits reports whether the cause of the change is what the label of an arrow between the two
// states says.
func (c Change) fits(label string) bool {
	event, sends, _ := strings.Cut(label, " / ")
	arrival, arrives := strings.CutPrefix(event, "rcv ")
	expires := strings.HasSuffix(event, "timeout") || event == "gives up"
	switch c.Cause.Kind {
	case CauseCall, CauseDeath:
		ofListener := event == "close of the listener"
		return !arrives && !expires && (c.Cause.Sent.Flags&sim.RST != 0) == (sends == "RST") && (sends != "RST" || ofListener == c.Cause.Waiting)
	case CauseTimer:
		return expires
	}
	f, resets := c.Cause.Segment.Flags, c.Cause.Sent.Flags&sim.RST != 0
	switch {
	case !arrives || (sends == "RST") != (resets && f&sim.RST == 0):
		return false
	case f&sim.RST != 0:
		return arrival == "RST"
	case sends == "RST":
		return arrival == "anything" || strings.HasPrefix(arrival, "FIN") == (f&sim.FIN != 0)
	}
	return arrival != "RST" && strings.HasPrefix(arrival, "SYN") == (f&sim.SYN != 0)
}

// path returns the index of the drawn path that the change goes along. It is not ok for a
// change that is not drawn: an ending, or an arrow between states that the drawing does not join.
func (c Change) path() (i int, ok bool) {
	a, known := c.Arrow()
	if _, ending := a.Ending(); !known || ending {
		return 0, false
	}
	i = slices.IndexFunc(paths[:], func(p path) bool { return p.from == c.From && p.to == c.To })
	return i, i >= 0
}
