// Package ladder draws what happened on a connection: two lifelines, the
// segments between them, the calls and states beside them.
//
//	close(3) = 0 ┃                                      ┃
//	   FIN_WAIT1 ╎━━ FIN ACK  seq 1 ━━━━━━━━━━━━━━━━━━━▶┃ CLOSE_WAIT
//	   FIN_WAIT2 ╎◀━━━━━━━━━━━━━━━━━━━━━━━━ ACK  ack 2 ━━┃
//	             ╎               ⋯ 5.0 s                ┃
//	             ╎◀━━━━━━━━━ PSH ACK  seq 1 len 13 ━━━━━┃ write(4, "first message") = 13
//	      CLOSED  ━━ RST  seq 2 ━━━━━━━━━━━━━━━━━━━━━━━▶┃ CLOSED
//
// The lifeline says who is alive: ┃ a process holds the socket, ╎ the kernel
// alone keeps it, nothing: it is gone. A state stands beside its lifeline in the
// row where it begins; the lifeline keeps its colour until the next one. Calls
// stand in the row where they were made, their results on the same line unless
// something happened in between. Arrows are segments: ━ captured, ╌ inferred, ·
// predicted by the model; a state that was inferred is followed by ~.
//
// A segment that is held on the wire hangs half-way, with its number and, once
// its sender has sent it again, how often. While its row is the newest it goes on
// there; else what becomes of it has a row of its own.
//
//	FIN_WAIT1 ╎━━ FIN ACK  seq 1 ━▷ #4 x2  ┃
//	          ╎                            ┃ close(4) = 0
//	          ╎     #5 ◁━ FIN ACK  seq 1 ━━╎ FIN_WAIT1
//	          ╎   #4 sent x2 ▷━ FIN ACK ━━▶╎ CLOSING
//	          ╎━━ ACK  ack 2 ━✗            ╎
//
// What is sent again although it has arrived, because its acknowledgement is held, is
// not carried on. One row for each such segment says so, and counts.
//
//	FIN_WAIT1 ╎━━ FIN ACK ━┤ #4 again x3   ┃
//
// Where the model says something else than the kernel, a row says both, on the two
// sides of the end's lifeline. Where they agree nothing is drawn.
//
//	        CLOSED  ━━ RST  seq 2 ━━━━━━━━━━━━━▶┃ CLOSED
//	kernel: CLOSED   ≠ model: FIN_WAIT2, orphan ┃
//
// Ladder folds events into rows and draws rows as text: a Line is a list of
// spans with roles, which a screen colours and a file takes as it is. Rows only
// grow, and nothing above a new row moves. The rows of a step that has settled
// never change, with two exceptions: a segment that hangs in the newest row, and
// the count of one that hangs further up, or has arrived. Transcript is the same ladder as the
// text of a whole lesson; it writes the newest row again when that has changed.
//
// The package is pure, as sim is. All text from outside (what was written to a
// socket, a path, an address) is made safe before it is drawn: a Line has no
// control characters and is exactly as wide as it was asked to be.
package ladder
