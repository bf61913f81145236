package container

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// alike gives the Latin letters that a Cyrillic one can stand for: those it looks like and those it sounds like.
var alike = map[rune]string{
	'А': "A", 'Б': "B", 'В': "BVW", 'Г': "G", 'Ґ': "G", 'Ғ': "FG", 'Д': "D", 'Е': "E", 'Ё': "E", 'Є': "E", 'Ж': "J",
	'З': "Z", 'И': "I", 'І': "I", 'Ї': "I", 'Й': "JY", 'Ј': "J", 'К': "K", 'Қ': "KQ", 'Л': "L", 'М': "M", 'Н': "HN",
	'О': "O", 'П': "P", 'Р': "PR", 'С': "CS", 'Ѕ': "S", 'Т': "T", 'У': "UY", 'Ў': "UY", 'Ф': "F", 'Х': "HX", 'Ҳ': "HX",
	'Ц': "C", 'Ы': "IY", 'Э': "E", 'Ю': "U",
}

// layout gives the Latin letter on the key of a Cyrillic one.
var layout = map[rune]rune{
	'Й': 'Q', 'Ц': 'W', 'У': 'E', 'К': 'R', 'Е': 'T', 'Н': 'Y', 'Г': 'U', 'Ш': 'I', 'Щ': 'O', 'З': 'P', 'Ф': 'A', 'Ы': 'S',
	'І': 'S', 'В': 'D', 'А': 'F', 'П': 'G', 'Р': 'H', 'О': 'J', 'Л': 'K', 'Д': 'L', 'Я': 'Z', 'Ч': 'X', 'С': 'C', 'М': 'V',
	'И': 'B', 'Т': 'N', 'Ь': 'M',
}

// asLetter and asDigit are what is taken for each other by its look.
var (
	asLetter = map[rune]string{'0': "ODQ", '1': "IL", '2': "Z", '5': "S", '6': "G", '8': "B"}
	asDigit  = map[rune]string{
		'O': "0", 'Q': "0", 'D': "0", 'I': "1", 'L': "1", 'Z': "2", 'S': "5", 'G': "6", 'B': "8",
		'О': "0", 'З': "3", 'Ч': "4", 'Б': "6", 'В': "8", 'І': "1", 'Ѕ': "5",
	}
)

// longest is how many bytes are looked at: more are no number, however they are written.
const longest = 200

// numberSigns are left out first: the compatibility form of the one is "No".
var numberSigns = strings.NewReplacer("№", "", "#", "")

// normal gives what was typed in compatibility form and capitals, without what only sets characters apart.
func normal(raw string) []rune {
	if len(raw) > longest {
		return make([]rune, utf8.RuneCountInString(raw))
	}
	raw = strings.ToValidUTF8(raw, "�")
	raw = numberSigns.Replace(raw)
	var typed []rune
	for _, c := range strings.ToUpper(norm.NFKC.String(raw)) {
		if !separates(c) {
			typed = append(typed, c)
		}
	}
	return typed
}

// separates tells whether a character only sets others apart: spaces, dashes, what has no width, stops and strokes.
func separates(c rune) bool {
	return unicode.IsSpace(c) || unicode.In(c, unicode.Z, unicode.Pd, unicode.Cf, unicode.Cc) || strings.ContainsRune("−_./\\'", c)
}

func isLetter(c rune) bool {
	return 'A' <= c && c <= 'Z' || alike[c] != "" || layout[c] != 0
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

// readings are the numbers that four letters and seven digits can be, whatever their check digit: each Cyrillic letter
// by look and by sound, or all of them by the keyboard. A Cyrillic fourth letter is only read as a category.
func readings(typed []rune) []string {
	options := make([]string, letters)
	keys := make([]string, letters)
	for i, c := range typed[:letters] {
		options[i], keys[i] = string(c), string(c)
		if unicode.Is(unicode.Cyrillic, c) {
			options[i], keys[i] = alike[c], ""
			if key := layout[c]; key != 0 {
				keys[i] = string(key)
			}
			if i == letters-1 {
				options[i], keys[i] = onlyCategories(options[i]), onlyCategories(keys[i])
			}
		}
	}
	serial := string(typed[letters:])
	var all []string
	for _, word := range append(product(options), product(keys)...) {
		if number := word + serial; !slices.Contains(all, number) {
			all = append(all, number)
		}
	}
	return all
}

// repairs are the valid numbers that come of reading letters in digits' places as digits, and the other way round.
func repairs(typed []rune) []Number {
	options := make([]string, length)
	for i, c := range typed {
		switch {
		case i < letters && 'A' <= c && c <= 'Z' || i >= letters && isDigit(c):
			options[i] = string(c)
		case i < letters && isDigit(c):
			options[i] = asLetter[c]
		case i < letters:
			options[i] = alike[c]
		default:
			options[i] = asDigit[c]
		}
	}
	options[letters-1] = onlyCategories(options[letters-1])
	return valid(product(options))
}

func onlyCategories(options string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(categories, c) {
			return c
		}
		return -1
	}, options)
}

// product gives all words with one of the options in each place; none if a place has no option.
func product(options []string) []string {
	words := []string{""}
	for _, here := range options {
		var longer []string
		for _, word := range words {
			for _, c := range here {
				longer = append(longer, word+string(c))
			}
		}
		words = longer
	}
	return words
}

// valid keeps the valid numbers, those of known owners first.
func valid(all []string) []Number {
	var numbers []Number
	for _, number := range all {
		if right(number) {
			numbers = append(numbers, Number(number))
		}
	}
	slices.SortStableFunc(numbers, func(a, b Number) int { return unknown(a) - unknown(b) })
	return numbers
}

func unknown(n Number) int {
	if _, known := n.Owner(); known {
		return 0
	}
	return 1
}
