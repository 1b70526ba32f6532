// Package tcp is the model: two hosts with Linux's TCP, as a pure machine.
//
//	World ──Do(Input)──▶ the World after it, and the Effects
//
// An Input is a system call, the fate of a segment on the wire, a timer, the start
// or the death of a process. An Effect is what somebody outside could notice: a
// segment, a return value, a signal, an exit, a state.
//
// A World is a value without maps, slices or pointers inside: copying one keeps a
// moment, and one can be the key of a map. Time comes in with every Input, in
// virtual milliseconds; nothing here has a clock, and nothing is random. Initial
// sequence numbers come in too, with connect and listen; at 0 all numbers are relative.
// The bytes of the data are not kept, only how many there are; a read says where in the
// stream its bytes begin.
//
// RFC 9293 is the ground; where Linux differs, Linux 6.18 is right, and the comment
// names the function of its kernel.
//
// What the kernel may do now or later is a timer with a range (Due): an acknowledgement
// that it owes leaves at At, but may leave at any time from From to To. A World that is
// Lazy does nothing of the kind by itself, so that whoever compares it with a kernel has
// it happen when the kernel did it: an acknowledgement by OpTimer, a call that returns by
// OpWake, what is sent again by OpSend. It still decides what may be.
//
// It does not model congestion beyond the initial window and one segment at a time after
// a loss, round trips (the retransmission timeout is the shortest there is), the exact sizes
// of the buffers, path MTU, urgent data, SYN cookies and Fast Open. Where that, or the room
// in a World, comes to matter, Beyond says so.
package tcp
