package botgateway

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/botgateway/limit"
	"quaydesk/domain/chat"
	"quaydesk/store"
)

func TestChooseKeepsToTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := received
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			return now.Add(time.Duration(rapid.IntRange(-20, 20).Draw(t, "offset")) * 500 * time.Millisecond)
		})
		bots := []store.BotLimit{
			{Bot: 1, PerSecond: rapid.IntRange(1, 60).Draw(t, "rate"), Next: moment.Draw(t, "next"), Held: now.Add(-time.Second)},
			{Bot: 2, PerSecond: 30, Held: now.Add(time.Second)},
		}
		var rows []store.OutboxRow
		for i := range rapid.IntRange(0, 40).Draw(t, "rows") {
			rows = append(rows, store.OutboxRow{
				ID: int64(1 + i), Bot: rapid.SampledFrom([]int64{1, 1, 1, 2, 3}).Draw(t, "bot"), Chat: int64(100 + i),
				Bulk: i > 20, Edit: rapid.Bool().Draw(t, "edit"), Message: chat.Rendered{HTML: "x"},
				Abandoned: rapid.IntRange(0, 5).Draw(t, "abandoned") == 0, ChatNext: moment.Draw(t, "chat next"), ChatHeld: moment.Draw(t, "chat held"),
			})
			if last := &rows[i]; last.Edit && rapid.Bool().Draw(t, "target") {
				last.Target = &store.Target{MessageID: 7}
			}
		}
		free, takeOver := rapid.IntRange(0, 20).Draw(t, "free"), rapid.Bool().Draw(t, "take over")
		limits := append([]store.BotLimit(nil), bots...)
		c := choose(now, limits, rows, free, takeOver)

		require.LessOrEqual(t, len(c.jobs), free)
		require.Len(t, c.claims.Rows, len(c.jobs))
		took := 0
		for _, j := range c.jobs {
			require.Equal(t, int64(1), j.Bot, "the others are held or switched off")
			require.False(t, j.ChatHeld.After(now))
			require.True(t, takeOver || !j.Abandoned)
			require.False(t, j.Abandoned && j.Bulk && !j.Edit, "in doubt")
			require.Equal(t, c.claims.Rows[j.ID], j.until)
			require.True(t, j.until.After(now.Add(j.parts[0].time())))
			if !j.Edit {
				took++
				require.False(t, limit.Chat(j.Chat).Free(j.ChatNext).After(now))
				require.True(t, c.claims.Chats[store.Chat{Bot: 1, ID: j.Chat}].After(now))
			}
		}
		rate := limit.Bot(bots[0].PerSecond)
		require.LessOrEqual(t, took, rate.Burst)
		if took > 0 {
			require.False(t, c.claims.Bots[1].After(now.Add(time.Duration(rate.Burst)*rate.Interval)))
		}
		for id, at := range c.claims.Delays {
			require.True(t, at.After(now))
			require.NotContains(t, c.claims.Rows, id)
		}
		for _, r := range c.claims.Results {
			require.NotContains(t, c.claims.Rows, r.ID)
			require.NotEqual(t, store.Pending, r.Status)
		}
	})
}
