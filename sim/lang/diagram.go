package lang

// Diagram has the words of the state diagram. Its labels are those of RFC 9293 in every language.
type Diagram struct {
	Both     string                        // both ends have walked an arrow
	Walked   func(end, what string) string // an end has walked an arrow, by a call, a segment or a death
	Exit     string                        // the death of a process without a signal
	Timeout  string                        // a timer that has no name in the figure
	NotDrawn string                        // after a change of state that has no arrow in the drawing
}
