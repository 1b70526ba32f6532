package lang

import "finwait/sim/way"

// Compare has the words of two logs beside each other.
type Compare struct {
	Kernel, Model string // the names of the sides where one lesson is played on both
	// Did returns what one side did of the facts in which a step differs: "server: write = -1 EPIPE".
	Did func(facts []way.Fact, second bool) string
	// Differs says that the first difference is in a step; step 0 is the set-up.
	Differs func(step int) string
	// Same says that so many steps were the same, SameSoFar that the logs go on.
	Same, SameSoFar func(steps int) string
	// Other names the side that is not shown, and where it stands; before it stands the key that shows
	// it.
	Other func(name string, step int) string
	// Wait says that one side still runs its step.
	Wait func(name string) string
}
