package program

import "fmt"

// english returns the refusal as a sentence without a full stop.
func (r *Refusal) english() string {
	switch r.Kind {
	case Alive:
		return fmt.Sprintf("the %s lives (process %d): kill it first", r.At, r.PID)
	case Dead:
		if r.Parent {
			return fmt.Sprintf("the %s's parent is dead (exit status %d)", r.At, r.Status)
		}
		return fmt.Sprintf("the %s is dead (exit status %d); \"%s start\" gives it a new process", r.At, r.Status, r.At)
	case JustDied:
		return fmt.Sprintf("the process %d has just died", r.PID)
	case Blocked:
		return fmt.Sprintf("the %s is blocked in %s", r.At, r.Call)
	case NoParent:
		return fmt.Sprintf("the %s has no parent: it has not forked", r.At)
	case Forked:
		return fmt.Sprintf("the %s's parent has forked already", r.At)
	case NotListening:
		return fmt.Sprintf("the %s is not listening", r.At)
	case NoConnection:
		return fmt.Sprintf("the %s holds no connection", r.At)
	case NoDescriptor:
		return fmt.Sprintf("the %s has no descriptor %d", r.At, r.FD)
	}
	return r.englishOfNetwork()
}

// englishOfNetwork is english for the kinds that are about connections and the wire.
func (r *Refusal) englishOfNetwork() string {
	switch r.Kind {
	case CrossOnLoopback:
		return `on loopback the client's SYN is refused before the server can connect; it takes a lesson with "net: wire" in its head`
	case NotConnecting:
		return fmt.Sprintf(`the client is in %s; the server can connect to it while it is in SYN_SENT, after "client connect"`, r.State)
	case Crossed:
		return `the server has connected to it before; "client connect" begins another connection`
	case NoWire:
		return `there is no wire on loopback; it takes a lesson with "net: wire" in its head`
	case CableCut:
		return "the cable is cut already"
	case CableWhole:
		return "the cable is not cut"
	case NothingOnWire:
		if r.At != "" {
			return fmt.Sprintf("the %s has nothing on the wire", r.At)
		}
		return "nothing is on the wire"
	case NotOnWire:
		return fmt.Sprintf("segment %d is not on the wire", r.ID)
	case NothingToSwap:
		return fmt.Sprintf("the %s does not have two segments on the wire", r.At)
	case StateNotReached:
		return fmt.Sprintf("the %s is in %s after %s", r.At, r.State, r.Waited)
	case NothingSent:
		return fmt.Sprintf("the %s has nothing on the wire after %s", r.At, r.Waited)
	}
	return string(r.Kind)
}
