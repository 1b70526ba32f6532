package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/text"
)

func newDoctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what works on this machine, why, and what would change it",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return diagnose(cmd.OutOrStdout()) },
	}
}

// diagnose prints what works on this machine, and on what each lesson plays.
func diagnose(w io.Writer) error {
	report, wire := netlab.Diagnose()
	if _, err := fmt.Fprintln(w, report); err != nil {
		return err
	}
	return printLines(w, playable(wire))
}

// playable says which of the lessons play live here, and how the others do.
func playable(wire bool) []string {
	places := map[sim.Net]string{sim.Loopback: "On lo", sim.Wire: "On the wire", sim.Model: "On the model"}
	if !wire {
		places[sim.Wire] = "On the model, with --net sim or m in the menu, for want of the wire"
	}
	if !netlab.Live {
		places[sim.Loopback], places[sim.Wire] = places[sim.Model], places[sim.Model]
	}
	var order []string
	names := map[string][]string{}
	for _, l := range lesson.Embedded() {
		place := places[l.Net]
		if names[place] == nil {
			order = append(order, place)
		}
		names[place] = append(names[place], l.Name)
	}
	var lines []string
	for _, place := range order {
		for _, line := range text.In(text.RoleNormal, place+": "+strings.Join(names[place], ", ")+".").Wrap(transcriptWidth) {
			lines = append(lines, line.String())
		}
	}
	return lines
}
