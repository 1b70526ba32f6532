// Package program says what a step means: which process makes which calls, or what happens
// to a process, to the wire, to the time; or why the step is refused.
//
//	Event ──▶ sim.Table.Apply    the processes of both ends, and their descriptors
//	Step  ──▶ Plan ──▶ Action    what is to be done
//	               └─▶ Refusal   why it cannot be done as things are
//
// Plan is a pure function of the table of a log, a step and what the laboratory knows of its
// Network. Who plans does not act: the live laboratory sends the calls to its programs, the
// model applies them, and a checker compares the refusals. Nothing else decides what a step
// means.
//
// A Refusal is a value (sim.Refusal), a kind and its data. Its sentences stand in sim/lang.
package program
