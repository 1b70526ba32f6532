package tcp

import (
	"bytes"
	"reflect"
	"testing"
	"unsafe"

	"finwait/sim"
)

// merged are the fields that are not in a key, and why they need not be.
var notInKey = map[string]string{
	"World.Settings": "a key is for worlds with the same ones",
	"World.lastID":   "an ID", "World.nSent": "only an order is made of it", "World.unsupported": "is the end of what it says", "World.lastAcceptSeq": "only a place in a queue is made of it", "World.dirty": "0 between inputs",

	"socket.id": "a place", "socket.reportedState": "follows from the state", "socket.reportedOrphan": "follows from who has it",
	"socket.acceptSeq": "as a place among those that wait",

	"sender.WL1": "only for windows", "sender.maxSent": "only for what is told of a segment", "sender.synsSent": "only for what is told of a segment",
	"sender.backoff": "when", "sender.retransStamp": "when", "sender.newestSentAt": "when", "sender.unackedSince": "when", "sender.lastSentAt": "when", "sender.userTimeoutSetAt": "when",
	"receiver.wndEdge": "only for windows", "sender.ackedAt": "only of a World that is Lazy", "sender.probesMaybeOut": "only of a World that is Lazy", "socket.errMayBeTimeout": "only of a World that is Lazy", "Segment.ID": "an ID",
	"receiver.tsRecent": "as the age of what is on the wire", "receiver.lastDataAt": "when",
	"timers.ackOptional": "only of a World that is Lazy", "timers.optionalChallenge": "only of a World that is Lazy",
	"rtxSegment.sentAt":            "when",
	"rtxSegment.resends":           "only of a World that is Lazy",
	"process.nReadable":            "only of a World that is Lazy",
	"World.maxRTT":                 "when",
	"World.beforeLastSegmentUntil": "only of a World that is Lazy",
	"receiver.tsRecentAt":          "only of a World that is Lazy", "Segment.SentAt": "only of a World that is Lazy", "Segment.FirstSentAt": "only of a World that is Lazy",
	"process.early": "only of a World that is Lazy", "socket.wasEstablished": "only of a World that is Lazy",
	"timers.ackPendingSince": "when",
	"process.ready":          "false between inputs", "process.errno": "was returned",
	"process.ret": "was returned", "process.events": "was returned", "process.lingerUntil": "when",
	"Segment.Fate": "that of all on the wire is the same", "Segment.Resent": "only told", "Segment.Copies": "only counts",
}

// rich returns a world in which every part of a key is used: both sides have sent data, a
// segment is missing, one process is in a write and the other in a close that waits.
func busyWorld() *bench {
	b := newBench()
	b.SendBuffer = 3 * b.MSS
	b.listens().connects(clientProc).deliverAll()
	b.do(sys(serverProc, OpAccept, 3, 0))
	b.do(keepalive(clientProc, 3)...)
	b.do(Input{Op: OpLinger, Proc: serverProc, FD: 4, N: 9})
	b.do(sys(clientProc, OpWrite, 3, 9*b.MSS)).deliver(Client)
	b.drop(Client).deliver(Client)
	return b.do(sys(serverProc, OpWrite, 4, 5), sys(serverProc, OpRead, 4, 1<<20), sys(serverProc, OpClose, 4, 0))
}

// Every field that can matter changes the key: what is not in it is in the list above.
func TestKey(t *testing.T) {
	b := busyWorld()
	s, p := b.lookup(Client, 1), &b.procs[clientProc]
	if s.snd.rtxLen == 0 || b.lookup(Server, 1).rcv.nOutOfOrder == 0 || b.nFlight == 0 || b.nDelivered == 0 || p.call != OpWrite {
		t.Fatalf("the world is not rich enough: %+v", b.World)
	}
	mutate(t, b, "World", &b.World)
	mutate(t, b, "socket", s)
	mutate(t, b, "sender", &s.snd)
	mutate(t, b, "receiver", &b.lookup(Server, 1).rcv)
	mutate(t, b, "timers", &s.timers)
	mutate(t, b, "process", p)
	mutate(t, b, "rtxSegment", &s.snd.rtxQueue[0])
	mutate(t, b, "seqRange", &b.lookup(Server, 1).rcv.outOfOrder[0])
	mutate(t, b, "Segment", &b.flight[0])
}

// mutate changes each field of a part of a world in turn.
func mutate(t *testing.T, b *bench, name string, part any) {
	v := reflect.ValueOf(part).Elem()
	for i := range v.NumField() {
		field := name + "." + v.Type().Field(i).Name
		f := reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem()
		if kind := f.Kind(); kind == reflect.Array || kind == reflect.Struct && field != "World.Settings" {
			continue // its parts come by themselves
		}
		before, world := b.AppendKey(nil), b.World
		switch {
		case f.Kind() == reflect.Bool:
			f.SetBool(!f.Bool())
		case f.CanUint():
			f.SetUint(boolBit(f.Uint() == 0))
		case f.CanInt() && f.Int() != 0 && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(0) // does not run
		case f.CanInt() && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(int64(b.now) + 1)
		case f.CanInt():
			f.SetInt(f.Int() + 1)
		}
		changed := !bytes.Equal(before, b.AppendKey(nil))
		b.World = world
		if !changed && notInKey[field] == "" {
			t.Errorf("%s is not in the key, and it is not said why", field)
		}
		if changed && notInKey[field] != "" {
			t.Errorf("%s is in the key", field)
		}
	}
}

func boolBit(ok bool) uint64 {
	if ok {
		return 1
	}
	return 0
}

// Worlds that differ only in when they were have the same key.
func TestKeyMerges(t *testing.T) {
	early, late := connected(), newBench()
	late.now += 5000
	late.lastID += 100
	late.nSent += 100
	late.listens().connects(clientProc).deliverAll()
	late.do(sys(serverProc, OpAccept, 3, 0))
	if !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the key has a time or an ID in it")
	}
	early.do(sys(clientProc, OpClose, 3, 0))
	if late.do(sys(clientProc, OpClose, 3, 0)); !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the keys differ after the same input")
	}
	if early.View(Client, 1).State != sim.FinWait1 {
		t.Error(early.states())
	}
}
