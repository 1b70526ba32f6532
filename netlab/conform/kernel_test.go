package conform

import (
	"errors"
	"flag"
	"testing"

	"finwait/netlab"
	"finwait/sim/lesson"
	"finwait/sim/virtual"
)

var (
	walks = flag.Int("walks", 24, "how many random walks are compared with the model")
	seed  = flag.Uint64("seed", 1, "of the walks")
)

// onKernel returns options for live laboratories, with the model beside them.
func onKernel(net string) Options {
	return Options{
		Net: net, Walks: *walks, Steps: 25, Seed: *seed,
		Open: func(kernelTimers bool) (lesson.Lab, error) {
			lab, err := netlab.Open(netlab.Options{Net: net, KernelTimers: kernelTimers})
			if err != nil {
				return nil, err
			}
			return lab, nil
		},
		Judge: func() Judge { return virtual.NewShadow() },
	}
}

// The model and the kernel walk side by side, over everything that steps can do, and agree
// after each.
func TestKernel(t *testing.T) {
	for _, net := range []string{lesson.NetLoopback} {
		t.Run(net, func(t *testing.T) {
			r, err := Run(t.Context(), onKernel(net))
			if no := new(netlab.UnavailableError); errors.As(err, &no) {
				t.Skip(no)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Disagreements) > 0 || r.Compared < r.Steps {
				t.Errorf("%s", r)
			}
			t.Log(r)
		})
	}
}
