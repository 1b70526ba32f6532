// Package tcp is the model: two hosts with Linux's TCP, as a pure state machine.
//
//	World ──Do(Input)──▶ the World after the input, and the Effects
//
// An Input is a system call, the fate of a segment on the wire, a timer that fires, the
// start or the death of a process. An Effect is anything that can be noticed from outside: a
// segment, a return value, a signal, an exit, a state.
//
// A World is a value. It contains no maps, slices or pointers: a copy is a snapshot, and a
// World can be the key of a map. Time comes in with every Input, in milliseconds of virtual
// time; the package has no clock and no randomness. Initial sequence numbers come in with
// connect and listen; an ISN of 0 makes all sequence numbers relative. The model counts the
// bytes of a stream and does not store them; a read says at which offset of the stream its
// bytes begin.
//
// RFC 9293 is the ground. Where Linux differs, Linux 6.18 is right, and a comment names the
// kernel's function. The segment functions of the states are in states.go, handshake.go and
// timewait.go; socket.go has the variables of RFC 9293 section 3.3.1.
//
// # Observed worlds
//
// A kernel chooses some moments itself. A delayed acknowledgement leaves at any time within a
// range; a blocked process wakes when it is scheduled; a retransmission depends on round trips
// that only the kernel has measured. A Deadline therefore carries the time at which the model
// acts (At) and the range in which a kernel may act (Earliest, Latest).
//
// A World whose Settings say Observed does none of this by itself, so that it can be compared
// with a kernel: whoever has observed the kernel gives the model an input for what the kernel
// did. OpTimer lets an acknowledgement leave, OpRecheck lets a blocked call return, OpEmit
// sends a segment again or late. The model still decides whether the kernel was allowed to.
//
// # Limits
//
// The model does not include congestion control beyond the initial window and one segment at a
// time after a loss, round-trip times (the retransmission timeout is the shortest that Linux
// uses), the exact sizes of buffers, path MTU discovery, urgent data, SYN cookies and TCP Fast
// Open. World.Unsupported reports when one of these, or the room in a World, comes to matter.
package tcp
