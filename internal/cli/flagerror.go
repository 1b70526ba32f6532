package cli

import (
	"errors"
	"fmt"
	"strings"

	"finwait/netlab/conform"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError turns pflag's error about a flag of cmd into one sentence that says what would
// be right.
func flagError(cmd *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &value):
		if right := rightValue(value.GetFlag()); right != "" {
			return usageError{fmt.Errorf("--%s %q: %s", value.GetFlag().Name, value.GetValue(), right)}
		}
	case errors.As(err, &unknown):
		if others := having(cmd, unknown.GetSpecifiedName()); len(others) > 0 {
			has := "has"
			if len(others) > 1 {
				has = "have"
			}
			return usageError{fmt.Errorf("%w; %s %s it", err, joined(others), has)}
		}
	}
	return usageError{err}
}

// joined returns names as a sentence has them: "a, b and c".
func joined(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// rightValue says which values a flag accepts, "" when that is not known.
func rightValue(f *pflag.Flag) string {
	switch f.Name {
	case "port":
		return portRange
	case "auto":
		return pauseRange
	case "width":
		return widthRange
	case "walks":
		return numberUpTo(conform.MaxWalks)
	case "steps":
		return numberUpTo(conform.MaxSteps)
	}
	switch f.Value.Type() {
	case "bool":
		return "it is true or false"
	case "uint64":
		return "it is a number from 0 to 18446744073709551615"
	case "int":
		return "it is a number"
	}
	return ""
}

// portRange says which ports there are.
const portRange = "a port is a number from 0 to 65535"

// pauseRange says which pauses there are.
const pauseRange = "it is a pause such as 3s or 500ms, at most 10m"

// widthRange says which widths a transcript can have.
var widthRange = fmt.Sprintf("it is a number from %d to %d", minTranscriptWidth, maxTranscriptWidth)

// numberUpTo says which numbers a flag accepts.
func numberUpTo(most int) string { return fmt.Sprintf("it is a number from 1 to %d", most) }

// having returns the paths of the other commands that have the flag.
func having(cmd *cobra.Command, flag string) []string {
	var names []string
	for _, c := range cmd.Root().Commands() {
		if c != cmd && c.LocalFlags().Lookup(flag) != nil {
			names = append(names, c.CommandPath())
		}
	}
	return names
}
