package tcp

import (
	"bytes"
	"reflect"
	"testing"
	"unsafe"

	"finwait/sim"
)

// notInKey are the fields that a key leaves out, and why.
var notInKey = map[string]string{
	"World.Settings": "the settings of compared worlds are the same",
	"World.lastID":   "an ID", "World.nSent": "only the order matters", "World.unsupported": "nothing holds after it", "World.lastAcceptSeq": "only the order matters", "World.dirty": "0 between inputs",

	"socket.id": "an index", "socket.reportedState": "follows from the state", "socket.reportedOrphan": "follows from the descriptors",
	"socket.acceptSeq": "the key has the position in the queue",

	"sender.WL1": "matters only to the width of windows", "sender.maxSent": "matters only to Segment.Resent", "sender.synsSent": "matters only to Segment.Resent",
	"sender.backoff": "a time", "sender.retransStamp": "a time", "sender.newestSentAt": "a time", "sender.unackedSince": "a time", "sender.lastSentAt": "a time", "sender.userTimeoutSetAt": "a time",
	"receiver.wndEdge": "matters only to the width of windows", "sender.ackedAt": "observed World only", "sender.probesMaybeOut": "observed World only", "socket.errMayBeTimeout": "observed World only", "Segment.ID": "an ID",
	"receiver.tsRecent": "the key has the age of each segment on the wire", "receiver.lastDataAt": "a time",
	"timers.ackOptional": "observed World only", "timers.optionalChallenge": "observed World only",
	"rtxSegment.sentAt":            "when",
	"rtxSegment.resends":           "observed World only",
	"process.nReadable":            "observed World only",
	"World.maxRTT":                 "when",
	"World.beforeLastSegmentUntil": "observed World only",
	"receiver.tsRecentAt":          "observed World only", "Segment.SentAt": "observed World only", "Segment.FirstSentAt": "observed World only",
	"process.early": "observed World only", "socket.wasEstablished": "observed World only",
	"timers.ackPendingSince": "a time",
	"process.ready":          "false between inputs", "process.errno": "was returned",
	"process.ret": "was returned", "process.events": "was returned", "process.lingerUntil": "a time",
	"Segment.Fate": "all segments on the wire have the same", "Segment.Resent": "matters only to the effect", "Segment.Copies": "a counter",
}

// busyWorld returns a bench that uses every part of a key: both sides have sent data, a
// segment is missing, one process is blocked in a write and the other in a close.
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

// Every field changes the key, except for those in notInKey.
func TestKey(t *testing.T) {
	b := busyWorld()
	s, p := b.lookup(Client, 1), &b.procs[clientProc]
	if s.snd.rtxLen == 0 || b.lookup(Server, 1).rcv.nOutOfOrder == 0 || b.nFlight == 0 || b.nDelivered == 0 || p.call != OpWrite {
		t.Fatalf("a part of the World is not used: %+v", b.World)
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

// mutate changes each field of a part of the World in turn, and compares the key.
func mutate(t *testing.T, b *bench, name string, part any) {
	v := reflect.ValueOf(part).Elem()
	for i := range v.NumField() {
		field := name + "." + v.Type().Field(i).Name
		f := reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem()
		if kind := f.Kind(); kind == reflect.Array || kind == reflect.Struct && field != "World.Settings" {
			continue // mutate is called for its parts
		}
		before, world := b.AppendKey(nil), b.World
		switch {
		case f.Kind() == reflect.Bool:
			f.SetBool(!f.Bool())
		case f.CanUint():
			f.SetUint(boolBit(f.Uint() == 0))
		case f.CanInt() && f.Int() != 0 && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(0) // the timer stops
		case f.CanInt() && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(int64(b.now) + 1)
		case f.CanInt():
			f.SetInt(f.Int() + 1)
		}
		changed := !bytes.Equal(before, b.AppendKey(nil))
		b.World = world
		if !changed && notInKey[field] == "" {
			t.Errorf("%s is neither in the key nor in notInKey", field)
		}
		if changed && notInKey[field] != "" {
			t.Errorf("%s is in the key and in notInKey", field)
		}
	}
}

func boolBit(ok bool) uint64 {
	if ok {
		return 1
	}
	return 0
}

// Worlds that differ only in times, IDs and counters have the same key.
func TestKeyMerges(t *testing.T) {
	early, late := connected(), newBench()
	late.now += 5000
	late.lastID += 100
	late.nSent += 100
	late.listens().connects(clientProc).deliverAll()
	late.do(sys(serverProc, OpAccept, 3, 0))
	if !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the key contains a time or an ID")
	}
	early.do(sys(clientProc, OpClose, 3, 0))
	if late.do(sys(clientProc, OpClose, 3, 0)); !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the keys differ after the same input")
	}
	if early.View(Client, 1).State != sim.FinWait1 {
		t.Error(early.states())
	}
}
