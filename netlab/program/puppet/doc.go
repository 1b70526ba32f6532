// Package puppet is the program under test: a process of its own that makes exactly
// the system calls it is told to make, on blocking descriptors, one after the
// other on its main thread, and says what they returned.
//
//	lab                                   program under test
//	 Start ───── finwait re-executed ────▶ Run
//	 Send  ───── Request{calls} ─────────▶ call, call, … (raw system calls)
//	 Recv  ◀──── Reply: call, return, signal
//	 wait(2) ◀── its death, by whatever signal
//
// It dies for real: the dispositions of SIGPIPE, SIGINT and SIGTERM are the
// kernel's own, not the Go runtime's, and nothing of Go runs when they kill. It
// reports a call before it makes it, because it may not live to report the return.
//
// It holds open what a plain C program would: 0, 1 and 2 (0 is the channel to the
// lab), and the sockets it was told to open, from 3 on and without CLOEXEC.
package puppet
