package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"finwait/netlab"
)

func newDoctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what works on this machine, why, and what would change it",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), netlab.Diagnose())
			return err
		},
	}
}
