// Package svg draws lines of text as a picture: a Scalable Vector Graphics document (SVG 1.1)
// that shows what a terminal would.
//
//	[]text.Line ──Draw──▶ document
//
// Each span stands on the grid of the terminal's cells, in the style of its role. Text stays text:
// it can be searched and copied out of the picture. The document is ASCII alone; whatever else
// there is in the text is written as a character reference.
//
// The package is pure, as sim is: the same lines give the same bytes.
package svg
