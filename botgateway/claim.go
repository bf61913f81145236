package botgateway

import (
	"time"

	"quaydesk/botgateway/limit"
	"quaydesk/store"
)

// job is a claimed row and the requests it takes.
type job struct {
	store.OutboxRow
	parts []part
	lease time.Duration // nobody else sends it for so long,
	until time.Time     // which is until then
	anew  bool          // an edit that is sent as a new message
}

// leaseMargin is how much longer than its requests can last a claim holds.
const leaseMargin = 2 * time.Second

// choice is what a sender takes upon itself, and after what pauses it has to look again even if nothing happens.
type choice struct {
	claims store.Claims
	jobs   []job
	looks  []time.Duration
}

// choose takes the rows that can be sent now, up to the free slots, and says of the others when they can. Rows that
// another sender left in the middle of its attempt are taken over only if takeOver says so.
func choose(now time.Time, bots []store.BotLimit, rows []store.OutboxRow, free int, takeOver bool) choice {
	c := choice{claims: store.Claims{Rows: map[int64]time.Time{}, Delays: map[int64]time.Time{},
		Chats: map[store.Chat]time.Time{}, Bots: map[int64]time.Time{}}}
	limits := make(map[int64]*store.BotLimit, len(bots))
	for i := range bots {
		limits[bots[i].Bot] = &bots[i]
	}
	limited := map[int64]bool{}
	lookAt := func(t time.Time) { c.looks = append(c.looks, t.Sub(now)) }
	for _, row := range rows {
		bot := limits[row.Bot]
		if bot == nil || row.Abandoned && !takeOver {
			continue
		}
		if r, ok := settled(row); ok {
			c.claims.Results = append(c.claims.Results, r)
			lookAt(now) // something may have waited for it
			continue
		}
		delay := row.ChatHeld
		if free := limit.Chat(row.Chat).Free(row.ChatNext); !row.Edit && free.After(delay) {
			delay = free
		}
		if delay.After(now) {
			c.claims.Delays[row.ID] = delay
			lookAt(delay)
			continue
		}
		// Edits show nothing new to anybody, and Telegram does not count them as messages.
		rate := limit.Bot(bot.PerSecond)
		delay = bot.Held
		if free := rate.Free(bot.Next); !row.Edit && free.After(delay) {
			delay = free
		}
		if delay.After(now) {
			if !limited[row.Bot] {
				limited[row.Bot] = true
				lookAt(delay)
			}
			continue
		}
		if free == 0 {
			break // looks again when a slot is free
		}
		free--

		j := job{OutboxRow: row, parts: plan(row.Message), lease: leaseMargin}
		j.Attempts++
		for _, p := range j.parts[min(j.Parts, len(j.parts)):] {
			j.lease += p.time()
			if row.Edit {
				continue
			}
			for range p.messages() {
				row.ChatNext = limit.Chat(row.Chat).Take(row.ChatNext, now)
				bot.Next = rate.Take(bot.Next, now)
			}
		}
		if !row.Edit {
			c.claims.Chats[store.Chat{Bot: row.Bot, ID: row.Chat}] = row.ChatNext
			c.claims.Bots[row.Bot] = bot.Next
		}
		j.until = now.Add(j.lease)
		c.claims.Rows[row.ID] = j.until
		c.jobs = append(c.jobs, j)
	}
	return c
}

// settled gives the result of a row that needs no request.
func settled(row store.OutboxRow) (store.Result, bool) {
	r := store.Result{ID: row.ID, Bot: row.Bot, Chat: row.Chat, Parts: row.Parts}
	switch {
	case row.Unreachable != "":
		r.Status, r.Error = store.Dead, store.DeadFor(row.Unreachable)
	case row.Abandoned && row.Bulk && !row.Edit:
		r.Status, r.Error = store.Dead, inDoubt
	case row.Edit && row.Target == nil:
		r.Status, r.Error = store.Sent, "nothing to edit: that message was never sent"
	default:
		return store.Result{}, false
	}
	return r, true
}
