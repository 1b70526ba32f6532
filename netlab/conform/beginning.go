package conform

import "finwait/sim"

// beginnings returns how walks begin, so that they are soon where something can end: with
// nothing, half of a connection, one made segment by segment, one made at once.
func beginnings(wire bool) [][]sim.Step {
	if !wire {
		whole := steps("server listen", "client connect", "server accept")
		return [][]sim.Step{nil, whole[:2], whole, whole}
	}
	byHand := steps("server listen", "client connect", "deliver client", "deliver server", "deliver client", "server accept")
	atOnce := steps("auto deliver on", "server listen", "client connect", "server accept", "auto deliver off")
	return [][]sim.Step{nil, byHand[:2], byHand[:4], byHand, atOnce, atOnce}
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
