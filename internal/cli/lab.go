package cli

import (
	"fmt"

	"finwait/internal/lab"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// modelled reports whether every lesson is played on the model, whatever its head says: with
// --net sim, and on a system that has no live lab.
func (f *flags) modelled() bool {
	return f.net == sim.Model || f.net == "" && !netlab.Live && !f.private
}

// openLab opens the lab that the flags and the head of the lesson ask for. The caller closes
// it. A live lab has the model beside it.
func openLab(f *flags, l *lesson.Lesson) (sim.Lab, error) {
	if f.modelled() || f.net == "" && l.Net == sim.Model {
		return lab.Simulated(model.Options{
			Lesson: l.Name, Title: l.Title, Source: l.Source, Port: f.port,
			Wire: l.HasWire(), KernelTimers: l.Timers == lesson.TimersKernel,
		}), nil
	}
	o := netlab.Options{Lesson: l.Name, Title: l.Title, Source: l.Source, Port: f.port, Net: l.Net, KernelTimers: l.Timers == lesson.TimersKernel}
	if f.net != "" {
		o.Net = f.net
		o.AutoDeliver = !l.HasWire()
	}
	if o.Net == sim.Loopback && l.HasWire() {
		return nil, usageError{fmt.Errorf("the lesson %s is about segments that are held: it plays on the wire only", l.Name)}
	}
	if f.private {
		o.Host = netlab.HostPrivate
	}
	live, err := netlab.Open(o)
	if err != nil {
		return nil, err
	}
	return lab.WithModel(live), nil
}
