package ladder

import (
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// shape is where the parts of an arrow go, in cells from its sender's lifeline.
type shape struct {
	start, length int
	tail          string // the first sign; empty for the stroke
	head          string // the last sign
	text          string // in the arrow
	textAt        int
	tag           string // beside the arrow, where its segment is held
	tagAt         int
}

// Cells that an arrow needs beside its text: two strokes and a space before it; a space, a
// stroke and the head after it. Beside an arrow whose segment is lost half-way there should be
// room for " sent x3".
const (
	textAt     = 2
	aroundText = 6
	besideOnce = 7
	besideLost = 9
)

// shape returns the shape of the arrow of a row between lifelines so many cells apart.
func (p *painter) shape(r *row, room int) shape {
	a := spelledArrow{r.arrow, &p.words.Ladder, p.numbers}
	hollow, solid := p.g.HangLeft, p.g.ToLeft
	if a.from == left {
		hollow, solid = p.g.HangRight, p.g.ToRight
	}
	s := shape{length: room, head: solid, textAt: p.besideThreads(r, room)}
	around := aroundText + s.textAt - textAt
	switch a.leg {
	case legWhole:
		s.text = a.text(room - around)
	case legHeld:
		s.length, s.head = hangsAt(r.arrow, room)+1, hollow
		s.text = a.hanging(s.length - around)
	case legLost:
		if a.wasHeld {
			s.length, s.head = hangsAt(r.arrow, room)+1, p.g.Lost
			s.text = a.hanging(s.length - around)
			break
		}
		s.length, s.text = a.half(room, around)
		s.head, s.tag, s.tagAt = p.g.Lost, text.FirstFit([]string{a.times(), ""}, room-s.length-2), s.length+1
	case legArrival, legCopy:
		if a.heldIn > 0 {
			s.start = hangsAt(r.arrow, room)
			s.length, s.tail = room-s.start, hollow
			s.tag = a.flagsAndTag(s.start - 2)
			s.tagAt = s.start - 1 - text.Cells(s.tag)
			break
		}
		s.length = min(max(room/2, text.Cells(a.flags())+aroundText), room)
		s.start, s.tail = room-s.length, hollow
		s.text = a.text(s.length - aroundText)
		s.tag = a.tag(s.start - 2)
		s.tagAt = s.start - 1 - text.Cells(s.tag)
	case legDropped:
		s.start, s.length, s.tail, s.head = room/2, 2, hollow, p.g.Lost
		if a.heldIn > 0 {
			s.start, s.length, s.tail = hangsAt(r.arrow, room), 1, ""
		}
		s.tag = a.flagsAndTag(s.start - 2)
		s.tagAt = s.start - 1 - text.Cells(s.tag)
	}
	return s
}

// spelledArrow is an arrow whose texts are in a language.
type spelledArrow struct {
	arrow
	words *lang.Ladder
	all   bool // both numbers are shown, whether they matter or not
}

// half returns the length and the text of an arrow whose segment is lost half-way: half of the
// room, or more where the text and what is around it need that.
func (a spelledArrow) half(room, around int) (int, string) {
	beside := besideOnce
	if a.times() != "" {
		beside = besideLost
	}
	label := a.text(room - around - beside)
	if label == "" {
		label = a.text(room - around - 1)
	}
	if label == "" {
		return room / 2, ""
	}
	return max(room/2, text.Cells(label)+around), label
}

// arrow draws a segment, with its text near the sender; grow says how much of what is new
// of it.
func (p *painter) arrow(b text.Board, r *row, grow float64) {
	a := r.arrow
	if a.from == nobody {
		return
	}
	room := p.room()
	way := lane{b[p.life[left]+1 : p.life[right]], a.from}
	s, role := p.shape(r, room), arrowRole(a)
	old := 0
	if a.wasHeld && a.leg == legWhole {
		old = hangsAt(a, room) + 1
	}
	shown := s.length
	if !(grow >= 1) {
		shown = old + int(max(grow, 0)*float64(s.length-old)+0.5)
	}
	full := text.NewBoard(s.length)
	full.Fill(stroke(p.g, a.by), role)
	body := lane{full, a.from}
	if s.text != "" {
		body.put(s.textAt, " "+s.text+" ", role)
	}
	if s.tail != "" {
		body.put(0, s.tail, role)
	}
	if shown > 0 {
		body.put(shown-1, s.head, p.headRole(s.head, role))
		way.paste(s.start, body.first(shown))
	}
	if s.tag != "" && (grow >= 1 || s.start > 0) {
		way.put(s.tagAt, s.tag, role)
	}
}

// lane is the board between the lifelines, or a part of it, with cells counted from one
// end.
type lane struct {
	text.Board
	from int
}

// put draws a text, so many cells away from the end.
func (n lane) put(at int, s string, role text.Role) {
	if n.from == right {
		at = len(n.Board) - at - text.Cells(s)
	}
	if at >= 0 {
		n.Board.Put(at, s, role)
	}
}

// first returns the cells nearest to the end.
func (n lane) first(count int) text.Board {
	if n.from == right {
		return n.Board[len(n.Board)-count:]
	}
	return n.Board[:count]
}

// paste copies cells, so many cells away from the end.
func (n lane) paste(at int, part text.Board) {
	if n.from == right {
		at = len(n.Board) - at - len(part)
	}
	copy(n.Board[at:], part)
}

func arrowRole(a arrow) text.Role {
	switch {
	case a.segment.Flags&sim.RST != 0:
		return text.RoleReset
	case a.from == left:
		return text.RoleClient
	}
	return text.RoleServer
}

// stroke returns the line of an arrow.
func stroke(g *text.Glyphs, by sim.Source) string {
	switch by {
	case sim.ByInference:
		return g.Inferred
	case sim.ByModel:
		return g.Model
	}
	return g.Captured
}

// headRole is the role of the last sign of an arrow.
func (p *painter) headRole(head string, role text.Role) text.Role {
	if head == p.g.Lost {
		return text.RoleFail
	}
	return role
}

// tag returns the number of a held segment and how often it has been sent, in at most
// width cells. "x3" is enough where there is little room: nothing else can happen three
// times to a segment that is held.
func (a spelledArrow) tag(width int) string {
	id := "#" + itoa(a.segment.ID)
	forms := []string{id, ""}
	if a.segment.Copies > 1 {
		count := "x" + itoa(a.segment.Copies)
		forms = []string{id + " " + a.times(), id + " " + count, id, ""}
	}
	return text.FirstFit(forms, width)
}

// hanging returns flags and numbers of a segment that hangs on the wire, and its tag, in at most
// width cells. Which numbers there are does not depend on how often it was sent, which grows.
func (a spelledArrow) hanging(width int) string {
	id := "#" + itoa(a.segment.ID)
	for _, reserved := range []string{id + " x9", id} {
		space := "  "
		label := a.text(width - text.Cells(space+reserved))
		if closer := a.text(width - text.Cells(" "+reserved)); closer != label {
			space, label = " ", closer
		}
		if label != "" {
			return label + space + a.tag(width-text.Cells(label+space))
		}
	}
	return text.FirstFit([]string{a.text(width), a.tag(width)}, width)
}

// flagsAndTag returns the flags and the tag of a segment that was held, in at most width cells;
// the tag alone where there is little room.
func (a spelledArrow) flagsAndTag(width int) string {
	flags := a.flags() + " "
	if tag := a.tag(width - text.Cells(flags)); tag != "" {
		return flags + tag
	}
	return a.tag(width)
}

// times returns how often a segment was sent, empty for once. Its word keeps it from being read
// as deliveries.
func (a spelledArrow) times() string {
	if a.segment.Copies < 2 {
		return ""
	}
	return a.words.Sent(a.segment.Copies)
}

// names returns what a segment is called for its purpose, the longest form first; nil where
// it is called by its flags.
func (a spelledArrow) names() []string {
	switch a.purpose {
	case keepaliveProbe:
		return a.words.KeepaliveProbe
	case windowProbe:
		return a.words.WindowProbe
	case challengeACK:
		return a.words.ChallengeACK
	}
	return nil
}

// flags returns the flags, or the shortest name for the segment's purpose, and whether the
// segment is a copy or was sent before.
func (a spelledArrow) flags() string {
	flags := a.segment.Flags.String()
	if names := a.names(); names != nil {
		flags = names[len(names)-1]
	}
	return flags + a.before()
}

// before returns whether the segment is a copy or was sent before, after a space; empty for
// neither.
func (a spelledArrow) before() string {
	switch {
	case a.leg == legCopy:
		return " " + a.words.Copy
	case a.segment.Resent:
		return " " + a.words.Again
	}
	return ""
}

// text returns flags and numbers in at most width cells: all numbers that matter, or the
// new ones where there is little room, or the flags alone, or nothing.
func (a spelledArrow) text(width int) string {
	s := a.segment
	if names := a.names(); names != nil {
		return a.purposeText(names, width)
	}
	var seq, ack, length string
	if s.Len != 0 || s.Flags&(sim.FIN|sim.RST) != 0 {
		seq = " seq " + utoa(s.Seq)
	}
	if a.showAck {
		ack = " ack " + utoa(s.Ack)
	}
	if s.Len != 0 {
		length = " len " + itoa(s.Len)
	}
	choices := []string{seq + ack + length, ack + length, seq + length, length, ack}
	if a.all {
		every := " seq " + utoa(s.Seq)
		if s.Flags&sim.ACK != 0 {
			every += " ack " + utoa(s.Ack)
		}
		choices = append([]string{every + length}, choices...)
	}
	for _, numbers := range choices {
		label := a.flags()
		if numbers != "" {
			label += " " + numbers
		}
		if text.Cells(label) <= width {
			return a.counted(label, width)
		}
	}
	return text.FirstFit([]string{a.flags(), s.Flags.String(), ""}, width)
}

// counted returns the label of an arrow and, where there is room, how often the segment was sent
// that has arrived. Everything else does not depend on that, which grows.
func (a spelledArrow) counted(label string, width int) string {
	if t := a.times(); t != "" && a.leg == legWhole && text.Cells(label+" "+t) <= width {
		return label + " " + t
	}
	return label
}

// purposeText is text for a segment that is called by its purpose. The number of a probe tells
// what it is: it is one below what was acknowledged.
func (a spelledArrow) purposeText(names []string, width int) string {
	number := "  seq " + utoa(a.segment.Seq)
	switch {
	case a.all:
		number += " ack " + utoa(a.segment.Ack)
	case a.purpose == challengeACK:
		number = "  ack " + utoa(a.segment.Ack)
	}
	var forms []string
	for _, name := range names {
		forms = append(forms, name+a.before()+number)
	}
	return a.counted(text.FirstFit(append(forms, a.flags(), a.segment.Flags.String(), ""), width), width)
}
