package ladder

import (
	"strings"
	"unicode"

	"finwait/sim/text"
)

// A segment that hangs on the wire is drawn as in a textbook, from the row in which it left to the
// row in which it arrives: along its own row nearly to the other end, from there down by a thread
// through the rows between, and then into the other end. So one sees which segments cross, and
// which overtakes which.

// Cells between two threads of one sender, and between the other end's lifeline and the first
// thread, with little room and with more.
const (
	betweenThreads = 2
	besideLifeline = 1
	besideMore     = 2
	moreRoom       = 32
)

// room returns how many cells there are between the lifelines.
func (p *painter) room() int { return p.life[right] - p.life[left] - 1 }

// hangsAt returns how many cells from its sender's lifeline the segment of an arrow hangs.
func hangsAt(a arrow, room int) int {
	beside := besideLifeline
	if room >= moreRoom {
		beside = besideMore
	}
	return max(room-1-beside-betweenThreads*a.slot, room/2)
}

// besideThreads returns how many cells from the sender's lifeline the text of an arrow begins:
// behind the threads of what the other end has sent.
func (p *painter) besideThreads(r *row, room int) int {
	at := textAt
	for _, h := range r.hanging {
		if a := p.rows[h].arrow; a.from == 1-r.arrow.from && a.leg == legHeld {
			at = max(at, room-hangsAt(a, room))
		}
	}
	return min(at, room/4)
}

// threads draws the threads of the segments that hang on the wire: where the row is empty, and
// across arrows.
func (p *painter) threads(b text.Board, r *row) {
	for _, h := range r.hanging {
		a := p.rows[h].arrow
		ends := r.arrow.heldIn == h+1 && r.arrow.from != nobody
		if ends || a.leg != legHeld {
			continue
		}
		x := p.life[left] + 1 + hangsAt(a, p.room())
		if a.from == right {
			x = p.life[right] - 1 - hangsAt(a, p.room())
		}
		switch b.At(x) {
		case " ":
			refusal := b.At(x-1) == p.g.Failed && b.At(x+1) != " "
			if !refusal && !inText(b.At(x-1)) && !inText(b.At(x+1)) {
				b.Put(x, p.g.Thread, arrowRole(a))
			}
		case p.g.Captured:
			b.Put(x, p.g.Crossing, arrowRole(r.arrow))
		case p.g.Model, p.g.Inferred:
			b.Put(x, p.g.CrossingThin, arrowRole(r.arrow))
		}
	}
}

// textSigns are the signs of texts that no line of a picture has.
const textSigns = `#\"',;()`

// inText reports whether a cell belongs to a text: a thread is not drawn in its spaces.
func inText(cell string) bool {
	return strings.ContainsFunc(cell, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(textSigns, r)
	})
}
