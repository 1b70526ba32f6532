package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finwait/netlab/conform"
	"finwait/sim"
)

// TestConformLogs: the log of each walk that disagrees has a file, and the shortest has one.
func TestConformLogs(t *testing.T) {
	log := []sim.Event{{Body: sim.StepBegun{Step: sim.MustParseStep("client poll")}}, {At: sim.Client, Body: sim.Verdict{What: sim.WhatState, Model: "CLOSED", Kernel: "LISTEN"}}}
	d := conform.Disagreement{Walk: 7, Log: log}
	once := conform.Disagreement{Walk: 9, Log: log}
	report := &conform.Report{Disagreements: []conform.Disagreement{d}, SeenOnce: []conform.Disagreement{once}, Shortest: &conform.Shortest{Disagreement: conform.Disagreement{Log: log[1:]}}}
	dir := t.TempDir()
	if err := writeLogs(dir, report); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string]int{"walk-7.jsonl": 2, "walk-9-seen-once.jsonl": 2, "shortest.jsonl": 1} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Count(string(text), "\n") != lines || !strings.Contains(string(text), `"model":"CLOSED"`) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if err := writeLogs("/dev/null", report); err == nil {
		t.Error("logs were written nowhere")
	}
}
