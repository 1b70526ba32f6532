package lang

import (
	"reflect"
	"testing"

	"finwait/sim"
)

// catalogues are all languages.
func catalogues() map[string]*Catalogue { return map[string]*Catalogue{"en": English()} }

// A catalogue has every word: no text is empty, no function is missing, and of what has a word
// for each value of a type no value is left out.
func TestComplete(t *testing.T) {
	for name, c := range catalogues() {
		walk(reflect.ValueOf(c).Elem(), name, func(path string, v reflect.Value) {
			if v.IsZero() {
				t.Errorf("%s is missing", path)
			}
		})
		for _, what := range []sim.What{sim.WhatState, sim.WhatSegment, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatBlocked} {
			if c.What[what] == "" {
				t.Errorf("%s: the verdict on %s has no name", name, what)
			}
		}
	}
}

// walk visits every string, function and map of a catalogue.
func walk(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), path, visit)
		}
	default:
		visit(path, v)
	}
}

// Every kind of refusal and of silence has a sentence of its own, and one that is not known is
// said as the log says it.
func TestReasons(t *testing.T) {
	for name, c := range catalogues() {
		seen := map[string]bool{}
		check := func(kind, text string) {
			if text == "" || text == "the log" || seen[text] {
				t.Errorf("%s: %s is %q", name, kind, text)
			}
			seen[text] = true
		}
		for _, k := range []sim.RefusalKind{
			sim.RefusedAlive, sim.RefusedDead, sim.RefusedJustDied, sim.RefusedBlocked, sim.RefusedNoParent, sim.RefusedForked,
			sim.RefusedNotListening, sim.RefusedNoConnection, sim.RefusedNoDescriptor, sim.RefusedCrossOnLoopback,
			sim.RefusedNotConnecting, sim.RefusedCrossed, sim.RefusedNoWire, sim.RefusedCableCut, sim.RefusedCableWhole,
			sim.RefusedNothingOnWire, sim.RefusedNotOnWire, sim.RefusedNothingToSwap, sim.RefusedStateNotReached, sim.RefusedNothingSent,
		} {
			check(string(k), c.Refusal(sim.StepRefused{Why: "the log", Refusal: sim.Refusal{Kind: k, At: sim.Client}}))
		}
		for _, k := range []sim.SilenceKind{
			sim.SilentDisagreement, sim.SilentLongWrite, sim.SilentUnknownStep, sim.SilentUnknownCall, sim.SilentSetting,
			sim.SilentUnsupported, sim.SilentModelAlone, sim.SilentLongWriteAlone, sim.SilentMissedSegment,
		} {
			check(string(k), c.Silence(sim.ModelSilent{Why: "the log", Silence: sim.Silence{Kind: k}}))
		}
		if text := c.Refusal(sim.StepRefused{Why: "the log", Refusal: sim.Refusal{Kind: "newer"}}); text != "the log" {
			t.Errorf("%s: %q", name, text)
		}
		if text := c.Silence(sim.ModelSilent{Why: "the log", Silence: sim.Silence{Kind: "newer"}}); text != "the log" {
			t.Errorf("%s: %q", name, text)
		}
	}
}
