package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// FileRef begins the chat.File.Ref of a file that lies here; its id follows.
const FileRef = "file:"

// AddFile keeps a file that the product made for somebody, and gives the reference by which it is sent. Those of the
// workspace that are older than a month are dropped.
func (t *Tx) AddFile(ctx context.Context, workspace int64, name, mime string, content []byte) (ref string, err error) {
	if err := t.exec(ctx, `DELETE FROM files WHERE workspace_id = $1 AND created_at < now() - interval '31 days'`, workspace); err != nil {
		return "", err
	}
	var id int64
	err = t.tx.QueryRow(ctx, `INSERT INTO files (workspace_id, name, type, content) VALUES ($1, $2, $3, $4) RETURNING id`,
		workspace, name, mime, content).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("keep a file: %w", err)
	}
	return FileRef + strconv.FormatInt(id, 10), nil
}

// OpenFile gives the bytes of a file that the product made. It is for the sender, who is told by the outbox, and by
// nobody else, what to open.
func (s *Store) OpenFile(ctx context.Context, ref string) (io.ReadCloser, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(ref, FileRef), 10, 64)
	if err != nil {
		return nil, noFile{}
	}
	var content []byte
	err = s.pool.QueryRow(ctx, `SELECT content FROM files WHERE id = $1`, id).Scan(&content)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, noFile{}
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// noFile is the error for a file that is not, and never will be, there.
type noFile struct{}

func (noFile) Error() string  { return "there is no such file" }
func (noFile) NotFound() bool { return true }
