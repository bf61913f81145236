// Package chart draws charts as SVG pictures. They carry their own style, so each is served as a picture of its own,
// where the policy of a page does not reach.
package chart

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"github.com/go-analyze/charts"
)

// Type is the media type of the pictures.
const Type = "image/svg+xml"

// The size of a picture, in CSS pixels; browsers scale it.
const (
	width  = 720
	height = 360
)

// Series is a row of figures of one name, one for each label of the chart.
type Series struct {
	Name    string
	Figures []float64
}

// Bars draws series stacked upon each other.
func Bars(labels []string, series []Series) ([]byte, error) {
	opt := charts.NewBarChartOptionWithData(figures(series))
	opt.StackSeries = charts.Ptr(true)
	opt.CategoryAxis.Labels, opt.CategoryAxis.LabelFontStyle = plain(labels), words
	opt.ValueAxis[0] = values(series, true)
	opt.Legend, opt.Padding = legend(series), padding
	return draw(func(p *charts.Painter) error { return p.BarChart(opt) })
}

// Lines draws each series as a line.
func Lines(labels []string, series []Series) ([]byte, error) {
	opt := charts.NewLineChartOptionWithData(figures(series))
	opt.XAxis.Labels, opt.XAxis.LabelFontStyle = plain(labels), words
	opt.YAxis[0] = values(series, false)
	opt.Legend, opt.Padding = legend(series), padding
	return draw(func(p *charts.Painter) error { return p.LineChart(opt) })
}

// words are large enough to be read where a picture is half its size, as on a phone.
var words = charts.NewFontStyleWithSize(16)

var padding = charts.Box{Left: 16, Top: 16, Right: 16, Bottom: 8, IsSet: true}

func draw(onto func(*charts.Painter) error) ([]byte, error) {
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: width, Height: height,
		Theme: charts.GetTheme(charts.ThemeVividLight)})
	if err := onto(p); err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	picture, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	return picture, nil
}

func figures(series []Series) [][]float64 {
	all := make([][]float64, len(series))
	for i, s := range series {
		all[i] = s.Figures
	}
	return all
}

func legend(series []Series) charts.LegendOption {
	names := make([]string, len(series))
	for i, s := range series {
		names[i] = s.Name
	}
	return charts.LegendOption{SeriesNames: plain(names), FontStyle: words}
}

// values is the axis of the figures: whole numbers from nought on.
func values(series []Series, stacked bool) charts.YAxisOption {
	var most float64
	sums := map[int]float64{}
	for _, s := range series {
		for i, f := range s.Figures {
			most = max(most, f)
			sums[i] += f
		}
	}
	if stacked {
		for _, sum := range sums {
			most = max(most, sum)
		}
	}
	step := 1.0
	for i := 0; most/step > 6; i++ { // 1, 2, 5, 10, 20 …
		step *= []float64{2, 2.5, 2}[i%3]
	}
	top := max(step, math.Ceil(most/step)*step)
	return charts.YAxisOption{Min: charts.Ptr(0.0), Max: charts.Ptr(top), Unit: step, LabelCount: int(top/step) + 1, LabelFontStyle: words,
		ValueFormatter: func(f float64) string { return fmt.Sprintf("%.0f", f) }}
}

// plain is texts as XML has them: the library writes them as they are.
func plain(texts []string) []string {
	escaped := make([]string, len(texts))
	for i, text := range texts {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(text)) // writing to memory does not fail
		escaped[i] = b.String()
	}
	return escaped
}
