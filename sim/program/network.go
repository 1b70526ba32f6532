package program

import (
	"fmt"
	"net/netip"

	"finwait/sim"
)

// Network is what a laboratory knows of the network and of its connections.
type Network struct {
	Wire   bool           // there are two hosts and the wire between them; else both ends are on one host's lo
	Cut    bool           // the cable is cut
	Traced bool           // the programs are traced ones, which make calls of their own
	Flight []Segment      // what is on the wire, in the order in which it will be delivered
	Server netip.AddrPort // where the server listens
	Client netip.AddrPort // what the client of the next connection binds
	Newest Connection     // the zero Connection before the first
}

// Segment is one segment on the wire.
type Segment struct {
	ID   int
	From sim.End
}

// Connection is what a step may ask of a connection.
type Connection struct {
	Client      netip.AddrPort // address of its client
	ClientState sim.State      // of the client's end
	ServerState sim.State      // of the server's end; of the listener where there is none yet
	Crossed     bool           // the server has sent a SYN, too
}

// State returns the state of an end.
func (c Connection) State(at sim.End) sim.State {
	if at == sim.Server {
		return c.ServerState
	}
	return c.ClientState
}

// inFlight returns the numbers of an end's segments on the wire, of all for "".
func (n Network) inFlight(from sim.End) []int {
	var ids []int
	for _, s := range n.Flight {
		if from == "" || s.From == from {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// plan returns what a step does to the wire.
func (n Network) plan(s sim.Step) (Action, error) {
	if !n.Wire {
		return nil, &sim.Refusal{Kind: sim.RefusedNoWire}
	}
	switch s.Verb {
	case sim.VerbAuto:
		return Auto{s.How == "on"}, nil
	case sim.VerbCut:
		if n.Cut {
			return nil, &sim.Refusal{Kind: sim.RefusedCableCut}
		}
		return Cable{Cut: true}, nil
	case sim.VerbMend:
		if !n.Cut {
			return nil, &sim.Refusal{Kind: sim.RefusedCableWhole}
		}
		return Cable{Cut: false}, nil
	case sim.VerbSwap:
		if len(n.inFlight(s.From)) < 2 {
			return nil, &sim.Refusal{Kind: sim.RefusedNothingToSwap, At: s.From}
		}
		return Swap{s.From}, nil
	case sim.VerbDeliver, sim.VerbDrop, sim.VerbDuplicate:
		return n.handle(s)
	}
	return nil, fmt.Errorf("program: %q is not for the wire", s.Verb)
}

// handle returns what a step does to the segments that it picks.
func (n Network) handle(s sim.Step) (Action, error) {
	if s.N != 0 {
		for _, h := range n.Flight {
			if h.ID == s.N {
				return Handle{s.Verb, []int{s.N}}, nil
			}
		}
		return nil, &sim.Refusal{Kind: sim.RefusedNotOnWire, ID: s.N}
	}
	ids := n.inFlight(s.From)
	switch {
	case len(ids) == 0:
		return nil, &sim.Refusal{Kind: sim.RefusedNothingOnWire, At: s.From}
	case s.How != sim.PickAll:
		return Handle{s.Verb, ids[:1]}, nil
	case s.Verb == sim.VerbDeliver:
		return DeliverAll{}, nil
	}
	return Handle{s.Verb, ids}, nil
}
