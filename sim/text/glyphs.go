package text

// Glyphs are the signs that are not letters. Each is one cell wide, but for those of
// ASCII that are words or spell one sign with two.
type Glyphs struct {
	ASCII bool // no other characters

	TopLeft, TopRight, BottomLeft, BottomRight string // corners of a box
	Horizontal, Vertical                       string // edges of a box, and rules

	Process, Kernel           string // lifelines, by who keeps the socket
	Captured, Inferred, Model string // lines of the arrows, by where they come from
	ToLeft, ToRight           string // heads of the arrows
	HangLeft, HangRight       string // heads of those that are held
	Thread                    string // of a segment that hangs on the wire, through the rows below
	Crossing, CrossingThin    string // of a thread and an arrow
	Lost                      string // a segment is lost, a step is refused
	Death                     string // a process died

	Guess, Predicted string // after a state that was inferred, or is the model's
	Differs          string // between what the kernel and the model say

	New                 string // beside a row that is new
	Next, Running, Past string // the step to come, the one that runs, looking back
	Token, Listener     string // where an end is in the state diagram, where its listener is
	Held, Failed        string // an expectation held, or fell short
	Up, Down            string // there is more above, or below
	Ellipsis, Gap       string // something is missing; time went by
	Dot                 string // between two remarks
	To                  string // from one end to the other
	OwnLeft, OwnRight   string // around the word for what a person has done beside the lesson
}

// GlyphsFor returns the signs of ASCII, which every terminal and mail has, or those of
// Unicode. They are shared: nobody changes them.
func GlyphsFor(ascii bool) *Glyphs {
	if ascii {
		return &asciiGlyphs
	}
	return &unicodeGlyphs
}

// Show returns a cleaned text as the glyphs can show it.
func (g *Glyphs) Show(s string) string {
	if g.ASCII {
		return ASCII(s)
	}
	return s
}

// ShowCode returns a cleaned call, step or piece of data as the glyphs can show it, without
// loss.
func (g *Glyphs) ShowCode(s string) string {
	if g.ASCII {
		return Escape(s)
	}
	return s
}

// unicodeGlyphs are never changed.
var unicodeGlyphs = Glyphs{
	TopLeft: "╭", TopRight: "╮", BottomLeft: "╰", BottomRight: "╯",
	Horizontal: "─", Vertical: "│",
	Process: "┃", Kernel: "╎",
	Captured: "━", Inferred: "╌", Model: "·",
	ToLeft: "◀", ToRight: "▶", HangLeft: "◁", HangRight: "▷",
	Thread: "│", Crossing: "┿", CrossingThin: "┼",
	Lost: "✗", Death: "✝",
	Guess: "~", Predicted: "·", Differs: "≠",
	New:  "▎",
	Next: "▸", Running: "●", Past: "◂",
	Token: "●", Listener: "○",
	Held: "✓", Failed: "✗", Up: "↑", Down: "↓",
	Ellipsis: "…", Gap: "⋯", Dot: "·", To: "→", OwnLeft: "‹", OwnRight: "›",
}

// asciiGlyphs are never changed.
var asciiGlyphs = Glyphs{
	ASCII:   true,
	TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
	Horizontal: "-", Vertical: "|",
	Process: "|", Kernel: ":",
	Captured: "-", Inferred: "=", Model: ".",
	ToLeft: "<", ToRight: ">", HangLeft: "<", HangRight: ">",
	Thread: "!", Crossing: "+", CrossingThin: "+",
	Lost: "x", Death: "X",
	Guess: "~", Predicted: ".", Differs: "!=",
	New:  ">",
	Next: ">", Running: "*", Past: "<",
	Token: "*", Listener: "o",
	Held: "ok", Failed: "FAIL", Up: "^", Down: "v",
	Ellipsis: "...", Gap: "...", Dot: "-", To: "->", OwnLeft: "<", OwnRight: ">",
}
