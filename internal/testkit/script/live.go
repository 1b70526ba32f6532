package script

import (
	"slices"

	"finwait/sim"
)

// AsLive returns a log of the model as one that sockets might have written.
func AsLive(log []sim.Event) []sim.Event {
	log = slices.Clone(log)
	for i, e := range log {
		if e.Kind() == sim.KindLab {
			live := *sim.Of[sim.LabOpened](e).Setting
			live.Capture, live.Net = sim.Captured, sim.Loopback
			if live.Client == sim.WireAddress(sim.Client) {
				live.Net = sim.Wire
			}
			sim.Edit(&log[i], func(b *sim.LabOpened) { b.Setting = &live })
		}
		if e.By() == sim.ByModel {
			sim.Edit(&log[i], func(b *sim.StateChanged) { b.By = sim.ByKernel })
			sim.Edit(&log[i], func(b *sim.SegmentMoved) { b.By = sim.ByKernel })
		}
	}
	return log
}
