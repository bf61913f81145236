package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestContainerCheck(t *testing.T) {
	for name, c := range map[string]struct {
		numbers []string
		in      string
		want    []string // parts of each line
		err     error
	}{
		"arguments": {numbers: []string{"мску 601167-2", "TEMU1002030"}, want: []string{
			`{"raw":"мску 601167-2","number":"MSKU6011672","valid":true,"reason":"","known":true,"owner":{"code":"MSK",`,
			`{"raw":"TEMU1002030","number":"TEMU1002030","valid":true,`,
		}},
		"lines": {in: "CSQU3054383\r\n\nMSKU1234567\nTBJA7176445\nM5KU6O11672", err: failed, want: []string{
			`"number":"CSQU3054383","valid":true,`,
			`"valid":false,"reason":"check_digit","check_digit":{"given":7,"computed":5},`,
			`"valid":false,"reason":"category","position":4,"known":true,`,
			`"valid":false,"reason":"format","position":2,"known":false,"owner":null,"suggestions":["MSKU6011672"],`,
		}},
		"nothing":           {in: ""},
		"an empty argument": {numbers: []string{""}, err: failed, want: []string{`"reason":"length"`}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := containerCheckCommand{Numbers: c.numbers}.check(strings.NewReader(c.in), &out)
			require.Equal(t, c.err, err)
			require.Equal(t, len(c.want), strings.Count(out.String(), "\n"))
			for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
				if len(c.want) > 0 {
					require.True(t, json.Valid([]byte(line)))
					require.Contains(t, line, c.want[i])
					require.NotContains(t, line, "<code>")
				}
			}
		})
	}
}

func TestALineOfAnyLengthIsAnswered(t *testing.T) {
	for _, long := range []string{strings.Repeat("M", 2<<20), strings.Repeat("М", 2<<20), strings.Repeat("MSKU6011672 ", 1<<16), strings.Repeat("\xff", 5000)} {
		var out bytes.Buffer
		err := containerCheckCommand{}.check(strings.NewReader("MSKU6011672\n"+long+"\n"+strings.Repeat(" ", 1<<20)+"\nCSQU3054383"), &out)
		require.Equal(t, failed, err)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		require.Len(t, lines, 3)
		require.Contains(t, lines[0], `"number":"MSKU6011672","valid":true`)
		require.Contains(t, lines[1], `"valid":false,"reason":"length"`)
		require.Contains(t, lines[1], `…","number":""`)
		require.Less(t, len(lines[1]), 2000)
		require.Contains(t, lines[2], `"number":"CSQU3054383","valid":true`)
	}
}

func TestAReadingThatFailsIsTold(t *testing.T) {
	var out bytes.Buffer
	err := containerCheckCommand{}.check(io.MultiReader(strings.NewReader("CSQU3054383\n"), iotest.ErrReader(io.ErrUnexpectedEOF)), &out)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Contains(t, out.String(), `"valid":true`)
}
