// Package check is a conformance checker: the model beside the log of real sockets.
//
//	Event ─▶ Checker ─▶ tcp.Input ─▶ model.Hosts ─▶ what the model predicts
//	             └──────────────────────────────▶ what the kernel did ─▶ verdict
//
// A Checker is a fold over the log. The processes of its model make the calls that stand in the
// log, when they stand there, and segments arrive when they do in the log. At the end of each
// step it compares what the model predicts with what the kernel did, and returns verdicts.
//
// What a kernel may do sooner or later, the model does when the log has it: a delayed
// acknowledgement, a retransmission, the wake-up of a process. Such a choice has to be one that
// the model permits at that moment. Anything else is a disagreement, after which the Checker
// is silent.
package check
