package records

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
)

// row is an outbox row as tests look at it.
type row struct {
	Key, Edits, About string
	Message           chat.Rendered
}

// outbox gives the rows of a chat in order.
func (o office) outbox(to int64) []row {
	rows, err := o.pool.Query(o.t.Context(), `SELECT key, coalesce(edits, ''), coalesce(about, ''), message FROM outbox
		WHERE bot_id = $1 AND chat_id = $2 ORDER BY id`, o.bot, to)
	require.NoError(o.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	require.NoError(o.t, err)
	return all
}

// journal writes an update as the gateway does.
func (o office) journal(update int64) {
	require.NoError(o.t, o.s.Journal(o.t.Context(), store.Update{Bot: o.bot, ID: update, Conversation: "c", Raw: []byte("{}")}))
}

func (o office) outcome(update int64) (outcome string, handled bool) {
	err := o.pool.QueryRow(o.t.Context(), `SELECT coalesce(outcome, ''), handled_at IS NOT NULL FROM updates
		WHERE bot_id = $1 AND update_id = $2`, o.bot, update).Scan(&outcome, &handled)
	require.NoError(o.t, err)
	return outcome, handled
}

func say(key string, to int64, t chat.Text) chat.Outgoing {
	return chat.Outgoing{Key: key, Chat: to, Message: chat.Message{Text: t}}
}

func TestSayWritesMessagesAndOutcomeOnce(t *testing.T) {
	o := newDesks(t).office()
	o.person(5, "Ann", people.Client, "ru")
	o.journal(71)
	o.journal(72)
	turn := chat.Turn{Bot: o.bot, Chat: 5, User: 5, Updates: []int64{71}, Outcome: "asked", Out: []chat.Outgoing{
		say("k:1", 5, chat.T("dialog.cancelled")),
		say("k:2", 5, chat.Plain("a < b")),
		{Key: "k:3", Chat: 5, Lang: "en", About: "ticket:1", Message: chat.Message{
			Text: chat.T("dialog.cancelled"), ReplyTo: 9, Files: []chat.File{{Kind: chat.Photo, ID: "f"}},
			Buttons: [][]chat.Button{{{Label: chat.T("dialog.back"), Action: "a", Arg: "1"}, {Label: chat.Plain("&"), URL: "https://x"}}},
		}},
		say("k:4", 5, chat.Text{}), // nothing to say
	}}
	for range 2 {
		require.NoError(t, o.r.Say(t.Context(), turn))
	}
	require.Equal(t, []row{
		{Key: "k:1", Message: chat.Rendered{HTML: "Отменено."}}, // the language of the chat's person
		{Key: "k:2", Message: chat.Rendered{HTML: "a &lt; b"}},
		{Key: "k:3", About: "ticket:1", Message: chat.Rendered{HTML: "Cancelled.", ReplyTo: 9,
			Files:   []chat.File{{Kind: chat.Photo, ID: "f"}},
			Buttons: [][]chat.RenderedButton{{{Label: "« Back", Action: "a", Arg: "1"}, {Label: "&", URL: "https://x"}}}}},
	}, o.outbox(5))
	outcome, handled := o.outcome(71)
	require.Equal(t, "asked", outcome)
	require.True(t, handled)
	_, handled = o.outcome(72)
	require.False(t, handled)
}

func TestMomentsAreInTheWorkspacesZone(t *testing.T) {
	o := newDesks(t).office()
	_, err := o.pool.Exec(t.Context(), `UPDATE workspaces SET time_zone = 'Europe/Kyiv' WHERE id = $1`, o.workspace)
	require.NoError(t, err)
	at := chat.At(time.Date(2026, 7, 1, 21, 30, 0, 0, time.UTC))
	out := say("k", 5, chat.Lines(chat.T("dialog.answered", "Answer", at)))
	out.Lang = "en"
	require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Out: []chat.Outgoing{out}}))
	require.Equal(t, "✓ 2 Jul 2026, 00:30", o.outbox(5)[0].Message.HTML)
}

func TestLongTextsGoInParts(t *testing.T) {
	o := newDesks(t).office()
	buttons := [][]chat.Button{{{Label: chat.Plain("x"), Action: "a"}}}
	long := strings.Repeat("слово ", 1000)
	send := func(key, edits string, text string, closes bool) {
		out := chat.Outgoing{Key: key, Edits: edits, Closes: closes, Chat: 5, Message: chat.Message{Text: chat.Plain(text), Buttons: buttons}}
		require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Out: []chat.Outgoing{out}}))
	}
	send("k", "", long, false)
	send("k2", "", "another", false)
	send("e", "k", long+"more", false)
	send("x", "k", "closed", true)
	rows := o.outbox(5)
	var keys []string
	for _, r := range rows {
		keys = append(keys, r.Key+"<"+r.Edits)
	}
	require.Equal(t, []string{"k<", "k#2<", "k2<", "e<k", "e#2<k#2", "x<k#2"}, keys)
	require.Empty(t, rows[0].Message.Buttons)
	require.NotEmpty(t, rows[1].Message.Buttons)
	require.True(t, long == rows[0].Message.HTML+" "+rows[1].Message.HTML)
	require.Equal(t, rows[4].Message.HTML+"\n\nclosed", rows[5].Message.HTML, "what the edit made of it")
	require.Empty(t, rows[5].Message.Buttons)
}

func TestAShorterEditEmptiesThePartsLeftOver(t *testing.T) {
	o := newDesks(t).office()
	buttons := [][]chat.Button{{{Label: chat.Plain("x"), Action: "a"}}}
	send := func(key, edits string, text string) {
		out := chat.Outgoing{Key: key, Edits: edits, Chat: 5, Message: chat.Message{Text: chat.Plain(text), Buttons: buttons}}
		require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Out: []chat.Outgoing{out}}))
	}
	long := strings.Repeat("слово ", 1500)
	send("k", "", long)
	send("k2", "", "another")
	send("e", "k", long[:len(long)/2])
	send("f", "k", "short")
	var edits []string
	for _, r := range o.outbox(5)[4:] {
		edits = append(edits, r.Key+"<"+r.Edits)
		if strings.HasSuffix(r.Edits, "#3") || r.Key == "f#2" {
			require.Equal(t, chat.Rendered{HTML: "—"}, r.Message)
		}
	}
	require.Equal(t, []string{"e#3<k#3", "e<k", "e#2<k#2", "f#2<k#2", "f#3<k#3", "f<k"}, edits)
	require.Len(t, o.outbox(5)[9].Message.Buttons, 1)
}

func TestClosing(t *testing.T) {
	for name, c := range map[string]struct {
		words, add, want string
		files            bool
	}{
		"with an answer":                     {words: "Which?", add: "✓ This", want: "Which?\n\n✓ This"},
		"without one":                        {words: "Which?", want: "Which?"},
		"just fits":                          {words: strings.Repeat("x", 4090), add: "1234", want: strings.Repeat("x", 4090) + "\n\n1234"},
		"too long to add to":                 {words: strings.Repeat("x", 4090), add: "12345", want: strings.Repeat("x", 4090)},
		"too long in Telegram's units":       {words: strings.Repeat("👍", 2046), add: "1234", want: strings.Repeat("👍", 2046)},
		"a caption is shorter":               {words: strings.Repeat("x", 1020), add: "1234", want: strings.Repeat("x", 1020), files: true},
		"a file without a caption":           {add: "✓ This", want: "✓ This", files: true},
		"what people wrote is not a pattern": {words: `\1 & %s`, add: "$1", want: "\\1 &amp; %s\n\n$1"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newDesks(t).office()
			asked := say("q", 5, chat.Plain(c.words))
			asked.Message.Buttons = [][]chat.Button{{{Label: chat.Plain("x"), Action: "a"}}}
			if c.files {
				asked.Message.Files = []chat.File{{Kind: chat.Photo, ID: "f"}}
			}
			closing := say("q:x", 5, chat.Plain(c.add))
			closing.Edits, closing.Closes = "q", true
			again, nothing := closing, closing
			again.Message.Text = chat.Plain("again")
			nothing.Key, nothing.Edits = "n:x", "n"
			require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Out: []chat.Outgoing{asked, closing, again, nothing}}))
			rows := o.outbox(5)
			require.Len(t, rows, 2)
			require.Equal(t, "q", rows[1].Edits)
			require.Equal(t, c.want, rows[1].Message.HTML)
			require.Empty(t, rows[1].Message.Buttons)
			require.Equal(t, asked.Message.Files, rows[1].Message.Files)
		})
	}
}

func TestAnEditOfNothingIsANewMessage(t *testing.T) {
	o := newDesks(t).office()
	other := newDesks(t).office()
	require.NoError(t, other.r.Say(t.Context(), chat.Turn{Bot: other.bot, Out: []chat.Outgoing{say("k", 5, chat.Plain("a"))}}))
	edit := say("e", 5, chat.Plain("b"))
	edit.Edits = "k"
	require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Out: []chat.Outgoing{edit}}))
	require.Equal(t, []row{{Key: "e", Message: chat.Rendered{HTML: "b"}}}, o.outbox(5))
}

func TestOnce(t *testing.T) {
	o := newDesks(t).office()
	o.journal(71)
	turn := chat.Turn{Op: "op", Bot: o.bot, Updates: []int64{71}, Outcome: "did", Out: []chat.Outgoing{say("k", 5, chat.Plain("a"))}}
	ran := 0
	do := func(err error) (int, error) {
		return once(t.Context(), o.r, turn, func(tx *store.Tx) (int, error) {
			ran++
			require.NoError(t, o.r.enqueue(t.Context(), tx, o.bot, say(fmt.Sprint("fan:", ran), 6, chat.Plain("b"))))
			return ran, err
		})
	}

	_, err := do(fault.New(fault.Conflict, "people.invite_used"))
	require.True(t, fault.Is(err, fault.Conflict))
	_, err = do(context.DeadlineExceeded)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Empty(t, o.outbox(5), "nothing is left of what failed")
	require.Empty(t, o.outbox(6))
	_, handled := o.outcome(71)
	require.False(t, handled)

	for range 2 {
		n, err := do(nil)
		require.NoError(t, err)
		require.Equal(t, 3, n, "the first answer comes back")
	}
	require.Equal(t, 3, ran)
	require.Len(t, o.outbox(5), 1)
	require.Len(t, o.outbox(6), 1)
	outcome, _ := o.outcome(71)
	require.Equal(t, "did", outcome)
}

func TestOnceAtTheSameTime(t *testing.T) {
	o := newDesks(t).office()
	var ran atomic.Int32
	answers := make(chan int, 8)
	for range cap(answers) {
		go func() {
			n, err := once(t.Context(), o.r, chat.Turn{Op: "op", Bot: o.bot}, func(*store.Tx) (int, error) { return int(ran.Add(1)), nil })
			if err != nil {
				n = -1
			}
			answers <- n
		}()
	}
	for range cap(answers) {
		require.Equal(t, 1, <-answers)
	}
}

// commits counts what a pool asks of the server.
type commits struct{ trips, commits atomic.Int32 }

func (c *commits) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	c.trips.Add(1)
	if q.SQL == "commit" {
		c.commits.Add(1)
	}
	return ctx
}
func (c *commits) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *commits) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.trips.Add(1)
	return ctx
}
func (c *commits) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *commits) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func TestAStepTakesThreeRoundTrips(t *testing.T) {
	config, err := pgxpool.ParseConfig(storetest.URL(t))
	require.NoError(t, err)
	count := &commits{}
	config.ConnConfig.Tracer = count
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer pool.Close()
	s := store.New(pool)
	o := (&desks{t: t, pool: pool, s: s, r: New(s, texts.New())}).office()
	o.journal(71)

	for name, step := range map[string]func() error{
		"Say": func() error {
			asked := say("q", 5, chat.T("dialog.language"))
			asked.Lang = "en"
			closing := chat.Outgoing{Key: "p:x", Edits: "p", Closes: true, Chat: 5, Lang: "en"}
			return o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Chat: 5, Updates: []int64{71}, Out: []chat.Outgoing{asked, closing}})
		},
		"OpenChat": func() error {
			_, err := o.r.OpenChat(t.Context(), Opening{Event: event(o, 71), Run: "r"})
			return err
		},
	} {
		require.NoError(t, step()) // statements are prepared
		count.trips.Store(0)
		count.commits.Store(0)
		require.NoError(t, step())
		require.Equal(t, int32(3), count.trips.Load(), name)
		require.Equal(t, int32(1), count.commits.Load(), name)
	}
}

func event(o office, update int64) chat.Event {
	return chat.Event{Bot: o.bot, Update: update, Chat: 5, Private: true, Kind: chat.Sent,
		User: chat.User{ID: 5, Name: "Ann Lee", Username: "ann", Language: "uk"}}
}

func (o office) lang(to int64) (lang string) {
	require.NoError(o.t, o.pool.QueryRow(o.t.Context(), `SELECT lang FROM chats WHERE bot_id = $1 AND chat_id = $2`, o.bot, to).Scan(&lang))
	return lang
}

func TestOpenChat(t *testing.T) {
	w := newDesks(t)
	o, other := w.office(), w.office()
	e := event(o, 1)
	opened, err := o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	ann := opened.Person
	require.Equal(t, people.Person{ID: ann.ID, Workspace: o.workspace, Telegram: 5, Name: "Ann Lee", Role: people.Client, Lang: "ru"}, ann)
	require.Equal(t, Opened{Person: ann, Modules: []string{"desk"}, Drafts: []string{}}, opened)
	require.Equal(t, "ru", o.lang(5))

	// What Telegram says is kept up with.
	e.Update, e.User.Name, e.User.Language = 2, "Ann Smith", "de"
	opened, err = o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	require.Equal(t, "Ann Smith", opened.Person.Name)
	require.Equal(t, "en", opened.Person.Lang)
	require.Equal(t, "en", o.lang(5))

	// A chosen language stays.
	_, err = o.r.SetLanguage(t.Context(), o.turn(5), LanguageChoice{Workspace: o.workspace, Person: ann.ID, Lang: "ru"})
	require.NoError(t, err)
	require.Equal(t, "ru", o.lang(5))
	require.Equal(t, []string{fmt.Sprintf(`person:%d people.language {"lang": "en"} {"lang": "ru"}`, ann.ID)}, o.audited("op:%"))
	e.Update = 3
	opened, err = o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	require.Equal(t, "ru", opened.Person.Lang)

	// A group speaks the language it began with.
	group := e
	group.Update, group.Chat, group.Private = 4, -100, false
	group.User = chat.User{ID: 6, Name: "Bob", Language: "en"}
	_, err = o.r.OpenChat(t.Context(), Opening{Event: group, Run: "g"})
	require.NoError(t, err)
	group.Update, group.User = 5, e.User
	_, err = o.r.OpenChat(t.Context(), Opening{Event: group, Run: "g"})
	require.NoError(t, err)
	require.Equal(t, "en", o.lang(-100))

	// Another workspace has its own Ann.
	e.Bot, e.Update = other.bot, 1
	opened, err = o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	require.NotEqual(t, ann.ID, opened.Person.ID)
	require.Equal(t, "en", opened.Person.Lang)
	_, err = other.r.SetLanguage(t.Context(), other.turn(5), LanguageChoice{Workspace: other.workspace, Person: ann.ID, Lang: "en"})
	require.True(t, fault.Is(err, fault.NotFound))
	require.Equal(t, "ru", o.lang(5), "nobody reaches into another workspace")
}

// audited gives the entries of the audit log whose operation is like op.
func (o office) audited(op string) []string {
	rows, err := o.pool.Query(o.t.Context(), `SELECT concat_ws(' ', about, action, before, after) FROM audit
		WHERE workspace_id = $1 AND op LIKE $2 ORDER BY id`, o.workspace, op)
	require.NoError(o.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(o.t, err)
	return all
}

func TestOwnersAreThoseOfTheSettings(t *testing.T) {
	w := newDesks(t)
	o, other := w.office(), w.office()
	o.person(5, "Ann", people.Client, "en")
	other.person(5, "Ann", people.Owner, "en")
	roles := func() (roles []string) {
		rows, err := o.pool.Query(t.Context(), `SELECT telegram_id || ' ' || role FROM people WHERE workspace_id = $1 ORDER BY 1`, o.workspace)
		require.NoError(t, err)
		roles, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return roles
	}
	for _, c := range []struct {
		owners  []int64
		roles   []string
		audited int
	}{
		{[]int64{5, 6, 6}, []string{"5 owner", "6 owner"}, 2},
		{[]int64{6, 5}, []string{"5 owner", "6 owner"}, 2},
		{nil, []string{"5 owner", "6 owner"}, 2},
		{[]int64{6}, []string{"5 agent", "6 owner"}, 3},
	} {
		require.NoError(t, o.s.Configure(t.Context(), o.bot, c.owners, "UTC", []time.Duration{time.Hour}))
		require.Equal(t, c.roles, roles())
		require.Len(t, o.audited("settings"), c.audited)
	}
	require.Contains(t, o.audited("settings")[2], `people.role {"role": "owner"} {"role": "agent"}`)
	require.Empty(t, other.audited("settings"))
}

func TestOpenChatTellsOfRepeats(t *testing.T) {
	o := newDesks(t).office()
	for _, c := range []struct {
		update int64
		run    string
		repeat bool
	}{{1, "a", false}, {1, "a", false}, {1, "b", true}, {1, "a", false}, {2, "b", false}} {
		opened, err := o.r.OpenChat(t.Context(), Opening{Event: event(o, c.update), Run: c.run})
		require.NoError(t, err)
		require.Equal(t, c.repeat, opened.Repeat, "%+v", c)
	}
}

func TestOpenChatTellsOfWhatAnOpenDialogueDealtWith(t *testing.T) {
	o := newDesks(t).office()
	o.journal(7)
	o.journal(8)
	require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Chat: 5, User: 5, Updates: []int64{7}, Outcome: "done"}))
	for range 2 { // its own repeat gives the same
		opened, err := o.r.OpenChat(t.Context(), Opening{Event: event(o, 7), Run: "later"})
		require.NoError(t, err)
		require.True(t, opened.Repeat)
	}

	// What the run has met stays its own, also once it is handled.
	for range 2 {
		opened, err := o.r.OpenChat(t.Context(), Opening{Event: event(o, 8), Run: "later"})
		require.NoError(t, err)
		require.False(t, opened.Repeat)
		require.NoError(t, o.r.Say(t.Context(), chat.Turn{Bot: o.bot, Chat: 5, User: 5, Updates: []int64{8}, Outcome: "done"}))
	}
}

func TestDrafts(t *testing.T) {
	o := newDesks(t).office()
	e := event(o, 1)
	_, err := o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	turn := func(user int64) chat.Turn {
		turn := o.turn(user)
		turn.Chat = 5
		return turn
	}
	for _, answers := range []string{`{"a": 1}`, `{"a": 2}`} {
		_, err := o.r.SaveDraft(t.Context(), turn(5), Draft{Dialogue: "desk.new", Answers: json.RawMessage(answers)})
		require.NoError(t, err)
	}
	e.Update = 2
	opened, err := o.r.OpenChat(t.Context(), Opening{Event: e, Run: "a"})
	require.NoError(t, err)
	require.Equal(t, []string{"desk.new"}, opened.Drafts)

	taken, err := o.r.TakeDraft(t.Context(), turn(6), "desk.new")
	require.NoError(t, err)
	require.Equal(t, "null", string(or(taken.Answers, "null")), "somebody else's")
	take := turn(5)
	for range 2 { // a repeat of the step gets it again
		taken, err = o.r.TakeDraft(t.Context(), take, "desk.new")
		require.NoError(t, err)
		require.JSONEq(t, `{"a": 2}`, string(taken.Answers))
	}
	taken, err = o.r.TakeDraft(t.Context(), turn(5), "desk.new")
	require.NoError(t, err)
	require.Equal(t, "null", string(or(taken.Answers, "null")))
}

func or(raw json.RawMessage, other string) json.RawMessage {
	if raw == nil {
		return json.RawMessage(other)
	}
	return raw
}
