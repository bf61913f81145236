package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/formats/chart"
)

// words are what a picture says; it must be XML.
func words(t *testing.T, svg []byte) string {
	t.Helper()
	var all strings.Builder
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		require.NoError(t, err)
		if c, ok := token.(xml.CharData); ok {
			all.WriteString(string(c) + "|")
		}
	}
}

func TestChartsSayTheirFigures(t *testing.T) {
	series := []chart.Series{{Name: "Chukursay <b>&\"x\"\x00", Figures: []float64{12, 4, 3}}, {Name: "Восток", Figures: []float64{2, 0, 9}}}
	labels := []string{"1–7", "8–14", "15–30"}
	for name, draw := range map[string]func([]string, []chart.Series) ([]byte, error){"bars": chart.Bars, "lines": chart.Lines} {
		t.Run(name, func(t *testing.T) {
			picture, err := draw(labels, series)
			require.NoError(t, err)
			said := words(t, picture)
			for _, word := range []string{`Chukursay <b>&"x"`, "Восток", "1–7", "8–14", "15–30", "|0|"} {
				require.Contains(t, said, word)
			}
			require.NotContains(t, string(picture), "<script")
			require.NotContains(t, string(picture), "href=\"")
			again, err := draw(labels, series)
			require.NoError(t, err)
			require.Equal(t, picture, again)
		})
	}
}

func TestAxesEndAboveTheFigures(t *testing.T) {
	for most, want := range map[float64]string{0: "|1|", 1: "|1|", 6: "|6|", 7: "|8|", 44: "|50|", 99: "|100|", 61: "|80|", 123456: "|150000|"} {
		picture, err := chart.Bars([]string{"x"}, []chart.Series{{Name: "boxes", Figures: []float64{most}}})
		require.NoError(t, err)
		require.Contains(t, words(t, picture), want, most)
	}
}
