package sim

import (
	"fmt"
	"testing"
)

// What is in flight is in the order in which it will be delivered, end by end.
func TestFlightOvertaken(t *testing.T) {
	news := func(id int, at End, fate Fate) Event {
		return Event{At: at, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: ACK, ID: id, Copies: 1, Fate: fate}}}
	}
	log := []Event{news(1, Client, Held), news(2, Server, Held), news(3, Client, Held), news(4, Client, Held)}
	order := func(more ...Event) string {
		var ids []int
		s := Fold(append(log[:len(log):len(log)], more...))
		for _, f := range s.Flight {
			ids = append(ids, f.Segment().ID)
		}
		return fmt.Sprint(ids)
	}
	for _, test := range []struct {
		what string
		more []Event
		want string
	}{
		{"nothing more", nil, "[1 2 3 4]"},
		{"the first of the client's", []Event{news(1, Client, Overtaken)}, "[3 2 1 4]"},
		{"once more", []Event{news(1, Client, Overtaken), news(3, Client, Overtaken)}, "[1 2 3 4]"},
		{"the only one of the server's", []Event{news(2, Server, Overtaken)}, "[1 2 3 4]"},
		{"one that is gone", []Event{news(1, Client, Delivered), news(1, Client, Overtaken)}, "[2 3 4]"},
	} {
		if got := order(test.more...); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
}

// The wire delivers at once from the step on that says so, unless that was refused.
func TestAutomatic(t *testing.T) {
	step := func(text string) Event { return Event{Step: 1, Body: StepBegun{Step: MustParseStep(text)}} }
	no := Event{Body: StepRefused{Why: "no"}}
	for _, test := range []struct {
		log  []Event
		want bool
	}{
		{nil, false},
		{[]Event{step("auto deliver on")}, true},
		{[]Event{step("auto deliver on"), step("client poll"), no}, true},
		{[]Event{step("auto deliver on"), no}, false},
		{[]Event{step("auto deliver on"), step("auto deliver off")}, false},
		{[]Event{step("auto deliver on"), step("auto deliver off"), no}, true},
	} {
		if got := Fold(test.log).Auto; got != test.want {
			t.Errorf("%v: %t", test.log, got)
		}
	}
}
