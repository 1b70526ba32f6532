package tui

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
	parts := make([]line, 0, len(p.keys))
	for _, b := range p.keys {
		t := toneKey
		if !b.Enabled() {
			t = toneFaint
		}
		parts = append(parts, line{{b.Help().Key, t}, {" " + b.Help().Desc, toneFaint}})
	}
	if p.note != "" {
		parts = append(parts, say(toneWarn, p.note))
	}
	if len(parts) == 0 {
		return p.paint(nil)
	}
	gap := p.style.glyph.keyGap
	if !fits(parts, cells(gap), p.w-2) {
		gap = p.style.glyph.keyGapNarrow
	}
	return p.paint([]line{append(line{{text: " "}}, joined(parts, chunk{text: gap}, p.w-2)...)})
}

// fits reports whether parts so far apart take no more than w cells.
func fits(parts []line, gap, w int) bool {
	all := -gap
	for _, part := range parts {
		all += part.width() + gap
	}
	return all <= w
}
