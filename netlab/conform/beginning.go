package conform

import (
	"slices"

	"finwait/sim"
)

// beginnings returns how walks begin, so that they are soon where something can end: with
// nothing, half of a connection, one made segment by segment, one made at once; two, and
// as many as the accept queue has room for.
func beginnings(wire bool) [][]sim.Step {
	whole := steps("server listen", "client connect", "server accept")
	if !wire {
		return [][]sim.Step{nil, whole[:2], whole, whole, two(whole), queue()}
	}
	byHand := steps("server listen", "client connect", "deliver client", "deliver server", "deliver client", "server accept")
	on, off := steps("auto deliver on"), steps("auto deliver off")
	atOnce := func(list []sim.Step) []sim.Step { return slices.Concat(on, list, off) }
	one := atOnce(whole)
	return [][]sim.Step{nil, byHand[:2], byHand[:4], byHand, one, one, atOnce(two(whole)), atOnce(queue())}
}

// two makes a second connection beside the first.
func two(whole []sim.Step) []sim.Step { return slices.Concat(whole, whole[1:]) }

// queue makes connections that nobody accepts: a backlog has room for one more than it
// says.
func queue() []sim.Step {
	return slices.Concat(steps("server listen"), slices.Repeat(steps("client connect"), sim.Backlog+1))
}

// steps reads steps as they are written.
func steps(lines ...string) []sim.Step {
	list := make([]sim.Step, len(lines))
	for i, line := range lines {
		step, err := sim.ParseStep(line)
		if err != nil {
			panic(err)
		}
		list[i] = step
	}
	return list
}
