package sockdiag

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"finwait/sim"
)

// TestDestroyAnswers: what Destroy makes of each answer. No socket of this machine is destroyed.
func TestDestroyAnswers(t *testing.T) {
	failed := func(seq uint32, errno unix.Errno) []byte { return msg(typeError, seq, errnoBody(errno)) }
	tests := []struct {
		name    string
		answers func(seq uint32) [][]byte // seq is that of the request
		err     error
	}{
		{"nothing", func(n uint32) [][]byte { return nil }, unix.EAGAIN},
		{"destroyed", func(n uint32) [][]byte { return [][]byte{failed(n, 0)} }, nil},
		{"after a stale answer", func(n uint32) [][]byte { return [][]byte{failed(n-1, unix.EPERM), failed(n, 0)} }, nil},
		{"gone", func(n uint32) [][]byte { return [][]byte{failed(n, unix.ENOENT)} }, unix.ENOENT},
		{"refused", func(n uint32) [][]byte { return [][]byte{failed(n, unix.EPERM)} }, unix.EPERM},
		{"not known", func(n uint32) [][]byte { return [][]byte{failed(n, unix.EOPNOTSUPP)} }, unix.EOPNOTSUPP},
		{"a socket", func(n uint32) [][]byte { return [][]byte{msg(typeByFamily, n, body(sim.LastAck, 1, 2))} }, errUnknown},
		{"without an errno", func(n uint32) [][]byte { return [][]byte{msg(typeError, n, nil)} }, errShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, kernel := fake(t)
			say(t, kernel, tt.answers(c.seq+1)...)
			err := c.Destroy(Socket{Local: anywhere, Remote: anywhere, Cookie: 1})
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
		})
	}
}

// TestDestroyAllAnswers: a socket that is gone, or that may not be destroyed, is no error.
func TestDestroyAllAnswers(t *testing.T) {
	if !endsOrphans() {
		t.Skip("this kernel ends no orphan (before Linux 6.12)")
	}
	one := func(seq uint32, s sim.State) []byte { return msg(typeByFamily, seq, body(s, 1, 2)) }
	answer := func(seq uint32, errno unix.Errno) []byte { return msg(typeError, seq, errnoBody(errno)) }
	for name, tt := range map[string]struct {
		answers []unix.Errno
		err     error
	}{
		"gone":    {[]unix.Errno{unix.ENOENT, 0}, nil},
		"refused": {[]unix.Errno{unix.EPERM}, nil},
		"failed":  {[]unix.Errno{unix.ENOMEM, 0}, unix.ENOMEM},
	} {
		t.Run(name, func(t *testing.T) {
			c, kernel := fake(t)
			n := c.seq + 1
			say(t, kernel, one(n, sim.TimeWait), one(n, sim.FinWait1), one(n, sim.Close), one(n, sim.LastAck), msg(typeDone, n, errnoBody(0)))
			for i, errno := range tt.answers {
				say(t, kernel, answer(n+1+uint32(i), errno))
			}
			if err := c.DestroyAll(); !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if asked := c.seq - n; asked != uint32(len(tt.answers)) {
				t.Errorf("%d sockets were to be destroyed, want %d", asked, len(tt.answers))
			}
		})
	}
}
