package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours. Text on its ground is 7:1 at least; palette_test.go holds them to it.
var (
	ground     = rgb(0xEE, 0xF2, 0xF6)
	card       = rgb(0xFF, 0xFF, 0xFF)
	ink        = rgb(0x0E, 0x22, 0x33)
	muted      = rgb(0x3C, 0x4A, 0x57)
	edge       = rgb(0x6B, 0x7C, 0x8C) // borders of what can be touched: 3:1 at least
	brand      = rgb(0x0A, 0x3D, 0x62)
	brandEnd   = rgb(0x0B, 0x57, 0x66)
	onBrand    = rgb(0xFF, 0xFF, 0xFF)
	softBrand  = rgb(0xDC, 0xEC, 0xF5)
	accent     = rgb(0xF2, 0xB1, 0x34)
	primary    = rgb(0x0B, 0x4F, 0x8C)
	pressed    = rgb(0x07, 0x33, 0x5C)
	cardPress  = rgb(0xC6, 0xDD, 0xEE)
	closedCard = rgb(0xDF, 0xE4, 0xE9)
	closedInk  = rgb(0x34, 0x40, 0x4C)
	good       = rgb(0x0A, 0x55, 0x36)
	goodCard   = rgb(0xDF, 0xF3, 0xE8)
	warn       = rgb(0x57, 0x38, 0x00)
	warnCard   = rgb(0xFF, 0xF0, 0xC9)
	shade      = color.NRGBA{0x06, 0x16, 0x24, 0xC8}
)

func rgb(r, g, b uint8) color.NRGBA { return color.NRGBA{r, g, b, 0xFF} }

// Names under which icons find their colour.
const (
	iconOnBrand fyne.ThemeColorName = "kioskOnBrand"
	iconBrand   fyne.ThemeColorName = "kioskBrand"
	iconGood    fyne.ThemeColorName = "kioskGood"
	iconWarn    fyne.ThemeColorName = "kioskWarn"
	iconMuted   fyne.ThemeColorName = "kioskMuted"
)

// Theme is the kiosk's own: light, with the sizes of Fyne that nobody uses.
type Theme struct{}

// Color implements fyne.Theme.
func (Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	switch n {
	case iconOnBrand:
		return onBrand
	case iconBrand:
		return primary
	case iconGood:
		return good
	case iconWarn:
		return warn
	case iconMuted:
		return muted
	case theme.ColorNameBackground:
		return ground
	case theme.ColorNameForeground:
		return ink
	case theme.ColorNamePrimary:
		return primary
	}
	return theme.DefaultTheme().Color(n, theme.VariantLight)
}

// Font implements fyne.Theme.
func (Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon implements fyne.Theme.
func (Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size implements fyne.Theme.
func (Theme) Size(n fyne.ThemeSizeName) float32 { return theme.DefaultTheme().Size(n) }
