// Package line reads the line that a person types on the screen: a step in the grammar of
// lessons, or a command.
//
//	keys ──▶ Editor ──▶ text ──┬─▶ Parse ──▶ Command   when it is entered
//	              ▲            └─▶ Look  ──▶ View      while it is typed
//	              └── History, Complete
//
// What may follow in an unfinished line comes from the parser of the steps itself
// (sim.StepWanted), so that completion knows every verb and every argument that the grammar
// has. What the grammar cannot know, such as which descriptors are open, comes as a Known.
//
// Everything here is a value. The package is pure, as sim is.
package line
