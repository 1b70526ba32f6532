package text

// Hue names a colour. They are those of Okabe and Ito, which people who confuse red and green
// can tell apart, besides a gray.
type Hue uint8

// The hues.
const (
	HueNone Hue = iota // the ordinary colour of text
	HueFaint
	HueSky
	HueOrange
	HueGreen
	HueYellow
	HueBlue
	HueVermillion
	HuePurple

	// HueCount is the number of hues.
	HueCount
)

// Palette has the colour of each hue as #rrggbb. That of HueNone is the text's.
type Palette [HueCount]string

// PaletteFor returns the colours for a dark or for a light background: each has a contrast of at
// least 4.5 to 1.
func PaletteFor(dark bool) Palette {
	if dark {
		return Palette{
			HueNone: "#e6e6e6", HueFaint: "#8f8f8f", HueSky: "#56b4e9", HueOrange: "#e69f00", HueGreen: "#2bb58a",
			HueYellow: "#f0e442", HueBlue: "#7aa7ff", HueVermillion: "#f2703a", HuePurple: "#d98cb8",
		}
	}
	return Palette{
		HueNone: "#1f1f1f", HueFaint: "#6a6a6a", HueSky: "#0072b2", HueOrange: "#8f5a00", HueGreen: "#00704f",
		HueYellow: "#756400", HueBlue: "#3552c8", HueVermillion: "#b34700", HuePurple: "#9a3d78",
	}
}

// Style is how a role looks, on a screen and in a picture.
type Style struct {
	Hue     Hue
	Bold    bool
	Italic  bool
	Reverse bool // the hue is that of the background
}

// StyleOf returns how a role looks.
func StyleOf(r Role) Style {
	switch r {
	case RoleFaint, RoleGap, RoleNote, RoleListen, RoleOver:
		return Style{Hue: HueFaint}
	case RoleStrong, RoleTitle, RoleKey, RoleActive:
		return Style{Bold: true}
	case RoleEmphasis:
		return Style{Italic: true}
	case RoleCode, RoleClient:
		return Style{Hue: HueSky}
	case RolePast:
		return Style{Hue: HueYellow, Reverse: true}
	case RolePressed:
		return Style{Bold: true, Reverse: true}
	case RoleOK, RoleOpen:
		return Style{Hue: HueGreen}
	case RoleFail, RoleDeath, RoleReset:
		return Style{Hue: HueVermillion, Bold: true}
	case RoleWarn, RoleDiffers:
		return Style{Hue: HueYellow, Bold: true}
	case RoleServer:
		return Style{Hue: HueOrange}
	case RoleOpening, RoleTimeWait:
		return Style{Hue: HueBlue}
	case RoleActiveClose:
		return Style{Hue: HuePurple}
	case RolePassiveClose:
		return Style{Hue: HueYellow}
	}
	return Style{}
}
