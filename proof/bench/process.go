package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"quaydesk/proof/stack"
)

// bench is the name of our own process among the parts.
const self stack.Part = "bench itself"

// usage is what a part and its children use.
type usage struct {
	ticks int   // of CPU so far, in hundredths of a second
	rss   int64 // bytes of memory; what PostgreSQL's processes share counts once
}

// usages reads /proc, which only Linux has.
func usages(s *stack.Stack) (map[stack.Part]usage, error) {
	pids, err := s.Pids()
	if err != nil {
		return nil, err
	}
	pids[self] = os.Getpid()
	children, err := children()
	if err != nil {
		return nil, err
	}
	out := map[stack.Part]usage{}
	for part, pid := range pids {
		family := []int{pid}
		if part == stack.Postgres {
			family = append(family, children[pid]...)
		}
		u := usage{}
		for _, p := range family {
			one, err := usageOf(p)
			if err != nil && p == pid {
				return nil, err
			} // a child may have ended just now
			u.ticks += one.ticks
			u.rss += one.rss
		}
		out[part] = u
	}
	return out, nil
}

// children gives the processes that each process started.
func children() (map[int][]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	out := map[int][]int{}
	for _, file := range stats {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			continue
		}
		if fields, err := stat(pid); err == nil {
			parent, _ := strconv.Atoi(fields[1])
			out[parent] = append(out[parent], pid)
		}
	}
	return out, nil
}

// stat gives the fields of /proc/<pid>/stat from the third (the state) on.
func stat(pid int) ([]string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	_, rest, ok := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return nil, fmt.Errorf("/proc/%d/stat is not understood", pid)
	}
	return fields, nil
}

func usageOf(pid int) (usage, error) {
	fields, err := stat(pid)
	if err != nil {
		return usage{}, err
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	u := usage{ticks: user + system}
	u.rss, err = memory(pid)
	return u, err
}

// memory gives the resident memory, pages shared with others counted in part.
func memory(pid int) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "Pss:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, lines.Err()
}
