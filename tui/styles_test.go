package tui

import (
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"

	"finwait/sim/text"
)

// TestContrast: every colour can be read on its background.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name       string
		p          palette
		background string
	}{
		{"dark on black", paletteFor(true), "#000000"},
		{"dark on dark gray", paletteFor(true), "#1e1e1e"},
		{"light on white", paletteFor(false), "#ffffff"},
		{"light on paper", paletteFor(false), "#f6f6f4"},
	} {
		for i, fg := range c.p[text.HueFaint:] {
			if got := contrast(fg, lipgloss.Color(c.background)); got < 4.5 {
				t.Errorf("%s: colour %d has a contrast of %.1f", c.name, i, got)
			}
		}
	}
}

// contrast returns the contrast ratio of two colours (WCAG 2.1, 1.4.3).
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
