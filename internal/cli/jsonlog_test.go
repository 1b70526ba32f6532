package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// entry is one line of what run --json prints, as a reader of docs/log.md alone decodes it.
type entry struct {
	T    *float64 `json:"t"`
	Step *int     `json:"step"`
	Kind string   `json:"kind"`

	V                    int
	Net, Capture, Kernel string
	Private              bool
	Client, Server       string
	PortTaken            int `json:"port_taken"`
	Lesson               string

	At     string
	PID    int
	Forked bool
	Text   string

	Call  string
	FD    *int
	Args  []string
	Ret   int
	Errno string
	Data  string
	Note  string

	Signal, Action string
	Status         int

	Conn          int
	From, To, By  string
	Flags         string
	Seq, Ack, Len int
	Fate          string

	Timer   string
	Expires float64
	OK      *bool
	Got     string
}

// readLog reads a log and checks what holds for each: every line is an object
// with t, step and kind, the first is the lab's, and neither time nor steps run
// backwards.
func readLog(t testing.TB, text string) []entry {
	t.Helper()
	var log []entry
	for line := range strings.Lines(text) {
		e := readEntry(t, line)
		if n := len(log); n > 0 && (*e.T < *log[n-1].T || *e.Step < *log[n-1].Step) {
			t.Errorf("line %d runs backwards: %s", n+1, line)
		}
		log = append(log, e)
	}
	if len(log) == 0 {
		t.Fatal("the log is empty")
	}
	if lab := log[0]; lab.Kind != "lab" || lab.V != 1 || lab.Net == "" || lab.Capture == "" || lab.Client == "" || lab.Server == "" {
		t.Errorf("the first line does not describe the lab: %+v", lab)
	}
	return log
}

func readEntry(t testing.TB, line string) entry {
	t.Helper()
	var e entry
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	if e.T == nil || e.Step == nil || e.Kind == "" {
		t.Fatalf("no t, step or kind in %q", line)
	}
	return e
}

// pids returns the processes that the log says were started.
func pids(log []entry) []int {
	var all []int
	for _, e := range log {
		if e.Kind == "start" {
			all = append(all, e.PID)
		}
	}
	return all
}

// find returns the index of the first entry from start on that ok accepts, and
// fails when there is none.
func find(t testing.TB, log []entry, start int, what string, ok func(entry) bool) int {
	t.Helper()
	i := slices.IndexFunc(log[start:], ok)
	if i < 0 {
		t.Fatalf("after line %d there is no %s", start, what)
	}
	return start + i
}
