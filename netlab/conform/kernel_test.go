package conform

import (
	"errors"
	"flag"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/check"
)

var (
	walks = flag.Int("walks", 16, "how many random walks are compared with the model")
	seed  = flag.Uint64("seed", 1, "of the walks")
)

// onKernel returns options for live laboratories, with the model beside them.
func onKernel(net sim.Net) Options {
	return Options{
		Net: net, Walks: *walks, Steps: 25, Seed: *seed, Labs: 4,
		Open: func(kernelTimers bool) (sim.Lab, error) {
			lab, err := netlab.Open(netlab.Options{Net: net, KernelTimers: kernelTimers})
			if err != nil {
				return nil, err
			}
			return lab, nil
		},
		Judge: func() Judge { return check.New() },
	}
}

// The model and the kernel walk side by side, over everything that steps can do, and agree
// after each. Both networks take turns, so that a walk that is played again is alone.
func TestKernel(t *testing.T) {
	for _, net := range []sim.Net{sim.Wire, sim.Loopback} {
		t.Run(string(net), func(t *testing.T) {
			o := onKernel(net)
			if testing.Short() {
				o.Walks = min(o.Walks, o.Labs)
			}
			r, err := Run(t.Context(), o)
			if no := new(netlab.UnavailableError); errors.As(err, &no) {
				t.Skip(no)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Log(r)
			if len(r.SeenOnce) > 0 {
				livetest.SeenOnce(t, r.seenOnce())
			}
			if len(r.Disagreements) > 0 || r.Walks != o.Walks || r.Compared < r.Steps {
				t.Errorf("%d disagreements", len(r.Disagreements))
			}
		})
	}
}
