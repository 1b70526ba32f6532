package tui

import "finwait/sim/text"

import "charm.land/bubbles/v2/key"

// footerPane is the last row: the keys that do something now, and fainter those
// that will again.
type footerPane struct {
	frame
	keys []key.Binding
	note string // why a key did nothing, "" for no reason
}

// setKeys says which keys there are, the most needed first.
func (p *footerPane) setKeys(keys []key.Binding) { p.keys = keys }

// setNote says why the newest key did nothing.
func (p *footerPane) setNote(note string) { p.note = note }

func (p *footerPane) render() string {
	parts := make([]text.Line, 0, len(p.keys))
	for _, b := range p.keys {
		t := text.RoleKey
		if !b.Enabled() {
			t = text.RoleFaint
		}
		parts = append(parts, text.Line{{Text: b.Help().Key, Role: t}, {Text: " " + b.Help().Desc, Role: text.RoleFaint}})
	}
	if p.note != "" {
		parts = append(parts, text.In(text.RoleWarn, p.note))
	}
	if len(parts) == 0 {
		return p.paint(nil)
	}
	gap := "   "
	if !fits(parts, text.Cells(gap), p.w-2) {
		gap = "  "
	}
	return p.paint([]text.Line{append(text.Line{{Text: " "}}, text.Join(parts, text.Span{Text: gap}, p.w-2)...)})
}

// fits reports whether parts so far apart take no more than w cells.
func fits(parts []text.Line, gap, w int) bool {
	all := -gap
	for _, part := range parts {
		all += part.Width() + gap
	}
	return all <= w
}
