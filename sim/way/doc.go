// Package way knows the ways that were taken through a lesson. A person makes a step, looks
// back and does something else from there: the steps are a tree.
//
//	1 ── 2 ── 3 ── server poll ── server write "once more"
//	│         └─── 4 ── 5
//	└─── client close
//
// A kernel cannot be wound back. To be at another place of the tree is to have a fresh
// laboratory, and to make the steps that lead there once more: Replay says which, one after the
// other, and compares what happens with what happened before. Comparing is by meaning: calls and
// what they returned, signals, states, segments; not by times, ports and processes. Comparison
// compares two logs in the same way, step by step.
//
// Tree and Replay are values. The package is pure, as sim is.
package way
