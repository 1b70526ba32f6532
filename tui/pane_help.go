package tui

import (
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// helpPane is the help: every key, and how to read the ladder, side by side on a wide screen.
// In modeSettings it is the settings of the hosts, in modeFinale the card after the last lesson.
type helpPane struct {
	top int // first line that is shown
}

// The widths of the columns for keys, signs, and the names and values of settings, and the
// smallest width with two columns.
const (
	keyColumn      = 14
	signColumn     = 16
	settingColumn  = 22
	valueColumn    = 7
	twoColumnsFrom = 124
)

func (v *helpPane) rewind() { v.top = 0 }

func (v *helpPane) scroll(p *picture, s size, by int) {
	v.top = max(0, min(v.top+by, len(v.lines(frame{p, s}))-s.h))
}

func (v *helpPane) render(p *picture, s size) string {
	f := frame{p, s}
	lines := v.lines(f)
	v.top = max(0, min(v.top, len(lines)-s.h))
	lines = lines[v.top:]
	if len(lines) > s.h {
		g := p.style.glyph
		sign := text.Line{{Text: g.Down + " ", Role: text.RoleNormal}}
		lines = append(lines[:s.h-1:s.h-1], text.Between(lines[s.h-1], sign, s.w, g.Ellipsis))
	}
	return f.paint(lines)
}

func (v *helpPane) lines(f frame) []text.Line {
	switch f.mode {
	case modeSettings:
		return v.settings(f)
	case modeFinale:
		return f.finale(min(f.w, menuWidth))
	}
	keys, legend := v.keys(f), v.legend(f)
	if f.w < twoColumnsFrom {
		return append(append(keys, nil), legend...)
	}
	half := f.w / 2
	var lines []text.Line
	for i := range max(len(keys), len(legend)) {
		var l text.Line
		if i < len(keys) {
			l = keys[i]
		}
		l = l.Cut(half-2, f.style.glyph.Ellipsis).Pad(half)
		if i < len(legend) {
			l = append(l, legend[i]...)
		}
		lines = append(lines, l)
	}
	return lines
}

// settings returns the settings of the hosts that differ from the kernel's defaults.
func (*helpPane) settings(f frame) []text.Line {
	if f.lesson == nil || f.fold.scene.Setting == nil || len(f.fold.scene.Setting.Sysctls) == 0 {
		return nil
	}
	lines := []text.Line{text.In(text.RoleTitle, " "+f.words.SettingsHeading)}
	for _, s := range f.fold.scene.Setting.Sysctls {
		l := append(text.Line{{Text: " "}, {Text: f.safe(s.Name), Role: text.RoleNormal}}.Pad(settingColumn+1), text.Span{Text: f.safe(s.Value), Role: text.RoleNormal})
		lines = append(lines, append(l.Pad(settingColumn+valueColumn+1), text.Span{Text: f.words.ByDefault(f.safe(s.Default)), Role: text.RoleFaint}))
	}
	return lines
}

func (*helpPane) keys(f frame) []text.Line {
	lines := []text.Line{text.In(text.RoleTitle, " "+f.words.KeysHeading)}
	for _, e := range f.help.keys {
		lines = append(lines, append(text.Line{{Text: " "}, {Text: e.keys, Role: text.RoleKey}}.Pad(keyColumn+1), text.Span{Text: e.text, Role: text.RoleNormal}))
	}
	return lines
}

func (*helpPane) legend(f frame) []text.Line {
	lines := []text.Line{text.In(text.RoleTitle, " "+f.words.LegendHeading)}
	for _, e := range f.help.legend {
		sign := e.sign
		if f.style.glyph.ASCII {
			sign = e.ascii
		}
		l := text.Line{{Text: " "}, {Text: sign, Role: e.role}}.Pad(max(signColumn, text.Cells(sign)+2) + 1)
		lines = append(lines, append(l, text.Span{Text: e.meaning, Role: text.RoleNormal}))
	}
	return lines
}

// legendEntry explains one sign, which is drawn in its role.
type legendEntry struct {
	sign, ascii string
	role        text.Role
	meaning     string
	when        when
}

// when says where a sign occurs.
type when int

// Where signs occur.
const (
	always      when = iota
	onlyWire         // on a wire
	onlyKernel       // where segments are a kernel's
	onlyChecked      // where the model runs beside the kernel
	onlyModel        // where there is nothing but the model
	inDiagram        // in the state diagram
)

// legend returns every sign and what it means.
func legend(w *lang.Catalogue) []legendEntry {
	l, sent := &w.Legend, w.Ladder.Sent(3)
	entries := []legendEntry{
		{"┃", "|", text.RoleNormal, l.Process, always},
		{"╎", ":", text.RoleNormal, l.Kernel, always},
		{" ", " ", text.RoleNormal, l.Gone, always},
		{"━━▶", "-->", text.RoleNormal, l.Captured, onlyKernel},
		{"╌╌▶  ~", "==>  ~", text.RoleNormal, l.Inferred, onlyKernel},
		{"━━▶  ·", "-->  .", text.RoleNormal, l.Modelled, onlyModel},
		{"#7 ━━▷", "#7 -->", text.RoleNormal, l.Held, onlyWire},
		{"#7 " + sent + " ━━▷", "#7 " + sent + " -->", text.RoleNormal, l.Resent, onlyWire},
		{"│", "!", text.RoleNormal, l.Hangs, onlyWire},
		{"#7 ▷━▶", "#7 >->", text.RoleNormal, l.Delivered, onlyWire},
		{"━━┿━▶", "--+->", text.RoleNormal, l.Crosses, onlyWire},
		{sent + " ━━▶", sent + " -->", text.RoleNormal, l.NotCarried, onlyWire},
		{"━━✗", "--x", text.RoleFail, l.Lost, onlyWire},
		{"✝", "X", text.RoleDeath, l.Death, always},
		{"…", "...", text.RoleFaint, l.Blocks, always},
		{"⋯ 5.0 s", "... 5.0 s", text.RoleGap, l.Gap, always},
		{"‹" + w.Ladder.Yours + "›", "<" + w.Ladder.Yours + ">", text.RoleActive, l.Yours, always},
		{w.Was(sim.FinWait2.String()), w.Was(sim.FinWait2.String()), text.RoleFaint, l.Was, always},
		{w.RecvQ(1), w.RecvQ(1), text.RoleNormal, l.RecvQ, always},
		{"▎", ">", text.RoleActive, l.New, always},
		{"✓", "ok", text.RoleOK, l.Met, always},
		{"✗", "FAIL", text.RoleFail, l.Missed, always},
	}
	for _, s := range []sim.State{
		sim.Listen, sim.SynSent, sim.SynRecv, sim.Established, sim.FinWait1, sim.FinWait2,
		sim.CloseWait, sim.LastAck, sim.Closing, sim.TimeWait, sim.Closed,
	} {
		entries = append(entries, legendEntry{s.String(), s.String(), text.StateRole(s), l.States[s], always})
	}
	entries = append(entries,
		legendEntry{"● " + w.Client, "* " + w.Client, text.RoleClient, l.Token, inDiagram},
		legendEntry{"○ " + w.Server, "o " + w.Server, text.RoleFaint, l.Listener, inDiagram},
		legendEntry{"┗▶", "+>", text.RoleClient, l.ClientWalk, inDiagram},
		legendEntry{"╚▶", "#>", text.RoleServer, l.ServerWalk, inDiagram},
	)
	return append(entries,
		legendEntry{w.Agrees, w.Agrees, text.RoleFaint, l.Agrees, onlyChecked},
		legendEntry{"≠", "!=", text.RoleWarn, l.Differs, onlyChecked},
		legendEntry{w.ModelSilent, w.ModelSilent, text.RoleFaint, l.Silent, onlyChecked},
	)
}

// legendContext says which signs the screen may show.
type legendContext struct {
	wire    bool // segments are held
	checked bool // the model runs beside the kernel
	model   bool // there is nothing but the model
}

// dotted are the strokes of a segment as the model draws them.
var dotted = strings.NewReplacer("━", "·", "┿", "┼", "-", ".")

// legendIn returns the signs that occur in a context.
func legendIn(c legendContext, w *lang.Catalogue) []legendEntry {
	occurs := map[when]bool{always: true, inDiagram: true, onlyWire: c.wire, onlyKernel: !c.model, onlyChecked: c.checked, onlyModel: c.model}
	var list []legendEntry
	for _, e := range legend(w) {
		if !occurs[e.when] {
			continue
		}
		if c.model && e.when != inDiagram && strings.Contains(e.sign, "━") {
			e.sign, e.ascii = dotted.Replace(e.sign), dotted.Replace(e.ascii)
		}
		list = append(list, e)
	}
	return list
}
