package conform

// LeftOut is something that steps can do and walks do not, and why.
type LeftOut struct{ What, Why string }

// LeftOuts returns everything that walks leave out.
func LeftOuts() []LeftOut {
	return []LeftOut{
		{"`wait until …`", "it makes no difference to a kernel what is waited for, and what does not come takes five minutes"},
		{"`wait` for more than 3 s, `linger` for more than 1", "a walk takes as long as its waits: no end of TIME_WAIT, no connection given up after 107 s"},
		{"`write` of more than a segment holds", "into how many segments it is cut, which of them is pushed, how full a buffer is: the model has no exact sizes"},
		{"what follows a window that is too small for a segment, more than six handshakes at once, or twenty segments on the way", "a kernel makes its windows larger (tcp_rcv_space_adjust); SYN cookies (tcp_syn_flood_action); the room in the model: such a walk ends there"},
	}
}
