package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/auth"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	_ "go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql" // the plugin named below
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	plugin    = "postgres12_pgx"
	retention = 72 * time.Hour // of workflows that have ended
)

// database is a PostgreSQL server and the names of Temporal's two databases on it. They have to be two: each keeps its
// schema version by database name.
type database struct {
	adminURL string
	conn     config.SQL // without a database name
	main     string
	visible  string
}

// parseDatabaseURL names Temporal's databases after the product's, so that several products share one server.
func parseDatabaseURL(raw string) (database, error) {
	bad := errors.New("DATABASE_URL is not an address of PostgreSQL; for example postgres://user:password@127.0.0.1:5432/quaydesk")
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User == nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return database{}, bad
	}
	name := strings.Trim(u.Path, "/")
	if name == "" || strings.ContainsAny(name, `/"`) {
		return database{}, bad
	}
	port := u.Port()
	if port == "" {
		port = "5432"
	}
	password, _ := u.User.Password()
	d := database{adminURL: raw, main: name + "_temporal", visible: name + "_temporal_visibility"}
	d.conn = config.SQL{
		PluginName:        plugin,
		ConnectProtocol:   "tcp",
		ConnectAddr:       net.JoinHostPort(u.Hostname(), port),
		User:              url.PathEscape(u.User.Username()), // the plugin escapes the password only
		Password:          password,
		ConnectAttributes: map[string]string{},
		MaxConnLifetime:   time.Hour,
	}
	for key, values := range u.Query() {
		if key != "sslmode" {
			d.conn.ConnectAttributes[key] = values[0]
		}
	}
	switch mode := u.Query().Get("sslmode"); mode {
	case "", "disable", "allow", "prefer":
	case "require":
		d.conn.TLS = &auth.TLS{Enabled: true}
	case "verify-ca", "verify-full":
		d.conn.TLS = &auth.TLS{Enabled: true, EnableHostVerification: true}
	default:
		return database{}, fmt.Errorf("DATABASE_URL has sslmode=%s: disable, require or verify-full are wanted", mode)
	}
	return d, nil
}

// store is the configuration of one of the databases for one of the server's four services, each of which has a pool.
func (d database) store(name string, maxConns int) *config.SQL {
	c := d.conn
	c.DatabaseName, c.MaxConns, c.MaxIdleConns = name, maxConns, maxConns
	return &c
}

// prepare makes the databases, brings their schemas to this server's version and makes the namespace. All of it may be
// repeated, also after a kill in the middle.
func (d database) prepare(ctx context.Context, namespace string) error {
	admin, err := pgx.Connect(ctx, d.adminURL)
	if err != nil {
		return err
	}
	defer admin.Close(context.WithoutCancel(ctx))
	for _, name := range []string{d.main, d.visible} {
		var there bool
		if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		if _, err := admin.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	var both errgroup.Group
	both.Go(func() error { return d.update(d.main, "postgresql/v12/temporal") })
	both.Go(func() error { return d.update(d.visible, "postgresql/v12/visibility") })
	if err := both.Wait(); err != nil {
		return err
	}
	return d.ensureNamespace(namespace)
}

// ensureNamespace writes the namespace where the server is going to read it. A namespace that is registered with a
// running server is unknown to parts of it for some seconds. (The function works with any database, not just SQLite.)
func (d database) ensureNamespace(name string) error {
	namespace, err := sqlite.NewNamespaceConfig(clusterName, name, false, nil)
	if err != nil {
		return err
	}
	namespace.Detail.Config.Retention = durationpb.New(retention)
	return sqlite.CreateNamespaces(d.store(d.main, 1), namespace)
}

// update applies what a database's schema lacks, in some hundred small statements. None has to wait for the disk: they
// stay in order, so a crash loses at most the last ones, and those are then made again.
func (d database) update(name, schemaName string) error {
	c := d.store(name, 1)
	c.ConnectAttributes = map[string]string{"synchronous_commit": "off"}
	for key, value := range d.conn.ConnectAttributes {
		c.ConnectAttributes[key] = value
	}
	logger := log.NewNoopLogger()
	conn, err := sql.NewConnection(c, logger)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer conn.Close()
	if version, err := conn.ReadSchemaVersion(); err != nil || version == "" {
		if err := schema.NewSetupSchemaTask(conn, &schema.SetupConfig{InitialVersion: "0.0"}, logger).Run(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := schema.NewUpdateSchemaTask(conn, &schema.UpdateConfig{DBName: name, SchemaName: schemaName}, logger).Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// lockKey is ours among PostgreSQL's advisory locks.
const lockKey = 7_233_723_301

// lockDatabase takes the database for this server: two on one would fight over their shards. A killed server's lock
// goes with its connection, a moment later. When PostgreSQL restarts the lock is taken again; should somebody else have
// it by then, that is sent on the channel.
func lockDatabase(ctx context.Context, databaseURL string) (<-chan error, error) {
	conn, err := takeLock(ctx, databaseURL, 3*time.Second)
	if err != nil {
		return nil, err
	}
	lost := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if conn != nil && conn.Ping(ctx) == nil {
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
				continue
			}
			if conn != nil {
				conn.Close(ctx)
			}
			conn, err = takeLock(ctx, databaseURL, 10*time.Second)
			if errors.Is(err, errLocked) {
				lost <- err
				return
			}
			if err != nil {
				conn = nil
				time.Sleep(200 * time.Millisecond)
			}
		}
	}()
	return lost, nil
}

var errLocked = errors.New("another engine runs on this database (DATABASE_URL)")

// takeLock tries for a while, and gives the connection that holds the lock.
func takeLock(ctx context.Context, databaseURL string, patience time.Duration) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); ; {
		var taken bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(lockKey)).Scan(&taken); err != nil {
			conn.Close(ctx)
			return nil, err
		}
		if taken {
			return conn, nil
		}
		if time.Now().After(end) {
			conn.Close(ctx)
			return nil, errLocked
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}
