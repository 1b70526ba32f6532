package tui

import "strings"

// Which signs the help explains.

// scenery is what there is on the screen whose signs are to be explained.
type scenery struct {
	wire   bool // segments are held
	beside bool // the model runs beside the kernel
	model  bool // there is nothing but the model
}

// dotted are the strokes of a segment as the model draws them.
var dotted = strings.NewReplacer("━", "·", "-", ".")

// signsOf returns the signs that occur there.
func (w *words) signsOf(s scenery) []legendEntry {
	occurs := map[occasion]bool{anywhere: true, wireOnly: s.wire, liveOnly: !s.model, besideOnly: s.beside, modelOnly: s.model}
	var list []legendEntry
	for _, e := range w.legend {
		if !occurs[e.where] {
			continue
		}
		if s.model {
			e.sign, e.ascii = dotted.Replace(e.sign), dotted.Replace(e.ascii)
		}
		list = append(list, e)
	}
	return list
}
