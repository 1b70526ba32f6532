package diagram

import (
	"strings"

	"finwait/sim"
)

// The drawing, by hand. Its coordinates are those of the large form, in which each state has a
// box of three rows and two rows lie between two boxes. The small form makes one row of a box,
// and one of what lies between (see scale):
//
//	                                        CLOSED ───────────┐
//	                   ▼─── listen ──────────┘ ▲  ▲────────┐  │
//	                 LISTEN ───── close ───────┘     close │  │ connect / SYN
//	rcv SYN / SYN,ACK  ▼  ▲ rcv RST                        │  ▼
//	                 SYN_RECV ◀── rcv SYN / SYN,ACK ───── SYN_SENT
//	                  │    └rcv ACK of SYN─▼   ▼───────────┘ rcv SYN,ACK / ACK
//	      close / FIN │                 ESTABLISHED
//	                  ▼   ▼── close / FIN ──┘   └────────────▼ rcv FIN / ACK
//	                 FIN_WAIT1                            CLOSE_WAIT
//	rcv ACK of FIN ▼──┘ │  └───────────────▼ rcv FIN / ACK   ▼ close / FIN
//	          FIN_WAIT2 │              CLOSING            LAST_ACK
//	 rcv FIN / ACK └──▼ ▼  ▼───────────────┘ rcv ACK of FIN  ▼ rcv ACK of FIN
//	                 TIME_WAIT ───── 2MSL timeout ──────▶ CLOSED
//
// CLOSED stands twice, as in the RFC: where a connection begins, and where it ends.

// spot is where a state stands.
type spot struct {
	state  sim.State
	x, y   int  // the middle of the name
	tokens side // where the tokens of the ends stand
}

// side says where something stands.
type side uint8

const (
	toLeft  side = iota // on the left, and ends there
	toRight             // on the right, and begins there
	around              // the client's token on the left, the server's on the right; a text in the middle
)

// begins and over are the indexes of the two places of CLOSED.
const (
	begins = 0
	over   = 11
)

// spots has each state once, and CLOSED twice.
var spots = [...]spot{
	begins: {sim.Closed, 44, 1, toLeft},
	1:      {sim.Listen, 22, 6, toLeft},
	2:      {sim.SynRecv, 23, 11, toLeft},
	3:      {sim.SynSent, 57, 11, toRight},
	4:      {sim.Established, 44, 16, around},
	5:      {sim.FinWait1, 23, 21, toLeft},
	6:      {sim.CloseWait, 60, 21, toRight},
	7:      {sim.FinWait2, 14, 26, toLeft},
	8:      {sim.Closing, 42, 26, around},
	9:      {sim.LastAck, 60, 26, toRight},
	10:     {sim.TimeWait, 23, 31, toLeft},
	over:   {sim.Closed, 58, 31, toRight},
}

// point is a point of the drawing: column and row.
type point struct{ x, y int }

// path is an arrow of the drawing.
type path struct {
	from, to sim.State
	points   []point // the first and the last are in the boxes of the states
	label    caption
}

// caption is where the text of an arrow stands: in the row y and, where there is room, in the
// row below.
type caption struct {
	x, y  int
	where side
	room  int // how many cells there are for the text
}

// paths are the arrows that are drawn.
var paths = [...]path{
	{sim.Closed, sim.Listen, []point{{42, 1}, {42, 3}, {22, 3}, {22, 6}}, caption{32, 3, around, 17}},
	{sim.Listen, sim.Closed, []point{{25, 6}, {44, 6}, {44, 1}}, caption{34, 6, around, 15}},
	{sim.Closed, sim.SynSent, []point{{47, 1}, {59, 1}, {59, 11}}, caption{61, 6, toRight, 19}},
	{sim.SynSent, sim.Closed, []point{{56, 11}, {56, 4}, {47, 4}, {47, 1}}, caption{54, 6, toLeft, 9}},
	{sim.Listen, sim.SynRecv, []point{{22, 6}, {22, 11}}, caption{20, 8, toLeft, 21}},
	{sim.SynRecv, sim.Listen, []point{{25, 11}, {25, 6}}, caption{27, 8, toRight, 20}},
	{sim.SynSent, sim.SynRecv, []point{{54, 11}, {27, 11}}, caption{41, 11, around, 22}},
	{sim.SynRecv, sim.Established, []point{{26, 11}, {26, 13}, {42, 13}, {42, 16}}, caption{34, 13, around, 15}},
	{sim.SynSent, sim.Established, []point{{57, 11}, {57, 13}, {46, 13}, {46, 16}}, caption{59, 13, toRight, 21}},
	{sim.SynRecv, sim.FinWait1, []point{{21, 11}, {21, 21}}, caption{19, 16, toLeft, 20}},
	{sim.Established, sim.FinWait1, []point{{42, 16}, {42, 18}, {25, 18}, {25, 21}}, caption{34, 18, around, 15}},
	{sim.Established, sim.CloseWait, []point{{46, 16}, {46, 18}, {60, 18}, {60, 21}}, caption{62, 18, toRight, 18}},
	{sim.FinWait1, sim.FinWait2, []point{{20, 21}, {20, 23}, {16, 23}, {16, 26}}, caption{14, 23, toLeft, 15}},
	{sim.FinWait1, sim.TimeWait, []point{{23, 21}, {23, 31}}, caption{25, 26, toRight, 13}},
	{sim.FinWait1, sim.Closing, []point{{26, 21}, {26, 23}, {42, 23}, {42, 26}}, caption{44, 23, toRight, 15}},
	{sim.FinWait2, sim.TimeWait, []point{{16, 26}, {16, 28}, {20, 28}, {20, 31}}, caption{14, 28, toLeft, 15}},
	{sim.Closing, sim.TimeWait, []point{{42, 26}, {42, 28}, {26, 28}, {26, 31}}, caption{44, 28, toRight, 15}},
	{sim.CloseWait, sim.LastAck, []point{{60, 21}, {60, 26}}, caption{62, 23, toRight, 18}},
	{sim.LastAck, sim.Closed, []point{{60, 26}, {60, 31}}, caption{62, 28, toRight, 18}},
	{sim.TimeWait, sim.Closed, []point{{27, 31}, {55, 31}}, caption{41, 31, around, 22}},
}

// The widths of the two forms, in cells.
const (
	SmallWidth = 80
	LargeWidth = 86
)

// scale is a form of the drawing.
type scale struct {
	width, height int
	boxes         bool // each state has a box, and each label a second row
}

// The forms, the largest first.
var (
	large = scale{LargeWidth, 33, true}
	small = scale{SmallWidth, 13, false}
)

// The rows of a level of the large form: a box of three, and two below.
const (
	levelRows = 5
	boxRows   = 3
)

// y returns the row of a point.
func (s scale) y(y int) int {
	if s.boxes {
		return y
	}
	if y%levelRows < boxRows {
		return y / levelRows * 2
	}
	return y/levelRows*2 + 1
}

// x returns the column of a point. The large form has more room on the right.
func (s scale) x(x int) int {
	switch {
	case !s.boxes || x < 30:
		return x
	case x < 50:
		return x + 1
	}
	return x + 5
}

// half returns how many rows a box has above and below the name.
func (s scale) half() int {
	if s.boxes {
		return 1
	}
	return 0
}

// labels are the labels of the paths. They come from what was found: of the arrows between the
// two states the one in figure 5, if there is one.
var labels = func() (all [len(paths)]string) {
	for i := range paths {
		all[i] = paths[i].arrow().Label
	}
	return all
}()

// arrow returns the arrow that the path draws.
func (p *path) arrow() Arrow {
	var best Arrow
	for _, a := range found {
		if a.From != p.from || a.To != p.to {
			continue
		}
		if _, ending := a.Ending(); !ending && (best.Label == "" || a.InFigure5()) {
			best = a
		}
	}
	return best
}

// shorter returns a label in fewer words, for where there is no room for all.
func shorter(label string) string {
	return strings.Replace(label, "rcv FIN, ACK of FIN", "FIN,ACK", 1)
}

// rfcNames are the names of the states in RFC 9293 where they are not the kernel's.
var rfcNames = map[sim.State]string{
	sim.SynSent: "SYN-SENT", sim.SynRecv: "SYN-RECEIVED", sim.FinWait1: "FIN-WAIT-1", sim.FinWait2: "FIN-WAIT-2",
	sim.CloseWait: "CLOSE-WAIT", sim.LastAck: "LAST-ACK", sim.TimeWait: "TIME-WAIT",
}
