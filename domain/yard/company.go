package yard

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// NameKey is what two spellings of a name have in common: its letters and digits, in lower case.
func NameKey(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}

// mostSimilar is how many companies are offered for a name that is none's.
const mostSimilar = 3

// Similar gives up to three of the companies whose name may be meant by what was typed, the likeliest first: it contains
// it, or the other way round, or differs in a letter of every five.
func Similar(typed string, companies []Company) []Company {
	key := []rune(NameKey(typed))
	type near struct {
		company Company
		slips   int
	}
	var found []near
	for _, c := range companies {
		other := []rune(NameKey(c.Name))
		slips := 0
		if len(key) < 3 || !strings.Contains(string(other), string(key)) && (len(other) < 3 || !strings.Contains(string(key), string(other))) {
			if slips = distance(key, other); slips > max(len(key), len(other))/5 && slips > min(len(key), 3)/3 {
				continue
			}
		}
		found = append(found, near{c, slips})
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.slips, b.slips) })
	var similar []Company
	for _, n := range found[:min(len(found), mostSimilar)] {
		similar = append(similar, n.company)
	}
	return similar
}

// distance is Levenshtein's: how many characters must be put in, left out or changed.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
