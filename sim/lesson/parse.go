package lesson

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	markdown "github.com/yuin/goldmark/text"

	"finwait/sim"
	"finwait/sim/text"
)

// MaxSteps is the number of steps that a lesson may have.
const MaxSteps = 1000

// maxProse is how many bytes of prose may stand between two blocks: far more than anyone
// reads there.
const maxProse = 1 << 15

// language is the info string of the fenced blocks that are run.
const language = "finwait"

// Parse reads a lesson from src. The name of the file becomes the Name of the lesson and
// stands in errors. The error is an Errors with the mistakes of the file. Of a lesson with
// runs, Parse returns the first one.
func Parse(file string, src []byte) (*Lesson, error) {
	s := newSource(file, src)
	if err := s.mistakes(); err != nil {
		return nil, err
	}
	l := &Lesson{Name: nameOf(file), File: file, Net: sim.Loopback, Timers: TimersPatient, Source: string(s.text)}
	body := s.frontMatter(l)
	if body == 0 {
		return nil, s.mistakes()
	}
	d := s.document(body)
	if len(d.blocks) == 0 && len(s.errs) == 0 {
		s.report(s.errorf(1, 1, "the file has no step; steps stand in fenced blocks that begin with ```%s", language))
	}
	s.setProse(l, body, d)
	r := &stepsReader{source: s, lesson: l, usages: sim.Usages(), blocks: d.blocks}
	for i := range d.blocks {
		r.readBlock(i)
	}
	r.checkRuns()
	if err := s.mistakes(); err != nil {
		return nil, err
	}
	return r.finish(d.chapters), nil
}

// HasBlock reports whether a text has a line that begins a block of steps, so that it is
// meant to be a lesson.
func HasBlock(src []byte) bool {
	for line := range bytes.Lines(src) {
		line = bytes.TrimLeft(line, " ")
		for _, mark := range []string{"```", "~~~"} {
			if rest, found := bytes.CutPrefix(line, []byte(mark)); found && bytes.HasPrefix(bytes.TrimLeft(rest, "`~ \t"), []byte(language)) {
				return true
			}
		}
	}
	return false
}

// nameOf returns the name of a lesson in that file.
func nameOf(file string) string {
	name := file[strings.LastIndexAny(file, `/\`)+1:]
	for _, ext := range []string{".md", ".markdown"} {
		if base, found := strings.CutSuffix(name, ext); found && base != "" {
			return text.Clean(base)
		}
	}
	return text.Clean(name)
}

// document is a file as Markdown reads it.
type document struct {
	blocks []block
	title  string // the first heading, as Markdown
	// If the file begins with a first-level heading, top is the number of the
	// first line after it, else 0.
	top int
	// The second-level headings, in the order of the file.
	chapters []heading
}

// heading is a heading of the file.
type heading struct {
	text string // as Markdown
	line int
}

// block is one fenced finwait block.
type block struct {
	open, end int    // line numbers of the fences
	story     string // the prose before the block
	hasProse  bool   // there is prose between this block and the one before
}

// document finds the blocks and the headings in the lines from first on.
func (s *source) document(first int) *document {
	blank := []byte(strings.Repeat("\n", first-1) + strings.Join(s.lines[first-1:], "\n"))
	// The blank lines stand for the front matter: line numbers stay, offsets do
	// not, so blank has its own starts.
	m := &source{file: s.file, text: blank, lines: strings.Split(string(blank), "\n")}
	for i, at := 0, 0; i < len(m.lines); i++ {
		m.start = append(m.start, at)
		at += len(m.lines[i]) + 1
	}
	root := blocksOnly().Parse(markdown.NewReader(blank))
	d := &document{}
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering && n.Parent() == root {
				m.addHeading(d, n)
			}
		case *ast.FencedCodeBlock:
			if entering {
				s.report(m.addBlock(d, n, root))
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	})
	return d
}

// blocksOnly returns a Markdown parser that leaves the text inside blocks alone.
func blocksOnly() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
}

// addHeading takes the first heading as the title, and those of the second level as
// chapters.
func (s *source) addHeading(d *document, n *ast.Heading) {
	if n.Lines().Len() == 0 {
		return
	}
	title := string(n.Lines().Value(s.text))
	if n.Level == 2 {
		d.chapters = append(d.chapters, heading{title, s.lineOf(n.Lines().At(0).Start)})
	}
	if d.title != "" {
		return
	}
	d.title = title
	if n.Level != 1 || n.PreviousSibling() != nil {
		return
	}
	d.top = s.lineOf(n.Lines().At(n.Lines().Len()-1).Start) + 1
	if d.top <= len(s.lines) && isUnderline(s.lines[d.top-1]) {
		d.top++
	}
}

// isUnderline reports whether the line makes a heading of the one before it.
func isUnderline(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && strings.Trim(line, "=") == ""
}

// addBlock adds a finwait block. A block that Markdown reads differently from what the author
// means is an error.
func (s *source) addBlock(d *document, n *ast.FencedCodeBlock, root ast.Node) error {
	if n.Info == nil {
		return nil
	}
	at := n.Info.Segment.Start
	open := s.lineOf(at)
	info := string(n.Language(s.text))
	column := len([]rune(string(s.text[s.start[open-1]:at]))) + 1
	switch {
	case info == "":
		return nil
	case info != language && sim.Nearest(info, []string{language}) == "":
		return nil
	case info != language:
		return s.errorAt(open, sim.Unknown(sim.Word{Text: info, Col: column}, "a block that runs", []string{language}))
	case n.Parent() != root:
		return s.errorf(open, column, "the block stands inside a list or a quotation; move it out, to the beginning of the line")
	}
	end := open + n.Lines().Len() + 1
	mark := strings.TrimLeft(s.lines[open-1], " ")[:3]
	if end > len(s.lines) || !strings.HasPrefix(strings.TrimLeft(s.lines[end-1], " "), mark) {
		return s.errorf(open, 1, "the block has no end; it ends with a line %s", mark)
	}
	d.blocks = append(d.blocks, block{open: open, end: end})
	return nil
}

// setProse sets the title and the outro of the lesson and the stories of the blocks.
func (s *source) setProse(l *Lesson, body int, d *document) {
	body = title(l, body, d)
	story := ""
	for i := range d.blocks {
		b := &d.blocks[i]
		if prose := s.proseOf(body, b.open); prose != "" {
			story, b.hasProse = prose, true
		}
		b.story = story
		body = b.end + 1
	}
	l.Outro = s.proseOf(body, len(s.lines)+1)
}

// title sets the title of the lesson and returns the line where its prose begins. A heading
// that is the title is no part of the prose.
func title(l *Lesson, body int, d *document) int {
	heading := headingText(d.title)
	if d.top > 0 && heading != "" && (l.Title == "" || l.Title == heading) {
		body = d.top
	}
	for _, t := range []string{heading, l.Name} {
		if l.Title == "" {
			l.Title = t
		}
	}
	return body
}

// headingText returns the Markdown of a heading as one line of plain text, "" if it is far
// too long for a heading.
func headingText(md string) string {
	if len(md) >= maxProse {
		return ""
	}
	return strings.Join(Plain(md, 0, text.GlyphsFor(false)), " ")
}

// proseOf returns the prose in the lines from to below until.
func (s *source) proseOf(from, until int) string {
	prose := strings.Trim(strings.Join(s.lines[from-1:max(from, until)-1], "\n"), "\n \t")
	if len(prose) > maxProse {
		s.report(s.errorf(from, 1, "there are %d bytes of prose in one place; at most %d fit between two blocks", len(prose), maxProse))
	}
	return prose
}
