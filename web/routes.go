package web

import (
	"slices"

	"quaydesk/domain/chat"
	"quaydesk/health"
	"quaydesk/web/billing"
	"quaydesk/web/members"
	"quaydesk/web/page"
	"quaydesk/web/stock"
)

// routes lists every page, and everything that can be done on one, in the order of the navigation. A module adds its
// pages here.
func (c Config) routes(needs *health.Checks) []page.Route {
	start := newStart(c, needs)
	in := newSigningIn(c)
	return slices.Concat(
		[]page.Route{
			{Pattern: "GET /{$}", May: page.Public, Menu: chat.T("web.menu.start"), Do: start.show},
			{Pattern: "GET /login", May: page.Public, Do: in.show},
			{Pattern: "GET /login/telegram", May: page.Public, Do: in.begin},
			{Pattern: "GET /login/back", May: page.Public, Do: in.back},
			{Pattern: "POST /logout", May: page.Public, Do: in.leave},
			{Pattern: "POST /language", May: page.Public, Do: in.language},
		},
		stock.Routes(c.Store, c.Records, c.Texts, c.Log),
		billing.Routes(c.Store, c.Records, c.Texts),
		members.Routes(c.Store, c.Records),
	)
}
