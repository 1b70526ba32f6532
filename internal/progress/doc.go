// Package progress remembers which lessons a person has played to their end.
//
// It keeps one small file in the directory for a user's state (XDG Base Directory Specification):
// $XDG_STATE_HOME/finwait/progress.json, by default ~/.local/state/finwait/progress.json.
//
//	{
//	  "version": 1,
//	  "done": {"client-gone": "2026-11-27T15:40:00Z"}
//	}
//
// The file is replaced as a whole, by a rename(2): a reader never sees half of one. A file that is
// missing or broken holds nothing, and is written anew with the next lesson. One of a later version
// is left alone. Every error is the caller's to ignore: nothing depends on the file.
package progress
