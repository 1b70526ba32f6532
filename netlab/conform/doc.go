// Package conform asks whether a kernel does what the model says: random walks over
// everything that steps can do, each on a live laboratory, with a judge beside it that
// compares the kernel with the model after every step.
//
//	seed, number ─▶ step ─▶ Lab ─▶ Event ─▶ Judge ─▶ verdicts
//	                 ▲               │
//	                 └─ situation ◀──┘
//
// What comes next is chosen by what is true now, so that most steps make sense: a
// delivery where something is on the wire, a start where a process is dead. Some make
// none, since a refusal is to be compared as well. After a loss, what ends the connection comes
// more often: a reset that is in the window and not exact, a FIN behind a gap.
//
// A walk in which they disagree is played again, up to five times, while nothing else of the
// run is at work: a kernel's timers run on while the machine is busy. A walk that disagrees
// again is a disagreement; any other is only listed, as seen once.
//
// The shortest of the disagreements is made shorter, on fresh laboratories, as long as the same
// kind of disagreement comes again. What is left is printed as a lesson, which replays it.
//
// A walk is decided by its seed and its number, and by what the kernel does. Nothing here
// knows TCP.
package conform
