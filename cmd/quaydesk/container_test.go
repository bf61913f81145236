package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

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

func TestALineWithoutEndIsRefused(t *testing.T) {
	err := containerCheckCommand{}.check(strings.NewReader(strings.Repeat("M", 2<<20)), &bytes.Buffer{})
	require.ErrorContains(t, err, "token too long")
}
