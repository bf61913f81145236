package paper_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
	"quaydesk/formats/paper"
	"quaydesk/texts"
)

var update = flag.Bool("update", false, "write the golden files anew")

var tashkent = time.FixedZone("Asia/Tashkent", 5*3600)

func printer(lang string) paper.Printer {
	return paper.Printer{
		Texts: texts.New(), Lang: lang, Zone: tashkent,
		Seller: paper.Party{Name: "ООО «Терминал Сергели»", Details: "ИНН 305123456\nр/с 2020 8000 1234 5678 9001, АКБ «Капиталбанк», МФО 01088\nг. Ташкент, Сергелийский р-н"},
		Client: paper.Party{Name: "Silk Way Logistics LLC", Details: "TIN 301987654"},
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func taxed(gross string, c money.Currency) money.Taxed {
	return money.Including(dec(gross), dec("12"), c)
}

// rated is a stay with every sort of line.
func rated(id int64, n container.Number) billing.Rated {
	public := billing.Source{ValidFrom: calendar.Of(2026, 1, 1), RecordedAt: time.Date(2025, 12, 20, 9, 0, 0, 0, time.UTC)}
	own := billing.Source{Client: 5, ValidFrom: calendar.Of(2026, 10, 15), RecordedAt: time.Date(2026, 10, 10, 9, 0, 0, 0, time.UTC)}
	r := billing.Rated{
		Stay: billing.Stay{
			ID: id, Number: n, SizeType: "45G1", Load: container.Laden, Client: 5,
			Entry: time.Date(2026, 9, 30, 20, 30, 0, 0, time.UTC), Exit: time.Date(2026, 10, 24, 10, 0, 0, 0, time.UTC),
		},
		Days: 24, Free: 5, Paid: 19,
	}
	day := func(d int) calendar.Date { return calendar.Of(2026, 10, d) }
	r.Lines = []billing.Line{
		{Kind: billing.Free, First: day(1), Last: day(5), FromDay: 1, ToDay: 5, Tariff: public, VAT: dec("12")},
		{Kind: billing.Storage, First: day(6), Last: day(14), FromDay: 6, ToDay: 14, Tier: billing.Tier{From: 6, To: 15, Rate: dec("56000")}, Tariff: public,
			Full: dec("504000"), Discounts: []billing.Applied{{Name: "Осень", Percent: dec("10"), Off: dec("50400")}}, VAT: dec("12"), Amount: taxed("453600", money.UZS)},
		{Kind: billing.Storage, First: day(15), Last: day(24), FromDay: 15, ToDay: 24, Tier: billing.Tier{From: 15, Rate: dec("7.50")}, Tariff: own,
			Full: dec("75"), VAT: dec("12"), Amount: taxed("75", money.USD)},
		{Kind: billing.Minimum, First: day(24), Last: day(24), Tariff: own, Full: dec("5"), VAT: dec("12"), Amount: taxed("5", money.USD)},
		{Kind: billing.Charge, First: day(1), Last: day(1), Operation: yard.LiftOff, Tariff: public, Full: dec("180000"), VAT: dec("12"), Amount: taxed("180000", money.UZS)},
	}
	for _, l := range r.Lines {
		if l.Kind != billing.Free {
			r.Totals = r.Totals.Add(l.Amount)
		}
	}
	return r
}

func invoice(stays ...billing.Rated) billing.Invoice {
	in := billing.Invoice{
		Number: 12, ClientName: "Silk Way Logistics LLC", IssuedAt: time.Date(2026, 11, 2, 6, 15, 0, 0, time.UTC),
		Statement: billing.Statement{
			Client: 5, From: calendar.Of(2026, 10, 1), To: calendar.Of(2026, 10, 31), AsOf: time.Date(2026, 11, 2, 6, 10, 0, 0, time.UTC), Stays: stays,
		},
		Rates: []money.Rate{{Currency: money.USD, Date: calendar.Of(2026, 11, 2), UZS: dec("12050.37")}},
	}
	for _, r := range stays {
		for _, t := range r.Totals {
			in.Statement.Totals = in.Statement.Totals.Add(t)
		}
	}
	uzs := in.Rates[0].Convert(in.Statement.Totals.In(money.USD)).Add(in.Statement.Totals.In(money.UZS))
	in.InUZS = &uzs
	return in
}

func correction() billing.Correction {
	r := rated(1, "CSQU3054383")
	l := r.Lines[1]
	was, is := l.Amount, taxed("400000", money.UZS)
	l.Amount = is
	difference := is.Sub(was)
	return billing.Correction{
		Number: 13, Invoice: 12, ClientName: "Silk Way Logistics LLC", From: calendar.Of(2026, 10, 1), To: calendar.Of(2026, 10, 31),
		AsOf: time.Date(2026, 11, 20, 6, 10, 0, 0, time.UTC), IssuedAt: time.Date(2026, 11, 20, 6, 15, 0, 0, time.UTC),
		Lines:  []billing.Changed{{Stay: r.Stay, Line: l, Was: was, Is: is, Difference: difference}},
		Totals: money.Totals{difference},
	}
}

func TestPapersReadAsTheyAlwaysDid(t *testing.T) {
	for _, lang := range texts.Languages {
		p := printer(lang)
		for name, print := range map[string]func() ([]byte, error){
			"invoice":    func() ([]byte, error) { return p.Invoice(invoice(rated(1, "CSQU3054383"), rated(2, "TOLU4734787"))) },
			"act":        func() ([]byte, error) { return p.Act(invoice(rated(1, "CSQU3054383"), rated(2, "TOLU4734787"))) },
			"correction": func() ([]byte, error) { return p.Correction(correction()) },
		} {
			t.Run(name+"."+lang, func(t *testing.T) {
				pdf, err := print()
				require.NoError(t, err)
				got, golden := pdfText(t, pdf), filepath.Join("testdata", name+"."+lang+".txt")
				if *update {
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				require.Equal(t, string(want), got)
				if dir := os.Getenv("PAPERS"); dir != "" { // to look at them
					require.NoError(t, os.WriteFile(filepath.Join(dir, name+"."+lang+".pdf"), pdf, 0o644))
				}
			})
		}
	}
}

func TestManyLinesRunOverManyPages(t *testing.T) {
	var stays []billing.Rated
	for i := range 400 {
		stays = append(stays, rated(int64(i), "CSQU3054383"))
	}
	pdf, err := printer("ru").Invoice(invoice(stays...)) // 2,000 lines
	require.NoError(t, err)
	pages := strings.Split(pdfText(t, pdf), "\f")
	require.Greater(t, len(pages), 20)
	for i, page := range pages[:len(pages)-1] {
		require.Contains(t, page, "За что", "page %d has no heading", i+1)
		require.Contains(t, page, "стр. "+decimal.NewFromInt(int64(i+1)).String()+" из ")
	}
	require.Contains(t, pages[len(pages)-1], "Всего в сумах")
	require.Equal(t, 400, strings.Count(strings.Join(pages, ""), "завоз"))
}

func TestStrangeNamesArePrinted(t *testing.T) {
	p := printer("en")
	p.Client.Name = strings.Repeat("Длинноеимябезпробелов", 20) + "\x00\n\U0001F6A2 漢字 (скобка\\)"
	pdf, err := p.Invoice(invoice(rated(1, "CSQU3054383")))
	require.NoError(t, err)
	text := strings.ReplaceAll(pdfText(t, pdf), "\n", "")
	require.Contains(t, text, strings.Repeat("Длинноеимябезпробелов", 20))
	require.Contains(t, text, "(скобка\\)")
}

func TestStatementAsSheet(t *testing.T) {
	s := invoice(rated(1, "CSQU3054383"), rated(2, "TOLU4734787")).Statement
	var file bytes.Buffer
	require.NoError(t, printer("en").Statement(&file, s))
	book, err := excelize.OpenReader(&file)
	require.NoError(t, err)
	lines, err := book.GetRows("Lines")
	require.NoError(t, err)
	require.Len(t, lines, 1+10)
	require.Equal(t, []string{"CSQU3054383", "45G1", "laden"}, lines[2][:3])
	require.Equal(t, "453600.00", strings.ReplaceAll(lines[2][18], ",", ""))
	require.Equal(t, "UZS", lines[2][19])
	totals, err := book.GetRows("Totals")
	require.NoError(t, err)
	require.Equal(t, "1267200.00", strings.ReplaceAll(totals[len(totals)-1][3], ",", ""))
}
