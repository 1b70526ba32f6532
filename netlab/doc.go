// Package netlab is the live laboratory: programs under test at two ends, the real sockets
// between them, and everything that the kernel can be made to say about both.
//
// The Lab opens, loops and closes. What it does is done by five parts, each with an owner of
// its own state; a part knows those that it points to, and nothing above it:
//
//	                       Lab            open, loop, close
//	        ┌───────────────┴──────┐
//	Step ─▶ step                   │      the step in progress: begin, settle, pause
//	        │   │   │              │
//	        │   │   └─▶ programs ◀─┤      the processes of both ends: tell, drain
//	        │   ▼                  │        each a program.Program: a puppet, or traced
//	        │  journal ◀───────────┤      what happened: add, order, emit ─▶ Event
//	        │   ▼                  │
//	        │  sockets ◀───────────┤      connections and listener as read from sock_diag(7)
//	        ▼   ▼                  │
//	       network ◀───────────────┘      loopback: segments captured on one host's lo
//	                                      wired: segments held between two private hosts
//
// A step goes down: sim/program plans its calls, the step in progress tells them to a program.
// What comes of it goes up: the loop drains segments from the network and events from the
// programs into the journal's batch, until no program runs (each has returned from its call or
// sleeps in it) and nothing more is there. Then nothing can still arrive that belongs before
// what was drained. The sockets are read, and the journal flushes: its passes, listed in
// passes_linux.go, put the batch in the order of the clock and emit it, then the states that
// were read.
//
// Three layers of truth. What is by kernel was read from it: a return value, a wait status, a
// sock_diag answer, a captured segment. What is inferred must have happened, but nobody could
// see it: a state that was over before it could be read, a segment where capturing is not
// permitted. What is by model is predicted; nothing here is.
//
// Where segments cannot be captured they are inferred by rules of their own (infer.go), not by
// the model of sim/check, which predicts the same as long as it can follow. That was measured
// with the model beside a captured lab whose segments it did not see: on every script on lo, in
// every lesson and on 30 random walks all of 2371 steps were equal. But the model cannot follow
// everything, and from there on nothing could be inferred. These rules can, where it would lose
//
//   - a window that is full, or that the kernel enlarges: with 180,000 bytes written before the
//     first read, 7 of 11 steps against 11 of 11 by these rules;
//   - more than 28 sockets at a time, or more than 31 connections in all: of 40 connections that
//     the server does not close, 80 of 161 steps against 161 of 161;
//   - everything after a disagreement.
//
// A step has settled when every call has returned or sleeps, nothing sent lacks its
// acknowledgement unless the kernel has begun to repeat it or waits for a window, and a second
// look finds nothing new. On the wire what is held waits for a step; only what was delivered
// must have been acknowledged. No pause stands for knowledge.
//
// One goroutine, the loop, owns everything; nothing is shared. Live sockets need Linux;
// elsewhere Open says so.
package netlab
