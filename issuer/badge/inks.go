package badge

import (
	"hash/fnv"
	"image/color"
	"slices"
)

// Inks are the two colours of a program: the ground of its marks and the metal
// of rim, rings and year.
type Inks struct{ Ground, Metal color.NRGBA }

// paper is what icon and code are drawn in.
var paper = rgb(0xfbfaf7)

// pale is for marks that are still to come: it can be read on light and on dark
// paper alike.
var pale = rgb(0x7b7a80)

// palette is in the order of Colours.
var palette = []Inks{
	{rgb(0x1d2b4f), rgb(0xe0b860)}, // navy, gold
	{rgb(0x17402f), rgb(0xddc07c)}, // forest, pale gold
	{rgb(0x46204f), rgb(0xe6bf7a)}, // plum, gold
	{rgb(0x5a1a22), rgb(0xe8c79a)}, // oxblood, pale copper
	{rgb(0x0f4148), rgb(0xcfd8d4)}, // teal, silver
	{rgb(0x2b3038), rgb(0xe3b452)}, // slate, gold
	{rgb(0x4a2f16), rgb(0xecc98e)}, // umber, brass
	{rgb(0x2e2a66), rgb(0xcdd0e6)}, // indigo, silver
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

var colours = []string{"navy", "forest", "plum", "oxblood", "teal", "slate", "umber", "indigo"}

// Colours lists the names of the pairs of inks.
func Colours() []string { return slices.Clone(colours) }

// InksNamed gives a pair by name, that of a program by its code for any other.
func InksNamed(colour, program string) Inks {
	if i := slices.Index(colours, colour); i >= 0 {
		return palette[i]
	}
	return InksOf(program)
}

// InksOf gives the colours of a program by its code, always the same ones.
func InksOf(program string) Inks {
	h := fnv.New32a()
	h.Write([]byte(program))
	return palette[h.Sum32()%uint32(len(palette))]
}
