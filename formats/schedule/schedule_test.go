package schedule_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/billing"
	"quaydesk/domain/fault"
	"quaydesk/formats/schedule"
	"quaydesk/texts"
)

func full(t *testing.T) string {
	data, err := os.ReadFile("testdata/full.yaml")
	require.NoError(t, err)
	return string(data)
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	book, err := schedule.Read([]byte(full(t)))
	require.NoError(t, err, said(err))
	require.Equal(t, map[int64]string{1: "Acme Line"}, book.Clients)
	written, err := schedule.Write(book)
	require.NoError(t, err)
	again, err := schedule.Read(written)
	require.NoError(t, err, said(err))
	require.Equal(t, book, again)
	twice, err := schedule.Write(again)
	require.NoError(t, err)
	require.Equal(t, string(written), string(twice))
}

func TestAnyNameIsReadBack(t *testing.T) {
	readBack := func(t require.TestingT, name string) {
		book := billing.NamedBook{Clients: map[int64]string{1: name}}
		book.Discounts = []billing.Discount{{Name: name, Client: 1, Percent: decimal.NewFromInt(10)}}
		written, err := schedule.Write(book)
		require.NoError(t, err, "%q", name)
		again, err := schedule.Read(written)
		require.NoError(t, err, "%s\n%s", said(err), written)
		require.Equal(t, book, again, "%s", written)
	}
	for _, name := range hostile {
		readBack(t, name)
	}
	names := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom(nil, unicode.PrintRanges...), 1, 30, -1),
		rapid.StringMatching("[ -~\tа-я\u0085\u00a0\u2028\ufeff]{1,20}"),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(hostile), 1, 3).Draw(t, "parts"), rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "between"))
		}))
	rapid.Check(t, func(t *rapid.T) { readBack(t, names.Draw(t, "name")) })
}

// hostile are names that YAML would take for something else if they had no quotes.
var hostile = []string{
	".nan", ".NaN", ".Inf", "-.inf", "? a", "- a", ": a", "a: b", "a #b", "# a", "null", "~", "true", "no", "0x1F", "1e3", "1_000", "2026-01-31",
	"2026-01-31T09:00:00Z", "<<", "=", "---", "...", "--- a", "!tag a", "&a", "*a", "|", ">", "%YAML 1.2", "@a", "`a`", "{a", "[a]", "a,", "'", `"`, `\`, `\n`, `\x41`,
	" a ", "a\tb", "\t", "a\nb", "\r\n", "\u0085", "\u2028", "\ufeff", "\U0001f6a2", "ООО «Ромашка»", "any",
}

func TestTheSchemaFitsTheFiles(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schedule.Schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	valid := func(data []byte) error {
		asJSON, err := yaml.YAMLToJSON(data)
		require.NoError(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		require.NoError(t, err)
		return schema.Validate(value)
	}
	for _, name := range []string{"testdata/full.yaml", "../../docs/tariffs.example.yaml"} {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, valid(data), name)
		book, err := schedule.Read(data)
		require.NoError(t, err, "%s: %s", name, said(err))
		written, err := schedule.Write(book)
		require.NoError(t, err)
		require.NoError(t, valid(written), name)
	}
	for _, c := range [][2]string{{"free_days: 5", "freedays: 5"}, {"rate: 5}", "rate: -5}"}, {"        vat: 12\n", ""}, {"percent: 7.5", "stacks: true"}} {
		require.Contains(t, full(t), c[0])
		require.Error(t, valid([]byte(strings.Replace(full(t), c[0], c[1], 1))), c[1])
	}
}

func TestFreeDaysBelowZeroAreToldOnce(t *testing.T) {
	for _, c := range [][2]string{{"free_days: 5", "free_days: -1"}, {"free_days: 5", "free_days: -6"}, {"free_days: 3", "free_days: -1"}} {
		require.Contains(t, full(t), c[0])
		_, err := schedule.Read([]byte(strings.Replace(full(t), c[0], c[1], 1)))
		require.Contains(t, said(err), "free_days: Give a number from 0 to 36525")
		require.NotContains(t, said(err), "no tier has")
	}
}

func said(err error) string {
	if f := fault.As(err); f != nil {
		return texts.New().Label("en", time.UTC, f.Text)
	}
	return ""
}

func TestNumbersStayExact(t *testing.T) {
	book, err := schedule.Read([]byte(strings.Replace(full(t), "rate: 4}", "rate: 0.1000000000000000000001}", 1)))
	require.NoError(t, err)
	require.Equal(t, "0.1000000000000000000001", book.Tariffs[1].Versions[0].Prices[0].Tiers[0].Rate.String())
}

func TestWrongFilesAreRefusedAtTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown field", "free_days: 5", "freedays: 5", "Line 7 of the file cannot be read: unknown field"},
		{"no number", "rate: 5}", "rate: five}", "line 15, tariffs[0].versions[0].prices[0].tiers[0].rate: “five” is no amount"},
		{"a negative rate", "rate: 5}", "rate: -5}", "line 15, tariffs[0].versions[0].prices[0].tiers[0].rate: This must not be negative"},
		{"a gap", "to: 10, rate", "to: 9, rate", "line 16, tariffs[0].versions[0].prices[0].tiers[1].from: No tier has the days 10 to 10"},
		{"an overlap", "to: 10, rate", "to: 12, rate", "line 16, tariffs[0].versions[0].prices[0].tiers[1].from: An earlier tier has day 11"},
		{"an end", "{from: 11, rate", "{from: 11, to: 30, rate", "line 15, tariffs[0].versions[0].prices[0].tiers: No tier has the days from 31 on"},
		{"not from the first charged day", "{from: 6, rate: 30.00}", "{from: 8, rate: 30.00}", "No tier has the days 6 to 7"},
		{"two rows for one box", "size: 40\n            load: laden\n            group: reefer", "size: 20\n            load: laden", "just as well as row 1"},
		{"no currency", "currency: UZS\n            tiers", "currency: SUM\n            tiers", "line 25, tariffs[0].versions[0].prices[2].currency: “SUM”"},
		{"a fee's currency", "amount: 12.5, currency: USD", "amount: 12.5, currency: EURO", "line 31, tariffs[0].versions[0].fees[2].currency: “EURO”"},
		{"no such day", "2026-07-01\n", "2026-02-30\n", "Give a day, such as 2026-01-31"},
		{"no moment", "2026-06-15T09:30:00Z", "yesterday", "Give a moment"},
		{"no counting", "counting: periods_24h", "counting: weeks", "line 49, tariffs[1].versions[0].counting: Write calendar_days"},
		{"VAT", "vat: 12", "vat: 120", "line 8, tariffs[0].versions[0].vat: Give a number from 0 to 100"},
		{"two kinds of discount", "percent: 7.5", "percent: 7.5\n    flat: {amount: 1, currency: USD}", "discounts[0]: Give exactly one of"},
		{"no VAT", "        vat: 12\n", "", "line 4, tariffs[0].versions[0].vat: Give a number"},
		{"no rate", "{from: 6, rate: 30.00}", "{from: 6}", "line 22, tariffs[0].versions[0].prices[1].tiers[0].rate: Give a number"},
		{"no amount", "amount: 12.5, ", "", "line 31, tariffs[0].versions[0].fees[2].amount: Give a number"},
		{"no YAML", "tariffs:", "tariffs: [", "of the file cannot be read"},
		{"a number in place of a list", "sizes: [40, 45]", "sizes: many", "of the file cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, full(t), c.old)
			_, err := schedule.Read([]byte(strings.Replace(full(t), c.old, c.new, 1)))
			require.True(t, fault.Is(err, fault.Invalid), "%v", err)
			require.Contains(t, said(err), c.want)
		})
	}
	for _, second := range []string{"---\ndiscounts: []\n", "...\n---\n", "---\n---\na: 1\n", "--- {discounts: []}\n"} {
		_, err := schedule.Read([]byte("tariffs: []\n" + second))
		require.Regexp(t, "^Line [23] of the file begins a second YAML document", said(err), second)
	}
	for _, one := range []string{"---\ntariffs: []\n", "# a\n---\ntariffs: []\n", "tariffs: []\n...\n"} {
		_, err := schedule.Read([]byte(one))
		require.NoError(t, err, one)
	}
	for _, empty := range []string{"", "---\n---\ntariffs: []\n", "# nothing\n", "- 1\n", "5\n"} {
		_, err := schedule.Read([]byte(empty))
		require.True(t, err == nil || fault.Is(err, fault.Invalid), "%q: %v", empty, err)
	}
}
