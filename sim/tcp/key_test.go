package tcp

import (
	"bytes"
	"reflect"
	"testing"
	"unsafe"

	"finwait/sim"
)

// merged are the fields that are not in a key, and why they need not be.
var merged = map[string]string{
	"World.Settings": "a key is for worlds with the same ones",
	"World.lastID":   "an ID", "World.sent": "only an order is made of it", "World.beyond": "is the end of what it says", "World.queued": "only a place in a queue is made of it", "World.dirty": "0 between inputs",

	"socket.id": "a place", "socket.shown": "follows from the state", "socket.orphan": "follows from who has it",
	"socket.queue": "as a place among those that wait",

	"sender.wl": "only for windows", "sender.most": "only for what is told of a segment", "sender.syns": "only for what is told of a segment",
	"sender.backoff": "when", "sender.stamp": "when", "sender.at": "when", "sender.begun": "when", "sender.last": "when", "sender.hurried": "when",
	"receiver.edge": "only for windows", "sender.ackedAt": "only of a World that is Lazy", "sender.doubtful": "only of a World that is Lazy", "socket.late": "only of a World that is Lazy", "Segment.ID": "an ID",
	"receiver.newest": "as the age of what is on the wire", "receiver.last": "when",
	"timers.may": "only of a World that is Lazy", "timers.suspect": "only of a World that is Lazy",
	"part.at":         "when",
	"part.again":      "only of a World that is Lazy",
	"process.sights":  "only of a World that is Lazy",
	"World.slowest":   "when",
	"World.haunts":    "only of a World that is Lazy",
	"receiver.recent": "only of a World that is Lazy", "Segment.At": "only of a World that is Lazy", "Segment.First": "only of a World that is Lazy",
	"process.inTime": "only of a World that is Lazy", "socket.opened": "only of a World that is Lazy",
	"timers.owedAt": "when",
	"process.ready": "false between inputs", "process.errno": "was returned",
	"process.ret": "was returned", "process.events": "was returned", "process.until": "when",
	"Segment.Fate": "that of all on the wire is the same", "Segment.Resent": "only told", "Segment.Copies": "only counts",
}

// rich returns a world in which every part of a key is used: both sides have sent data, a
// segment is missing, one process is in a write and the other in a close that waits.
func rich() *bench {
	b := newBench()
	b.SendBuffer = 3 * b.MSS
	b.listens().connects(clientProc).deliverAll()
	b.do(on(serverProc, OpAccept, 3, 0))
	b.do(Input{Op: OpKeepalive, Proc: clientProc, FD: 3, N: 3, Idle: Second, Every: Second})
	b.do(Input{Op: OpLinger, Proc: serverProc, FD: 4, N: 9})
	b.do(on(clientProc, OpWrite, 3, 9*b.MSS)).deliver(Client)
	b.drop(Client).deliver(Client)
	return b.do(on(serverProc, OpWrite, 4, 5), on(serverProc, OpRead, 4, 1<<20), on(serverProc, OpClose, 4, 0))
}

// Every field that can matter changes the key: what is not in it is in the list above.
func TestKey(t *testing.T) {
	b := rich()
	s, p := b.socketOf(Client, 1), &b.procs[clientProc]
	if s.tx.parts == 0 || b.socketOf(Server, 1).rx.spans == 0 || b.flying == 0 || b.landing == 0 || p.in != OpWrite {
		t.Fatalf("the world is not rich enough: %+v", b.World)
	}
	mutate(t, b, "World", &b.World)
	mutate(t, b, "socket", s)
	mutate(t, b, "sender", &s.tx)
	mutate(t, b, "receiver", &b.socketOf(Server, 1).rx)
	mutate(t, b, "timers", &s.tm)
	mutate(t, b, "process", p)
	mutate(t, b, "part", &s.tx.sent[0])
	mutate(t, b, "span", &b.socketOf(Server, 1).rx.holes[0])
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
			f.SetUint(bit(f.Uint() == 0))
		case f.CanInt() && f.Int() != 0 && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(0) // does not run
		case f.CanInt() && f.Type() == reflect.TypeFor[Time]():
			f.SetInt(int64(b.now) + 1)
		case f.CanInt():
			f.SetInt(f.Int() + 1)
		}
		changed := !bytes.Equal(before, b.AppendKey(nil))
		b.World = world
		if !changed && merged[field] == "" {
			t.Errorf("%s is not in the key, and it is not said why", field)
		}
		if changed && merged[field] != "" {
			t.Errorf("%s is in the key", field)
		}
	}
}

func bit(ok bool) uint64 {
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
	late.sent += 100
	late.listens().connects(clientProc).deliverAll()
	late.do(on(serverProc, OpAccept, 3, 0))
	if !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the key has a time or an ID in it")
	}
	early.do(on(clientProc, OpClose, 3, 0))
	if late.do(on(clientProc, OpClose, 3, 0)); !bytes.Equal(early.AppendKey(nil), late.AppendKey(nil)) {
		t.Error("the keys differ after the same input")
	}
	if early.View(Client, 1).State != sim.FinWait1 {
		t.Error(early.states())
	}
}
