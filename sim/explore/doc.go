// Package explore goes through everything that can happen to two ends of a connection,
// and says what can be reached: by the model, which is compared with the kernel elsewhere.
//
//	start ──▶ every Move ──▶ every world that is new ──▶ every Move ──▶ …
//
// It is a breadth-first search. A Move is a call of one of the two processes (listen,
// connect, accept, write, read, shutdown, close, its death), what becomes of a segment
// (delivered in any order, lost, copied), a timer, or the cable cut until an end gives
// up. There is one pair of ports, which either side may connect from and listen on;
// each connection begins with numbers of its own. Found has the shortest walk to every
// pair of states, and through every change of a state, labelled as in figure 5 of RFC
// 9293.
//
// Two limits keep it finite: how many moves a walk has, and how many of them are odd,
// those without which most connections live and die.
//
// Worlds with the same tcp.World.AppendKey are one, if they have the same past as far as
// it is asked for (Facts). The key leaves out for how long a timer has run. So any timer
// may fire before any other: what fell due meanwhile was sent, and was lost. Nothing that
// can be reached is missed by that; what is reached so can be reached by losing as much,
// as long as nobody gives up meanwhile, which takes longer than the minute of TIME_WAIT
// (Linux: 107 s). The key also leaves out how often something was repeated: only giving
// up depends on it, which is a move of its own.
//
// Only how a world was reached is kept, 32 bytes for each: it is walked to again.
package explore
