package billing

import (
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
)

// Invoice is a document that was issued: frozen, with everything it needs to be printed again as it was.
type Invoice struct {
	Number     int          `json:"number"` // per workspace
	ClientName string       `json:"client_name"`
	IssuedAt   time.Time    `json:"issued_at"` // UTC
	Statement  Statement    `json:"statement"`
	Rates      []money.Rate `json:"rates,omitempty"` // of the currencies that are shown in UZS too
	InUZS      *money.Taxed `json:"in_uzs,omitempty"`
}

// Correction is a document for the difference between an invoice, with its corrections so far, and what the same stays
// cost as of a later moment.
type Correction struct {
	Number     int           `json:"number"`  // per workspace, in one row with the invoices
	Invoice    int           `json:"invoice"` // Number of the invoice
	ClientName string        `json:"client_name"`
	From       calendar.Date `json:"from"`
	To         calendar.Date `json:"to"`
	AsOf       time.Time     `json:"as_of"`
	IssuedAt   time.Time     `json:"issued_at"`
	Lines      []Changed     `json:"lines"`
	Totals     money.Totals  `json:"totals"`          // of the differences: negative is a credit
	Rates      []money.Rate  `json:"rates,omitempty"` // those of the invoice
	InUZS      *money.Taxed  `json:"in_uzs,omitempty"`
}

// Changed is a line of a stay that costs another amount than it was billed.
type Changed struct {
	Stay       Stay        `json:"stay"`
	Line       Line        `json:"line"` // as it is now, or as it was billed when there is none any more
	Was        money.Taxed `json:"was"`  // billed, corrections included
	Is         money.Taxed `json:"is"`
	Difference money.Taxed `json:"difference"`
}
