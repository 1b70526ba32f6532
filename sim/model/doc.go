// Package model is two hosts on the model: no sockets, any operating system.
//
//	Step ─▶ Lab ─▶ program.Plan ─▶ Hosts ─▶ tcp.Input ─▶ tcp.World ─▶ tcp.Effect ─▶ Event
//
// Hosts are the two machines with their processes: calls go in, events come out. A Lab drives
// them as a lesson asks: a step goes in, and everything that happens comes out of the same
// call. Its clock is virtual and moves only in a step that waits, so that a minute of TIME_WAIT
// passes at a key press: between two steps no time passes, and within one as much as the
// step needs, until every acknowledgement that is due has left and what it waits for is there.
//
// A check.Checker drives Hosts, too, as a live log asks. What a step means is said by package
// program, for this lab as for a live one. The events of a step stand in the order in which a
// live lab tells them, and all of them are sim.ByModel.
//
// Nothing here has a goroutine or reads a clock. A Lab belongs to one goroutine; internal/lab
// makes a sim.Lab of it.
package model
