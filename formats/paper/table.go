package paper

import (
	"math"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The fonts, which have Latin and Cyrillic letters; sizes are in points.
const (
	family = "go"
	small  = 7
	normal = 9
	title  = 14
)

var fonts = []*entity.CustomFont{
	{Family: family, Style: fontstyle.Normal, Bytes: goregular.TTF},
	{Family: family, Style: fontstyle.Bold, Bytes: gobold.TTF},
}

// column is a column of a table.
type column struct {
	mm    int
	right bool // figures
}

// face is how a row looks.
type face struct {
	size float64
	bold bool
	fill *props.Color
	line bool // below the row
}

var (
	heading = face{size: small, bold: true, fill: &props.Color{Red: 230, Green: 234, Blue: 240}}
	group   = face{size: small, bold: true, line: true}
	plain   = face{size: small, line: true}
	sum     = face{size: normal, bold: true}
	words   = face{size: normal}
)

// perMM is about how many letters of a point's size fit into a millimetre.
const perMM = 4.2

// rowOf makes a row of cells in columns. It is as high as its highest cell.
func rowOf(columns []column, f face, cells ...string) core.Row {
	r := row.New()
	for i, c := range columns {
		p := props.Text{Size: f.size, Top: 0.8, Bottom: 1.2, Left: 0.8, Right: 0.8, VerticalPadding: 0.4}
		if f.bold {
			p.Style = fontstyle.Bold
		}
		if c.right {
			p.Align = align.Right
		}
		longest := int(float64(c.mm) * perMM / f.size)
		if c.right {
			longest = math.MaxInt
		}
		cell := col.New(c.mm)
		if cells[i] != "" {
			cell.Add(text.New(printable(cells[i], longest), p))
		}
		r.Add(cell)
	}
	style := props.Cell{BackgroundColor: f.fill}
	if f.line {
		style.BorderType, style.BorderThickness = border.Bottom, 0.1
		style.BorderColor = &props.Color{Red: 170, Green: 170, Blue: 170}
	}
	return r.WithStyle(&style)
}

// paragraph adds words over the whole width.
func (d document) paragraph(f face, s string) {
	for line := range strings.Lines(s) {
		d.AddRows(rowOf([]column{{mm: width}}, f, strings.TrimSpace(line)))
	}
}

// gap adds an empty row.
func (d document) gap(mm float64) { d.AddRows(row.New(mm).Add(col.New(width))) }

// table begins a table whose heading stands on each of its pages.
func (d document) table(columns []column, heads ...string) error {
	return d.RegisterHeader(rowOf(columns, heading, heads...))
}

// noTable ends a table: its heading does not stand on the pages after it.
func (d document) noTable() error { return d.RegisterHeader() }
