package ipc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// note is a message as the tests send it.
type note struct {
	Text string
	Data []byte
}

// pair returns the two ends of a channel, closed with the test.
func pair(t testing.TB) (ours, theirs *Channel) {
	t.Helper()
	ours, fd, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	theirs = New(fd)
	t.Cleanup(func() { _, _ = ours.Close(), theirs.Close() }) // a test may have closed one
	return ours, theirs
}

// openFDs returns the number of open descriptors of this process.
func openFDs(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestMessagesArriveWholeAndInOrder(t *testing.T) {
	ours, theirs := pair(t)
	sent := []note{{Text: "first"}, {}, {Text: "all bytes: \x00\"\n\u00e9", Data: []byte{0, 255, 10}}, {Data: bytes.Repeat([]byte("x"), 64<<10)}}
	for _, n := range sent {
		if err := ours.Send(n); err != nil {
			t.Fatal(err)
		}
		var got note
		fds, err := theirs.Recv(&got)
		if err != nil || len(fds) > 0 || got.Text != n.Text || !bytes.Equal(got.Data, n.Data) {
			t.Errorf("sent %.40q, got %.40q, %d descriptors, %v", n.Text, got.Text, len(fds), err)
		}
	}
}

func TestTryRecvDoesNotWait(t *testing.T) {
	ours, theirs := pair(t)
	var got note
	if _, err := theirs.TryRecv(&got); !errors.Is(err, unix.EAGAIN) {
		t.Errorf("an empty channel: %v, want EAGAIN", err)
	}
	if err := ours.Send(note{Text: "now"}); err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.TryRecv(&got); err != nil || got.Text != "now" {
		t.Errorf("got %q, %v", got.Text, err)
	}
}

// Messages sent before the other end was closed are still read; then comes end of file.
func TestEndOfTheOtherSide(t *testing.T) {
	ours, theirs := pair(t)
	if err := ours.Send(note{Text: "last"}); err != nil {
		t.Fatal(err)
	}
	if err := ours.Close(); err != nil {
		t.Fatal(err)
	}
	var got note
	if _, err := theirs.Recv(&got); err != nil || got.Text != "last" {
		t.Errorf("got %q, %v", got.Text, err)
	}
	for _, receive := range []func(any) ([]int, error){theirs.Recv, theirs.TryRecv} {
		if _, err := receive(&got); err != io.EOF {
			t.Errorf("after the end: %v, want io.EOF", err)
		}
	}
	if err := theirs.Send(note{}); !errors.Is(err, unix.EPIPE) {
		t.Errorf("send to nobody: %v, want EPIPE", err)
	}
}

func TestDescriptorsTravel(t *testing.T) {
	ours, theirs := pair(t)
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pipe[0])
	if err := ours.Send(note{Text: "the writing end"}, pipe[1]); err != nil {
		t.Fatal(err)
	}
	unix.Close(pipe[1])
	var got note
	fds, err := theirs.Recv(&got)
	if err != nil || len(fds) != 1 {
		t.Fatalf("%d descriptors, %v", len(fds), err)
	}
	flags, err := unix.FcntlInt(uintptr(fds[0]), unix.F_GETFD, 0)
	if err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("flags %#x, %v: the descriptor would leak into a child", flags, err)
	}
	if _, err := unix.Write(fds[0], []byte("hi")); err != nil {
		t.Fatal(err)
	}
	unix.Close(fds[0])
	buf := make([]byte, 8)
	n, err := unix.Read(pipe[0], buf)
	if err != nil || string(buf[:n]) != "hi" {
		t.Errorf("read %q, %v", buf[:n], err)
	}
}

// An error leaves no descriptor open that came with the message.
func TestBrokenMessageClosesItsDescriptors(t *testing.T) {
	ours, theirs := pair(t)
	before := openFDs(t)
	if err := unix.Sendmsg(ours.FD(), []byte("{"), unix.UnixRights(0, 1, 2), nil, 0); err != nil {
		t.Fatal(err)
	}
	var got note
	if fds, err := theirs.Recv(&got); err == nil || len(fds) > 0 || !strings.HasPrefix(err.Error(), "decode message: ") {
		t.Errorf("%d descriptors, %v", len(fds), err)
	}
	if after := openFDs(t); after != before {
		t.Errorf("%d descriptors open, %d before", after, before)
	}
}

// More descriptors than fit, or a message that is too long, is an error rather
// than a part of it, and leaves nothing open.
func TestTooMuchIsAnError(t *testing.T) {
	ours, theirs := pair(t)
	before := openFDs(t)
	var got note
	if err := ours.Send(note{}, slices.Repeat([]int{0}, maxFDs+1)...); err != nil {
		t.Fatal(err)
	}
	if fds, err := theirs.Recv(&got); err == nil || len(fds) > 0 {
		t.Errorf("%d descriptors, %v; want an error", len(fds), err)
	}
	if err := ours.Send(note{Data: make([]byte, MaxMessage)}); err == nil {
		_, err = theirs.Recv(&got)
		if err == nil {
			t.Error("a message that is too long was received")
		}
	}
	if after := openFDs(t); after != before {
		t.Errorf("%d descriptors open, %d before", after, before)
	}
}

func TestSendWhatCannotBeEncoded(t *testing.T) {
	ours, _ := pair(t)
	if err := ours.Send(func() {}); err == nil || !strings.HasPrefix(err.Error(), "encode message: ") {
		t.Errorf("%v", err)
	}
}

// Whatever arrives is decoded, or refused without a descriptor left open.
func FuzzRecv(f *testing.F) {
	whole, err := json.Marshal(note{Text: "hello", Data: []byte("world")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add(whole[:5], true)
	f.Add([]byte("null"), true)
	ours, theirs := pair(f)
	f.Fuzz(func(t *testing.T, message []byte, withFD bool) {
		if len(message) == 0 || len(message) > MaxMessage {
			t.Skip() // an empty message is the end
		}
		var oob []byte
		if withFD {
			oob = unix.UnixRights(0)
		}
		if err := unix.Sendmsg(ours.FD(), message, oob, nil, 0); err != nil {
			t.Fatal(err)
		}
		var got note
		fds, err := theirs.Recv(&got)
		if err != nil && len(fds) > 0 {
			t.Errorf("descriptors %v with %v", fds, err)
		}
		closeAll(fds)
	})
}
