package dialog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/chat"
	"quaydesk/workflows/dialog/dialogtest"
)

// whatPeopleType in the shop, sensible and not.
var whatPeopleType = []string{"/order", "/order", "tea", "coffee", "2", "many", "hot", "done", "yes", "no", "Bob", "back", "cancel",
	"/price", "/offer", "/language", "english", "continue", "drop it", "/nothing", "/start", "/cancel", "go on", "👍"}

// deed is one thing a person does; its numbers choose among what there is.
type deed struct{ kind, a, b int }

func (d deed) do(talk *dialogtest.Talk, mine *[]int) {
	chat0 := talk.Listen()
	switch d.kind {
	case 0, 1, 2, 3:
		*mine = append(*mine, talk.Says(whatPeopleType[d.a%len(whatPeopleType)]))
	case 4, 5, 6, 7:
		for i := range chat0 { // the latest with buttons, or one before
			b := chat0[(2*len(chat0)-1-i-d.b%3)%len(chat0)]
			if b.Had() > 0 {
				talk.PressesNth(b, d.a%b.Had())
				return
			}
		}
	case 8:
		*mine = append(*mine, talk.Shows(chat.Photo, whatPeopleType[d.a%len(whatPeopleType)]))
	case 9:
		if len(*mine) > 0 {
			talk.Edits((*mine)[d.a%len(*mine)], whatPeopleType[d.b%len(whatPeopleType)])
		}
	case 10:
		talk.After(31 * time.Minute)
	case 11:
		talk.After(25 * time.Hour)
	case 12:
		talk.Does([]chat.Kind{chat.Blocked, chat.Unblocked}[d.a%2])
	case 13:
		*mine = append(*mine, talk.ShowsAlbum(1+d.a%10, "")...)
	}
}

// Whatever people do, and in whatever order: a conversation that continues as new after every event says the same as
// one that never does, and /cancel always leads out.
func TestContinueAsNewMakesNoDifference(t *testing.T) {
	deeds := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) deed {
		return deed{rapid.IntRange(0, 13).Draw(t, "kind"), rapid.IntRange(0, 99).Draw(t, "a"), rapid.IntRange(0, 99).Draw(t, "b")}
	}), 1, 25)
	rapid.Check(t, func(rt *rapid.T) {
		play := append([]deed{{}}, deeds.Draw(rt, "deeds")...)
		var chats [2][]string
		var orders [2][]string
		for i := range chats {
			talk, s := open(t)
			var mine []int
			for _, d := range play {
				if i == 1 {
					talk.ContinuesAsNew()
				}
				d.do(talk, &mine)
			}
			talk.Listen()
			talk.Says("/cancel")
			for _, b := range talk.Listen() {
				chats[i] = append(chats[i], fmt.Sprint(b))
			}
			talk.At("", "")
			orders[i] = s.orders
		}
		require.Equal(rt, chats[0], chats[1])
		require.Equal(rt, orders[0], orders[1])
	})
}
