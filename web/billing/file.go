package billing

import (
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/formats/schedule"
	"quaydesk/web/page"
)

// file lets tariffs and discounts be taken away and brought as one readable file.
func (p *pages) file(v *page.Visit) error { return p.showFile(v, v.Blank()) }

func (p *pages) showFile(v *page.Visit, f *page.Form) error {
	return v.Show(chat.T("webbilling.file"),
		h.P(v.T("webbilling.file.how")),
		h.P(h.Class("actions"), button("/billing/tariffs/file/yaml", v.T("webbilling.file.export"))),
		g.Iff(v.May(people.Bill), func() g.Node {
			return g.Group{h.H2(v.T("webbilling.file.import")), h.P(v.T("webbilling.file.import_how")),
				f.PostFiles("/billing/tariffs/file", chat.T("webbilling.file.import"),
					f.Field(page.Field{Name: "file", Label: chat.T("webbilling.file"), Type: "file", Need: true, More: []g.Node{h.Accept(".yaml,.yml")}}))}
		}),
	)
}

// exportFile sends all tariffs and discounts.
func (p *pages) exportFile(v *page.Visit) error {
	book, err := p.records.Schedule(v.Ctx(), v.Person.Workspace)
	if err != nil {
		return err
	}
	data, err := schedule.Write(book)
	if err != nil {
		return err
	}
	return v.Download("tariffs.yaml", "application/yaml", func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// importFile records what a file says that is not there yet.
func (p *pages) importFile(v *page.Visit) error {
	f := v.Form()
	upload, _ := f.Upload("file")
	if upload == nil {
		return p.showFile(v, f)
	}
	defer upload.Close()
	data, err := io.ReadAll(io.LimitReader(upload, schedule.Largest+1))
	if err != nil {
		return err
	}
	book, err := schedule.Read(data)
	if err == nil {
		in, saved := p.records.ImportSchedule(v.Ctx(), v.Turn(f), book)
		if err = saved; err == nil {
			return v.Go("/billing/tariffs", chat.T("webbilling.file.imported", "Added", in.Added, "Unchanged", in.Unchanged))
		}
	}
	if err = f.Refuse(err, nil); err != nil {
		return err
	}
	return p.showFile(v, f)
}
