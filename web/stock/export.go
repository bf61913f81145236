package stock

import (
	"io"

	"quaydesk/activities/records"
	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
	"quaydesk/formats/sheet"
	"quaydesk/store"
	"quaydesk/web/page"
)

// typeCSV is what browsers are told of a CSV file.
const typeCSV = "text/csv; charset=utf-8"

// mostExported is more than a workspace has stays.
const mostExported = 10_000_000

// export sends the stock that the stock's filter leaves, or with all=1 every stay that there was, in the columns of the
// sheet that terminals keep.
func (p *pages) export(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	f := v.Form()
	filter := stockFilter(v, f, n)
	format := word(f, "format", []string{"xlsx", "csv"})
	if !f.OK() {
		return fault.New(fault.Invalid, "webyard.export_filter")
	}
	table, err := p.exported(v, f.On("all"), filter)
	if err != nil {
		return err
	}
	name := v.S("webyard.export_name") + "-" + calendar.In(filter.At, v.Zone).String()
	if format == "csv" {
		return v.Download(name+".csv", typeCSV, func(w io.Writer) error { return sheet.WriteCSV(w, table) })
	}
	return v.Download(name+".xlsx", sheet.ContentTypeXLSX, func(w io.Writer) error { return sheet.WriteXLSX(w, table) })
}

func (p *pages) exported(v *page.Visit, all bool, filter store.StockFilter) (sheet.Table, error) {
	if all {
		return records.ExportStays(v.Ctx(), p.records, v.Person.Workspace, v.Lang)
	}
	var stays []int64
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		rows, err := tx.Stock(v.Ctx(), v.Person.Workspace, filter, "entered", false, 0, mostExported)
		for _, r := range rows {
			stays = append(stays, r.Stay)
		}
		return err
	})
	if err != nil {
		return sheet.Table{}, err
	}
	return records.ExportSome(v.Ctx(), p.records, v.Person.Workspace, v.Lang, stays)
}
