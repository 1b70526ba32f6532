package tui

import (
	"finwait/sim"
	"finwait/sim/text"
)

// helpPane is the help: every key, and how to read the ladder; on a wide screen side
// by side. Or it is what is special about the lab.
type helpPane struct {
	frame
	keys    []keyEntry
	legend  []legendEntry
	lab     *sim.Setting // nil for none
	special bool         // it shows that alone
	top     int          // first line shown
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
func (p *helpPane) setLab(lab *sim.Setting) { p.lab = lab }

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
		sign := text.Line{{Text: g.Down + " ", Role: text.RoleNormal}}
		lines = append(lines[:p.h-1:p.h-1], text.Between(lines[p.h-1], sign, p.w, g.Ellipsis))
	}
	return p.paint(lines)
}

func (p *helpPane) lines() []text.Line {
	if p.special {
		return p.settingLines()
	}
	keys, legend := p.keyLines(), p.legendLines()
	if p.w < besideFrom {
		return append(append(keys, nil), legend...)
	}
	half := p.w / 2
	var lines []text.Line
	for i := range max(len(keys), len(legend)) {
		var l text.Line
		if i < len(keys) {
			l = keys[i]
		}
		l = l.Cut(half-2, p.style.glyph.Ellipsis).Pad(half)
		if i < len(legend) {
			l = append(l, legend[i]...)
		}
		lines = append(lines, l)
	}
	return lines
}

// settingLines returns the settings of the hosts that are not the kernel's own.
func (p *helpPane) settingLines() []text.Line {
	if p.lab == nil || len(p.lab.Sysctls) == 0 {
		return nil
	}
	lines := []text.Line{text.In(text.RoleTitle, " "+p.words.settingsHeading)}
	for _, s := range p.lab.Sysctls {
		l := append(text.Line{{Text: " "}, {Text: p.safe(s.Name), Role: text.RoleNormal}}.Pad(settingColumn+1), text.Span{Text: p.safe(s.Value), Role: text.RoleNormal})
		lines = append(lines, append(l.Pad(settingColumn+valueColumn+1), text.Span{Text: p.words.byDefault(p.safe(s.Default)), Role: text.RoleFaint}))
	}
	return lines
}

func (p *helpPane) keyLines() []text.Line {
	lines := []text.Line{text.In(text.RoleTitle, " "+p.words.keysHeading)}
	for _, e := range p.keys {
		lines = append(lines, append(text.Line{{Text: " "}, {Text: e.keys, Role: text.RoleKey}}.Pad(keyColumn+1), text.Span{Text: e.text, Role: text.RoleNormal}))
	}
	return lines
}

func (p *helpPane) legendLines() []text.Line {
	lines := []text.Line{text.In(text.RoleTitle, " "+p.words.legendHeading)}
	for _, e := range p.legend {
		sign := e.sign
		if p.style.glyph.ASCII {
			sign = e.ascii
		}
		l := text.Line{{Text: " "}, {Text: sign, Role: e.role}}.Pad(max(signColumn, text.Cells(sign)+2) + 1)
		lines = append(lines, append(l, text.Span{Text: e.text, Role: text.RoleNormal}))
	}
	return lines
}
