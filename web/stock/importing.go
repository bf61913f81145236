package stock

import (
	"fmt"
	"io"
	"net/http"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/formats/sheet"
	"quaydesk/store"
	"quaydesk/web/page"
)

const (
	// mostUpload is how large a request with a sheet may be, its other fields included.
	mostUpload = sheet.MaxBytes + 1<<20
	// mostHeard is up to which size a request that is too large is heard out: browsers hear no answer before they have
	// sent it all.
	mostHeard = 1 << 30
	// importsShown is how many of the latest imports are listed.
	importsShown = 10
	// lookAgain is when the page of an import that is being worked on is loaded again.
	lookAgain = 2 * time.Second
)

// imports shows the form that takes a sheet, and the latest imports.
func (p *pages) imports(v *page.Visit) error { return p.showImports(v, v.Form()) }

func (p *pages) showImports(v *page.Visit, f *page.Form) error {
	var n names
	var latest []store.Import
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
			return err
		}
		latest, err = tx.Imports(v.Ctx(), v.Person.Workspace, importsShown)
		return err
	})
	if err != nil {
		return err
	}
	var terminal g.Node
	if len(n.terminals) > 0 {
		terminal = fields{v, f, n}.choice("terminal", chat.T("webyard.import_terminal"), chat.T("webyard.import_by_sheet"), n.terminalOptions(0))
	}
	clients := g.Node(nil)
	if len(n.companies) > 0 {
		clients = f.Field(page.Field{Name: "clients", Label: chat.T("webyard.import_clients"), Type: "check"})
	}
	body := []g.Node{
		h.P(v.T("webyard.import_how", "Most", sheet.MaxBytes>>20)),
		f.PostFiles("/yard/import", chat.T("webyard.import_look"),
			f.Field(page.Field{Name: "file", Label: chat.T("webyard.import_file"), Type: "file", Need: true, Wide: true, More: []g.Node{
				h.Accept(".xlsx,.csv"), g.Attr("data-most", fmt.Sprint(sheet.MaxBytes)), g.Attr("data-too-large", v.S("webyard.import_too_large", "Most", sheet.MaxBytes>>20))}}),
			terminal, clients),
	}
	if len(latest) > 0 {
		body = append(body, h.H2(v.T("webyard.imports")), page.Table(v, chat.T("webyard.imports"), []page.Column[store.Import]{
			{Head: chat.T("webyard.import_file"), Cell: func(i store.Import) g.Node { return h.A(h.Href(importPath(i.ID)), g.Text(i.Name)) }},
			{Head: chat.T("webyard.at"), Cell: func(i store.Import) g.Node { return v.Time(i.Created) }},
			{Head: chat.T("webyard.state"), Cell: func(i store.Import) g.Node { return v.Words(importState(i.State)) }},
		}, latest))
	}
	return v.Show(chat.T("webyard.menu.import"), body...)
}

func importPath(id int64) string { return fmt.Sprintf("/yard/import/%d", id) }

func importState(state string) chat.Text {
	switch state {
	case store.ImportReading:
		return chat.T("webyard.import_state_reading")
	case store.ImportPlanned:
		return chat.T("webyard.import_state_planned")
	case store.ImportRecording:
		return chat.T("webyard.import_state_recording")
	case store.ImportDone:
		return chat.T("webyard.import_state_done")
	}
	return chat.T("webyard.import_state_failed")
}

// upload takes a sheet and has it looked through.
func (p *pages) upload(v *page.Visit) error {
	if size := v.Request().ContentLength; size < 0 || size > mostUpload {
		_, _ = io.Copy(io.Discard, io.LimitReader(v.Request().Body, mostHeard)) // whatever it says
		f := v.Blank()
		f.Wrong("file", chat.T("webyard.import_too_large", "Most", sheet.MaxBytes>>20))
		v.Status(http.StatusRequestEntityTooLarge)
		return p.showImports(v, f)
	}
	f := v.Form()
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	terminal, _ := n.terminal(chosen(f, "terminal", n.terminalOptions(0)))
	file, name := f.Upload("file")
	if file == nil || !f.OK() {
		return p.showImports(v, f)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, mostUpload))
	if err != nil {
		return fmt.Errorf("read an upload: %w", err)
	}
	var id int64
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		id, err = tx.AddImport(v.Ctx(), store.Import{Workspace: v.Person.Workspace, Person: v.Person.ID, Op: v.Turn(f).Op, Name: name,
			Terminal: terminal.Name, NewClients: f.On("clients")}, content)
		return err
	})
	if err != nil {
		return err
	}
	p.work(v.Person.Workspace, id)
	return v.Go(importPath(id), chat.Text{})
}

// importing shows an import: how far it has come, what was found, or what was recorded.
func (p *pages) importing(v *page.Visit) error {
	i, err := p.readImport(v)
	if err != nil {
		return err
	}
	title := chat.T("webyard.import_title", "Name", i.Name)
	back := h.P(h.A(h.Href("/yard/import"), v.T("webyard.import_another")))
	switch i.State {
	case store.ImportReading, store.ImportRecording:
		p.work(i.Workspace, i.ID) // nothing, unless whoever worked on it is gone
		v.Again(lookAgain)
		return v.Show(title, h.P(h.Role("status"), v.Words(importState(i.State)), g.Text(" "), progress(v, i)))
	case store.ImportFailed:
		why := chat.T("webyard.import_gone")
		if i.Fault != nil {
			why = i.Fault.Text
		}
		return v.Show(title, h.P(h.Class("wrong whole"), v.Words(why)), back)
	}
	told, err := read(i)
	if err != nil {
		return err
	}
	body := []g.Node{h.H2(v.Words(importState(i.State))), found(v, i, told)}
	if i.State == store.ImportPlanned {
		if told.made() > 0 {
			body = append(body, h.Div(h.Class("actions"), v.Button(importPath(i.ID), chat.T("webyard.import_do", "Count", told.made()))))
		}
		if len(told.Unknown) > 0 && !i.NewClients {
			body = append(body, h.P(v.T("webyard.import_unknown_clients"), g.Text(" "), shortList(v, told.Unknown)),
				v.Button(importPath(i.ID)+"/again", chat.T("webyard.import_make_clients")))
		}
	}
	if i.HasRejects {
		body = append(body, h.H2(v.T("webyard.import_doubts")), h.P(v.T("webyard.import_rejects_how")),
			h.P(h.A(h.Class("button"), h.Href(importPath(i.ID)+"/rejects"), v.T("webyard.import_rejects"))), doubts(v, told))
	}
	return v.Show(title, append(body, back)...)
}

func (p *pages) readImport(v *page.Visit) (i store.Import, err error) {
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		i, err = tx.Import(v.Ctx(), v.Person.Workspace, v.ID("import"))
		return err
	})
	return i, err
}

// record has what is right recorded.
func (p *pages) record(v *page.Visit) error {
	return p.ask(v, store.ImportRecording, func(i store.Import) bool { return i.NewClients })
}

// lookThroughAgain has the sheet looked through again, and clients made that are not there.
func (p *pages) lookThroughAgain(v *page.Visit) error {
	return p.ask(v, store.ImportReading, func(store.Import) bool { return true })
}

func (p *pages) ask(v *page.Visit, state string, newClients func(store.Import) bool) error {
	i, err := p.readImport(v)
	if err != nil {
		return err
	}
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		return tx.AskImport(v.Ctx(), i.Workspace, i.ID, store.ImportPlanned, state, newClients(i))
	})
	if err != nil {
		return err
	}
	p.work(i.Workspace, i.ID)
	return v.Go(importPath(i.ID), chat.Text{})
}

// rejects is the file of what is not right.
func (p *pages) rejects(v *page.Visit) error {
	var content []byte
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		content, err = tx.Rejects(v.Ctx(), v.Person.Workspace, v.ID("import"))
		return err
	})
	if err != nil {
		return err
	}
	return v.Download("rejects.xlsx", sheet.ContentTypeXLSX, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func progress(v *page.Visit, i store.Import) g.Node {
	switch {
	case i.Of > 0:
		return g.Group{v.T("webyard.import_progress", "Done", i.Done, "Of", i.Of), h.Br(),
			g.El("progress", g.Attr("value", fmt.Sprint(i.Done)), g.Attr("max", fmt.Sprint(i.Of)))}
	case i.Done > 0:
		return v.T("webyard.import_rows", "Done", i.Done)
	}
	return nil
}

// found shows what was found in a sheet, or recorded of it.
func found(v *page.Visit, i store.Import, told toldImport) g.Node {
	row := func(label chat.Text, n int) g.Node {
		if n == 0 {
			return nil
		}
		return h.Div(h.Dt(v.Words(label)), h.Dd(v.Count(n)))
	}
	list := func(label chat.Text, all []string) g.Node {
		if len(all) == 0 {
			return nil
		}
		return h.Div(h.Dt(v.Words(label)), h.Dd(shortList(v, all)))
	}
	stays := chat.T("webyard.import_would_make")
	if i.State == store.ImportDone {
		stays = chat.T("webyard.import_made")
	}
	return h.Dl(h.Class("facts"),
		h.Div(h.Dt(v.Words(stays)), h.Dd(v.Count(told.Stays))),
		row(chat.T("webyard.import_changed"), told.Changed),
		row(chat.T("webyard.import_cranes"), told.Cranes),
		row(chat.T("webyard.import_unchanged"), told.Unchanged),
		row(chat.T("webyard.import_repeats"), told.Repeats),
		row(chat.T("webyard.import_doubtful"), told.DoubtfulRows),
		list(chat.T("webyard.import_terminals"), told.Terminals),
		list(chat.T("webyard.import_companies"), told.Companies),
		list(chat.T("webyard.import_ignored"), told.Ignored),
		list(chat.T("webyard.import_no_table"), told.NoTable))
}

// shortList names the first of many.
func shortList(v *page.Visit, all []string) g.Node {
	const shown = 30
	node := g.Group{}
	for n, name := range all[:min(len(all), shown)] {
		if n > 0 {
			node = append(node, g.Text(", "))
		}
		node = append(node, g.Text(name))
	}
	if len(all) > shown {
		node = append(node, g.Text(" … "), v.T("webyard.import_more", "Count", len(all)-shown))
	}
	return node
}

// doubts lists what is doubtful, with what may be meant.
func doubts(v *page.Visit, told toldImport) g.Node {
	return g.Group{
		page.Table(v, chat.T("webyard.import_doubts"), []page.Column[doubt]{
			{Head: chat.T("webyard.import_sheet"), Cell: func(d doubt) g.Node { return g.Text(d.Sheet) }},
			{Head: chat.T("webyard.import_row"), Number: true, Cell: func(d doubt) g.Node { return g.Text(fmt.Sprint(d.Row)) }},
			{Head: chat.T("webyard.import_column"), Cell: func(d doubt) g.Node { return g.Text(d.Title) }},
			{Head: chat.T("webyard.import_wrong"), Cell: func(d doubt) g.Node { return v.Words(d.Text) }},
			{Head: chat.T("webyard.import_suggestions"), Cell: func(d doubt) g.Node { return shortList(v, d.Suggestions) }},
		}, told.Doubts),
		g.If(told.DoubtsInAll > len(told.Doubts), h.P(h.Class("quiet"), v.T("webyard.import_doubts_more", "Shown", len(told.Doubts), "All", told.DoubtsInAll))),
	}
}
