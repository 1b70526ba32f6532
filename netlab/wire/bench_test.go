package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/sim"
)

// fakePort is a fake host: the packets that it is about to send, and those that have reached
// it.
type fakePort struct {
	sends, got [][]byte
	err        error
}

func (p *fakePort) Read(buf []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	if len(p.sends) == 0 {
		return 0, ErrEmpty
	}
	n := copy(buf, p.sends[0])
	p.sends = p.sends[1:]
	return n, nil
}

func (p *fakePort) Write(packet []byte) error {
	if p.err != nil {
		return p.err
	}
	p.got = append(p.got, bytes.Clone(packet))
	return nil
}

// bench is a wire between two fake hosts, and its news as text.
type bench struct {
	*Wire
	client, server *fakePort
	news           []string
}

func newBench() *bench {
	b := &bench{client: &fakePort{}, server: &fakePort{}}
	b.Wire = New(b.client, b.server)
	return b
}

// segment returns a packet of the connection between the two hosts. ident stands
// for what tells copies apart: the identification of the IP header.
func segment(from sim.End, flags sim.Flags, seq, ack sim.Seq, data string, ident uint16) []byte {
	b := make([]byte, minIP+minTCP, minIP+minTCP+len(data))
	b = append(b, data...)
	be := binary.BigEndian
	b[0], b[8], b[9] = 0x45, 64, protoTCP
	be.PutUint16(b[2:], uint16(len(b)))
	be.PutUint16(b[4:], ident)
	client, server := []byte{192, 0, 2, 1}, []byte{192, 0, 2, 2}
	ports := [2]uint16{40001, 8088}
	if from == sim.Server {
		client, server, ports = server, client, [2]uint16{8088, 40001}
	}
	copy(b[12:], client)
	copy(b[16:], server)
	be.PutUint16(b[minIP:], ports[0])
	be.PutUint16(b[minIP+2:], ports[1])
	be.PutUint32(b[minIP+4:], uint32(seq))
	be.PutUint32(b[minIP+8:], uint32(ack))
	b[minIP+12], b[minIP+13] = minTCP/4<<4, byte(flags)
	return b
}

// note records what became of a segment.
func (b *bench) note(n News) {
	resent := ""
	if n.Held.Resent {
		resent = " resent"
	}
	b.news = append(b.news, fmt.Sprintf("%d %s %s x%d%s %s", n.Held.ID, n.Held.From, n.Packet.Flags, n.Held.Copies, resent, n.Fate))
}

// says fails the test unless the wire's news since the last time were these.
func (b *bench) says(t testing.TB, want ...string) {
	t.Helper()
	if err := b.Take(b.note); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.news, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(b.news, "\n\t"), strings.Join(want, "\n\t"))
	}
	b.news = nil
}

// does makes one of Deliver, Drop and Duplicate with the segment of that number.
func (b *bench) does(t testing.TB, act func(*Held) (News, error), id int) {
	t.Helper()
	h := b.ByID(id)
	if h == nil {
		t.Fatalf("segment %d is not on the wire", id)
	}
	news, err := act(h)
	if err != nil {
		t.Fatal(err)
	}
	b.note(news)
}

// ages makes the delivery of every segment long past.
func (b *bench) ages() {
	for _, h := range b.delivered {
		h.deliveredAt = time.Time{}
	}
}

// flight returns the numbers of what is on the wire.
func (b *bench) flight() string {
	var ids []string
	for _, h := range b.Flight() {
		ids = append(ids, fmt.Sprint(h.ID))
	}
	return strings.Join(ids, " ")
}

func (p *fakePort) send(packets ...[]byte) { p.sends = append(p.sends, packets...) }

// received fails the test unless exactly these packets have reached the host.
func (p *fakePort) received(t testing.TB, want ...[]byte) {
	t.Helper()
	if !slices.EqualFunc(p.got, want, bytes.Equal) {
		t.Errorf("the host got\n\t%x\nwant\n\t%x", p.got, want)
	}
	p.got = nil
}
