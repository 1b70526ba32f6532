package script

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"finwait/sim"
)

// facts are the facts about the kernel that steps can express. facts/CASES.md lists them.
//
//go:embed facts
var facts embed.FS

// The folders of facts. Those on lo are at the top. All others are on two hosts and the
// wire between them, with long timers except in the slow ones.
const (
	folder  = "facts"
	onSlow  = folder + "/slow"  // with the kernel's timers, for minutes
	stories = folder + "/story" // in the order of the events
)

// Script is a file of steps and of what they must do.
type Script struct {
	Name  string // "wire/lost-fin"
	File  string // path below this package
	Text  string // the whole file
	Head  string // the sentence at the beginning of the file
	Steps []string
	Wire  bool // the script plays on two hosts and the wire between them, else on lo
	Slow  bool // the hosts have the kernel's timers, and the script takes minutes
	Story bool // Story writes the steps, in the order of events; else Summary does
}

// All returns the scripts, in the order of their names.
func All() ([]Script, error) {
	var all []Script
	err := fs.WalkDir(facts, folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".txt" {
			return err
		}
		text, err := facts.ReadFile(file)
		if err != nil {
			return err
		}
		s := Script{
			Name: strings.TrimSuffix(strings.TrimPrefix(file, folder+"/"), ".txt"), File: file, Text: string(text),
			Wire: path.Dir(file) != folder, Slow: path.Dir(file) == onSlow, Story: path.Dir(file) == stories,
		}
		s.Head, s.Steps = Parse(s.Text)
		all = append(all, s)
		return nil
	})
	return all, err
}

// Play plays the steps and returns the script that they make. do performs one step and
// returns its events.
func (s Script) Play(do func(n int, step string) []sim.Event) string {
	var sum Summary
	tell := sum.Step
	if s.Story {
		tell = Story
	}
	var text strings.Builder
	text.WriteString(s.Head)
	for i, step := range s.Steps {
		events := do(i+1, step)
		for len(events) > 0 && events[0].Step == 0 { // the processes start before the first step
			events = events[1:]
		}
		text.WriteString("\n" + tell(step, events))
	}
	return text.String()
}
