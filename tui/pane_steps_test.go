package tui

import (
	"testing"

	"finwait/sim"
)

// TestWaitSaysItsLimit: a step that waits for something says for how long at most, and which key
// ends it.
func TestWaitSaysItsLimit(t *testing.T) {
	for _, c := range []struct{ step, want, ignored string }{
		{"wait until client TIME_WAIT", " ● wait until the client is TIME_WAIT   running, 12 s of 5 min, r gives up", ""},
		{"wait 20s", " ● wait 20 s   running, 12 s", " ● wait 20 s   still running; space works again when it ends"},
	} {
		step := sim.MustParseStep(c.step)
		for _, ignored := range []bool{false, true} {
			want := c.want
			if ignored && c.ignored != "" {
				want = c.ignored
			}
			p := testPicture()
			p.prompt = prompt{phase: phaseRunning, step: &step, elapsed: 12.7, limit: step.Limit(), ignored: ignored}
			if got := (nextPane{}).line(frame{p, size{80, 1}}).String(); got != want {
				t.Errorf("ignored %t: got %q, want %q", ignored, got, want)
			}
		}
	}
}

// TestAgreementAtTheEnd: the row says that the lesson has ended, how it went and how far the model
// agreed. Where there is no room for all, a disagreement comes before what fell short, for the
// title shows that too.
func TestAgreementAtTheEnd(t *testing.T) {
	agreed := sim.Agreement{Steps: 14, Judged: 14, Any: true}
	most := sim.Agreement{Steps: 27, Judged: 20, Any: true}
	differed := sim.Agreement{Steps: 14, Judged: 5, Any: true, Differ: 1, First: 5, Silent: sim.ModelSilent{Why: "a disagreement"}}
	for _, c := range []struct {
		w, failed int
		model     sim.Agreement
		want      string
	}{
		{80, 0, sim.Agreement{}, " -- end of lesson --"},
		{80, 0, agreed, " -- end of lesson --  The model agrees."},
		{60, 0, agreed, " -- end of lesson --  The model agrees."},
		{100, 0, most, " -- end of lesson --  20 of 27 steps were compared with the model: no difference."},
		{80, 0, most, " -- end of lesson --  The model agrees."},
		{120, 0, differed, " -- end of lesson --  5 of 14 steps were compared with the model: step 5 differs."},
		{80, 0, differed, " -- end of lesson --  The model differs in step 5."},
		{60, 0, differed, " -- end of lesson --  The model differs in step 5."},
		{100, 2, agreed, " -- end of lesson --  2 expectations fell short  The model agrees."},
		{80, 2, agreed, " -- end of lesson --  2 expectations fell short  The model agrees."},
		{60, 2, agreed, " -- end of lesson --  2 expectations fell short"},
		{100, 2, differed, " -- end of lesson --  The model differs in step 5.  2 expectations fell short"},
		{70, 2, differed, " -- end of lesson --  The model differs in step 5."},
	} {
		p := testPicture()
		p.prompt = prompt{phase: phaseOver}
		p.fold.failed, p.fold.model = c.failed, c.model
		if got := (nextPane{}).line(frame{p, size{c.w, 1}}).String(); got != c.want {
			t.Errorf("%d cells, %d failed: got %q, want %q", c.w, c.failed, got, c.want)
		}
	}
}

// TestStepInWords: the step that comes next stands there in words, at the right in the short form
// of the file where there is room for both.
func TestStepInWords(t *testing.T) {
	step := sim.MustParseStep(`client write "one more thing" nosignal`)
	for _, c := range []struct {
		w    int
		want string
	}{
		{100, ` ▸ the client writes "one more thing" with MSG_NOSIGNAL      client write "one more thing" nosignal`},
		{80, ` ▸ the client writes "one more thing" with MSG_NOSIGNAL`},
	} {
		p := testPicture()
		p.prompt = prompt{phase: phaseReady, step: &step}
		if got := (nextPane{}).line(frame{p, size{c.w, 1}}).String(); got != c.want {
			t.Errorf("%d cells: got %q, want %q", c.w, got, c.want)
		}
	}
}
