package paper_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

var (
	stream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown  = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) Tj`)
	escape = regexp.MustCompile(`(?s)\\(.)`)
)

// pdfText reads the words of a PDF as the library writes them: UTF-16 strings, one after the other, pages parted by \f.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	var pages []string
	for _, m := range stream.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(z)
		require.NoError(t, err)
		var lines []string
		for _, s := range shown.FindAllSubmatch(content, -1) {
			lines = append(lines, utf16Text(escape.ReplaceAllFunc(s[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})))
		}
		if len(lines) > 0 {
			pages = append(pages, strings.Join(lines, "\n"))
		}
	}
	return strings.Join(pages, "\n\f\n") + "\n"
}

func utf16Text(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}
