package container

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many suggestions are made from the stock.
const most = 3

// The slips by which a number becomes another, the likelier first.
const (
	same    = iota // it is read so
	alikes         // one letter for a digit, or the other way round
	swapped        // two neighbours
	changed        // one digit or letter
	doubled        // one too many
	missing
	other
)

// Nearest gives those in stock that are one slip away from what was typed: a character changed, missing or too many, or
// two neighbours swapped. The likeliest come first, at most three.
func Nearest(wrong string, stock []Number) []Number {
	typed := normal(wrong)
	if len(typed) < length-1 || len(typed) > length+1 {
		return nil
	}
	type near struct {
		number Number
		slip   int
	}
	var found []near
	for _, n := range stock {
		if len(n) != length {
			continue
		}
		if s := slip(typed, string(n)); s != other {
			found = append(found, near{n, s})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.slip, b.slip), cmp.Compare(a.number, b.number))
	})
	var numbers []Number
	for _, f := range found {
		if len(numbers) < most && !slices.Contains(numbers, f.number) {
			numbers = append(numbers, f.number)
		}
	}
	return numbers
}

// slip tells how what was typed comes of a number.
func slip(typed []rune, number string) int {
	i := 0
	for i < len(typed) && i < length && reads(typed[i], number[i]) {
		i++
	}
	switch {
	case len(typed) > length:
		if agree(typed[i+1:], number[i:]) {
			return doubled
		}
	case len(typed) < length:
		if agree(typed[i:], number[i+1:]) {
			return missing
		}
	case i == length:
		return same
	case agree(typed[i+1:], number[i+1:]):
		if looks(typed[i], number[i]) {
			return alikes
		}
		return changed
	case i+1 < length && reads(typed[i], number[i+1]) && reads(typed[i+1], number[i]) && agree(typed[i+2:], number[i+2:]):
		return swapped
	}
	return other
}

func agree(typed []rune, rest string) bool {
	for i, c := range typed {
		if !reads(c, rest[i]) {
			return false
		}
	}
	return true
}

// reads tells whether a character can be read as that of a number.
func reads(typed rune, c byte) bool {
	return typed == rune(c) || strings.IndexByte(alike[typed], c) >= 0 || layout[typed] == rune(c)
}

// looks tells whether a character is taken for that of a number by its look.
func looks(typed rune, c byte) bool {
	return strings.IndexByte(asLetter[typed], c) >= 0 || strings.IndexByte(asDigit[typed], c) >= 0
}
