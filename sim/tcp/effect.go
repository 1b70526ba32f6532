package tcp

import "finwait/sim"

// EffectKind is the kind of an Effect. It decides which fields of the Effect have a meaning.
type EffectKind uint8

// The kinds of effects, each with the fields that it uses.
const (
	Started      EffectKind = iota // Side, Proc
	Returned                       // Side, Proc, Op, FD, Ret, Errno; a read also has Conn and Offset, a poll Events
	Blocked                        // Side, Proc, Op, FD: the call blocks
	Signaled                       // Side, Proc, Signal; Ret is 1 if a handler ran, 0 if the signal kills
	Exited                         // Side, Proc, Signal: the process is dead; Ret is the number of bytes that its write had queued
	StateChanged                   // Side, Conn, From, To, Orphan: the state of one end, as the kernel reports it
	SegmentMoved                   // Segment: the segment was sent, or its fate has changed
	CableChanged                   // Ret is 1 if the cable was cut, 0 if it was mended
)

// Effect is one thing that can be noticed from outside.
type Effect struct {
	Kind     EffectKind
	Side     Side
	Op       Op
	Errno    Errno
	Signal   Signal
	Orphan   bool
	From, To sim.State
	Events   Events
	Proc     int16
	FD       int16
	Conn     uint16
	Ret      int32
	Offset   uint32 // offset of a read's first byte in the peer's stream, from 0
	Segment  Segment
}
