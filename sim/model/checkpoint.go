package model

import "finwait/sim/tcp"

// Checkpoint is how the hosts were before an input, so that it can be taken back.
type Checkpoint struct {
	World   tcp.World
	process *Process // the process that makes a call, nil without one
	was     Process
	lengths [][2]int // of the streams, by connection
}

// Checkpoint returns how the hosts are before an input: before a call of p, or with a nil p
// before an input in which no process takes part.
func (h *Hosts) Checkpoint(p *Process) Checkpoint {
	c := Checkpoint{World: h.World, process: p}
	if p == nil {
		return c
	}
	c.was = *p
	for _, conn := range h.conns {
		c.lengths = append(c.lengths, [2]int{len(conn.stream[0]), len(conn.stream[1])})
	}
	return c
}

// Restore takes back the input before which c was made: what it has changed in the model, in
// the calling process, and in what was written.
func (h *Hosts) Restore(c *Checkpoint) {
	h.World = c.World
	if c.process != nil {
		*c.process = c.was
	}
	for i, n := range c.lengths {
		for side := range n {
			h.conns[i].stream[side] = h.conns[i].stream[side][:n[side]]
		}
	}
}
