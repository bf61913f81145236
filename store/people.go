package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
)

const personColumns = `id, workspace_id, telegram_id, name, role, post, lang, coalesce(board_uid, '')`

func scanPerson(row pgx.CollectableRow) (people.Person, error) {
	var p people.Person
	err := row.Scan(&p.ID, &p.Workspace, &p.Telegram, &p.Name, &p.Role, &p.Post, &p.Lang, &p.BoardUID)
	return p, err
}

// person gives the only row of a query as a person, or a NotFound fault.
func (t *Tx) person(ctx context.Context, sql string, args ...any) (people.Person, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return people.Person{}, fmt.Errorf("person: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanPerson)
	if errors.Is(err, pgx.ErrNoRows) {
		return people.Person{}, fault.New(fault.NotFound, "people.unknown")
	}
	if err != nil {
		return people.Person{}, fmt.Errorf("person: %w", err)
	}
	return p, nil
}

// Person gives a person of a workspace; NotFound when there is none.
func (t *Tx) Person(ctx context.Context, workspace, id int64) (people.Person, error) {
	return t.person(ctx, `SELECT `+personColumns+` FROM people WHERE workspace_id = $1 AND id = $2`, workspace, id)
}

// PersonByTelegram gives the person of a Telegram account in the workspace that a bot belongs to; NotFound when the
// account never wrote there.
func (t *Tx) PersonByTelegram(ctx context.Context, bot, telegram int64) (people.Person, error) {
	return t.person(ctx, `SELECT `+personColumns+` FROM people
		WHERE workspace_id = (SELECT workspace_id FROM bots WHERE id = $1) AND telegram_id = $2`, bot, telegram)
}

// PersonByBoard gives the person who is a collaborator on the workspace's board; NotFound when nobody is mapped to it.
func (t *Tx) PersonByBoard(ctx context.Context, workspace int64, uid string) (people.Person, error) {
	return t.person(ctx, `SELECT `+personColumns+` FROM people WHERE workspace_id = $1 AND board_uid = $2`, workspace, uid)
}

// Staff gives everybody in a workspace who works on tickets, oldest first.
func (t *Tx) Staff(ctx context.Context, workspace int64) ([]people.Person, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+personColumns+` FROM people
		WHERE workspace_id = $1 AND role IN ('owner', 'manager', 'agent') ORDER BY id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	staff, err := pgx.CollectRows(rows, scanPerson)
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	return staff, nil
}

// SetRole gives a person another role, and where it holds.
func (t *Tx) SetRole(ctx context.Context, workspace, id int64, role people.Role, post string) error {
	return t.exec(ctx, `UPDATE people SET role = $3, post = $4 WHERE workspace_id = $1 AND id = $2`, workspace, id, role, post)
}

// SetBoardUID says which collaborator on the board a person is; "" says none.
func (t *Tx) SetBoardUID(ctx context.Context, workspace, id int64, uid string) error {
	return t.exec(ctx, `UPDATE people SET board_uid = nullif($3, '') WHERE workspace_id = $1 AND id = $2`,
		workspace, id, uid)
}

// SetLanguage keeps the language that a person chose, also for what their private chats with the workspace's bots are
// told.
func (t *Tx) SetLanguage(ctx context.Context, workspace, id int64, lang string) error {
	return t.exec(ctx, `WITH p AS (
			UPDATE people SET lang = $3, lang_chosen = true WHERE workspace_id = $1 AND id = $2 RETURNING telegram_id)
		UPDATE chats SET lang = $3 FROM p, bots b
		WHERE b.workspace_id = $1 AND chats.bot_id = b.id AND chats.chat_id = p.telegram_id`, workspace, id, lang)
}

// Meeting is what a conversation needs to know of who writes.
type Meeting struct {
	Person  people.Person
	Modules []string // enabled for the bot
	Drafts  []string // dialogues this person left unfinished in this chat
	Run     string   // the run that met the event first, "" when it was dealt with before any run met it
}

// Meet makes or refreshes the person and the chat of an event and notes which run took the event on: of two runs that
// get the same event, the later one learns of the earlier. An event that an earlier run took into its open dialogue was
// never met, but is handled in the journal. The language follows Telegram's until it is chosen.
func (t *Tx) Meet(ctx context.Context, e chat.Event, run string) (Meeting, error) {
	var m Meeting
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO people (workspace_id, telegram_id, name, username, lang)
		SELECT workspace_id, $2, $3, $4, $5 FROM bots WHERE id = $1
		ON CONFLICT (workspace_id, telegram_id) DO UPDATE SET
			name = coalesce(nullif(excluded.name, ''), people.name), username = excluded.username,
			lang = CASE WHEN people.lang_chosen THEN people.lang ELSE excluded.lang END
		WHERE (people.name, people.username) <> (excluded.name, excluded.username)
			OR people.lang <> excluded.lang AND NOT people.lang_chosen`,
		e.Bot, e.User.ID, e.User.Name, e.User.Username, people.Language(e.User.Language))
	b.Queue(`INSERT INTO chats (bot_id, chat_id, lang)
		SELECT b.id, $2, p.lang FROM bots b JOIN people p USING (workspace_id) WHERE b.id = $1 AND p.telegram_id = $3
		ON CONFLICT (bot_id, chat_id) DO UPDATE SET lang = excluded.lang WHERE chats.lang <> excluded.lang AND $4`,
		e.Bot, e.Chat, e.User.ID, e.Private)
	b.Queue(`INSERT INTO operations (key, result)
		VALUES ($1, to_jsonb(CASE WHEN EXISTS (SELECT FROM updates WHERE bot_id = $3 AND update_id = $4 AND handled_at IS NOT NULL)
			THEN '' ELSE $2::text END)) ON CONFLICT DO NOTHING`,
		"meet:"+e.Cause(), run, e.Bot, e.Update)
	b.Queue(`SELECT p.id, p.workspace_id, p.telegram_id, p.name, p.role, p.post, p.lang, coalesce(p.board_uid, ''), b.modules,
			ARRAY(SELECT dialogue FROM drafts WHERE bot_id = b.id AND chat_id = $2 AND user_id = $3 ORDER BY dialogue),
			(SELECT result #>> '{}' FROM operations WHERE key = $4)
		FROM bots b JOIN people p USING (workspace_id) WHERE b.id = $1 AND p.telegram_id = $3`,
		e.Bot, e.Chat, e.User.ID, "meet:"+e.Cause()).
		QueryRow(func(row pgx.Row) error {
			p := &m.Person
			return row.Scan(&p.ID, &p.Workspace, &p.Telegram, &p.Name, &p.Role, &p.Post, &p.Lang, &p.BoardUID, &m.Modules, &m.Drafts, &m.Run)
		})
	if err := t.tx.SendBatch(ctx, b).Close(); err != nil {
		return Meeting{}, fmt.Errorf("meet: %w", err)
	}
	return m, nil
}

// SetOwners makes the Telegram accounts the owners of a workspace, also before they ever wrote; whoever was an owner and
// is not among them becomes an agent. An empty list changes nothing. The audit log has each change under "settings".
func (t *Tx) SetOwners(ctx context.Context, workspace int64, telegram []int64) error {
	if len(telegram) == 0 {
		return nil
	}
	return t.exec(ctx, `WITH was AS (SELECT id, telegram_id, role FROM people WHERE workspace_id = $1),
		more AS (
			INSERT INTO people (workspace_id, telegram_id, name, role)
			SELECT DISTINCT $1::bigint, v, '', 'owner' FROM unnest($2::bigint[]) AS v
			ON CONFLICT (workspace_id, telegram_id) DO UPDATE SET role = 'owner', post = '' WHERE people.role <> 'owner'
			RETURNING id, role),
		fewer AS (
			UPDATE people SET role = 'agent' WHERE workspace_id = $1 AND role = 'owner' AND telegram_id <> ALL($2)
			RETURNING id, role)
		INSERT INTO audit (workspace_id, op, action, about, before, after)
		SELECT $1, 'settings', 'people.role', 'person:' || now.id,
			CASE WHEN was.id IS NOT NULL THEN jsonb_build_object('role', was.role) END, jsonb_build_object('role', now.role)
		FROM (TABLE more UNION ALL TABLE fewer) now LEFT JOIN was USING (id) ORDER BY now.id`, workspace, telegram)
}

// AddInvite keeps an invite under the SHA-256 of its code; the code itself is never stored.
func (t *Tx) AddInvite(ctx context.Context, workspace int64, hash []byte, in people.Invite, by int64) error {
	return t.exec(ctx, `INSERT INTO invites (workspace_id, code_hash, role, post, expires_at, max_uses, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, workspace, hash, in.Role, in.Post, in.Expires, in.MaxUses, by)
}

// Invite gives an invite and holds it for this transaction; NotFound when the workspace has none under the hash.
func (t *Tx) Invite(ctx context.Context, workspace int64, hash []byte) (people.Invite, error) {
	var in people.Invite
	err := t.tx.QueryRow(ctx, `SELECT role, post, expires_at, max_uses, uses FROM invites
		WHERE workspace_id = $1 AND code_hash = $2 FOR UPDATE`, workspace, hash).
		Scan(&in.Role, &in.Post, &in.Expires, &in.MaxUses, &in.Uses)
	if errors.Is(err, pgx.ErrNoRows) {
		return in, fault.New(fault.NotFound, "people.invite_unknown")
	}
	if err != nil {
		return in, fmt.Errorf("invite: %w", err)
	}
	return in, nil
}

// UseInvite counts a use of an invite.
func (t *Tx) UseInvite(ctx context.Context, workspace int64, hash []byte) error {
	return t.exec(ctx, `UPDATE invites SET uses = uses + 1 WHERE workspace_id = $1 AND code_hash = $2`, workspace, hash)
}

// Member is somebody who works here, or is a client's or line's own person.
type Member struct {
	people.Person
	Place string    // name of the post; "" when the role holds everywhere
	Since time.Time // when they got the role, UTC
}

// Members lists those of a workspace, by role and name.
func (t *Tx) Members(ctx context.Context, workspace int64) ([]Member, error) {
	rows, err := t.tx.Query(ctx, `
		SELECT p.id, p.workspace_id, p.telegram_id, p.name, p.role, p.post, p.lang, coalesce(p.board_uid, ''),
			coalesce(t.name, c.name, ''), coalesce(a.at, p.created_at)
		FROM people p
		LEFT JOIN terminals t ON t.workspace_id = $1 AND p.post = 'terminal:' || t.id
		LEFT JOIN companies c ON c.workspace_id = $1 AND p.post = 'company:' || c.id
		LEFT JOIN LATERAL (SELECT max(at) AS at FROM audit
			WHERE workspace_id = $1 AND about = 'person:' || p.id AND action IN ('people.join', 'people.role')) a ON true
		WHERE p.workspace_id = $1 AND (p.role <> 'client' OR p.post <> '')
		ORDER BY array_position(ARRAY['owner', 'manager', 'accountant', 'dispatcher', 'agent', 'client'], p.role), p.name, p.id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	members, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Member, err error) {
		p := &m.Person
		err = row.Scan(&p.ID, &p.Workspace, &p.Telegram, &p.Name, &p.Role, &p.Post, &p.Lang, &p.BoardUID, &m.Place, &m.Since)
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	return members, nil
}
