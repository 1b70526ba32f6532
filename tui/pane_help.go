package tui

import (
	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// helpPane is the help: every key, and how to read the ladder; on a wide screen side
// by side. Or it is what is special about the lab.
type helpPane struct {
	frame
	keys    []keyEntry
	legend  []legendEntry
	lab     *sim.Lab // nil for none
	special bool     // it shows that alone
	top     int      // first line shown
}

// The widths of the key names, of the signs, of the names and values of settings;
// and from what width on there are two columns.
const (
	keyColumn     = 14
	signColumn    = 16
	settingColumn = 22
	valueColumn   = 7
	besideFrom    = 124
)

// setContents says what the help explains.
func (p *helpPane) setContents(keys []keyEntry, legend []legendEntry) {
	p.keys, p.legend = keys, legend
}

// setLab says on what the lesson is played.
func (p *helpPane) setLab(lab *sim.Lab) { p.lab = lab }

// show shows the beginning of the help, or of what is special about the lab.
func (p *helpPane) show(special bool) { p.special, p.top = special, 0 }

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
	if p.special {
		return p.settingLines()
	}
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

// settingLines returns the settings of the hosts that are not the kernel's own.
func (p *helpPane) settingLines() []line {
	if p.lab == nil || len(p.lab.Sysctls) == 0 {
		return nil
	}
	lines := []line{say(toneTitle, " "+p.words.settingsHeading)}
	for _, s := range p.lab.Sysctls {
		l := append(line{{text: " "}, {p.safe(s.Name), toneText}}.pad(settingColumn+1), chunk{p.safe(s.Value), toneText})
		lines = append(lines, append(l.pad(settingColumn+valueColumn+1), chunk{p.words.byDefault(p.safe(s.Default)), toneFaint}))
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
		l := line{{text: " "}, {sign, e.tone}}.pad(max(signColumn, ansi.StringWidth(sign)+2) + 1)
		lines = append(lines, append(l, chunk{e.text, toneText}))
	}
	return lines
}
