package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/fault"
)

// The states of an Import.
const (
	ImportReading   = "reading"   // is looked through
	ImportPlanned   = "planned"   // has been looked through, nothing is recorded
	ImportRecording = "recording" // what is right is recorded
	ImportDone      = "done"
	ImportFailed    = "failed"
)

// An Import is a sheet that somebody imports.
type Import struct {
	ID         int64
	Workspace  int64
	Person     int64 // people.Person.ID
	Op         string
	Name       string // of the file
	Terminal   string // of the rows that name none
	NewClients bool   // make clients that are not there
	State      string
	Done, Of   int // rows; of 0 is not known of how many
	Told       []byte
	HasRejects bool
	Fault      *fault.Fault
	Created    time.Time // UTC
}

const importColumns = `id, workspace_id, person_id, op, name, terminal, new_clients, state, done_rows, of_rows, told, rejects IS NOT NULL, fault, created_at`

func scanImport(row pgx.CollectableRow) (i Import, err error) {
	err = row.Scan(&i.ID, &i.Workspace, &i.Person, &i.Op, &i.Name, &i.Terminal, &i.NewClients, &i.State, &i.Done, &i.Of, &i.Told,
		&i.HasRejects, &i.Fault, &i.Created)
	i.Created = i.Created.UTC()
	return i, err
}

// keptImports is for how long a sheet that nobody went on with is kept.
const keptImports = "7 days"

// AddImport keeps a sheet to be looked through and gives the import's id: with the same Op again, that of the first time.
// Sheets of the workspace that nobody went on with for a week are dropped.
func (t *Tx) AddImport(ctx context.Context, i Import, content []byte) (id int64, err error) {
	err = t.exec(ctx, `UPDATE imports SET content = NULL, state = CASE state WHEN 'planned' THEN 'failed' ELSE state END
		WHERE workspace_id = $1 AND content IS NOT NULL AND created_at < now() - interval '`+keptImports+`'`, i.Workspace)
	if err != nil {
		return 0, err
	}
	err = t.tx.QueryRow(ctx, `INSERT INTO imports (workspace_id, person_id, op, name, terminal, new_clients, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (op) DO UPDATE SET op = excluded.op RETURNING id`,
		i.Workspace, i.Person, i.Op, i.Name, i.Terminal, i.NewClients, content).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("add an import: %w", err)
	}
	return id, nil
}

// Import gives an import of the workspace, or a NotFound fault.
func (t *Tx) Import(ctx context.Context, workspace, id int64) (Import, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+importColumns+` FROM imports WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return Import{}, fmt.Errorf("import: %w", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, scanImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, fault.New(fault.NotFound, "yardrules.import_unknown")
	}
	if err != nil {
		return i, fmt.Errorf("import: %w", err)
	}
	return i, nil
}

// Imports gives the latest imports of a workspace.
func (t *Tx) Imports(ctx context.Context, workspace int64, limit int) ([]Import, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+importColumns+` FROM imports WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`, workspace, limit)
	if err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanImport)
	if err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	return all, nil
}

// ClaimImport gives an import that is to be worked on, with its sheet, unless somebody has worked on it lately; false
// when there is nothing to do.
func (t *Tx) ClaimImport(ctx context.Context, workspace, id int64, lately time.Duration) (i Import, content []byte, ok bool, err error) {
	err = t.tx.QueryRow(ctx, `UPDATE imports SET beat_at = now() WHERE workspace_id = $1 AND id = $2 AND state IN ('reading', 'recording')
			AND content IS NOT NULL AND (beat_at IS NULL OR beat_at < now() - make_interval(secs => $3)) RETURNING content`,
		workspace, id, lately.Seconds()).Scan(&content)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, nil, false, nil
	}
	if err != nil {
		return i, nil, false, fmt.Errorf("claim an import: %w", err)
	}
	i, err = t.Import(ctx, workspace, id)
	return i, content, err == nil, err
}

// BeatImport tells that an import is worked on, and how far it has come.
func (t *Tx) BeatImport(ctx context.Context, id int64, done, of int) error {
	return t.exec(ctx, `UPDATE imports SET beat_at = now(), done_rows = $2, of_rows = $3 WHERE id = $1`, id, done, of)
}

// AskImport lets work on an import begin: from a state to another, in which it is to be worked on. It does nothing when
// the import is in another state by now.
func (t *Tx) AskImport(ctx context.Context, workspace, id int64, from, to string, newClients bool) error {
	return t.exec(ctx, `UPDATE imports SET state = $4, new_clients = $5, beat_at = NULL, done_rows = 0, of_rows = 0, fault = NULL
		WHERE workspace_id = $1 AND id = $2 AND state = $3 AND content IS NOT NULL`, workspace, id, from, to, newClients)
}

// TellImport ends work on an import: what was found or recorded as JSON, and an .xlsx of what is not right. An import that
// is done needs its sheet no longer.
func (t *Tx) TellImport(ctx context.Context, id int64, state string, told, rejects []byte) error {
	return t.exec(ctx, `UPDATE imports SET state = $2, told = $3, rejects = $4, content = CASE WHEN $2 = 'done' THEN NULL ELSE content END
		WHERE id = $1`, id, state, told, rejects)
}

// FailImport ends work on an import that cannot be gone on with.
func (t *Tx) FailImport(ctx context.Context, id int64, why *fault.Fault) error {
	return t.exec(ctx, `UPDATE imports SET state = 'failed', fault = $2 WHERE id = $1`, id, why)
}

// Rejects gives the .xlsx of what is not right in an import of the workspace, or a NotFound fault.
func (t *Tx) Rejects(ctx context.Context, workspace, id int64) ([]byte, error) {
	var content []byte
	err := t.tx.QueryRow(ctx, `SELECT rejects FROM imports WHERE workspace_id = $1 AND id = $2 AND rejects IS NOT NULL`, workspace, id).Scan(&content)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "yardrules.import_unknown")
	}
	if err != nil {
		return nil, fmt.Errorf("rejects of an import: %w", err)
	}
	return content, nil
}
