package cli

import (
	"fmt"
	"slices"

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
	o := netlab.Options{
		Lesson: l.Name, Title: l.Title, Source: l.Source, Net: l.Net, KernelTimers: l.Timers == lesson.TimersKernel,
		Port: f.port, AnyPort: !f.portAsked(), NoReuse: bindsWithoutReuse(l),
	}
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

// bindsWithoutReuse reports whether the server of a lesson listens without SO_REUSEADDR.
func bindsWithoutReuse(l *lesson.Lesson) bool {
	return slices.ContainsFunc(l.Steps, func(s lesson.Step) bool {
		for step := &s.Step; step != nil; step = step.Then {
			if step.Verb == sim.VerbListen && step.How == "noreuse" {
				return true
			}
		}
		return false
	})
}
