package container_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "quaydesk/domain/container"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                         nil,
		" \n,;":                    nil,
		"MSKU6011672":              {"MSKU6011672"},
		"MSKU 601167-2":            {"MSKU 601167-2"},
		"MSKU6011672\nCSQU3054383": {"MSKU6011672", "CSQU3054383"},
		"MSKU 601167 2, CSQU3054383;TOLU4734787\tHLXU2008419\r\n": {"MSKU 601167 2", "CSQU3054383", "TOLU4734787", "HLXU2008419"},
		"MSKU 601167 2 CSQU 305438-3":                             {"MSKU 601167 2", "CSQU 305438-3"},
		"МСКУ6011672 CSQU305438":                                  {"МСКУ6011672", "CSQU305438"},
		"1. MSKU6011672\n2) CSQU3054383":                          {"MSKU6011672", "CSQU3054383"},
		"1\tMSKU6011672\n2\tCSQU3054383":                          {"MSKU6011672", "CSQU3054383"},
		"what is this":                                            {"what is this"},
		"6011672":                                                 {"6011672"},
	} {
		require.Equal(t, want, Split(text), text)
	}
	require.Len(t, Split(strings.Repeat("MSKU6011672\n", 10_000)), MostAtOnce+1)
	require.Equal(t, "container.too_many", TooMany().Text.Key)
}

func TestNearest(t *testing.T) {
	stock := []Number{"MSKU6011672", "CSQU3054383", "TOLU4734787", "MSKU6011719", "MSKU6011688"}
	for wrong, want := range map[string][]Number{
		"MSKU6011672":   {"MSKU6011672"},
		"MSKU6011673":   {"MSKU6011672"},                // a digit
		"NSKU6011672":   {"MSKU6011672"},                // a letter
		"MKSU6011672":   {"MSKU6011672"},                // swapped
		"МСКУ6011762":   {"MSKU6011672"},                // swapped, in Cyrillic
		"MSKU60116722":  {"MSKU6011672"},                // doubled
		"MSKU601672":    {"MSKU6011672"},                // one is missing
		"M5KU6011672":   {"MSKU6011672"},                // a digit for a letter
		"MSKU6011678":   {"MSKU6011672", "MSKU6011688"}, // two that may be meant
		"MSKU6011999":   nil,
		"":              nil,
		"MSKU":          nil,
		"MSKU601167222": nil,
	} {
		require.Equal(t, want, Nearest(wrong, stock), wrong)
	}
	require.Nil(t, Nearest("MSKU6011672", nil))
}

func TestNearestFindsEachSlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers.Draw(t, "number")
		i := rapid.IntRange(0, 9).Draw(t, "place")
		wrong := rapid.SampledFrom([]string{
			string(n[:i] + "X" + n[i+1:]), string(n[:i] + "7" + n[i+1:]), // changed
			string(n[:i] + n[i+1:i+2] + n[i:i+1] + n[i+2:]),           // swapped
			string(n[:i] + n[i+1:]), string(n[:i] + n[i:i+1] + n[i:]), // missing, doubled
		}).Draw(t, "wrong")
		require.Equal(t, []Number{n}, Nearest(wrong, []Number{n}))
	})
}
