package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// version is the version of the file that this package reads and writes.
const version = 1

// maxSize is how many bytes of a file are read at most.
const maxSize = 1 << 20

// ErrLater says that the file is of a later version: it belongs to a later finwait.
var ErrLater = errors.New("the file is of a later version")

// contents is what the file has.
type contents struct {
	Version int                  `json:"version"`
	Done    map[string]time.Time `json:"done"` // by the lesson's name: when it was played to its end first
}

// File returns the name of the file for the person who runs finwait.
func File() (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // the specification has a relative one ignored
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "finwait", "progress.json"), nil
}

// Done returns the names of the lessons that were played to their end, in alphabetical order. Where
// there is an error it returns none.
func Done(file string) ([]string, error) {
	c, err := read(file)
	return slices.Sorted(maps.Keys(c.Done)), err
}

// Mark remembers that a lesson was played to its end at some time. The time of a lesson that is
// remembered already stays.
func Mark(file, lesson string, at time.Time) error {
	c, err := read(file)
	if errors.Is(err, ErrLater) {
		return err
	}
	if _, known := c.Done[lesson]; known {
		return nil
	}
	if c.Done == nil {
		c.Done = map[string]time.Time{}
	}
	c.Version, c.Done[lesson] = version, at.UTC().Truncate(time.Second)
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return replace(file, append(text, '\n'))
}

// read returns what the file has, nothing where there is an error.
func read(file string) (contents, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return contents{}, err
	case !info.Mode().IsRegular(): // reading a pipe would wait for its writer
		return contents{}, fmt.Errorf("%s is not a regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return contents{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSize))
	if err != nil {
		return contents{}, err
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return contents{}, err
	}
	if head.Version > version {
		return contents{}, ErrLater
	}
	var c contents
	if err := json.Unmarshal(text, &c); err != nil {
		return contents{}, err
	}
	return c, nil
}

// replace writes a file whole, in place of the one that may be there.
func replace(file string, text []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".progress-*.json")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
