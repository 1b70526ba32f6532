package progress

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 999, time.FixedZone("", 3600))

// names returns what is in a directory.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// TestMark: what was marked is there afterwards, once, with the time of the first time.
func TestMark(t *testing.T) {
	file := filepath.Join(t.TempDir(), "some", "where", "progress.json")
	if done, err := Done(file); !errors.Is(err, os.ErrNotExist) || len(done) > 0 {
		t.Errorf("before there is a file: %q, %v", done, err)
	}
	for i, name := range []string{"states", "client-gone", "states"} {
		if err := Mark(file, name, noon.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if done, err := Done(file); err != nil || !slices.Equal(done, []string{"client-gone", "states"}) {
		t.Errorf("done are %q (%v)", done, err)
	}
	text, err := os.ReadFile(file)
	if want := "{\n  \"version\": 1,\n  \"done\": {\n    \"client-gone\": \"2026-11-27T12:00:00Z\",\n    \"states\": \"2026-11-27T11:00:00Z\"\n  }\n}\n"; string(text) != want || err != nil {
		t.Errorf("the file has %s (%v), want %s", text, err, want)
	}
	if all := names(t, filepath.Dir(file)); !slices.Equal(all, []string{"progress.json"}) {
		t.Errorf("beside the file there are %q", all)
	}
}

// TestBroken: a broken file holds nothing, and is written anew.
func TestBroken(t *testing.T) {
	for _, text := range []string{"", "{", "[]", "null", `{"version":1}`, `{"version":1,"done":{"a":"yesterday"}}`, `{"version":1,"done":["a"]}`, strings.Repeat("x", maxSize+1)} {
		file := filepath.Join(t.TempDir(), "progress.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if done, _ := Done(file); len(done) > 0 {
			t.Errorf("%.40q holds %q", text, done)
		}
		if err := Mark(file, "states", noon); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
		if done, err := Done(file); err != nil || !slices.Equal(done, []string{"states"}) {
			t.Errorf("after %.40q done are %q (%v)", text, done, err)
		}
	}
}

// TestLater: the file of a later version is not read and not touched.
func TestLater(t *testing.T) {
	file := filepath.Join(t.TempDir(), "progress.json")
	const text = `{"version":2,"done":"all of them"}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if done, err := Done(file); !errors.Is(err, ErrLater) || len(done) > 0 {
		t.Errorf("done are %q (%v)", done, err)
	}
	if err := Mark(file, "states", noon); !errors.Is(err, ErrLater) {
		t.Errorf("marked: %v", err)
	}
	if got, err := os.ReadFile(file); string(got) != text || err != nil {
		t.Errorf("the file has %s (%v)", got, err)
	}
}

// TestNowhere: where no file can be written there is an error, and nothing is left behind.
func TestNowhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a-file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Mark(filepath.Join(dir, "a-file", "progress.json"), "states", noon); err == nil {
		t.Error("written below a file")
	}
	if err := os.MkdirAll(filepath.Join(dir, "taken", "progress.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Mark(filepath.Join(dir, "taken", "progress.json"), "states", noon); err == nil {
		t.Error("written over a directory")
	}
	if all := names(t, filepath.Join(dir, "taken")); !slices.Equal(all, []string{"progress.json"}) {
		t.Errorf("left behind are %q", all)
	}
}

// TestFile: where the file is, by the XDG Base Directory Specification.
func TestFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	byDefault := filepath.Join(home, ".local", "state", "finwait", "progress.json")
	for state, want := range map[string]string{
		"": byDefault, "relative/dir": byDefault, home: filepath.Join(home, "finwait", "progress.json"),
	} {
		t.Setenv("XDG_STATE_HOME", state)
		if got, err := File(); got != want || err != nil {
			t.Errorf("XDG_STATE_HOME=%q: %s (%v), want %s", state, got, err, want)
		}
	}
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")
	if got, err := File(); err == nil {
		t.Errorf("without a home: %s", got)
	}
}
