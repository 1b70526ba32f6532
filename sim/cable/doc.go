// Package cable has the rules for segments in flight: which segment is only a repetition of
// another, which delivered segment still waits for its acknowledgement, which one overtakes
// another, and how sequence numbers become relative.
//
//	sent ──▶ Repeats? ──▶ flight ──▶ delivered ──▶ acknowledged
//	            │            └─▶ dropped
//	            └─▶ a copy of one segment: of the newest, in flight or delivered
//
// The rules are pure. They look at a Segment, which is a view: the packets of a live lab
// (netlab/wire) and the fixed arrays of the model (sim/tcp) stay with their owners. So both
// count, hold and number segments alike, and the model can be compared with the kernel.
package cable
