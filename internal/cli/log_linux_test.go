package cli

import (
	"bytes"
	"reflect"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/internal/testkit/recording"
	"finwait/sim"
	"finwait/sim/lesson"
)

// What run --json prints of real sockets is read again as the same events, in which the lesson
// is, and draws the same transcript. (What it draws on the screen is tested in tui, on the
// model: the screen is a function of the events.)
func TestLiveLogIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"client-gone", "lost-fin"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				l, err := lesson.Find(name)
				if err != nil {
					t.Fatal(err)
				}
				available(t, l)
				lab, err := openLab(&flags{portAsked: func() bool { return true }}, l) // port 0, any that is free
				if err != nil {
					t.Fatal(err)
				}
				defer lab.Close()
				var file, want, got bytes.Buffer
				player := lesson.NewPlayer(l)
				if err := playThrough(t.Context(), lab, player, jsonPrinter(&file)); err != nil {
					t.Fatal(err)
				}
				read, err := recording.Read(&file)
				if err != nil {
					t.Fatal(err)
				}
				log := player.Log().All()
				if !reflect.DeepEqual(read, log) {
					t.Fatalf("the events that are read are others:\n%v\nwant\n%v", read, log)
				}
				setting := sim.Of[sim.LabOpened](read[0]).Setting
				same, err := lesson.Parse(setting.Lesson, []byte(setting.Source))
				if err != nil {
					t.Fatal(err)
				}
				again := recording.New(read)
				defer again.Close()
				if err := playThrough(t.Context(), again, lesson.NewPlayer(same), newPrinter(&got, l, output{width: transcriptWidth}, false)); err != nil {
					t.Fatal(err)
				}
				first := recording.New(log)
				defer first.Close()
				if err := playThrough(t.Context(), first, lesson.NewPlayer(l), newPrinter(&want, l, output{width: transcriptWidth}, false)); err != nil {
					t.Fatal(err)
				}
				if got.String() != want.String() || want.Len() == 0 {
					t.Errorf("the transcript is\n%s\nwant\n%s", got.String(), want.String())
				}
			})
		})
	}
}
