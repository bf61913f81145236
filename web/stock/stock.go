// Package stock holds the pages of the yard: what stands there at any moment, every movement, each container's history
// with what can be done with it, how long boxes stay, import and export.
package stock

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/web/page"
)

// Routes are the pages of the yard, in the order of the navigation.
func Routes(s *store.Store, r *records.Records, t *texts.Catalogue, log *slog.Logger) []page.Route {
	p := &pages{store: s, records: r, texts: t, log: log, busy: make(chan struct{}, 1)}
	routes := []page.Route{
		{Pattern: "GET /yard", May: people.SeeYard, Menu: chat.T("webyard.menu.stock"), Do: p.stock},
		{Pattern: "GET /yard/movements", May: people.SeeYard, Menu: chat.T("webyard.menu.movements"), Do: p.movements},
		{Pattern: "GET /yard/ageing", May: people.SeeYard, Menu: chat.T("webyard.menu.ageing"), Do: p.ageing},
		{Pattern: "GET /yard/ageing/stock.svg", May: people.SeeYard, Do: p.agesChart},
		{Pattern: "GET /yard/ageing/dwell.svg", May: people.SeeYard, Do: p.dwellChart},
		{Pattern: "GET /yard/approvals", May: people.SeeYard, Menu: chat.T("webyard.menu.approvals"), Do: p.approvals},
		{Pattern: "POST /yard/approvals/{approval}", May: people.ApproveChanges, Do: p.decide},
		{Pattern: "GET /yard/import", May: people.RunYard, Menu: chat.T("webyard.menu.import"), Do: p.imports},
		{Pattern: "POST /yard/import", May: people.RunYard, Most: mostHeard, Do: p.upload},
		{Pattern: "GET /yard/import/{import}", May: people.RunYard, Do: p.importing},
		{Pattern: "POST /yard/import/{import}", May: people.RunYard, Do: p.record},
		{Pattern: "POST /yard/import/{import}/again", May: people.RunYard, Do: p.lookThroughAgain},
		{Pattern: "GET /yard/import/{import}/rejects", May: people.RunYard, Do: p.rejects},
		{Pattern: "GET /yard/export", May: people.SeeYard, Do: p.export},
		{Pattern: "GET /yard/settings", May: people.RunYard, Menu: chat.T("webyard.menu.settings"), Do: p.settings},
		{Pattern: "POST /yard/settings", May: people.RunYard, Do: p.settings},
		{Pattern: "POST /yard/settings/terminals", May: people.RunYard, Do: p.newTerminal},
		{Pattern: "GET /yard/settings/terminals/{terminal}", May: people.RunYard, Do: p.terminal},
		{Pattern: "POST /yard/settings/terminals/{terminal}", May: people.RunYard, Do: p.terminal},
		{Pattern: "GET /yard/containers", May: people.SeeYard, Do: p.find},
		{Pattern: "GET /yard/containers/{number}", May: people.SeeYard, Do: p.container},
		{Pattern: "GET /yard/gate-in", May: people.MoveBoxes, Do: p.gateIn},
		{Pattern: "POST /yard/gate-in", May: people.MoveBoxes, Do: p.gateIn},
		{Pattern: "GET /yard/movements/{movement}/correct", May: people.SeeYard, Do: p.correct},
		{Pattern: "POST /yard/movements/{movement}/correct", May: people.SeeYard, Do: p.correct},
		{Pattern: "POST /yard/movements/{movement}/reverse", May: people.SeeYard, Do: p.correct},
	}
	for _, d := range p.deeds() {
		do := p.doing(d)
		routes = append(routes,
			page.Route{Pattern: "GET /yard/stays/{stay}/" + d.path, May: d.may, Do: do},
			page.Route{Pattern: "POST /yard/stays/{stay}/" + d.path, May: d.may, Do: do})
	}
	return routes
}

type pages struct {
	store   *store.Store
	records *records.Records
	texts   *texts.Catalogue
	log     *slog.Logger
	working sync.Map      // ids of imports that this process works on, or will
	busy    chan struct{} // of who works on one
}

// names are the terminals and companies of, and those who record or have recorded in, the visitor's workspace.
type names struct {
	terminals []yard.Terminal
	companies []yard.Company
	people    []people.Person
}

func (p *pages) names(ctx context.Context, tx *store.Tx, workspace int64) (n names, err error) {
	if n.terminals, err = tx.Terminals(ctx, workspace); err != nil {
		return n, err
	}
	if n.companies, err = tx.Companies(ctx, workspace); err != nil {
		return n, err
	}
	n.people, err = tx.Recorders(ctx, workspace, people.SeeYard.Who()...)
	return n, err
}

// readNames is names in a transaction of its own.
func (p *pages) readNames(v *page.Visit) (n names, err error) {
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		n, err = p.names(v.Ctx(), tx, v.Person.Workspace)
		return err
	})
	return n, err
}

func (n names) terminal(id int64) (yard.Terminal, bool) {
	i := slices.IndexFunc(n.terminals, func(t yard.Terminal) bool { return t.ID == id })
	if i < 0 {
		return yard.Terminal{}, false
	}
	return n.terminals[i], true
}

// zone is the time zone of a terminal; UTC when it is none.
func (n names) zone(terminal int64) *time.Location {
	t, _ := n.terminal(terminal)
	return zoneOf(t.Zone)
}

func (n names) company(id int64) string {
	i := slices.IndexFunc(n.companies, func(c yard.Company) bool { return c.ID == id })
	if i < 0 {
		return ""
	}
	return n.companies[i].Name
}

// zoneOf is a time zone by its name, as the store has it; UTC when it has none.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
