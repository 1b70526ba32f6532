package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/text"
)

// titlePane is the first row: what is played, on what, and how far it has come.
type titlePane struct{}

// titleWidth is how many cells of the title need room beside all that is said of the lab. Where
// they have none, the lab's net and capture stay, and what it does just now is left out.
const titleWidth = 34

func (t titlePane) render(p *picture, s size) string {
	f := frame{p, s}
	left, right := text.Line{{Text: " " + p.words.Program, Role: text.RoleTitle}}, text.Line(nil)
	switch {
	case p.compare != nil:
		left = append(left, text.Span{Text: "  " + f.safe(p.compare.title), Role: text.RoleNormal})
		right = p.compare.progress(f)
	case p.lesson != nil:
		left = append(left, text.Span{Text: "  " + f.safe(p.lesson.Heading()), Role: text.RoleNormal})
		progress := append(t.agreement(f), t.progress(f)...)
		right = append(t.labName(f, true), progress...)
		if min(left.Width(), titleWidth)+right.Width() >= s.w {
			right = append(t.labName(f, false), progress...)
		}
	default:
		right = text.In(text.RoleFaint, p.menu.doneOf(p.words)+" ")
		if p.simulated {
			right = append(right, text.Span{Text: " " + p.words.OnModel + " ", Role: text.RoleWarn})
		}
	}
	return f.paint([]text.Line{text.Between(left, right, s.w, p.style.glyph.Ellipsis)})
}

// labName returns what the lesson is played on, and in the long form what the lab does just now.
func (titlePane) labName(f frame, long bool) text.Line {
	scene := &f.fold.scene
	lab := scene.Setting
	if lab == nil {
		return nil
	}
	wired := f.wired || lab.Net == sim.Wire
	sep := " " + f.style.glyph.Dot + " "
	name := f.safe(string(lab.Net)) + sep + f.safe(string(lab.Capture))
	switch {
	case !long:
	case wired && scene.Cut:
		name += sep + f.words.Cut
	case wired && deliversByItself(scene):
		name += sep + f.words.ByItself
	case wired:
		name += sep + f.words.InFlight(len(scene.Flight))
	case lab.Private:
		name += sep + f.words.Private
	case lab.PortTaken != 0:
		name += sep + f.words.OnPort(port(lab.Server))
	}
	return text.In(text.RoleFaint, name+"  ")
}

// longAgreement is the width from which on the title names both whom it compares.
const longAgreement = 100

// agreement returns whether the model says the same as the kernel in the newest step; nil where it
// does not run beside one. It has the same width whatever it says.
func (titlePane) agreement(f frame) text.Line {
	model := f.fold.model
	if !model.Any {
		return nil
	}
	agrees, differs, silent := f.words.Agrees, f.words.DiffersIn(f.style.glyph.Differs, ""), f.words.ModelSilent
	if f.w < longAgreement {
		agrees, differs, silent = f.words.AgreesShort, f.words.DiffersShort(f.style.glyph.Differs), f.words.SilentShort
	}
	says := text.In(text.RoleFaint, agrees)
	switch {
	case f.differsNow():
		says = text.In(text.RoleWarn, differs)
	case model.Silent.Why != "":
		says = text.In(text.RoleFaint, silent)
	}
	return says.Pad(2 + max(text.Cells(agrees), text.Cells(differs), text.Cells(silent)))
}

// differsNow reports whether the model says something else of the newest step than the kernel.
func (f frame) differsNow() bool {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		for _, e := range f.fold.scene.Verdicts(at) {
			if !sim.Of[sim.Verdict](e).Agree {
				return true
			}
		}
	}
	return false
}

// port returns the port of an address and port, as it is written in a log.
func port(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }

// progress returns how far the lesson has come, and how it went.
func (titlePane) progress(f frame) text.Line {
	g := f.style.glyph
	if f.past {
		back := " " + g.Past + " " + f.words.LookingBack(f.moment+1, f.moments) + " "
		return text.Line{{Text: back, Role: text.RolePast}, {Text: " "}}
	}
	if f.lesson.Sandbox() {
		return text.In(text.RoleNormal, f.words.Steps(f.fold.scene.Step)+" ")
	}
	out := text.In(text.RoleNormal, f.words.Progress(f.position.step, len(f.lesson.Steps)))
	switch {
	case f.fold.failed > 0:
		out = append(out, text.Span{Text: " " + g.Failed, Role: text.RoleFail})
	case f.fold.verdicts[f.position.step] == verdictHeld:
		out = append(out, text.Span{Text: " " + g.Held, Role: text.RoleOK})
	default:
		out = append(out, text.Span{Text: "  "})
	}
	return append(out, text.Span{Text: " "})
}

// footerPane is the last row: the keys that do something now. A screen that was saved is named there until the next key.
type footerPane struct{}

func (v footerPane) render(p *picture, s size) string {
	f := frame{p, s}
	return f.paint([]text.Line{text.Between(v.line(f), v.pressed(f), s.w, p.style.glyph.Ellipsis)})
}

func (footerPane) line(f frame) text.Line {
	switch {
	case f.saved != "":
		return text.In(text.RoleNormal, " "+f.safe(f.saved))
	case f.mode == modeLine:
		return f.lineHint()
	}
	room, gap := f.w-2, "   "
	if n := (footerPane{}).pressed(f).Width(); n > 0 {
		room -= n + 1
	}
	parts := f.footerParts(room)
	if f.note != "" {
		parts = append(parts, text.In(text.RoleWarn, f.note))
	}
	if len(parts) == 0 {
		return nil
	}
	if f.wired || !fits(parts, text.Cells(gap), room) {
		gap = "  "
	}
	return append(text.Line{{Text: " "}}, text.Join(parts, text.Span{Text: gap}, room)...)
}

// pressed returns the key that was pressed last, nothing where that is not shown.
func (footerPane) pressed(f frame) text.Line {
	if !f.press.shown || f.press.times == 0 {
		return nil
	}
	name := f.press.key
	if sign, ok := f.keys.arrows[name]; ok {
		name = sign
	}
	return text.Line{{Text: " " + f.safe(f.words.Pressed(name, f.press.times)) + " ", Role: text.RolePressed}, {Text: " "}}
}

// footerParts returns the keys of the last row that do something, as far as room cells are enough, the
// less needed left out.
func (f frame) footerParts(room int) []text.Line {
	const gap = 2
	keys := slices.Clone(f.footer)
	width := func(k footerKey) int { return keyPart(k.Binding).Width() + gap }
	used := -gap
	for _, k := range keys {
		used += width(k)
	}
	for used > room && len(keys) > 1 {
		last := 0
		for i, k := range keys {
			if k.need > keys[last].need {
				last = i
			}
		}
		used -= width(keys[last])
		keys = slices.Delete(keys, last, last+1)
	}
	var parts []text.Line
	for _, k := range keys {
		if k.Enabled() {
			parts = append(parts, keyPart(k.Binding))
		}
	}
	return parts
}

// keyPart returns a key with what it does.
func keyPart(b key.Binding) text.Line {
	return text.Line{{Text: b.Help().Key, Role: text.RoleKey}, {Text: " " + b.Help().Desc, Role: text.RoleFaint}}
}

// keyParts returns keys with what they do.
func keyParts(bindings ...key.Binding) []text.Line {
	parts := make([]text.Line, 0, len(bindings))
	for _, b := range bindings {
		parts = append(parts, keyPart(b))
	}
	return parts
}

// fits reports whether parts so far apart take no more than w cells.
func fits(parts []text.Line, gap, w int) bool {
	all := -gap
	for _, part := range parts {
		all += part.Width() + gap
	}
	return all <= w
}
