package cli

import (
	"errors"
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

// openModel opens the lab on the model for a lesson. It cannot fail. The caller closes it.
func openModel(f *flags, l *lesson.Lesson) sim.Lab {
	return lab.Simulated(model.Options{
		Lesson: l.Name, Title: l.Heading(), Source: l.Source, Port: f.port,
		Wire: l.HasWire(), KernelTimers: l.Timers == lesson.TimersKernel,
	})
}

// withWayOut adds to the error of a lesson whose wire is not available how the model plays it:
// command is the command that was given, name the lesson's as it was given.
func withWayOut(err error, l *lesson.Lesson, command, name string) error {
	if l.Net != sim.Wire || !errors.As(err, new(*netlab.UnavailableError)) {
		return err
	}
	if name != "" {
		command += " " + name
	}
	return fmt.Errorf("%w; finwait %s --net sim plays it on the model", err, command)
}

// openLab opens the lab that the flags and the head of the lesson ask for. The caller closes
// it. A live lab has the model beside it.
func openLab(f *flags, l *lesson.Lesson) (sim.Lab, error) {
	if f.modelled() || f.net == "" && l.Net == sim.Model {
		return openModel(f, l), nil
	}
	o := netlab.Options{
		Lesson: l.Name, Title: l.Heading(), Source: l.Source, Net: l.Net, KernelTimers: l.Timers == lesson.TimersKernel,
		Port: f.port, AnyPort: !f.portAsked(), NoReuse: bindsWithoutReuse(l),
	}
	if f.net != "" {
		o.Net = f.net
		// What a lesson for loopback tells is true of the kernel's own timers. Its segments are
		// not held, so that they need no longer ones.
		o.AutoDeliver, o.KernelTimers = !l.HasWire(), o.KernelTimers || !l.HasWire()
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

// openBeside opens a lab as openLab does, beside another: where the port is in use, the server has
// any free one.
func openBeside(f *flags, l *lesson.Lesson) (sim.Lab, error) {
	beside := *f
	beside.portAsked = func() bool { return false }
	return openLab(&beside, l)
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
