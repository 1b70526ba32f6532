package lang

import (
	"fmt"
	"strings"

	"finwait/sim"
	"finwait/sim/way"
)

// englishCompare returns the words of two logs beside each other.
func englishCompare() Compare {
	return Compare{
		Kernel: "kernel",
		Model:  "model",
		Did:    englishDid,
		Differs: func(step int) string {
			if step == 0 {
				return "The first difference is in the set-up."
			}
			return fmt.Sprintf("The first difference is in step %d.", step)
		},
		Same:      func(steps int) string { return "No difference in " + count(steps, "step", "steps") + "." },
		SameSoFar: func(steps int) string { return "No difference so far, in " + count(steps, "step", "steps") + "." },
		Other:     func(name string, step int) string { return fmt.Sprintf("%s, step %d", name, step) },
		Wait:      func(name string) string { return name + ": this step is still running" },
	}
}

// englishDid says of each end what it did, and of none that did anything what it did not.
func englishDid(facts []way.Fact, second bool) string {
	var order []sim.End
	of := map[sim.End][]string{}
	say := func(f way.Fact, said string) {
		if len(of[f.At]) == 0 {
			order = append(order, f.At)
		}
		of[f.At] = append(of[f.At], englishValue(f.What, said))
	}
	for _, f := range facts {
		if said := f.Said(second); said != "" {
			say(f, said)
		}
	}
	if len(order) == 0 && len(facts) > 0 {
		say(facts[0], "")
	}
	var parts []string
	for _, at := range order {
		text := strings.Join(of[at], sim.Between)
		if at != "" {
			text = string(at) + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ". ")
}
