package local

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	oldestPostgres = 15
	givenTimeout   = 5 * time.Second
)

// checkDatabase says in one line why a PostgreSQL that we were given cannot be used.
func checkDatabase(ctx context.Context, databaseURL string) error {
	ctx, cancel := context.WithTimeout(ctx, givenTimeout)
	defer cancel()
	wrong := func(err error) error {
		text := strings.TrimSpace(err.Error())
		text = strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:]) // the driver gives a line per address
		return fmt.Errorf("the PostgreSQL of DATABASE_URL cannot be used: %s: mend or unset DATABASE_URL; unset, a private PostgreSQL is started", text)
	}
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return wrong(err)
	}
	defer conn.Close(ctx)
	var version int
	if err := conn.QueryRow(ctx, "SELECT current_setting('server_version_num')::int / 10000").Scan(&version); err != nil {
		return wrong(err)
	}
	if version < oldestPostgres {
		return fmt.Errorf("the PostgreSQL of DATABASE_URL is version %d: %d or newer is needed", version, oldestPostgres)
	}
	return nil
}

// checkTemporal says whether nobody listens where we were told that Temporal is.
func checkTemporal(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: givenTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("the Temporal of TEMPORAL_ADDRESS cannot be used: %w: mend or unset TEMPORAL_ADDRESS; unset, the engine is started", err)
	}
	return conn.Close()
}
