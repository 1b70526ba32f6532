package diagram

import (
	"strings"

	"finwait/sim/text"
)

// The directions in which a line leaves a cell, as bits.
const (
	up = 1 << iota
	right
	down
	left
	directions = 1 << iota
)

// pen is what lines are drawn with.
type pen struct {
	strokes [directions]string // by the directions in which a line leaves the cell
	heads   [directions]string // by the direction in which an arrow points
	corners [4]string          // of a box: top left, top right, bottom left, bottom right
	flat    string             // an edge of a box
	upright string
}

// The pens: of an arrow that nobody has walked, of one that the client has walked or both ends
// have, of one that the server has walked, of a box.
const (
	penNobody = iota
	penClient
	penServer
	penBox
	penCount
)

// pensFor returns the pens in ASCII or in Unicode.
func pensFor(ascii bool) *[penCount]pen {
	if ascii {
		return &asciiPens
	}
	return &unicodePens
}

// unicodePens and asciiPens are never changed.
var (
	unicodePens = [penCount]pen{
		penNobody: newPen("│─┌┐└┘", "▲▶▼◀"),
		penClient: newPen("┃━┏┓┗┛", "▲▶▼◀"),
		penServer: newPen("║═╔╗╚╝", "▲▶▼◀"),
		penBox:    newPen("│─┌┐└┘", "▲▶▼◀"),
	}
	asciiPens = [penCount]pen{
		penNobody: newPen(":.....", "^>v<"),
		penClient: newPen("|-++++", "^>v<"),
		penServer: newPen("H=####", "^>v<"),
		penBox:    newPen("|-++++", "^>v<"),
	}
)

// newPen returns the pen with these strokes (upright, flat, corners from the top left on) and
// heads (up, right, down, left).
func newPen(strokes, heads string) pen {
	s, h := []rune(strokes), []rune(heads)
	var p pen
	p.upright, p.flat = string(s[0]), string(s[1])
	for i := range p.strokes {
		p.strokes[i] = p.flat
	}
	p.strokes[up], p.strokes[down], p.strokes[up|down] = p.upright, p.upright, p.upright
	for i, corner := range []int{down | right, down | left, up | right, up | left} {
		p.strokes[corner] = string(s[2+i])
		p.corners[i] = string(s[2+i])
	}
	for i, direction := range []int{up, right, down, left} {
		p.heads[direction] = string(h[i])
	}
	return p
}

// direction returns the direction from one point to another in the same column or row, 0 if they
// are the same.
func direction(a, b point) int {
	switch {
	case b.y < a.y:
		return up
	case b.x > a.x:
		return right
	case b.y > a.y:
		return down
	case b.x < a.x:
		return left
	}
	return 0
}

// back returns the opposite direction.
func back(d int) int {
	switch d {
	case up:
		return down
	case down:
		return up
	case left:
		return right
	case right:
		return left
	}
	return 0
}

// grid is the rows of a drawing.
type grid []text.Board

// newGrid returns an empty grid.
func newGrid(width, height int) grid {
	g := make(grid, height)
	for y := range g {
		g[y] = text.NewBoard(width)
	}
	return g
}

// put draws a text, as far as it is on the grid.
func (g grid) put(x, y int, s string, r text.Role) {
	if y >= 0 && y < len(g) && x >= 0 {
		g[y].Put(x, s, r)
	}
}

// line draws an arrow through the cells, each beside the next. It comes from one direction and
// ends with a head that points in another.
func (g grid) line(cells []point, comes, points int, p *pen, r text.Role) {
	in := comes
	for i, c := range cells {
		if i == len(cells)-1 {
			g.put(c.x, c.y, p.heads[points], r)
			return
		}
		out := direction(c, cells[i+1])
		g.put(c.x, c.y, p.strokes[in|out], r)
		in = back(out)
	}
}

// box draws the edges of a box around the cells from column x to column end of row y.
func (g grid) box(x, end, y int, p *pen, r text.Role) {
	flat := strings.Repeat(p.flat, end-x+1)
	g.put(x-1, y-1, p.corners[0]+flat+p.corners[1], r)
	g.put(x-1, y, p.upright, r)
	g.put(end+1, y, p.upright, r)
	g.put(x-1, y+1, p.corners[2]+flat+p.corners[3], r)
}
