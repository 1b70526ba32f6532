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
// The lifeline says who keeps the socket: ┃ a process, ╎ the kernel alone (the connection
// has not been accepted yet, or no process has it any more, or it is in TIME_WAIT), nothing:
// there is no socket any more. Until a connection reaches the server's end its lifeline is
// the listener's. A state stands beside its lifeline in the row where it begins; the
// lifeline keeps its colour until the next one. A call stands in the row where it was made,
// its result on the same row unless something happened in between. Arrows are segments:
// ━ captured, ╌ inferred, · predicted by the model; an inferred state is followed by ~.
//
// The arrow of a segment that is held on the wire ends before the other end, and has the
// segment's number and, once its sender has sent it again, how often. While its row is the
// newest the arrow goes on there. Else a thread leads from its head through the rows below, to
// the row that says what becomes of the segment: so one sees which segments cross.
//
//	FIN_WAIT1 ╎━━ FIN ACK  seq 1  #4 x2 ━▷ ┃
//	          ╎                          │ ┃ close(4) = 0
//	          ╎ ◁━━━━ FIN ACK  seq 1  #5 ┿━╎ FIN_WAIT1
//	          ╎ │     FIN ACK #4 sent x2 ▷▶╎ CLOSING
//	          ╎━┿ ACK  ack 2 ━✗            ╎
//
// A segment that is sent again although it was delivered, because its acknowledgement is
// held, is not carried on, and has no row: time stands still for the reader. The row in which it
// arrived counts how often it was sent.
//
//	FIN_WAIT1 ╎━━ FIN ACK  seq 1 sent x3 ━▶┃ CLOSE_WAIT
//	          ╎ ◁━━━━━━━━━ ACK  ack 2  #5 ━┃
//
// A segment without data is called by its purpose, in place of its flags, where the log proves
// it: a keepalive probe, a zero-window probe, a challenge ACK.
//
//	FIN_WAIT2 ┃━━ keepalive probe  seq 1 ━▶┃
//	          ┃◀━━━━━━━━━━━━━ ACK  ack 2 ━━┃
//
// The first row of a step that a person has made beside the lesson is marked.
//
//	┃                            ┃ poll(4) = 1 RDHUP IN OUT   ‹yours›
//
// Where the model says something else than the kernel did, a row says both, on the two
// sides of the end's lifeline. Agreement has no row.
//
//	        CLOSED  ━━ RST  seq 2 ━━━━━━━━━━━━━▶┃ CLOSED
//	kernel: CLOSED   ≠ model: FIN_WAIT2, orphan ┃
//
// One connection has the lifelines: the newest, or that of the focus. Of any other the ladder has
// a note for each segment and each state, which says of which end.
//
//	FIN_WAIT2 ┃  conn 1 client: ACK ack 1  ╎
//
// The package has two halves, and values between them:
//
//	Event ──fold*.go──▶ row.go ──draw*.go──▶ text.Line
//
// The fold knows nothing of widths and signs; the drawing knows rows and no events. Rows
// only grow, and nothing above a new row moves. The rows of a step that has settled never
// change, with two exceptions: a segment that is held in the newest row goes on, and the
// count of a segment that is held further up, or was delivered, grows. Transcript is the
// same ladder as the text of a whole lesson; it writes the row of a segment that is held again when
// it changes, and says below the rows of a wait what was sent again that had arrived. Pair is two
// ladders beside each other, aligned by step, and PairTranscript is those as text.
//
// The package is pure, as sim is. All text from outside (what was written to a socket, a
// path, an address) is made safe before it is drawn: a line has no control characters and
// is exactly as wide as it was asked to be.
package ladder
