// Package paper prints what was billed: invoices, corrections and acts as PDF, statements as a sheet, in any language of
// the product. It computes nothing: all amounts are those of the document.
package paper

import (
	"fmt"
	"strings"
	"time"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/pagesize"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/money"
	"quaydesk/texts"
)

// Party is a side of a document.
type Party struct {
	Name    string
	Details string // tax number, address, bank account: as they are to be read, over several lines
}

// Texts renders texts in a reader's language; *texts.Catalogue does.
type Texts interface {
	Label(lang string, zone *time.Location, t chat.Text) string
}

// Printer prints papers of one seller for one client.
type Printer struct {
	Texts  Texts
	Lang   string         // "en" or "ru"
	Zone   *time.Location // of the workspace: days and moments are shown in it
	Seller Party          // without a Name there is room for one
	Client Party
}

func (p Printer) say(key string, args ...any) string {
	return p.Texts.Label(p.Lang, p.Zone, chat.T(key, args...))
}

func (p Printer) day(d calendar.Date) string { return texts.Date(p.Lang, d) }

func (p Printer) moment(t time.Time) string { return p.Texts.Label(p.Lang, p.Zone, chat.At(t)) }

// period is a range of days, both included.
func (p Printer) period(from, to calendar.Date) string {
	if from == to {
		return p.day(from)
	}
	return p.day(from) + "–" + p.day(to)
}

func (p Printer) money(a money.Amount) string { return texts.Money(p.Lang, a) }

// amounts are net, VAT and gross as a row shows them.
func (p Printer) amounts(t money.Taxed) (net, vat, gross string) {
	return texts.Number(p.Lang, t.Currency.Fixed(t.Net)), texts.Number(p.Lang, t.Currency.Fixed(t.VAT)),
		p.money(money.Amount{Value: t.Gross, Currency: t.Currency})
}

const (
	blank  = "________________________"
	width  = 190 // of the text, mm; the grid's unit is one of them
	margin = 10
)

// document is a PDF as it grows.
type document struct {
	Printer
	core.Maroto
}

// begin starts a document that was made at a moment. Its title stands beside the page numbers, too.
func (p Printer) begin(title string, at time.Time) document {
	if p.Seller.Name == "" {
		p.Seller.Name = blank
	}
	cfg := config.NewBuilder().
		WithPageSize(pagesize.A4).
		WithLeftMargin(margin).WithRightMargin(margin).WithTopMargin(margin).WithBottomMargin(margin+5).
		WithMaxGridSize(width).
		WithCustomFonts(fonts).
		WithDefaultFont(&props.Font{Family: family, Size: small}).
		WithPageNumber(props.PageNumber{
			Pattern: title + " · " + p.say("paper.page", "Page", "{current}", "Pages", "{total}"), Place: props.RightBottom, Size: small,
		}).
		WithCreationDate(at.UTC()).
		WithTitle(title, true).
		WithAuthor(p.Seller.Name, true).
		WithCreator("Quaydesk", true).
		WithCompression(true).
		Build()
	return document{p, maroto.New(cfg)}
}

// bytes ends the document.
func (d document) bytes() ([]byte, error) {
	made, err := d.Generate()
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return made.GetBytes(), nil
}

// printable is text that the fonts can show and lines can be broken at: no control characters, and no word of more than
// so many letters.
func printable(s string, longest int) string {
	var out strings.Builder
	letters := 0
	for _, r := range s {
		switch {
		case r == '\u00a0':
			letters++
		case r <= ' ' || r == 0x7f:
			r, letters = ' ', 0
		case r > 0xffff:
			r = '\ufffd'
			fallthrough
		default:
			letters++
		}
		if letters > longest {
			out.WriteByte(' ')
			letters = 1
		}
		out.WriteRune(r)
	}
	return out.String()
}
