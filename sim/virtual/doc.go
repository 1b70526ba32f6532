// Package virtual is the laboratory on the model: no sockets, any operating system, and
// a clock that only moves when somebody waits, so that a minute of TIME_WAIT passes at
// a key press.
//
//	Step ─▶ Lab ─▶ program.Plan ─▶ tcp.Input ─▶ tcp.World ─▶ tcp.Effect ─▶ Event
//
// What a step means is said by package program, as for the live laboratory. What happens is
// told in the order in which that tells it. Everything is by the model.
//
// Between two steps no time passes. In a step it does for what the step needs: until
// every acknowledgement that is owed has left, or until what it waits for is there.
//
// A Shadow is the model beside live sockets: it follows their log, and brings a verdict on
// each thing that came of a step. Beside puts one beside a live laboratory.
//
//	Event ─▶ Shadow ─▶ tcp.Input ─▶ tcp.World (Observed) ─▶ what the model says
//	             └────────────────────────────────────▶ what the kernel did ─▶ verdict
//
// A Shadow has its programs make the calls that stand in the log. Who drives the model, a
// Lab or a Shadow, decides when; what calls do and what the programs tell is the same for
// both (hosts).
package virtual
