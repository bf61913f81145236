// Package billing is the pages of the accounting: tariffs, clients, discounts, statements, invoices, exchange rates.
package billing

import (
	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/formats/schedule"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/web/page"
)

type pages struct {
	store   *store.Store
	records *records.Records
	texts   *texts.Catalogue
}

// Routes gives the pages of the accounting.
func Routes(s *store.Store, r *records.Records, t *texts.Catalogue) []page.Route {
	p := &pages{store: s, records: r, texts: t}
	return []page.Route{
		{Pattern: "GET /billing/statements", May: people.SeeAmounts, Menu: chat.T("webbilling.menu.statements"), Do: p.statement},
		{Pattern: "GET /billing/statements/xlsx", May: people.SeeAmounts, Do: p.statementSheet},

		{Pattern: "GET /billing/invoices", May: people.SeeAmounts, Menu: chat.T("webbilling.menu.invoices"), Do: p.invoices},
		{Pattern: "POST /billing/invoices", May: people.Bill, Do: p.issueInvoice},
		{Pattern: "GET /billing/invoices/{number}", May: people.SeeAmounts, Do: p.invoice},
		{Pattern: "GET /billing/invoices/{number}/pdf", May: people.SeeAmounts, Do: p.invoicePaper},
		{Pattern: "GET /billing/invoices/{number}/act", May: people.SeeAmounts, Do: p.actPaper},
		{Pattern: "GET /billing/invoices/{number}/xlsx", May: people.SeeAmounts, Do: p.invoiceSheet},
		{Pattern: "POST /billing/invoices/{number}/corrections", May: people.Bill, Do: p.issueCorrection},
		{Pattern: "GET /billing/invoices/{number}/corrections/{correction}", May: people.SeeAmounts, Do: p.correctionPaper},

		{Pattern: "GET /billing/tariffs", May: people.SeeAmounts, Menu: chat.T("webbilling.menu.tariffs"), Do: p.tariffs},
		{Pattern: "GET /billing/tariffs/{client}/{from}", May: people.SeeAmounts, Do: p.version},
		{Pattern: "GET /billing/tariffs/{client}/revise", May: people.Bill, Do: p.beginRevision},
		{Pattern: "POST /billing/tariffs/{client}/revise", May: people.Bill, Do: p.revise},
		{Pattern: "GET /billing/tariffs/{client}/{from}/withdraw", May: people.Bill, Do: p.beginWithdrawal},
		{Pattern: "POST /billing/tariffs/{client}/{from}/withdraw", May: people.Bill, Do: p.withdraw},

		{Pattern: "GET /billing/tariffs/file", May: people.SeeAmounts, Do: p.file},
		{Pattern: "POST /billing/tariffs/file", May: people.Bill, Most: schedule.Largest + 1<<20, Do: p.importFile},
		{Pattern: "GET /billing/tariffs/file/yaml", May: people.SeeAmounts, Do: p.exportFile},

		{Pattern: "GET /billing/clients", May: people.SeeAmounts, Menu: chat.T("webbilling.menu.clients"), Do: p.clients},
		{Pattern: "POST /billing/clients", May: people.RunYard, Do: p.addClient},
		{Pattern: "GET /billing/clients/{client}", May: people.SeeAmounts, Do: p.client},
		{Pattern: "POST /billing/clients/{client}", May: people.RunYard, Do: p.saveClient},
		{Pattern: "POST /billing/clients/{client}/papers", May: people.Bill, Do: p.saveClientPapers},

		{Pattern: "GET /billing/discounts", May: people.SeeAmounts, Do: p.discounts},
		{Pattern: "POST /billing/discounts", May: people.Bill, Do: p.saveDiscount},
		{Pattern: "POST /billing/discounts/end", May: people.Bill, Do: p.endDiscount},

		{Pattern: "GET /billing/rates", May: people.SeeAmounts, Do: p.rates},
		{Pattern: "POST /billing/rates", May: people.Bill, Do: p.addRate},

		{Pattern: "GET /billing/settings", May: people.Bill, Menu: chat.T("webbilling.menu.settings"), Do: p.settings},
		{Pattern: "POST /billing/settings/seller", May: people.Bill, Do: p.saveSeller},
		{Pattern: "POST /billing/settings/close", May: people.Bill, Do: p.closeDays},
	}
}
