package conform

import "testing"

// How fast walks are chosen and made where the laboratories cost nothing.
func BenchmarkWalk(b *testing.B) {
	o := onModel(func() Judge { return content{} })
	steps := 0
	for n := 1; b.Loop(); n++ {
		steps += len(walked(b, o, n).steps)
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
