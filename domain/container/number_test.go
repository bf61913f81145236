package container_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "quaydesk/domain/container"
	"quaydesk/domain/fault"
)

func TestParse(t *testing.T) {
	for raw, want := range map[string]Number{
		"CSQU3054383": "CSQU3054383", "TOLU4734787": "TOLU4734787", "MSKU6011672": "MSKU6011672", "HLXU2008419": "HLXU2008419",
		// remainder 10
		"APZU3789870": "APZU3789870", "TEMU1002030": "TEMU1002030", "DFSU1704420": "DFSU1704420",
		// spelled otherwise
		"msku6011672": "MSKU6011672", " MSKU 601167-2\n": "MSKU6011672", "MSKU\u00a0601\u200b167\u20112": "MSKU6011672",
		"MSKU–601167–2": "MSKU6011672", "ＭＳＫＵ６０１１６７２": "MSKU6011672", "\ufeffMSKU6011672": "MSKU6011672", "№ MSKU 601167/2": "MSKU6011672",
		// Cyrillic: by look, by sound, on the wrong keyboard, and mixed in
		"МСКУ6011672": "MSKU6011672", "мску 601167 2": "MSKU6011672", "ЬЫЛГ6011672": "MSKU6011672", "MSKГ6011672": "MSKU6011672",
		"ТОЛУ4734787": "TOLU4734787", "СSQU3054383": "CSQU3054383", "РЫЛГ": "",
	} {
		n, err := Parse(raw)
		if want == "" {
			require.Error(t, err, raw)
			continue
		}
		require.NoError(t, err, raw)
		require.Equal(t, want, n, raw)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	for raw, want := range map[string]struct {
		reason      Reason
		number      Number
		position    int
		digits      *Digits
		suggestions []Number
	}{
		"CSQU3054384":             {reason: WrongDigit, number: "CSQU3054384", digits: &Digits{Given: 4, Computed: 3}},
		"MSKU1234567":             {reason: WrongDigit, number: "MSKU1234567", digits: &Digits{Given: 7, Computed: 5}},
		"МСКУ6011673":             {reason: WrongDigit},
		"TBJA7176445":             {reason: WrongCategory, number: "TBJA7176445", position: 4},
		"MSKА6011672":             {reason: WrongCategory, position: 4}, // the last letter is Cyrillic
		"":                        {reason: WrongLength},
		"MSKU601167":              {reason: WrongLength},
		"MSKU60116722":            {reason: WrongLength},
		"MSK66011672":             {reason: WrongFormat, position: 4},
		"MSKU60I1672":             {reason: WrongFormat, position: 7, suggestions: []Number{"MSKU6011672"}},
		"MSKU6О11672":             {reason: WrongFormat, position: 6, suggestions: []Number{"MSKU6011672"}}, // Cyrillic О
		"M5KU6O11672":             {reason: WrongFormat, position: 2, suggestions: []Number{"MSKU6011672"}},
		"M5KU6O11673":             {reason: WrongFormat, position: 2},
		"MSKU601167B":             {reason: WrongFormat, position: 11},
		"集装箱U6011672":             {reason: WrongFormat, position: 1},
		"MSKU٦٠١١٦٧٢":             {reason: WrongFormat, position: 5},
		"MSKU601167\xff":          {reason: WrongFormat, position: 11},
		strings.Repeat("М", 5000): {reason: WrongLength},
	} {
		r := Check(raw)
		require.False(t, r.Valid, raw)
		require.Equal(t, want.reason, r.Reason, raw)
		require.Equal(t, want.number, r.Number, raw)
		require.Equal(t, want.position, r.Position, raw)
		require.Equal(t, want.digits, r.Digits, raw)
		require.Equal(t, want.suggestions, r.Suggestions, raw)
		_, err := Parse(raw)
		require.True(t, fault.Is(err, fault.Invalid), raw)
	}
}

func TestACategoryThatNoReadingHas(t *testing.T) {
	for raw, position := range map[string]string{"СВJA1234560": "A", "ВСНG1234560": "G", "ВСКШ1234560": "Ш", "TBJA7176445": "A"} {
		r := Check(raw)
		require.Equal(t, WrongCategory, r.Reason, raw)
		require.Equal(t, 4, r.Position, raw)
		require.Equal(t, position, r.Fault().Text.Args["Character"].Plain, raw)
		require.Empty(t, r.Suggestions, raw)
	}
}

func TestSeveralReadingsAreOffered(t *testing.T) {
	// Cyrillic В looks like B and sounds like V, which have equal remainders: the check digit cannot tell.
	r := Check("ВСКU" + serialFor("BCKU"))
	require.False(t, r.Valid)
	require.Equal(t, Ambiguous, r.Reason)
	require.Contains(t, r.Suggestions, Number("BCKU"+serialFor("BCKU")))
	require.Contains(t, r.Suggestions, Number("VCKU"+serialFor("BCKU")))
	require.Empty(t, r.Number)

	// By look it is one, by the keyboard another; the known owner comes first.
	require.Equal(t, []Number{"TEMU1002030", "NTVU1002030"}, Check("ТЕМU1002030").Suggestions)
}

func TestAnUnknownOwnerIsNotReadIntoCyrillic(t *testing.T) {
	// МСКУ is MSKU or MCKU: a wrong digit of the one may be right for the other, whose owner nobody knows.
	r := Check("МСКУ9234067")
	require.False(t, r.Valid)
	require.Equal(t, Ambiguous, r.Reason)
	require.Equal(t, "container.unsure", r.Fault().Text.Key)
	require.Equal(t, []Number{"MCKU9234067"}, r.Suggestions)
	require.Empty(t, r.Number)
	require.True(t, Check("MCKU9234067").Valid, "it was typed in Latin")

	// One reading of Cyrillic is certain, known or not.
	require.True(t, Check("ЬЬЬГ"+serialFor("MMMU")).Valid)
}

func TestNoUnknownOwnerIsTakenAmongReadings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[АВЕКМНОРСТХУ]{2}([ВНРСХУ]У|[АВЕКМНОРСТХУ][UJZ])[0-9]{7}`).Draw(t, "raw") // two readings at least
		if r := Check(raw); r.Valid {
			require.True(t, r.Known, "%s is taken as %s", raw, r.Number)
		}
	})
}

// serialFor gives a serial with the check digit for a prefix.
func serialFor(prefix string) string {
	return "305438" + string(rune('0'+CheckDigit(prefix+"305438")))
}

func TestOwners(t *testing.T) {
	r := Check("MSKU6011672")
	require.True(t, r.Known)
	require.Equal(t, "MSK", r.Owner.Code)
	require.Contains(t, r.Owner.Company, "MAERSK")

	_, known := Number("XXXU3054383").Owner()
	require.False(t, known)
	require.Nil(t, Check("XXXU3054383").Owner)
}

func TestGrouped(t *testing.T) {
	require.Equal(t, "MSKU 601167 2", Number("MSKU6011672").Grouped())
	require.Equal(t, "MSKU", Number("MSKU").Grouped())
}

func TestCheckDigit(t *testing.T) {
	require.Equal(t, 3, CheckDigit("CSQU305438"))
	require.Equal(t, 0, CheckDigit("TEMU100203"))
	for _, no := range []string{"", "CSQU30543", "csqu305438", "CSQU3054383"} {
		require.Equal(t, -1, CheckDigit(no), no)
	}
}

// numbers draws valid numbers.
var numbers = rapid.Custom(func(t *rapid.T) Number {
	ten := rapid.StringMatching(`[A-Z]{3}[UJZ][0-9]{6}`).Draw(t, "ten")
	return Number(ten + string(rune('0'+CheckDigit(ten))))
})

func TestEveryValidNumberIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers.Draw(t, "number")
		for _, raw := range []string{string(n), n.Grouped(), strings.ToLower(string(n))} {
			got, err := Parse(raw)
			require.NoError(t, err)
			require.Equal(t, n, got)
		}
	})
}

// spelledCyrillic gives for each Latin letter those Cyrillic ones that look or sound like it, and the one on its key.
var spelledCyrillic = map[rune][2]string{
	'A': {"А", "Ф"}, 'B': {"ВБ", "И"}, 'C': {"С", "С"}, 'D': {"Д", "В"}, 'E': {"Е", "У"}, 'F': {"Ф", "А"}, 'G': {"Г", "П"},
	'H': {"НХ", "Р"}, 'I': {"И", "Ш"}, 'J': {"Ж", "О"}, 'K': {"К", "Л"}, 'L': {"Л", "Д"}, 'M': {"М", "Ь"}, 'N': {"Н", "Т"},
	'O': {"О", "Щ"}, 'P': {"РП", "З"}, 'Q': {"", "Й"}, 'R': {"Р", "К"}, 'S': {"С", "Ы"}, 'T': {"Т", "Е"}, 'U': {"У", "Г"},
	'V': {"В", "М"}, 'W': {"В", "Ц"}, 'X': {"Х", "Ч"}, 'Y': {"У", "Н"}, 'Z': {"З", "Я"},
}

func TestCyrillicSpellingsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := numbers.Draw(t, "number")
		byKey := rapid.Bool().Draw(t, "by the keyboard")
		var typed strings.Builder
		for i, c := range n {
			how := spelledCyrillic[c][0]
			if byKey {
				how = spelledCyrillic[c][1]
			}
			if i >= 4 || how == "" || rapid.Bool().Draw(t, "stays Latin") {
				how = string(c)
			}
			typed.WriteRune(rapid.SampledFrom([]rune(how)).Draw(t, "letter"))
		}
		if byKey && strings.IndexFunc(typed.String(), func(c rune) bool { return c > utf8.RuneSelf }) < 0 {
			return
		}
		if r := Check(typed.String()); r.Valid {
			require.Equal(t, n, r.Number)
		} else {
			require.Contains(t, r.Suggestions, n)
		}
	})
}

func TestLettersAndDigitsAreNeverTakenForEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := []byte(numbers.Draw(t, "number"))
		i := rapid.IntRange(0, 10).Draw(t, "place")
		was := n[i]
		n[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rapid.IntRange(0, 25).Draw(t, "letter")]
		if i < 4 {
			n[i] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		}
		r := Check(string(n))
		require.False(t, r.Valid)
		require.Equal(t, WrongFormat, r.Reason)
		for _, s := range r.Suggestions {
			_, err := Parse(string(s))
			require.NoError(t, err)
		}
		if pair := string(was) + string(n[i]); strings.Contains("B8 0O 1I 5S 8B O0 I1 S5", pair) && i != 3 {
			n[i] = was
			require.Contains(t, r.Suggestions, Number(n))
		}
	})
}

func TestTheComputedDigitIsNeverSuggested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := string(numbers.Draw(t, "number"))
		wrong := n[:10] + string(rune('0'+(int(n[10]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10))
		require.Empty(t, Check(wrong).Suggestions)
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"CSQU3054383", "мску 601167-2", "ЬЫЛГ6011672", "M5KU6O11672", "", "\xff", "ﬁ№", "ВСКU3054383"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := Check(raw)
		n, err := Parse(raw)
		require.Equal(t, r.Valid, err == nil)
		for _, s := range r.Suggestions {
			again, err := Parse(string(s))
			require.NoError(t, err)
			require.Equal(t, s, again)
		}
		if err != nil {
			require.True(t, fault.Is(err, fault.Invalid))
			return
		}
		require.Regexp(t, `^[A-Z]{3}[UJZ][0-9]{7}$`, string(n))
		require.Equal(t, int(n[10]-'0'), CheckDigit(string(n[:10])))
		again, err := Parse(string(n))
		require.NoError(t, err)
		require.Equal(t, n, again)
	})
}
