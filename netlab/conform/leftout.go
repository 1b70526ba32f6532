package conform

// LeftOut is something that steps can do and walks do not, and why.
type LeftOut struct{ What, Why string }

// LeftOuts returns everything that walks leave out.
func LeftOuts() []LeftOut {
	return []LeftOut{
		{"`deliver all`, and `auto deliver on` after the beginning", "programs run while segments arrive; which is first is nobody's to say"},
		{"`wait until …`", "the state that it waits for is compared after every step; one that does not come takes five minutes"},
		{"`wait` for more than 3 s, `linger` for more than 1", "a walk takes as long as its waits: no end of TIME_WAIT, no connection given up after 107 s"},
		{"`write` of more than 13 bytes", "how full a buffer is when the window closes is the kernel's bookkeeping; the model has no exact sizes"},
	}
}
