package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/intake"
	"quaydesk/domain/yard"
	"quaydesk/formats/sheet"
	"quaydesk/texts"
)

type yardCommand struct {
	Import yardImportCommand `cmd:"" help:"Import a sheet of containers: what is right is recorded, the rest is told. Exit code 3 when something is doubtful."`
	Export yardExportCommand `cmd:"" help:"Export all stays, in the columns of the sheet."`
}

type yardImportCommand struct {
	File       string `arg:"" type:"existingfile" help:"The sheet, .xlsx or .csv."`
	DryRun     bool   `help:"Only tell what would be recorded."`
	Terminal   string `placeholder:"NAME" help:"Terminal of the rows that name none; else the one that their sheet is called by, or the only one if sheets have no names of their own."`
	NewClients bool   `help:"Make clients that are not there. A workspace without any gets those of the sheet anyhow."`
	Rejects    string `placeholder:"FILE" help:"Write the rows that are not right to this .xlsx or .csv file, with what is wrong."`
}

// imported is what the command prints.
type imported struct {
	DryRun    bool      `json:"dry_run"`
	WouldMake *made     `json:"would_make,omitempty"`
	Made      *made     `json:"made,omitempty"`
	Unchanged int       `json:"unchanged"` // rows that are recorded already
	Repeated  []repeat  `json:"repeated"`
	Doubtful  []doubted `json:"doubtful"`
	Ignored   []string  `json:"ignored_columns,omitempty"`
	NoTable   []string  `json:"sheets_without_table,omitempty"`
	Rejects   string    `json:"rejects,omitempty"` // the file that was written
}

// made counts what is, or would be, recorded.
type made struct {
	Stays     int      `json:"stays"`    // new ones
	Releases  int      `json:"releases"` // of stays that were recorded before
	Cranes    int      `json:"crane_operations"`
	Companies []string `json:"companies"`
	Terminals []string `json:"terminals"`
}

type repeat struct {
	intake.Where
	Of int    `json:"of_row"` // of the same sheet, or of OfSheet
	In string `json:"of_sheet,omitempty"`
}

type doubted struct {
	intake.Doubt
	Text string `json:"text"`
}

// Validate refuses a file of another kind for the rows that are not right.
func (c yardImportCommand) Validate() error { return writable(c.Rejects) }

// Run imports the file.
func (c yardImportCommand) Run(p *process) error {
	told := imported{DryRun: c.DryRun, Repeated: []repeat{}, Doubtful: []doubted{}}
	tables, err := c.read(&told, os.Stderr)
	if err != nil {
		return err
	}
	open := p.databaseToFill
	if c.DryRun {
		open = p.database
	}
	db, err := open()
	if err != nil {
		return err
	}
	defer db.Close()
	return c.take(p.ctx, db, tables, told, os.Stdout, os.Stderr)
}

// take plans what is to be recorded of tables, records it and prints what came of it.
func (c yardImportCommand) take(ctx context.Context, db *database, tables []intake.Table, told imported, out, progress io.Writer) error {
	plan, err := records.PlanIntake(ctx, db.store, records.Intake{Workspace: db.workspace, Tables: tables, Terminal: c.Terminal, NewClients: c.NewClients})
	if err != nil {
		return err
	}
	catalogue := texts.New()
	if !c.DryRun {
		of := len(plan.Steps)
		err := records.CarryOut(ctx, records.New(db.store, catalogue), db.workspace, 0, &plan, func(done int) {
			fmt.Fprintf(progress, "recorded %d of %d\n", done, of)
		})
		if err != nil {
			return err
		}
	}
	say := func(t chat.Text) string { return catalogue.Label("en", db.zone, t) }
	told.tell(plan, say)
	var unwritten error
	if c.Rejects != "" && len(plan.Rejected) > 0 {
		if unwritten = writeSheets(c.Rejects, sheet.Rejects(plan.Rejected, say)...); unwritten == nil {
			told.Rejects = c.Rejects
		}
	}
	if err := errors.Join(printJSON(out, told), unwritten); err != nil {
		return err
	}
	if len(told.Doubtful) > 0 {
		return doubtful
	}
	return nil
}

// read reads the file's tables.
func (c yardImportCommand) read(told *imported, progress io.Writer) ([]intake.Table, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return nil, err
	}
	sheets, err := sheet.Read(file, about.Size(), func(rows int) {
		if rows%10_000 == 0 {
			fmt.Fprintf(progress, "read %d rows\n", rows)
		}
	})
	if err != nil {
		return nil, err
	}
	tables, without := intake.Tables(sheets)
	if len(tables) == 0 {
		return nil, intake.NoTable()
	}
	if isCSV(c.Rejects) && len(tables) > 1 {
		return nil, fmt.Errorf("%s cannot hold the rows of %d sheets: name a file .xlsx", c.Rejects, len(tables))
	}
	told.NoTable = without
	for _, t := range tables {
		told.Ignored = append(told.Ignored, t.Ignored...)
	}
	return tables, nil
}

// tell says what became of a plan.
func (told *imported) tell(plan intake.Plan, say func(chat.Text) string) {
	m := made{Companies: append([]string{}, plan.Companies...), Terminals: append([]string{}, plan.Terminals...)}
	for _, s := range plan.Steps {
		switch {
		case s.Stay == 0:
			m.Stays++
		case !s.Left.IsZero():
			m.Releases++
		}
		m.Cranes += len(s.Cranes)
	}
	if told.DryRun {
		told.WouldMake = &m
	} else {
		told.Made = &m
	}
	told.Unchanged = plan.Unchanged
	for _, r := range plan.Repeats {
		again := repeat{Where: r.Where, Of: r.Of.Row}
		if r.Of.Sheet != r.Sheet {
			again.In = r.Of.Sheet
		}
		told.Repeated = append(told.Repeated, again)
	}
	for _, d := range plan.Doubts {
		told.Doubtful = append(told.Doubtful, doubted{d, say(d.Text)})
	}
}

type yardExportCommand struct {
	File string `arg:"" optional:"" type:"path" help:"The .xlsx or .csv file to write; without it, each stay is printed as a line of JSON."`
	Lang string `enum:"ru,en" default:"ru" help:"Language of the titles: ${enum}."`
}

// Validate refuses a file of another kind.
func (c yardExportCommand) Validate() error { return writable(c.File) }

// Run exports the stays.
func (c yardExportCommand) Run(p *process) error {
	db, err := p.database()
	if err != nil {
		return err
	}
	defer db.Close()
	return c.write(p.ctx, db, os.Stdout)
}

func (c yardExportCommand) write(ctx context.Context, db *database, out io.Writer) error {
	keep := records.New(db.store, texts.New())
	if c.File == "" {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return records.EachStay(ctx, keep, db.workspace, func(b yard.Box) error { return encoder.Encode(b) })
	}
	table, err := records.ExportStays(ctx, keep, db.workspace, c.Lang)
	if err != nil {
		return err
	}
	rows := 0
	counted := table
	counted.Rows = func(yield func([]sheet.Cell) bool) {
		for row := range table.Rows {
			if rows++; !yield(row) {
				return
			}
		}
	}
	if err := writeSheets(c.File, counted); err != nil {
		return err
	}
	return printJSON(out, map[string]any{"file": c.File, "stays": rows})
}

// writeSheets writes tables to a new file, or instead of an old one, of the kind that its name says. CSV holds one table.
func writeSheets(path string, tables ...sheet.Table) (err error) {
	write := func(w io.Writer) error { return sheet.WriteXLSX(w, tables...) }
	if isCSV(path) {
		write = func(w io.Writer) error { return sheet.WriteCSV(w, tables[0]) }
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// writable refuses a name of a file that is neither .xlsx nor .csv; "" is none.
func writable(path string) error {
	if path == "" || isCSV(path) || strings.EqualFold(filepath.Ext(path), ".xlsx") {
		return nil
	}
	return fmt.Errorf("%s: only files .xlsx and .csv can be written", path)
}

func isCSV(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

func printJSON(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
