// Package diagram knows figure 5 of RFC 9293, the state diagram of TCP, as sockets on
// Linux have it: every change of state that one end of a connection can make.
//
//	exploration of the model ──▶ edges.txt ──▶ Edges ──▶ Arrows ──▶ docs/states.md
//	                                                       │
//	                              Event ──walk.go──▶ Change ──draw*.go──▶ text.Line
//
// Nobody chose the arrows by hand. edges.txt is generated: an exploration of the model
// (sim/tcp/explore_test.go) tries every call, delivery, loss and timer at both ends and
// writes down each change of state with the shortest walk through it. Two tests keep the
// file current: the exploration must find these edges and no others, and must get through
// each by the walk that is written down. `go test ./sim/tcp -far -update` writes the file
// anew.
//
// An Edge is a change as it was found. An Arrow is a change as the figure draws it, which
// leaves out what makes no difference to a reader: data that a segment carries besides, or
// that Linux delays an acknowledgement. What is in the figure of the RFC, what is not and
// why, is written here by hand, and a test compares it with what was found.
//
// A Walk is the fold of a log into the changes of state that the two ends have made, each with
// its cause: a call, a death, a segment that arrived, a timer. Draw shows the figure with the
// ends as tokens; what an end has walked is drawn with a heavy line (the client, or both ends) or
// a double one (the server), and says what made it. Coordinates are by hand (drawing.go), labels
// are those of the arrows: a test compares the drawing with what was found. A change that the
// figure does not draw, such as the end by a RST, is told in a line below it.
//
// The package is pure, as sim is.
package diagram
