// Package puppet is finwait itself as a program under test: a process of its own that makes
// exactly the system calls that it is told to make, on blocking descriptors, one after the
// other on its main thread, and says what they returned.
//
//	laboratory: Puppet, Process               program under test
//	 New   ─────── finwait re-executed ────▶ Run
//	 Tell  ─────── Request{calls} ─────────▶ call, call, … (raw system calls)
//	 Next  ◀────── Reply: call, return, signal
//	       ◀────── its death, by wait(2)
//
// The process dies for real: the dispositions of SIGPIPE, SIGINT and SIGTERM are the kernel's
// own, not the Go runtime's, and nothing of Go runs when they kill. A call is reported before
// it is made, because the process may not live to report the return.
//
// The process holds open what a plain C program would: 0, 1 and 2 (0 is the channel to the
// laboratory), and the sockets that it was told to open, from 3 on and without CLOEXEC.
package puppet
