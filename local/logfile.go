package local

import (
	"os"
	"strings"
	"sync"
)

// logCap is how large a part's log file grows before it becomes the one old file that is kept, in bytes.
const logCap = 10 << 20

// logFile takes what a part says.
type logFile struct {
	path string
	mu   sync.Mutex
	f    *os.File
	size int64
	tail []byte // the end of it, for errors
}

func openLog(path string) (*logFile, error) {
	l := &logFile{path: path}
	return l, l.open()
}

func (l *logFile) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write never fails: a full disk must not stop the part that logs.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p...)
	if over := len(l.tail) - 4096; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	if l.f != nil && l.size+int64(len(p)) > logCap {
		l.f.Close()
		l.f = nil
		_ = os.Rename(l.path, l.path+".old")
	}
	if l.f == nil && l.open() != nil {
		return len(p), nil
	}
	n, _ := l.f.Write(p)
	l.size += int64(n)
	return len(p), nil
}

// last gives the last line that was written.
func (l *logFile) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.TrimSpace(string(l.tail))
	return text[strings.LastIndexByte(text, '\n')+1:]
}

func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return nil
	}
	return l.f.Close()
}
