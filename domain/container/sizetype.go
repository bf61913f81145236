package container

import (
	"regexp"
	"slices"
	"strings"

	"quaydesk/domain/fault"
)

// SizeType is a size and type code of ISO 6346, such as "45G1", or only a length, "20", "40" or "45", when no more is
// known; "" when nothing is.
type SizeType string

// UsualSizeTypes are those offered as buttons.
var UsualSizeTypes = []SizeType{"22G1", "42G1", "45G1", "45R1", "L5G1", "22R1"}

// lengths are the feet, rounded, of the first character of a code.
var lengths = map[byte]int{
	'1': 10, '2': 20, '3': 30, '4': 40, 'A': 23, 'B': 24, 'C': 24, 'D': 24, 'E': 26, 'F': 27, 'G': 41, 'H': 43, 'K': 45,
	'L': 45, 'M': 48, 'N': 49, 'P': 53,
}

const (
	heights = "0245689CDEFLMNP" // the second characters of codes
	high    = "56EFNP"          // those of 9'6" and more
)

// groups are what the third character of a code stands for.
var groups = map[byte]string{
	'G': "dry", 'R': "reefer", 'U': "open_top", 'T': "tank", 'P': "flat", 'B': "bulk", 'V': "ventilated", 'H': "insulated",
	'S': "named_cargo",
}

// code is a whole code: length, height, and a type or the group of types.
var code = regexp.MustCompile(`^[1-4A-HK-NP][` + heights + `]([GRUTPBVHS][0-9]|GP|VH|BU|BK|SN|RE|RT|RS|HR|HI|UT|PL|PF|PC|PS|TN|TD|TG)$`)

// Length is the length in feet, rounded; 0 when it is not known.
func (s SizeType) Length() int {
	switch {
	case s == "":
		return 0
	case s == "45": // 40 feet and high only as the beginning of a code
		return 45
	}
	return lengths[s[0]]
}

// Group is the type: dry, reefer, open_top, tank, flat, bulk, ventilated, insulated or named_cargo; "" when it is not
// known.
func (s SizeType) Group() string {
	if len(s) < 4 {
		return ""
	}
	return groups[s[2]]
}

// HighCube tells whether the container is known to be 9'6" high or more.
func (s SizeType) HighCube() bool { return len(s) == 4 && strings.IndexByte(high, s[1]) >= 0 }

var (
	// measured is a length with a type before or after it, and any word for feet.
	measured = regexp.MustCompile(`^(\pL*?)(10|20|30|40|45|48|53)(?:FEET|FOOT|FT|(?:ТИ)?ФУТ(?:ОВЫЙ|ОВЫХ|ОВ|А)?)?(\pL*)$`)
	quotes   = strings.NewReplacer("'", "", "’", "", "′", "", "″", "", "\"", "", "`", "", "“", "", "”", "", "(", "", ")", "")
)

// ParseSizeType reads a code of ISO 6346, a trade name such as "40HC" or "20 реф", or a bare length of 20, 40 or 45
// feet. It never adds a type that is not said. The error is a fault.Invalid.
func ParseSizeType(raw string) (SizeType, error) {
	typed := string(normal(quotes.Replace(raw)))
	var codes []SizeType
	for _, spelled := range spellings(typed) {
		if code.MatchString(spelled) {
			codes = append(codes, SizeType(spelled))
		}
	}
	if m := measured.FindStringSubmatch(typed); m != nil && (m[1] == "" || m[3] == "") {
		length, name := m[2], m[1]+m[3]
		if (name == "" || name == "Ф") && (length == "20" || length == "40" || length == "45") {
			return SizeType(length), nil
		}
		switch traded := tradeNames(length, name); {
		case length == "45": // "45GP" is 40' and high as a code, 45' in the trade: both are in use
			codes = append(codes, traded...)
		case len(traded) > 0: // "20GP" as a code would be 8' high, which nobody means
			codes = traded
		}
	}
	switch slices.Sort(codes); len(codes) {
	case 0:
		return "", fault.New(fault.Invalid, "container.size_type")
	case 1:
		return codes[0], nil
	}
	return "", fault.New(fault.Invalid, "container.size_type_ambiguous", "First", string(codes[0]), "Second", string(codes[1]))
}

// spellings are what Latin letters and digits a short text can be meant to have.
func spellings(typed string) []string {
	if len([]rune(typed)) > 4 {
		return nil
	}
	var options []string
	for _, c := range typed {
		if latin := alike[c]; latin != "" {
			options = append(options, latin)
		} else {
			options = append(options, string(c))
		}
	}
	return product(options)
}
