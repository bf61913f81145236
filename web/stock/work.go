package stock

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
	"quaydesk/domain/people"
	"quaydesk/formats/sheet"
	"quaydesk/store"
)

// Imports are worked on behind the pages. What is to be done stands in PostgreSQL: when the process goes, the next look at
// the import's page, in whichever process, goes on from there, and what was recorded already is found unchanged.

const (
	beatEvery = 2 * time.Second
	lately    = 15 * time.Second // whoever has not been heard of for that long is gone
	longest   = time.Hour        // for one import
	// doubtsShown is how many doubts the page shows; the file of what is not right has all.
	doubtsShown = 200
)

// toldImport is what was found in a sheet, or recorded of it.
type toldImport struct {
	Stays        int      `json:"stays"`   // new ones
	Changed      int      `json:"changed"` // recorded ones that get what they lack
	Cranes       int      `json:"cranes"`
	Unchanged    int      `json:"unchanged"`
	Repeats      int      `json:"repeats"`
	Terminals    []string `json:"terminals,omitempty"` // made
	Companies    []string `json:"companies,omitempty"` // made
	Unknown      []string `json:"unknown,omitempty"`   // clients that are not there
	Ignored      []string `json:"ignored,omitempty"`   // columns
	NoTable      []string `json:"no_table,omitempty"`  // sheets
	Doubts       []doubt  `json:"doubts,omitempty"`    // the first ones
	DoubtsInAll  int      `json:"doubts_in_all"`
	DoubtfulRows int      `json:"doubtful_rows"`
}

// doubt is why a row is not recorded.
type doubt struct {
	intake.Where
	Title       string    `json:"title"`
	Text        chat.Text `json:"text"`
	Suggestions []string  `json:"suggestions,omitempty"`
}

// made is how many stays are made or completed.
func (t toldImport) made() int { return t.Stays + t.Changed }

func read(i store.Import) (told toldImport, err error) {
	if err := json.Unmarshal(i.Told, &told); err != nil {
		return told, fmt.Errorf("what was found in a sheet: %w", err)
	}
	return told, nil
}

// work works on an import behind the page, unless somebody does already.
func (p *pages) work(workspace, id int64) {
	if _, already := p.working.LoadOrStore(id, true); already {
		return
	}
	go func() {
		defer p.working.Delete(id)
		ctx, cancel := context.WithTimeout(context.Background(), longest)
		defer cancel()
		p.busy <- struct{}{} // one at a time: a large sheet takes its memory
		defer func() { <-p.busy }()
		if err := p.workOn(ctx, workspace, id); err != nil {
			p.log.Error("an import failed", slog.Int64("import", id), slog.Any("error", err))
		}
	}()
}

func (p *pages) workOn(ctx context.Context, workspace, id int64) error {
	var i store.Import
	var content []byte
	var mine bool
	err := p.store.Tx(ctx, func(tx *store.Tx) (err error) {
		i, content, mine, err = tx.ClaimImport(ctx, workspace, id, lately)
		return err
	})
	if err != nil || !mine {
		return err
	}
	var done, of atomic.Int64
	beating, still := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		p.beat(beating, id, &done, &of)
	}()
	told, rejects, err := p.take(ctx, i, content, &done, &of)
	still()
	<-stopped
	return p.store.Tx(ctx, func(tx *store.Tx) error {
		if f := fault.As(err); f != nil {
			return tx.FailImport(ctx, id, f)
		}
		if err != nil {
			return errors.Join(err, tx.FailImport(ctx, id, fault.New(fault.Unavailable, "webyard.import_broke")))
		}
		words, err := json.Marshal(told)
		if err != nil {
			return fmt.Errorf("what was found in a sheet: %w", err)
		}
		state := store.ImportPlanned
		if i.State == store.ImportRecording {
			state = store.ImportDone
		}
		return tx.TellImport(ctx, id, state, words, rejects)
	})
}

// beat tells every now and then how far an import has come.
func (p *pages) beat(ctx context.Context, id int64, done, of *atomic.Int64) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := p.store.Tx(ctx, func(tx *store.Tx) error { return tx.BeatImport(ctx, id, int(done.Load()), int(of.Load())) })
			if err != nil && ctx.Err() == nil {
				p.log.Warn("the progress of an import is not kept", slog.Int64("import", id), slog.Any("error", err))
			}
		}
	}
}

// take looks a sheet through and, if that is asked for, records what is right. It gives what was found or recorded, and
// the .xlsx of what is not right, if there is any.
func (p *pages) take(ctx context.Context, i store.Import, content []byte, done, of *atomic.Int64) (told toldImport, rejects []byte, err error) {
	sheets, err := sheet.Read(bytes.NewReader(content), int64(len(content)), func(rows int) { done.Store(int64(rows)) })
	if err != nil {
		return told, nil, err
	}
	tables, without := intake.Tables(sheets)
	if len(tables) == 0 {
		return told, nil, intake.NoTable()
	}
	plan, err := records.PlanIntake(ctx, p.store, records.Intake{Workspace: i.Workspace, Tables: tables, Terminal: i.Terminal, NewClients: i.NewClients})
	if err != nil {
		return told, nil, err
	}
	if i.State == store.ImportRecording {
		done.Store(0)
		of.Store(int64(len(plan.Steps)))
		err := records.CarryOut(ctx, p.records, i.Workspace, i.Person, &plan, func(n int) { done.Store(int64(n)) })
		if err != nil {
			return told, nil, err
		}
	}
	told = tellImport(plan)
	told.NoTable = without
	for _, t := range tables {
		told.Ignored = append(told.Ignored, t.Ignored...)
	}
	if len(plan.Rejected) == 0 {
		return told, nil, nil
	}
	var who people.Person
	var zone *time.Location
	err = p.store.Tx(ctx, func(tx *store.Tx) error {
		if who, err = tx.Person(ctx, i.Workspace, i.Person); err != nil {
			return err
		}
		zone, err = tx.Zone(ctx, i.Workspace)
		return err
	})
	if err != nil {
		return told, nil, err
	}
	var file bytes.Buffer
	err = sheet.WriteXLSX(&file, sheet.Rejects(plan.Rejected, func(t chat.Text) string { return p.texts.Label(who.Lang, zone, t) })...)
	return told, file.Bytes(), err
}

func tellImport(plan intake.Plan) toldImport {
	told := toldImport{Unchanged: plan.Unchanged, Repeats: len(plan.Repeats), Terminals: plan.Terminals, Companies: plan.Companies,
		DoubtsInAll: len(plan.Doubts), DoubtfulRows: len(plan.Rejected)}
	for _, s := range plan.Steps {
		if s.Stay == 0 {
			told.Stays++
		} else {
			told.Changed++
		}
		told.Cranes += len(s.Cranes)
	}
	for _, d := range plan.Doubts[:min(len(plan.Doubts), doubtsShown)] {
		told.Doubts = append(told.Doubts, doubt{d.Where, d.Title, d.Text, d.Suggestions})
	}
	for _, d := range plan.Doubts {
		if name := d.Text.Args["Name"].Plain; d.Reason == intake.UnknownClient && name != "" && !slices.Contains(told.Unknown, name) {
			told.Unknown = append(told.Unknown, name)
		}
	}
	return told
}
