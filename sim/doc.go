// Package sim is the vocabulary of finwait: what a TCP endpoint can be in
// (State), what travels (Segment), what a program asks of its kernel (Call),
// what a person asks of the lab (Step), and what happened (Event).
//
//	Step ──▶ Lab ──▶ Event ──▶ Log ──▶ fold ──▶ ladder, boxes, transcript, JSON
//
// Everything that happens is one Event in one ordered, append-only Log. Every
// consumer is a fold over it: it reads events in order and keeps what it needs;
// Scene is the fold that the others share.
//
// The package is pure. It imports no os, net, time, sync, log or math/rand,
// starts no goroutine and touches no file: time, ports and process ids come in
// as values. It owns the one spelling of states, segments, calls and steps, which is the same in
// every language. The sentences about them are in package lang: until there, a refusal, a silence
// and an agreement are values.
// Spelling is the kernel's (FIN_WAIT2, CLOSE_WAIT, EPIPE), because that is what
// a student meets in ss(8), strace(1) and errno(3).
package sim
