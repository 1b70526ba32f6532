// Package netlab is the live laboratory: two programs under test, the real
// sockets between them, and everything the kernel can be made to say about both.
//
//	Step ─▶ program.Plan ─▶ Lab
//	             Lab ─┬─▶ app       the calls, in a process per end
//	                  ├─▶ sockdiag  both ends' states, timers and queues
//	                  ├─▶ network   loopback: the segments captured on one host's lo
//	                  │             wired: every segment held between two private hosts
//	                  └─▶ host      this machine, or a private namespace
//	Event ◀─ one loop: drain, order by the clock, read the states, append
//
// Three layers of truth. What is by kernel was read from it: a return value, a
// wait status, a sock_diag answer, a captured segment. What is inferred must have
// happened, but nobody could see it: a state that was over before it could be
// read, a segment where capturing is not permitted. What is by model is predicted;
// nothing here is.
//
// One loop owns everything; nothing is shared, and no pause stands for knowledge.
// It emits events only while no program runs (each has returned from its call or
// sleeps in it), so that nothing can still arrive that belongs before them. A step
// has settled when every call has returned or sleeps, nothing sent lacks its
// acknowledgement unless the kernel has begun to repeat it or waits for a window,
// and a second look finds nothing new. On the wire what is held lacks nothing: it
// waits for a step; only what was delivered must have been acknowledged.
//
// Live sockets need Linux; elsewhere Open says so.
package netlab
