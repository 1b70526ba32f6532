package tui

import "github.com/charmbracelet/x/ansi"

// helpPane is the help: every key, and how to read the ladder. On a wide screen
// the two stand side by side.
type helpPane struct {
	frame
	keys   []keyEntry
	legend []legendEntry
	top    int // first line shown
}

// helpColumn is the width of the key names and of the signs.
const (
	keyColumn  = 14
	signColumn = 13
	besideFrom = 124
)

// setContents says what the help explains.
func (p *helpPane) setContents(keys []keyEntry, legend []legendEntry) {
	p.keys, p.legend = keys, legend
}

// scroll moves by some lines.
func (p *helpPane) scroll(by int) {
	p.top = max(0, min(p.top+by, len(p.lines())-p.h))
}

func (p *helpPane) render() string {
	lines := p.lines()
	p.top = max(0, min(p.top, len(lines)-p.h))
	lines = lines[p.top:]
	if len(lines) > p.h {
		g := p.style.glyph
		sign := line{{g.down + " ", toneText}}
		lines = append(lines[:p.h-1:p.h-1], between(lines[p.h-1], sign, p.w, g.ellipsis))
	}
	return p.paint(lines)
}

func (p *helpPane) lines() []line {
	keys, legend := p.keyLines(), p.legendLines()
	if p.w < besideFrom {
		return append(append(keys, nil), legend...)
	}
	half := p.w / 2
	var lines []line
	for i := range max(len(keys), len(legend)) {
		var l line
		if i < len(keys) {
			l = keys[i]
		}
		l = l.cut(half-2, p.style.glyph.ellipsis).pad(half)
		if i < len(legend) {
			l = append(l, legend[i]...)
		}
		lines = append(lines, l)
	}
	return lines
}

func (p *helpPane) keyLines() []line {
	lines := []line{say(toneTitle, " "+p.words.keysHeading)}
	for _, e := range p.keys {
		lines = append(lines, append(line{{text: " "}, {e.keys, toneKey}}.pad(keyColumn+1), chunk{e.text, toneText}))
	}
	return lines
}

func (p *helpPane) legendLines() []line {
	lines := []line{say(toneTitle, " "+p.words.legendHeading)}
	for _, e := range p.legend {
		sign := e.sign
		if p.style.ascii {
			sign = e.ascii
		}
		l := line{{text: " "}, {sign, e.tone}}.pad(max(signColumn, ansi.StringWidth(sign)+1) + 1)
		lines = append(lines, append(l, chunk{e.text, toneText}))
	}
	return lines
}
