// Package program is the boundary between the laboratory and a program at one of its ends.
// The laboratory tells a Program something, and takes its events:
//
//	laboratory ──── Tell: Calls, Signal; Release, Type ────▶ Program
//	           ◀─── Next: Entered, Returned, Handled, Gone; ─┘
//	                      Held, Forked, Ignored, Output
//
// An event is matched to nothing but the process that it comes from and the call that it
// names: a laboratory never counts answers. A connection is never announced. It is discovered
// by its 4-tuple, which Entered (of connect) and Returned (of accept) carry as far as the
// program knows it; from then on its cookie tells it from others (sock_diag(7)). The clock of
// an event is that of captured segments, CLOCK_REALTIME: both are put in one order.
//
// # The implementations
//
// A puppet (package puppet) is finwait itself, re-executed: it makes the calls that it is told.
// A traced program (package traced) is anybody's, started under ptrace(2) with a seccomp filter.
// One more fits behind the interface: a foreign one runs already and is only seen. What each has
// to do:
//
//	          puppet                 traced by ptrace                      foreign
//	Tell      Calls are made         Calls are refused, ErrOwnCalls;       ErrOwnCalls
//	          Signal: kill(2)        Signal: kill(2)                       ErrOwnCalls
//	                                 Release: the call held the longest
//	Next      what its process       stops of all its threads:             nothing but Gone
//	          writes on a channel    seccomp stop          → Held
//	                                 released              → Entered
//	                                 syscall exit stop     → Returned
//	                                 signal delivery stop  → Handled, Ignored
//	                                 fork event            → Forked
//	                                 terminal              → Output
//	                                 wait status           → Gone
//	FD        the channel; after     the channel to the tracer, which is   a pidfd
//	          its end the pidfd      a process of its own
//	Running   in a call that does    a thread is neither stopped by us,    false
//	          not sleep; dying       asleep in /proc, nor dead
//	Stirring  idle, and not asleep   false                                 false
//
// A program that makes calls of its own is a Settler, too: it has calls that are told only if
// they block, which is known once everything has settled. ERESTART* at an exit stop is no
// Returned: the call goes on. A return that a deadly signal follows at once (-EPIPE, then
// SIGPIPE) is no Returned either: the program has not seen it.
package program
