// Package testkit holds what only tests use: nothing below this folder is part of
// finwait (a test says so).
//
//	livetest/ live tests take turns, and what fails is played again alone
//	recording/ a lab that replays a log
//	script/   the facts about the kernel as scripts, and what a log becomes as such a script
package testkit
