// Package tui is the screen of finwait: the menu of lessons, and a lesson played
// one key press at a time.
//
//	keys ─▶ Update ─▶ commands ─▶ sim.Lab        (the only input and output)
//	           ▲                      │
//	           └──── eventsMsg ◀──────┘
//	           │
//	           ▼
//	log[:k], size, mode ─▶ picture ─▶ panes ─▶ View
//
//	╭ client ────────╮╭ server ────────╮   title, two boxes,
//	╰────────────────╯╰────────────────╯   the ladder, the wire,
//	  FIN_WAIT1 ╎━━ FIN  #4 ━▷ ┃           the story, the next step,
//	 ▸ #4  client → server  FIN ACK        the keys
//
// What is on the screen is a pure function of the first k events of the log, the size,
// the mode, the clock and the answers that were given. Looking back is a smaller k; the short animation of an arrow is
// a k that trails the log a little. After each message the model computes one picture:
// everything that there is to see. Each pane stands in one array, under the index that it
// has in the layout, and has one contract: render(picture, size). A pane sees no message,
// starts no command and remembers nothing but how far it is scrolled; what is chosen in
// the menu belongs to the model, what is chosen on the wire and what was answered before a step
// to the play.
//
// The package draws what the lab tells and adds nothing. It opens no file, no socket and
// no process itself: all of that is behind Config and sim.Lab, and is called from commands
// only; but the lessons, and which of them were played, are read when the menu is first
// shown. Text from outside is made safe before it is drawn.
package tui
