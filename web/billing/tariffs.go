package billing

import (
	"net/url"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// tariffs lists the versions of all tariffs: those that count now, or with ?all all that were ever recorded.
func (p *pages) tariffs(v *page.Visit) error {
	f := v.Form()
	var rows []standingVersion
	err := p.read(v, func(tx *store.Tx) (err error) {
		rows, err = p.standing(v, tx, nil)
		return err
	})
	if err != nil {
		return err
	}
	if !f.On("all") {
		rows = counting(rows)
	}
	return v.Show(chat.T("webbilling.tariffs"),
		h.P(v.T("webbilling.tariffs.how")),
		h.P(h.Class("actions"),
			g.If(v.May(people.Bill), button("/billing/tariffs/0/revise", v.T("webbilling.tariffs.revise_public"))),
			link("/billing/discounts", v.T("webbilling.discounts")),
			link("/billing/tariffs/file", v.T("webbilling.file")),
			g.If(!f.On("all"), link("/billing/tariffs?all=1", v.T("webbilling.tariffs.all")))),
		versionTable(v, rows),
		h.P(v.T("webbilling.tariffs.own"), g.Text(" "), link("/billing/clients", v.T("webbilling.clients"))),
	)
}

// standingVersion is a recorded version with what became of it.
type standingVersion struct {
	store.RecordedVersion
	key string // of its state: "webbilling.version.now" and so on
}

// standing tells of versions which of them count as of now, and which one is in force on a day.
func standing(book billing.Book, versions []store.RecordedVersion, day calendar.Date) []standingVersion {
	now := time.Now()
	schedule := book.AsOf(now)
	var all []standingVersion
	for _, r := range versions {
		s := standingVersion{RecordedVersion: r}
		counts, _ := book.Version(r.Company, r.ValidFrom, now)
		inForce, _ := schedule.InForce(r.Company, day)
		switch {
		case !counts.RecordedAt.Equal(r.RecordedAt):
			s.key = "webbilling.version.replaced"
		case r.Withdrawn:
			s.key = "webbilling.version.withdrawn"
		case r.ValidFrom > day:
			s.key = "webbilling.version.later"
		case inForce.Client == r.Company && inForce.ValidFrom == r.ValidFrom:
			s.key = "webbilling.version.now"
		default:
			s.key = "webbilling.version.over"
		}
		all = append(all, s)
	}
	return all
}

// standing reads the versions of all tariffs, or of one (0: the public one), as they stand on a day.
func (p *pages) standing(v *page.Visit, tx *store.Tx, company *int64) ([]standingVersion, error) {
	recorded, err := tx.RecordedVersions(v.Ctx(), v.Person.Workspace, company)
	if err != nil {
		return nil, err
	}
	book, err := tx.Book(v.Ctx(), v.Person.Workspace)
	return standing(book, recorded, today(v)), err
}

// counting leaves out what was replaced or withdrawn.
func counting(all []standingVersion) []standingVersion {
	var counts []standingVersion
	for _, s := range all {
		if s.key != "webbilling.version.replaced" && s.key != "webbilling.version.withdrawn" {
			counts = append(counts, s)
		}
	}
	return counts
}

func tariffPath(client int64) string { return "/billing/tariffs/" + strconv.FormatInt(client, 10) }

// path is the page of a version as it was recorded.
func (s standingVersion) path() string {
	return tariffPath(s.Company) + "/" + s.ValidFrom.String() + "?" +
		url.Values{"recorded": {s.RecordedAt.Format(time.RFC3339Nano)}}.Encode()
}

// whose names the tariff of a company.
func whose(v *page.Visit, company string) g.Node {
	if company == "" {
		return v.T("webbilling.tariff.public")
	}
	return g.Text(company)
}

func versionTable(v *page.Visit, rows []standingVersion) g.Node {
	return page.Table(v, chat.T("webbilling.tariffs"), []page.Column[standingVersion]{
		{Head: chat.T("webbilling.tariff"), Cell: func(s standingVersion) g.Node { return link(s.path(), whose(v, s.CompanyName)) }},
		{Head: chat.T("webbilling.valid_from"), Cell: func(s standingVersion) g.Node { return v.Date(s.ValidFrom) }},
		{Head: chat.T("webbilling.state"), Cell: func(s standingVersion) g.Node { return v.Words(chat.Text{Key: s.key}) }},
		{Head: chat.T("webbilling.free_days"), Number: true, Cell: func(s standingVersion) g.Node {
			if s.Withdrawn {
				return nil
			}
			return v.Count(s.FreeDays)
		}},
		{Head: chat.T("webbilling.prices"), Number: true, Cell: func(s standingVersion) g.Node { return v.Count(len(s.Prices)) }},
		{Head: chat.T("webbilling.recorded_at"), Cell: func(s standingVersion) g.Node { return v.Time(s.RecordedAt) }},
		{Head: chat.T("webbilling.recorded_by"), Cell: func(s standingVersion) g.Node { return g.Text(s.Person) }},
	}, rows)
}

// client is the client of the path: 0 is the public tariff's.
func client(v *page.Visit) (int64, error) {
	id := v.ID("client")
	if id == 0 && v.Request().PathValue("client") != "0" {
		return 0, fault.New(fault.NotFound, "web.no_page")
	}
	return id, nil
}

// found are the versions of the path's tariff, whose name it gives, too.
func (p *pages) found(v *page.Visit) (company yard.Company, versions []standingVersion, err error) {
	id, err := client(v)
	if err != nil {
		return company, nil, err
	}
	err = p.read(v, func(tx *store.Tx) (err error) {
		if id != 0 {
			if company, err = tx.Company(v.Ctx(), v.Person.Workspace, id); err != nil {
				return err
			}
		}
		versions, err = p.standing(v, tx, &id)
		return err
	})
	return company, versions, err
}

// version shows what a version says: of those for the path's day that of ?recorded, else the latest.
func (p *pages) version(v *page.Visit) error {
	company, versions, err := p.found(v)
	if err != nil {
		return err
	}
	from, _ := calendar.Parse(v.Request().PathValue("from"))
	recorded, _ := time.Parse(time.RFC3339Nano, v.Form().Text("recorded"))
	var shown *standingVersion
	var sameDay []standingVersion
	for i := range versions {
		if s := &versions[i]; s.ValidFrom == from {
			if shown == nil && (recorded.IsZero() || recorded.Equal(s.RecordedAt)) {
				shown = s
			}
			sameDay = append(sameDay, *s)
		}
	}
	if shown == nil {
		return fault.New(fault.NotFound, "billing.version_unknown")
	}
	base := tariffPath(company.ID)
	counts := shown.key != "webbilling.version.replaced" && !shown.Withdrawn
	return v.Show(chat.T("webbilling.version", "Tariff", v.Label(tariffName(company)), "From", dateText(v, from)),
		facts(v,
			v.T("webbilling.state"), v.Words(chat.Text{Key: shown.key}),
			v.T("webbilling.recorded_at"), v.Time(shown.RecordedAt),
			v.T("webbilling.recorded_by"), g.Text(shown.Person)),
		g.If(v.May(people.Bill), h.P(h.Class("actions"),
			button(base+"/revise?like="+from.String(), v.T("webbilling.version.revise")),
			g.If(counts, link(base+"/"+from.String()+"/withdraw", v.T("webbilling.version.withdraw"))))),
		g.Iff(!shown.Withdrawn, func() g.Node { return terms(v, shown.Terms) }),
		g.Iff(len(sameDay) > 1, func() g.Node {
			return g.Group{h.H2(v.T("webbilling.version.records")), versionTable(v, sameDay)}
		}),
	)
}

func tariffName(company yard.Company) chat.Text {
	if company.ID == 0 {
		return chat.T("webbilling.tariff.public")
	}
	return chat.Plain(company.Name)
}

// terms shows what a version says.
func terms(v *page.Visit, t billing.Terms) g.Node {
	type tierOf struct {
		billing.Price
		billing.Tier
	}
	var tiers []tierOf
	for _, p := range t.Prices {
		for _, tier := range p.Tiers {
			tiers = append(tiers, tierOf{p, tier})
		}
	}
	minimum := g.Node(g.Text("—"))
	if t.Minimum != nil {
		minimum = v.Money(*t.Minimum)
	}
	return g.Group{
		h.H2(v.T("webbilling.terms")),
		facts(v,
			v.T("webbilling.counting"), v.Words(chat.T("webbilling.counting."+string(t.Counting))),
			v.T("webbilling.grace_hours"), v.Count(t.GraceHours),
			v.T("webbilling.free_days"), v.Count(t.FreeDays),
			v.T("webbilling.minimum"), minimum,
			v.T("webbilling.vat"), g.Group{v.Number(t.VAT), g.Text(" %")}),
		h.H2(v.T("webbilling.prices")),
		page.Table(v, chat.T("webbilling.prices"), []page.Column[tierOf]{
			{Head: chat.T("webbilling.boxes"), Cell: func(r tierOf) g.Node { return classWords(v, r.Class) }},
			{Head: chat.T("webbilling.day_from"), Number: true, Cell: func(r tierOf) g.Node { return v.Count(r.From) }},
			{Head: chat.T("webbilling.day_to"), Number: true, Cell: func(r tierOf) g.Node {
				if r.To == 0 {
					return v.T("webbilling.no_end")
				}
				return v.Count(r.To)
			}},
			{Head: chat.T("webbilling.rate_a_day"), Number: true, Cell: func(r tierOf) g.Node {
				return v.Money(money.Amount{Value: r.Rate, Currency: r.Currency})
			}},
		}, tiers),
		h.H2(v.T("webbilling.fees")),
		page.Table(v, chat.T("webbilling.fees"), []page.Column[billing.Fee]{
			{Head: chat.T("webbilling.operation"), Cell: func(f billing.Fee) g.Node {
				return v.Words(chat.T("paper.operation." + string(f.Operation)))
			}},
			{Head: chat.T("webbilling.boxes"), Cell: func(f billing.Fee) g.Node { return classWords(v, f.Class) }},
			{Head: chat.T("webbilling.amount"), Number: true, Cell: func(f billing.Fee) g.Node { return v.Money(f.Amount) }},
		}, t.Fees),
	}
}

// beginWithdrawal asks whether a version is to be taken back, and says what that changes.
func (p *pages) beginWithdrawal(v *page.Visit) error { return p.showWithdrawal(v, v.Blank()) }

func (p *pages) showWithdrawal(v *page.Visit, f *page.Form) error {
	company, _, err := p.found(v)
	if err != nil {
		return err
	}
	in, err := withdrawal(v)
	if err != nil {
		return err
	}
	preview, err := p.preview(v, records.Previewing{Withdraw: &in}, "")
	if err != nil {
		return err
	}
	path := tariffPath(in.Company) + "/" + in.ValidFrom.String()
	return v.Show(chat.T("webbilling.withdraw", "Tariff", v.Label(tariffName(company)), "From", dateText(v, in.ValidFrom)),
		preview.show(v),
		f.Post(path+"/withdraw", chat.T("webbilling.withdraw.do")),
		h.P(link(path, v.T("webbilling.back"))))
}

func withdrawal(v *page.Visit) (records.Withdrawal, error) {
	id, err := client(v)
	if err != nil {
		return records.Withdrawal{}, err
	}
	from, err := calendar.Parse(v.Request().PathValue("from"))
	if err != nil {
		return records.Withdrawal{}, fault.New(fault.NotFound, "billing.version_unknown")
	}
	return records.Withdrawal{Company: id, ValidFrom: from}, nil
}

// withdraw takes a version back.
func (p *pages) withdraw(v *page.Visit) error {
	in, err := withdrawal(v)
	if err != nil {
		return err
	}
	f := v.Form()
	if _, err = p.records.WithdrawTariffVersion(v.Ctx(), v.Turn(f), in); err == nil {
		return v.Go(tariffPath(in.Company)+"/"+in.ValidFrom.String(), chat.T("webbilling.withdraw.done"))
	}
	return err
}
