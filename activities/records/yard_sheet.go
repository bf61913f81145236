package records

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/intake"
	"quaydesk/domain/yard"
	"quaydesk/formats/sheet"
	"quaydesk/store"
)

// sheetFile makes the sheet of a report, in the language of who asked for it, and keeps it for the sender.
func (r *Records) sheetFile(ctx context.Context, tx *store.Tx, d deed, rep report) (chat.File, error) {
	table := r.movementSheet(d.by.Lang, rep)
	if rep.kind != yard.TodayReport && rep.kind != yard.HistoryReport {
		boxes, err := tx.Boxes(ctx, d.workspace, rep.stays(), rep.at)
		if err != nil {
			return chat.File{}, err
		}
		if table, err = r.staySheet(ctx, tx, d.workspace, d.by.Lang, rep.zone, boxes); err != nil {
			return chat.File{}, err
		}
	}
	return keepSheet(ctx, tx, d.workspace, rep.name(), table)
}

// keepSheet keeps a sheet for the sender.
func keepSheet(ctx context.Context, tx *store.Tx, workspace int64, name string, tables ...sheet.Table) (chat.File, error) {
	var content bytes.Buffer
	if err := sheet.WriteXLSX(&content, tables...); err != nil {
		return chat.File{}, fmt.Errorf("write a sheet: %w", err)
	}
	ref, err := tx.AddFile(ctx, workspace, name, sheet.ContentTypeXLSX, content.Bytes())
	return chat.File{Kind: chat.Document, Ref: ref, Name: name, Type: sheet.ContentTypeXLSX, Size: int64(content.Len())}, err
}

// staySheet lists boxes in the columns that terminals keep, by entry.
func (r *Records) staySheet(ctx context.Context, tx *store.Tx, workspace int64, lang string, zone *time.Location, boxes []yard.Box) (sheet.Table, error) {
	ids := make([]int64, len(boxes))
	for i, b := range boxes {
		ids[i] = b.ID
	}
	all, err := tx.Movements(ctx, workspace, ids...)
	if err != nil {
		return sheet.Table{}, err
	}
	histories := map[int64][]yard.Movement{}
	for _, m := range all {
		histories[m.Stay] = append(histories[m.Stay], m)
	}
	boxes = slices.SortedStableFunc(slices.Values(boxes), func(a, b yard.Box) int { return a.Entered.Compare(b.Entered) })
	return r.stayTable(lang, zone, boxes, histories), nil
}

// stayTable is a table of stays in the columns that terminals keep, with titles in a language; histories are their
// movements, by stay.
func (r *Records) stayTable(lang string, zone *time.Location, boxes []yard.Box, histories map[int64][]yard.Movement) sheet.Table {
	t := sheet.Table{Name: r.texts.Label(lang, zone, chat.T("yardrules.sheet.stays")), Zone: zone}
	for _, c := range append(slices.Clone(intake.Usual), stayExtras...) {
		t.Columns = append(t.Columns, sheet.Column{Title: c.Title(lang)})
	}
	t.Rows = func(yield func([]sheet.Cell) bool) {
		for i, b := range boxes {
			if !yield(r.stayRow(lang, zone, i+1, b, histories[b.ID])) {
				return
			}
		}
	}
	return t
}

// stayExtras are the columns of a stay beside the usual ones.
var stayExtras = []intake.Column{intake.Terminal, intake.Load, intake.Order, intake.Seals}

// stayRow are the cells of a stay, as of intake.Usual and stayExtras.
func (r *Records) stayRow(lang string, zone *time.Location, n int, b yard.Box, history []yard.Movement) []sheet.Cell {
	var in, out yard.Details
	var cranes []string
	for _, m := range yard.Effective(history) {
		switch {
		case m.Kind == yard.GateIn:
			in = m.Details
		case m.Kind == yard.GateOut:
			out = m.Details
		case m.Kind == yard.Operated && m.Operation == yard.Crane:
			cranes = append(cranes, strings.TrimSuffix(m.At.In(zone).Format("02.01.2006 15:04:05"), ":00"))
		}
	}
	mode := func(t yard.Transport) string {
		if t.Mode == "" {
			return ""
		}
		return r.texts.Label(lang, zone, t.Mode.Label())
	}
	var remarks []string
	for _, s := range []string{in.Remarks, out.Remarks} {
		if s != "" {
			remarks = append(remarks, s)
		}
	}
	tonnage := sheet.Cell(nil)
	if !in.Tonnage.IsZero() {
		tonnage = in.Tonnage
	}
	return []sheet.Cell{
		n, string(b.Number), string(b.SizeType), b.ClientName, b.LineName, in.Cargo, b.Entered, mode(in.Transport), in.Transport.Number,
		b.Left, strings.TrimSpace(mode(out.Transport) + " " + out.Transport.Number), out.Destination, b.Place,
		strings.Join(cranes, "; "), strings.Join(remarks, "; "), b.Days, tonnage, b.TerminalName,
		intake.LoadWord(b.Load, lang), out.Order, strings.Join(in.Seals, "; "),
	}
}

// movementSheet lists movements.
func (r *Records) movementSheet(lang string, rep report) sheet.Table {
	label := func(t chat.Text) string { return r.texts.Label(lang, rep.zone, t) }
	t := sheet.Table{Name: label(chat.T("yardrules.sheet.movements")), Zone: rep.zone}
	for _, title := range []chat.Text{chat.T("yardrules.sheet.at"), chat.T("yardrules.sheet.number"), chat.T("yardrules.sheet.kind"),
		chat.T("yardrules.sheet.terminal"), chat.T("yardrules.sheet.to"), chat.T("yardrules.sheet.client"), chat.T("yardrules.sheet.transport"),
		chat.T("yardrules.sheet.order"), chat.T("yardrules.sheet.remarks"), chat.T("yardrules.sheet.by"), chat.T("yardrules.sheet.recorded"),
		chat.T("yardrules.sheet.reason"), chat.T("yardrules.sheet.counts")} {
		t.Columns = append(t.Columns, sheet.Column{Title: label(title)})
	}
	t.Rows = func(yield func([]sheet.Cell) bool) {
		for _, m := range rep.movements {
			counts := ""
			if m.ReplacedBy != 0 || m.Kind == yard.Reversed {
				counts = label(chat.T("yardrules.sheet.no"))
			}
			if !yield([]sheet.Cell{m.At, string(m.Box), label(movementWord(m)), m.TerminalName, m.ToName, m.ClientName, m.Transport.Number,
				m.Order, m.Remarks, m.By.Name, m.Recorded, m.Reason, counts}) {
				return
			}
		}
	}
	return t
}
