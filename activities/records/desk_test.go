package records

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
)

// desks is a database with any number of workspaces, each with a bot and people.
type desks struct {
	t    *testing.T
	pool *pgxpool.Pool
	s    *store.Store
	r    *Records
	ops  int
}

func newDesks(t *testing.T) *desks {
	pool := storetest.New(t)
	s := store.New(pool)
	return &desks{t: t, pool: pool, s: s, r: New(s, texts.New())}
}

// office is one workspace.
type office struct {
	*desks
	workspace, bot int64
}

func (w *desks) office() office {
	var o office
	o.desks = w
	err := w.pool.QueryRow(w.t.Context(), `INSERT INTO workspaces (name) VALUES ('w') RETURNING id`).Scan(&o.workspace)
	require.NoError(w.t, err)
	err = w.pool.QueryRow(w.t.Context(), `INSERT INTO bots (workspace_id, telegram_id, username, token, webhook_path, webhook_secret)
		VALUES ($1::bigint, $1::bigint, 'desk_bot', 't', 'p' || $1::text, 's') RETURNING id`, o.workspace).Scan(&o.bot)
	require.NoError(w.t, err)
	return o
}

// person makes somebody and gives their Telegram id.
func (o office) person(telegram int64, name string, role people.Role, lang string) int64 {
	_, err := o.pool.Exec(o.t.Context(), `INSERT INTO people (workspace_id, telegram_id, name, role, lang) VALUES ($1, $2, $3, $4, $5)`,
		o.workspace, telegram, name, role, lang)
	require.NoError(o.t, err)
	return telegram
}

// turn is a new operation of somebody.
func (o office) turn(user int64) chat.Turn {
	o.ops++
	return chat.Turn{Op: fmt.Sprintf("op:%d:%d", o.bot, o.ops), Bot: o.bot, Chat: user, User: user}
}

func words(text string, message int) Said {
	return Said{Text: text, Pieces: []ticket.Piece{{Message: message, Text: text}}}
}

func (o office) file(user int64, text string) ticket.Ticket {
	filed, err := o.r.FileTicket(o.t.Context(), o.turn(user), Filing{Category: "equipment", Said: words(text, 1000+o.ops)})
	require.NoError(o.t, err)
	return filed.Ticket
}

func (o office) comment(user, id int64, text string, message int) Commented {
	c, err := o.r.CommentTicket(o.t.Context(), o.turn(user), Commenting{Ticket: id, Said: words(text, message)})
	require.NoError(o.t, err)
	return c
}

// sees gives what a chat looks like when everything is sent: each message as its last edit left it, with its buttons.
func (o office) sees(chatID int64) []string {
	o.t.Helper()
	rows, err := o.pool.Query(o.t.Context(), `
		SELECT DISTINCT ON (first.id) coalesce(now.message, first.message) FROM outbox first
		LEFT JOIN outbox now ON now.bot_id = first.bot_id AND now.edits = first.key
		WHERE first.bot_id = $1 AND first.chat_id = $2 AND first.edits IS NULL ORDER BY first.id, now.id DESC`, o.bot, chatID)
	require.NoError(o.t, err)
	messages, err := pgx.CollectRows(rows, pgx.RowTo[chat.Rendered])
	require.NoError(o.t, err)
	var seen []string
	for _, m := range messages {
		text := strings.NewReplacer("<b>", "", "</b>", "", "<i>", "", "</i>", "", "\n", " / ").Replace(m.HTML)
		for _, f := range m.Files {
			text += " {" + f.ID + "}"
		}
		for _, line := range m.Buttons {
			for _, b := range line {
				text += " [" + b.Label + "]"
			}
		}
		seen = append(seen, text)
	}
	return seen
}

func (o office) lastSeen(chatID int64) string {
	o.t.Helper()
	seen := o.sees(chatID)
	require.NotEmpty(o.t, seen)
	return seen[len(seen)-1]
}

const (
	anna  = int64(100) // organizer, English
	boris = int64(101) // organizer, Russian
	maria = int64(200) // agent, English
	oleg  = int64(201) // agent, Russian
	petra = int64(300) // owner, English
)

func staffed(t *testing.T) office {
	o := newDesks(t).office()
	o.person(anna, "Anna", people.Client, "en")
	o.person(boris, "Boris", people.Client, "ru")
	o.person(maria, "Maria", people.Agent, "en")
	o.person(oleg, "Oleg", people.Agent, "ru")
	return o
}

func TestATicketsLife(t *testing.T) {
	o, ctx := staffed(t), t.Context()

	filed, err := o.r.FileTicket(ctx, o.turn(anna), Filing{Category: "equipment", Said: Said{
		Text: "The gate is stuck\nsince <morning>", Files: []chat.File{{Kind: chat.Photo, ID: "gate.jpg"}}}})
	require.NoError(t, err)
	tk := filed.Ticket
	require.Equal(t, 1, tk.Number)
	require.Equal(t, "The gate is stuck", tk.Subject)
	require.Equal(t, []string{"🆕 New ticket #1 from Anna · Equipment /  / The gate is stuck / since &lt;morning&gt; {gate.jpg} [✋ Take]"}, o.sees(maria))
	require.Equal(t, []string{"🆕 Новое обращение №1 от Anna · Оборудование /  / The gate is stuck / since &lt;morning&gt; {gate.jpg} [✋ Взять]"}, o.sees(oleg))
	require.Empty(t, o.sees(anna), "the dialogue says that it is filed")

	taken, err := o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: tk.ID})
	require.NoError(t, err)
	require.Equal(t, ticket.Taken, taken.State)
	require.Equal(t, []string{"🔧 You have #1 from Anna · Equipment / Reply to this message to answer. /  / The gate is stuck / since &lt;morning&gt; {gate.jpg} [✍️ Answer] [↩️ Release] [✅ Close]"}, o.sees(maria))
	require.Equal(t, []string{"🔧 Maria занимается №1 от Anna · Оборудование /  / The gate is stuck / since &lt;morning&gt; {gate.jpg}"}, o.sees(oleg))
	require.Equal(t, []string{"🔧 Maria is taking care of ticket #1, “The gate is stuck”."}, o.sees(anna))

	_, err = o.r.TakeTicket(ctx, o.turn(oleg), Taking{Ticket: tk.ID})
	require.True(t, fault.Is(err, fault.Conflict))
	require.Equal(t, "ticket.stands_taken", fault.As(err).Text.Key)
	require.Equal(t, chat.Plain("Maria"), fault.As(err).Text.Args["Name"])

	answer := o.comment(maria, tk.ID, "Which gate?", 7)
	require.Equal(t, ticket.FromAgent, answer.Side)
	require.Equal(t, ticket.Waiting, answer.Ticket.State)
	require.Equal(t, "↩️ Maria answers #1, “The gate is stuck”: /  / Which gate?", o.lastSeen(anna))

	reply := o.comment(anna, tk.ID, "The northern one", 8)
	require.Equal(t, ticket.FromOrganizer, reply.Side)
	require.Equal(t, ticket.Taken, reply.Ticket.State)
	require.Equal(t, "✉️ Anna on #1, “The gate is stuck”: /  / The northern one", o.lastSeen(maria))
	require.Len(t, o.sees(oleg), 1, "the talk is between those two")

	closed, err := o.r.CloseTicket(ctx, o.turn(maria), tk.ID)
	require.NoError(t, err)
	require.Equal(t, ticket.Closed, closed.State)
	require.Equal(t, "✅ Maria closed ticket #1, “The gate is stuck”. Write on it or press the button if it is not settled. [🔁 Reopen]", o.lastSeen(anna))
	require.Equal(t, "✅ Closed: #1 from Anna · Equipment /  / The gate is stuck / since &lt;morning&gt; {gate.jpg} [🔁 Reopen]", o.sees(maria)[0])

	again := o.comment(anna, tk.ID, "It is stuck again", 9)
	require.Equal(t, ticket.Taken, again.Ticket.State)
	seen := o.sees(maria)
	require.Equal(t, "🔁 Anna opened ticket #1, “The gate is stuck”, again.", seen[len(seen)-3])
	require.Contains(t, seen[len(seen)-2], "🔧 You have #1")
	require.Equal(t, "✉️ Anna on #1, “The gate is stuck”: /  / It is stuck again", seen[len(seen)-1])

	var actions []string
	require.NoError(t, o.pool.QueryRow(ctx, `SELECT array_agg(action ORDER BY id) FROM audit WHERE workspace_id = $1 AND about = $2`,
		o.workspace, ticket.About(tk.ID)).Scan(&actions))
	require.Equal(t, []string{"comment.add", "ticket.file", "ticket.take", "ticket.answer", "comment.add", "ticket.write", "comment.add",
		"ticket.close", "ticket.write", "comment.add"}, actions)
}

func TestARepeatedOperationChangesNothing(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	turn := o.turn(anna)
	first, err := o.r.FileTicket(ctx, turn, Filing{Category: "other", Said: words("Once", 1)})
	require.NoError(t, err)
	second, err := o.r.FileTicket(ctx, turn, Filing{Category: "other", Said: words("Once", 1)})
	require.NoError(t, err)
	require.Equal(t, first, second)

	answer := o.turn(maria)
	for range 2 {
		_, err := o.r.CommentTicket(ctx, answer, Commenting{Ticket: first.Ticket.ID, Said: words("Here", 2)})
		require.NoError(t, err)
	}
	require.Len(t, o.sees(maria), 1)
	require.Len(t, o.sees(anna), 1)
}

func TestTwentyAgentsTakeAtOnce(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Race")
	var turns []chat.Turn
	for i := range int64(20) {
		o.person(1000+i, fmt.Sprint("Agent ", i), people.Agent, "en")
		turns = append(turns, o.turn(1000+i))
	}
	var all sync.WaitGroup
	errs := make([]error, len(turns))
	for i, turn := range turns {
		all.Go(func() { _, errs[i] = o.r.TakeTicket(ctx, turn, Taking{Ticket: tk.ID}) })
	}
	all.Wait()
	winner := ""
	for i, err := range errs {
		if err == nil {
			require.Empty(t, winner, "two won")
			winner = fmt.Sprint("Agent ", i)
		}
	}
	require.NotEmpty(t, winner, "nobody won")
	for _, err := range errs {
		if err != nil {
			require.True(t, fault.Is(err, fault.Conflict), "%v", err)
			require.Equal(t, chat.Plain(winner), fault.As(err).Text.Args["Name"], "the losers are told who was faster")
		}
	}
	require.Contains(t, o.lastSeen(maria), winner+" took #1")
	require.NotContains(t, o.lastSeen(maria), "[")
}

func TestAnsweringTakes(t *testing.T) {
	o := staffed(t)
	tk := o.file(anna, "Badge")
	c := o.comment(oleg, tk.ID, "Сейчас посмотрю", 5)
	require.Equal(t, ticket.Waiting, c.Ticket.State)
	require.Equal(t, "Oleg", c.Ticket.Assignee.Name)
	require.Equal(t, []string{"↩️ Oleg answers #1, “Badge”: /  / Сейчас посмотрю"}, o.sees(anna), "the answer says who took it")
	require.Contains(t, o.lastSeen(maria), "💬 Oleg answered #1")
	require.Contains(t, o.lastSeen(oleg), "[↩️ Вернуть]")
}

func TestAnotherAgentsAnswerReachesTheAssignee(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	_, err := o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: tk.ID})
	require.NoError(t, err)
	c := o.comment(oleg, tk.ID, "I know this one", 5)
	require.Equal(t, "Maria", c.Ticket.Assignee.Name)
	require.Equal(t, "↩️ Oleg answered #1, “Badge”: /  / I know this one", o.lastSeen(maria))
	require.Equal(t, "↩️ Oleg answers #1, “Badge”: /  / I know this one", o.lastSeen(anna))
}

func TestWhatACommentTellsOfTheTicketAndItsOrganizer(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	require.False(t, o.comment(anna, tk.ID, "Please", 4).Reopened)
	_, err := o.r.CloseTicket(ctx, o.turn(maria), tk.ID)
	require.NoError(t, err)
	require.False(t, o.comment(maria, tk.ID, "By the way", 5).Reopened, "staff's words leave it closed")
	require.True(t, o.comment(anna, tk.ID, "Not yet", 6).Reopened)

	require.NoError(t, o.s.Unreachable(ctx, o.bot, anna, "blocked"))
	require.True(t, o.comment(maria, tk.ID, "Hello?", 7).Unreachable)
	require.False(t, o.comment(anna, tk.ID, "Here", 8).Unreachable)
	require.NoError(t, o.s.Reachable(ctx, o.bot, anna))
	require.False(t, o.comment(maria, tk.ID, "Fine", 9).Unreachable)
}

func TestReleasedTicketsComeAgain(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	_, err := o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: tk.ID})
	require.NoError(t, err)
	o.comment(maria, tk.ID, "Hm", 3)
	back, err := o.r.ReleaseTicket(ctx, o.turn(maria), tk.ID)
	require.NoError(t, err)
	require.Equal(t, ticket.New, back.State)
	require.Equal(t, []string{"↩️ Back in the queue: #1 from Anna · Equipment /  / Badge", "↩️ Back in the queue: #1 from Anna · Equipment /  / Badge [✋ Take]"}, o.sees(maria))
	require.Contains(t, o.lastSeen(oleg), "[✋ Взять]")
	require.Contains(t, o.lastSeen(anna), "back in the queue")

	_, err = o.r.TakeTicket(ctx, o.turn(oleg), Taking{Ticket: tk.ID})
	require.NoError(t, err)
	require.Contains(t, o.lastSeen(maria), "🔧 Oleg took #1")
	require.NotContains(t, strings.Join(o.sees(maria), "\n"), "[")
	require.Equal(t, "↩️ Ответ по №1, «Badge», от Maria: /  / Hm", o.lastSeen(oleg), "who takes over sees what was said")
}

func TestTakingFromTheQueueSendsACard(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	_, err := o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: tk.ID, Fresh: true})
	require.NoError(t, err)
	seen := o.sees(maria)
	require.Len(t, seen, 2)
	require.NotContains(t, seen[0], "[")
	require.Contains(t, seen[1], "[✅ Close]")

	o.person(202, "Late", people.Agent, "en")
	_, err = o.r.ReleaseTicket(ctx, o.turn(maria), tk.ID)
	require.NoError(t, err)
	require.NotContains(t, o.sees(maria)[1], "[", "the card in use loses its buttons")
	require.Len(t, o.sees(202), 1)
}

func TestEditingReachesTheOtherSide(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Bagde") // message 1000
	edit := func(user int64, message int, text string) int64 {
		t.Helper()
		id, err := o.r.EditComment(ctx, o.turn(user), Editing{Message: message, Text: text})
		require.NoError(t, err)
		return id
	}
	require.Equal(t, tk.ID, edit(anna, 1001, "Badge"))
	require.Equal(t, []string{"🆕 New ticket #1 from Anna · Equipment /  / Badge [✋ Take]"}, o.sees(maria))

	o.comment(maria, tk.ID, "Whihc", 50)
	require.Equal(t, tk.ID, edit(maria, 50, "Which?"))
	require.Equal(t, "↩️ Maria answers #1, “Badge”: /  / Which?", o.lastSeen(anna))
	require.Zero(t, edit(anna, 4711, "not a comment"))

	c, err := o.r.CommentTicket(ctx, o.turn(anna), Commenting{Ticket: tk.ID, Said: Said{Text: "one\ntwo",
		Pieces: []ticket.Piece{{Message: 60, Text: "one"}, {Message: 61}, {Message: 62, Text: "two"}}}})
	require.NoError(t, err)
	edit(anna, 62, "TWO")
	edit(anna, 61, "and a half")
	require.Equal(t, "✉️ Anna on #1, “Badge”: /  / one / and a half / TWO", o.lastSeen(maria))
	require.NotZero(t, c.Comment)

	edit(anna, 1001, "Badge lost")
	require.Contains(t, o.sees(maria)[0], "You have #1 from Anna · Equipment / Reply to this message to answer. /  / Badge lost [✍️ Answer]")
}

func TestMovingACommentToATicketOfItsOwn(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	first := o.file(anna, "Badge")
	c := o.comment(anna, first.ID, "The lamp is dark, too", 70)

	said, err := o.r.OwnComment(ctx, o.turn(anna), c.Comment)
	require.NoError(t, err)
	_, err = o.r.OwnComment(ctx, o.turn(boris), c.Comment)
	require.True(t, fault.Is(err, fault.Forbidden))

	moved, err := o.r.FileTicket(ctx, o.turn(anna), Filing{Category: "equipment", Moves: c.Comment,
		Said: Said{Text: said.Text, Files: said.Files, Pieces: said.Pieces}})
	require.NoError(t, err)
	require.Equal(t, first.ID, moved.From)
	require.Equal(t, 2, moved.Ticket.Number)
	require.Equal(t, []string{
		"🆕 New ticket #1 from Anna · Equipment /  / Badge [✋ Take]",
		"Anna made a ticket of its own of what stood here (was on #1).",
		"🆕 New ticket #2 from Anna · Equipment /  / The lamp is dark, too [✋ Take]",
	}, o.sees(maria))

	_, err = o.r.FileTicket(ctx, o.turn(anna), Filing{Category: "equipment", Moves: c.Comment, Said: words("x", 71)})
	require.True(t, fault.Is(err, fault.NotFound), "what was taken back cannot move again")

	id, err := o.r.EditComment(ctx, o.turn(anna), Editing{Message: 70, Text: "The lamp is broken"})
	require.NoError(t, err)
	require.Equal(t, moved.Ticket.ID, id, "the message belongs to the new ticket now")
}

func TestWhoMayDoWhat(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	forbidden := func(err error) {
		t.Helper()
		require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
	}
	_, err := o.r.TakeTicket(ctx, o.turn(boris), Taking{Ticket: tk.ID})
	forbidden(err)
	_, err = o.r.CloseTicket(ctx, o.turn(boris), tk.ID)
	forbidden(err)
	_, err = o.r.CommentTicket(ctx, o.turn(boris), Commenting{Ticket: tk.ID, Said: words("hi", 1)})
	forbidden(err)
	_, err = o.r.ShowTicket(ctx, o.turn(boris), tk.ID)
	forbidden(err)
	_, err = o.r.ListTickets(ctx, o.turn(boris), Listing{Action: ticket.ActQueue})
	forbidden(err)
	_, err = o.r.TakeTicket(ctx, o.turn(anna), Taking{Ticket: tk.ID})
	forbidden(err)
	_, err = o.r.CloseTicket(ctx, o.turn(anna), tk.ID)
	require.NoError(t, err, "an organizer closes their own")
	require.Equal(t, "✅ Closed: #1 from Anna · Equipment /  / Badge", o.lastSeen(maria))
}

func TestWorkspacesDoNotSeeEachOther(t *testing.T) {
	w := newDesks(t)
	ctx := t.Context()
	here, there := w.office(), w.office()
	here.person(anna, "Anna", people.Client, "en")
	here.person(maria, "Maria", people.Agent, "en")
	there.person(maria, "Maria", people.Agent, "en")
	there.person(oleg, "Oleg", people.Owner, "en")

	tk := here.file(anna, "Here")
	require.Empty(t, there.sees(maria))
	for _, user := range []int64{maria, oleg} {
		_, err := there.r.TakeTicket(ctx, there.turn(user), Taking{Ticket: tk.ID})
		require.True(t, fault.Is(err, fault.NotFound))
		_, err = there.r.ShowTicket(ctx, there.turn(user), tk.ID)
		require.True(t, fault.Is(err, fault.NotFound))
		_, err = there.r.CommentTicket(ctx, there.turn(user), Commenting{Ticket: tk.ID, Said: words("x", 1)})
		require.True(t, fault.Is(err, fault.NotFound))
		page, err := there.r.ListTickets(ctx, there.turn(user), Listing{Action: ticket.ActQueue})
		require.NoError(t, err)
		require.Zero(t, page.Total)
	}
	there.person(anna, "Anna", people.Client, "en")
	require.Equal(t, 1, there.file(anna, "There").Number, "numbers are each workspace's own")
}

func TestLists(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	var filed []ticket.Ticket
	for i := range 7 {
		filed = append(filed, o.file(anna, fmt.Sprint("Matter ", i+1)))
	}
	_, err := o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: filed[1].ID})
	require.NoError(t, err)
	_, err = o.r.CloseTicket(ctx, o.turn(anna), filed[6].ID)
	require.NoError(t, err)
	o.comment(maria, filed[1].ID, "On it", 5)

	list := func(user int64, action string, page int) (numbers []int, p Page) {
		p, err := o.r.ListTickets(ctx, o.turn(user), Listing{Action: action, Page: page})
		require.NoError(t, err)
		for _, l := range p.Tickets {
			numbers = append(numbers, l.Ticket.Number)
		}
		return numbers, p
	}
	numbers, page := list(anna, ticket.ActTickets, 0)
	require.Equal(t, []int{6, 5, 4, 3, 2}, numbers, "open ones, the newest first")
	require.Equal(t, 7, page.Total)
	require.Equal(t, "On it", page.Tickets[4].Last)
	require.Equal(t, ticket.FromAgent, page.Tickets[4].Side)
	numbers, page = list(anna, ticket.ActTickets, 9)
	require.Equal(t, []int{1, 7}, numbers, "a page behind the last is the last, closed ones at its end")
	require.Equal(t, 1, page.Page)
	numbers, _ = list(maria, ticket.ActQueue, 0)
	require.Equal(t, []int{1, 3, 4, 5, 6}, numbers, "the oldest first")
	numbers, _ = list(maria, ticket.ActMine, 0)
	require.Equal(t, []int{2}, numbers)
	numbers, page = list(oleg, ticket.ActMine, 0)
	require.Empty(t, numbers)
	require.Zero(t, page.Total)

	open, err := o.r.OpenTickets(ctx, o.turn(anna), struct{}{})
	require.NoError(t, err)
	require.Len(t, open, 6)
}

func TestReminders(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	tk := o.file(anna, "Badge")
	now, err := o.r.ReadTicket(ctx, tk.ID)
	require.NoError(t, err)
	require.Equal(t, TicketNow{State: ticket.New, Since: tk.Since, Version: 1,
		Reminders: []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}}, now)

	for _, n := range []int{1, 1, 2} {
		require.NoError(t, o.r.RemindStaff(ctx, Reminding{Ticket: tk.ID, Since: now.Since, N: n}))
	}
	seen := o.sees(maria)
	require.Len(t, seen, 3, "the same reminder is sent once")
	require.Regexp(t, `^⏰ Nobody has taken #1 from Anna yet · Equipment / Badge / waiting since .* \[✋ Take\]$`, seen[2])

	_, err = o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: tk.ID})
	require.NoError(t, err)
	require.NotContains(t, strings.Join(o.sees(oleg), "\n"), "[", "all of them lose their button")
	seen = o.sees(maria)
	require.NotContains(t, strings.Join(seen[:2], "\n"), "[")
	require.Contains(t, seen[2], "[✅ Close]", "the last becomes the card")

	require.NoError(t, o.r.RemindStaff(ctx, Reminding{Ticket: tk.ID, Since: now.Since, N: 3}))
	require.Len(t, o.sees(maria), 3, "taken meanwhile")
}

func TestALongTicketIsToldOnce(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	filed, err := o.r.FileTicket(ctx, o.turn(anna), Filing{Category: "other", Said: words(strings.Repeat("far too long ", 500), 1)})
	require.NoError(t, err)
	require.Len(t, o.sees(maria), 2, "in two parts")
	require.NoError(t, o.r.RemindStaff(ctx, Reminding{Ticket: filed.Ticket.ID, Since: filed.Ticket.Since, N: 1}))
	_, err = o.r.TakeTicket(ctx, o.turn(maria), Taking{Ticket: filed.Ticket.ID})
	require.NoError(t, err)
	require.Len(t, o.sees(oleg), 3)
	seen := o.sees(maria)
	require.Len(t, seen, 3)
	require.NotContains(t, strings.Join(seen[:2], "\n"), "[")
	require.Contains(t, seen[2], "[✅ Close]")
}
