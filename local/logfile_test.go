package local

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALogKeepsItsEndAndOneOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part.log")
	log, err := openLog(path)
	require.NoError(t, err)
	defer log.Close()
	line := []byte(strings.Repeat("x", 1<<20-1) + "\n")
	for range 3 * logCap >> 20 {
		_, err := log.Write(line)
		require.NoError(t, err)
	}
	_, err = log.Write([]byte("the end\n"))
	require.NoError(t, err)
	require.Equal(t, "the end", log.last())

	var size int64
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		size += info.Size()
	}
	require.LessOrEqual(t, size, int64(2*logCap))
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(kept), "the end\n"))
}
