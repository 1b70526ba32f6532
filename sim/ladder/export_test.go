package ladder

import (
	"fmt"

	"finwait/sim"
)

// Beside returns each state of an end that stands beside an arrow, in the order of the rows, with
// the segment: "CLOSE_WAIT: client's FIN ACK".
func (l *Ladder) Beside(at sim.End) (list []string) {
	i, _ := indexOf(at)
	for r := range l.rows {
		if row := &l.rows[r]; row.label[i].kind == labelState && row.arrow.from != nobody {
			list = append(list, fmt.Sprintf("%s: %s's %s", row.label[i].state, ends[row.arrow.from], row.arrow.segment.Flags))
		}
	}
	return list
}
