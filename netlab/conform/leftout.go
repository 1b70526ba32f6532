package conform

// LeftOut is something that steps can do and walks do not, and why.
type LeftOut struct{ What, Why string }

// LeftOuts returns everything that walks leave out.
func LeftOuts() []LeftOut {
	return []LeftOut{
		{"`wait until …`", "a kernel does not notice what is waited for, and a wait in vain takes five minutes"},
		{"`wait` for more than 3 s, `linger` for more than 1", "a walk takes as long as its waits: no end of TIME_WAIT, no connection given up after 107 s"},
		{"`write` of more than a segment holds", "the model does not know the exact sizes of buffers: into how many segments the data are cut, and which of them is pushed"},
		{"what follows a window that is too small for a segment, more than six handshakes at once, or twenty segments in flight", "a kernel enlarges its windows (tcp_rcv_space_adjust) and answers with SYN cookies (tcp_syn_flood_action); the model has no room for more: such a walk ends there"},
	}
}
