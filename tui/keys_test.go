package tui

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"

	"finwait/sim"
	"finwait/sim/lang"
)

// TestKeysAreUnique: no key has two meanings while both can be pressed, in any mode and
// whatever there is to do.
func TestKeysAreUnique(t *testing.T) {
	k := newKeys(lang.English().Keys)
	stride := 1
	if testing.Short() { // the race detector gains nothing from another moment
		stride = 7
	}
	for m := range modeCount {
		for bits := 0; bits < 8192; bits += stride {
			u := usable{
				menu: bits&1 > 0, next: bits&2 > 0, past: bits&4 > 0, future: bits&8 > 0,
				rows: bits&16 > 0, wire: bits&32 > 0, flight: bits >> 6 & 1 * 2, settings: bits&128 > 0, successor: bits&256 > 0,
				own: bits&512 > 0, simulate: bits&1024 > 0, others: bits&2048 > 0, acts: allVerbs(), diagram: bits&4096 > 0,
				last: bits&256 == 0, save: true, skip: true, larger: true, chapters: len(digits), compare: true, one: true, below: bits&2 > 0,
			}
			k.enable(m, u)
			owner := map[string]string{}
			for _, b := range k.all() {
				for _, name := range b.Keys() {
					if !b.Enabled() {
						continue
					}
					if other, taken := owner[name]; taken {
						t.Errorf("%v %+v: %s is %q and %q", m, u, name, other, b.Help().Desc)
					}
					owner[name] = b.Help().Desc
				}
			}
		}
	}
}

// allVerbs returns every verb.
func allVerbs() (verbs []sim.Verb) {
	for _, u := range sim.Usages() {
		verbs = append(verbs, u.Verb)
	}
	return verbs
}

// TestEveryModeHasAWayOut: in each mode a key leaves or quits, and ctrl+c always does.
func TestEveryModeHasAWayOut(t *testing.T) {
	k := newKeys(lang.English().Keys)
	for m := range modeCount {
		for _, menu := range []bool{true, false} {
			k.enable(m, usable{menu: menu})
			if !k.leave.quit.Enabled() && !k.leave.menu.Enabled() && !k.show.close.Enabled() && !k.line.cancel.Enabled() && !k.acts.cancel.Enabled() && !k.search.cancel.Enabled() && !k.places.leave.Enabled() {
				t.Errorf("%v: no way out", m)
			}
			if !k.leave.interrupt.Enabled() {
				t.Errorf("%v: ctrl+c is off", m)
			}
		}
	}
}

// keyTable returns the keys as a table in Markdown.
func keyTable() string {
	w := lang.English().Keys
	var b strings.Builder
	b.WriteString("| keys | what they do |\n|---|---|\n")
	for _, e := range newKeys(w).entries(w, everywhere()) {
		var keys []string
		for _, name := range strings.Fields(e.keys) {
			keys = append(keys, "`"+name+"`")
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), e.text)
	}
	return b.String()
}

// TestManual: the manual has the table. To renew it, copy what a failure prints.
func TestManual(t *testing.T) {
	const file = "../docs/screen.md"
	manual, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if table := keyTable(); !strings.Contains(string(manual), table) {
		t.Errorf("%s does not have the table of keys:\n%s", file, table)
	}
}

// TestKeyTable: every key is in the table of the manual, and so in the help.
func TestKeyTable(t *testing.T) {
	table := keyTable()
	k := newKeys(lang.English().Keys)
	for _, b := range k.all() {
		for _, name := range b.Keys() {
			if shown := k.arrows[name]; shown != "" {
				name = shown
			}
			if slices.Contains(digits, name) {
				name = "1-9"
			}
			if !strings.Contains(table, "`"+name+"`") {
				t.Errorf("%s is not in the table:\n%s", name, table)
			}
		}
	}
	for _, row := range strings.Split(strings.TrimSpace(table), "\n") {
		if strings.Count(row, "|") != 3 {
			t.Errorf("not a row of two columns: %s", row)
		}
	}
}

// all returns the bindings of all areas, found by reflection so that none can be forgotten.
func (k *keyMap) all() []key.Binding {
	var all []key.Binding
	areas := reflect.ValueOf(k).Elem()
	for i := range areas.NumField() {
		area := areas.Field(i)
		for j := 0; area.Kind() == reflect.Struct && j < area.NumField(); j++ {
			if field := area.Field(j); field.Type() == reflect.TypeFor[key.Binding]() {
				all = append(all, *(*key.Binding)(field.Addr().UnsafePointer()))
			}
		}
	}
	return all
}

// TestFooter: the most needed keys are named at every size, and while the screen shows the past
// the last row says that space does not make the next step.
func TestFooter(t *testing.T) {
	for _, size := range sizes {
		for _, c := range []Config{lessonConfig(), wireConfig()} {
			drive(t, size.w, size.h, c, func(d *driver) {
				footer := func(want, lack []string) {
					t.Helper()
					row := d.rows()[size.h-1]
					for _, text := range want {
						if !strings.Contains(row, text) {
							t.Errorf("%d×%d: no %q in %s", size.w, size.h, text, row)
						}
					}
					for _, text := range lack {
						if strings.Contains(row, text) {
							t.Errorf("%d×%d: %q in %s", size.w, size.h, text, row)
						}
					}
				}
				d.press("space")
				want := []string{"space next", "← back", "? help", "q quit"}
				if c.First.Net == sim.Wire {
					want = append(want, "d deliver", "x drop")
				}
				if size.w >= 80 {
					want = append(want, "f diagram", ": own step")
				}
				if size.w >= 100 {
					want = append(want, "u undo")
				}
				footer(want, []string{"one row on"})
				d.press("left")
				footer([]string{"space one row on", "← back", "end newest", "? help", "q quit"}, []string{"space next"})
				d.press("end")
				footer(want, nil)
			})
		}
	}
}
