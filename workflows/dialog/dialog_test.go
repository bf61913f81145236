package dialog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/workflows/dialog/dialogtest"
)

func TestFromTheFirstStepToTheLast(t *testing.T) {
	talk, s := open(t)
	talk.Says("/order")
	welcome := talk.Hears("Welcome to the shop").Offers()
	kind := talk.Hears("Tea or coffee?").Offers("Tea 🍵", "Coffee", "Done", "Cancel")
	talk.At("shop.order", "kind")
	require.Equal(t, "shop.order: asked kind", talk.Outcome())

	talk.Presses("Coffee")
	talk.Hears("Good choice")
	cups := talk.Hears("How many cups?").Offers("Back", "Cancel")
	kind.Reads("Tea or coffee?\n\n✓ Coffee").Offers()
	welcome.Reads("Welcome to the shop")

	talk.Says("3")
	notes := talk.Hears("Anything to tell?").Offers("Back", "Cancel")
	cups.Reads("How many cups?").Offers()

	talk.Says("with milk")
	more := talk.Hears("Got it. Send more").Offers("Done", "Back", "Cancel")
	notes.Offers()
	talk.Shows(chat.Photo, "")
	talk.Hears("Got it, 2 messages so far")
	more.Offers()
	talk.Presses("Done")
	talk.Hears("3 coffee: with milk?").Offers("Yes", "No", "Back", "Cancel")

	talk.Presses("Yes")
	talk.Hears("Whose name?").Offers("Cancel") // behind a Do there is no way back
	require.Equal(t, []string{"3 coffee: with milk+1"}, s.orders)
	require.Regexp(t, `^u:\d+:\d+/1:PlaceOrder$`, s.op, "no other activity's answer can come back for it")
	require.Equal(t, []string{"Order order:1 placed"}, talk.Signals())
	require.Equal(t, "shop.order: PlaceOrder", talk.Outcome())

	talk.Says("Bob")
	talk.Hears("Order 1 for Bob")
	talk.Silence()
	talk.At("", "")
	require.Equal(t, 1, talk.Runs())
}

func TestBack(t *testing.T) {
	talk, s := confirming(t)
	talk.Presses("Back") // to the notes, which are kept
	talk.Hears("Got it").Offers("Done", "Back", "Cancel")
	talk.Presses("Back")
	talk.Hears("How many cups?")
	talk.Presses("Back")
	talk.Hears("Tea or coffee?").Offers("Tea 🍵", "Coffee", "Done", "Cancel") // the welcome is not said twice
	talk.Presses("Coffee")
	talk.Hears("Good choice")
	talk.Hears("How many cups?")
	talk.Says("1")
	talk.Hears("Anything to tell?")
	talk.Says("cold")
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("1 coffee: cold?")
	talk.Presses("Yes")
	talk.Hears("Whose name?")
	require.Equal(t, []string{"1 coffee: cold+0"}, s.orders)
}

func TestCancel(t *testing.T) {
	t.Run("by command", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/cancel")
		talk.Hears("Cancelled")
		talk.At("", "")
		talk.Says("/cancel")
		talk.Hears("nothing to cancel")
	})
	t.Run("by button", func(t *testing.T) {
		talk, _ := open(t)
		talk.Says("/order")
		talk.Hears("Welcome")
		prompt := talk.Hears("Tea or coffee?")
		talk.Presses("Cancel")
		talk.Hears("Cancelled")
		prompt.Offers()
		require.Equal(t, "shop.order: cancelled", talk.Outcome())
	})
}

func TestWrongKinds(t *testing.T) {
	sticker := func(talk *dialogtest.Talk) chat.Event {
		e := talk.Event("")
		e.Other = "sticker"
		return e
	}
	t.Run("where words are asked", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Sends(sticker(talk))
		talk.Hears("I need words")
		talk.Shows(chat.Photo, "3")
		talk.Hears("I need words")
		talk.Says("  \n ")
		talk.Hears("I need words")
		talk.At("shop.order", "cups")
		require.Equal(t, "shop.order: wrong kind for cups", talk.Outcome())
	})
	t.Run("where a button is asked", func(t *testing.T) {
		talk, _ := open(t)
		talk.Says("/order")
		talk.Hears("Welcome")
		talk.Hears("Tea or coffee?")
		for _, e := range []chat.Event{sticker(talk), talk.Event("water"), talk.Event("back")} {
			talk.Sends(e)
			talk.Hears("press one of the buttons")
		}
		talk.Shows(chat.Photo, "tea")
		talk.Hears("press one of the buttons")
		talk.At("shop.order", "kind")
	})
	t.Run("where anything is asked", func(t *testing.T) {
		talk, _ := noting(t)
		talk.Sends(sticker(talk))
		talk.Hears("I can take text, photos")
		talk.At("shop.order", "notes")
	})
}

func TestACollectHasAnEnd(t *testing.T) {
	t.Run("of messages", func(t *testing.T) {
		talk, _ := noting(t)
		for range 50 {
			talk.Says("x")
			talk.Hears("Got it")
		}
		talk.Says("y")
		talk.Hears("more than I can take at once, so I have left it out")
		talk.Shows(chat.Photo, "")
		talk.Hears("more than I can take at once")
		talk.Says("done")
		talk.Hears("2 tea: x").Reads("2 tea: " + strings.TrimSuffix(strings.Repeat("x\n", 50), "\n") + "?")
	})
	t.Run("of words", func(t *testing.T) {
		talk, _ := noting(t)
		message := 0
		for range 8 {
			message = talk.Says(strings.Repeat("я", 3900))
			talk.Hears("Got it")
		}
		talk.Says(strings.Repeat("я", 1000))
		talk.Hears("more than I can take at once, so I have left it out")
		talk.Says(strings.Repeat("я", 700))
		talk.Hears("Got it, 9 messages so far")
		talk.Edits(message, strings.Repeat("я", 4096))
		talk.Hears("more than I can take at once.\nSo I keep what you wrote before.")
		talk.Edits(message, "shorter")
		talk.Hears("Changed.")
	})
}

func TestTypedInsteadOfPressed(t *testing.T) {
	for _, typed := range []string{"tea", "TEA", " Tea 🍵 "} {
		talk, _ := open(t)
		talk.Says("/order")
		talk.Hears("Welcome")
		kind := talk.Hears("Tea or coffee?")
		talk.Says(typed)
		talk.Hears("How many cups?")
		kind.Reads("Tea or coffee?\n\n✓ Tea 🍵").Offers()
	}
	t.Run("in the other language", func(t *testing.T) {
		talk, _ := open(t)
		talk.Says("/order")
		talk.Hears("Welcome")
		talk.Hears("Tea or coffee?")
		talk.Says("готово")
		talk.Hears("How many cups?")
	})
	t.Run("done, back and cancel", func(t *testing.T) {
		talk, _ := noting(t)
		talk.Says("done") // nothing was given yet: these are the words
		talk.Hears("Got it")
		talk.Says("Done")
		talk.Hears("2 tea: done?")
		talk.Says("back")
		talk.Hears("Got it") // the words are kept
		talk.Says("x")
		talk.Hears("Got it")
		talk.Presses("Done")
		talk.Hears("2 tea: done\nx")
		talk.Says("cancel")
		talk.Hears("Cancelled")
	})
}

func TestWhatDoesNotParse(t *testing.T) {
	talk, _ := ordering(t)
	talk.Says("many")
	talk.Hears("I do not know this person.")
	talk.At("shop.order", "cups")
	require.Equal(t, "shop.order: refused cups", talk.Outcome())
	talk.Says("4")
	talk.Hears("Anything to tell?")
}

func TestTheDomainRefuses(t *testing.T) {
	talk, s := confirming(t)
	s.rival = true
	talk.Presses("Yes")
	talk.Hears("This invitation has been used up")
	talk.At("", "")
	require.Equal(t, "shop.order: conflict", talk.Outcome())
}

func TestARefusalIsRecordedToo(t *testing.T) {
	talk, s := open(t)
	talk.Says("/table")
	talk.Hears("How many people?")
	talk.Says("2")
	talk.Hears("Where?")
	talk.Presses("Hall")
	talk.Hears("Sure about the hall?")
	talk.Presses("Yes")
	talk.Hears("Taken. When else?").Offers("Cancel")
	talk.Says("at noon")
	talk.Hears("Not now. When: at noon")
	require.Equal(t, []string{"hall"}, s.orders)
}

func TestTheNextQuestionGoesOutBeforeTheLastIsClosed(t *testing.T) {
	talk, _ := ordering(t)
	keys := talk.Keys()
	require.Equal(t, []string{"u:1:101:1", "u:1:101:2", "u:1:102:1", "u:1:101:2:x"}, keys)
}

func TestPressesThatMeanNothing(t *testing.T) {
	talk, _ := open(t)
	talk.Says("/order")
	talk.Hears("Welcome")
	kind := talk.Hears("Tea or coffee?")
	talk.Presses("Tea")
	cups := talk.Hears("How many cups?")

	talk.PressesOld(kind, "Coffee") // in a hurry: nothing is said
	talk.Says("2")
	talk.Hears("Anything to tell?")
	talk.PressesOld(kind, "Coffee")
	talk.Hears("no longer in use")
	talk.PressesOld(kind, "Cancel")
	talk.PressesOld(kind, "Tea")
	talk.Silence() // once is enough
	kind.Reads("Tea or coffee?\n\n✓ Tea 🍵")
	closings := slices.DeleteFunc(slices.Clone(talk.Keys()), func(key string) bool { return !strings.HasPrefix(key, "u:1:101:2:") })
	require.Equal(t, []string{"u:1:101:2:x"}, slices.Compact(closings), "a message is closed once")
	talk.PressesUnknown(cups.Message)
	talk.Hears("no longer in use")
	talk.PressesUnknown(cups.Message)
	talk.At("shop.order", "notes")

	made := talk.Event("")
	made.Kind, made.Action, made.Arg = chat.Pressed, "dialog.answer", "u:9:9:9|tea"
	talk.Sends(made)
	talk.Hears("no longer in use")
	made = talk.Event("")
	made.Kind, made.Action = chat.Pressed, "shop.gone"
	talk.Sends(made)
	talk.Hears("no longer in use")
	talk.At("shop.order", "notes")

	t.Run("after the dialogue", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/cancel")
		talk.Hears("Cancelled")
		made := talk.Event("")
		made.Kind, made.Action, made.Arg = chat.Pressed, "dialog.answer", "u:1:101:1|tea"
		talk.Sends(made)
		talk.Hears("no longer in use")
		talk.At("", "")
	})
}

func TestMessagesComeFasterThanTheyAreHandled(t *testing.T) {
	talk, _ := open(t)
	talk.Send(talk.Event("/order"), talk.Event("tea"), talk.Event("2"), talk.Event("hot"))
	for _, words := range []string{"Welcome", "Tea or coffee?", "How many cups?", "Anything to tell?", "Got it"} {
		talk.Hears(words)
	}
	talk.At("shop.order", "notes")
}

func TestRepeatedUpdates(t *testing.T) {
	talk, _ := ordering(t)
	e := talk.Event("2")
	talk.Send(e, e)
	talk.Hears("Anything to tell?")
	talk.Sends(e)
	talk.Silence()

	t.Run("in a later run", func(t *testing.T) {
		talk, s := open(t)
		e := talk.Event("/price")
		talk.Sends(e)
		talk.Hears("One a cup")
		talk.Sends(e)
		talk.Silence()
		require.Equal(t, 2, talk.Runs())
		require.Len(t, s.seen, 1)
	})
}

func TestCommandsInBetween(t *testing.T) {
	t.Run("continue", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/language")
		asked := talk.Hears("Shall I drop it?").Offers("Continue", "Drop it, start /language")
		talk.Presses("Continue")
		talk.Hears("How many cups?")
		asked.Reads("We have not finished yet. Shall I drop it?\n\n✓ Continue").Offers()
		talk.Says("2")
		talk.Hears("Anything to tell?")
	})
	t.Run("drop", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/language")
		talk.Hears("Shall I drop it?")
		talk.Presses("Drop it, start /language")
		talk.Hears("Which language")
		talk.At("dialog.language", "language")
	})
	t.Run("typed", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/language")
		talk.Hears("Shall I drop it?")
		talk.Says("Drop it")
		talk.Hears("Which language")
	})
	t.Run("answered all the same", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/language")
		asked := talk.Hears("Shall I drop it?")
		talk.Says("2")
		talk.Hears("Anything to tell?")
		asked.Offers()
		talk.PressesOld(asked, "Drop it, start /language")
		talk.Hears("no longer in use")
		talk.At("shop.order", "notes")
	})
	t.Run("short ones do not disturb", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/price")
		talk.Hears("One a cup")
		talk.Says("/offer")
		offer := talk.Hears("An offer")
		require.Equal(t, "offer:42", offer.About)
		talk.Presses("Take")
		talk.Hears("Taken")
		e := talk.Event("still there?")
		e.About = "offer:42"
		talk.Sends(e)
		talk.Hears("About the offer")
		talk.Says("/help")
		talk.Hears("What I can do")
		talk.At("shop.order", "cups")
		talk.Says("2")
		talk.Hears("Anything to tell?")
	})
	t.Run("buttons that begin a dialogue", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/offer")
		talk.Hears("An offer")
		talk.Presses("Haggle")
		talk.Hears("Shall I drop it?").Offers("Continue", "Drop it")
		talk.Presses("Drop it")
		talk.Hears("Your price?")
		talk.Says("1")
		talk.Hears("How soon?")
		talk.Says("now")
		talk.Hears("Deal")
	})
	t.Run("the same again", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.Says("/order")
		talk.Hears("Shall I drop it?")
		talk.Says("/order")
		talk.Hears("Shall I drop it?")
		talk.Presses("Drop it, start /order")
		talk.Hears("Welcome")
		talk.Hears("Tea or coffee?")
	})
}

func TestStartAndItsPayloads(t *testing.T) {
	talk, s := open(t)
	talk.Says("/start")
	talk.Hears("Hello")
	talk.Says("/start card_a_b")
	talk.Hears("A card")
	require.Equal(t, "a_b", s.seen[0].Arg)
	talk.Says("/start what")
	talk.Hears("Hello")
}

func TestHelpListsWhatTheRoleMayUse(t *testing.T) {
	talk, _ := open(t)
	talk.Says("/help")
	help := talk.Hears("/order – order a drink").Text()
	require.Contains(t, help, "/language")
	require.Contains(t, help, "/cancel")
	require.NotContains(t, help, "/till")
	talk.Says("/till")
	talk.Hears("I do not know that command. /help")
	talk.Says("/nothing")
	talk.Hears("I do not know that command. /help")
	require.Equal(t, "unknown command", talk.Outcome())

	talk, _ = open(t, func(s *dialogtest.Setup) { s.Role = people.Agent })
	talk.Says("/help")
	talk.Hears("/till – open the till")
	talk.Says("/till")
	talk.Hears("Ding")
}

func TestUnknownCommandInADialogue(t *testing.T) {
	talk, _ := ordering(t)
	talk.Says("/nothing")
	talk.Hears("I do not know that command")
	talk.At("shop.order", "cups")
}

func TestAlbums(t *testing.T) {
	t.Run("collected", func(t *testing.T) {
		talk, s := noting(t)
		talk.ShowsAlbum(3, "look")
		talk.Hears("Got it, 3 messages")
		talk.Presses("Done")
		talk.Hears("2 tea: look?")
		talk.Presses("Yes")
		talk.Hears("Whose name?")
		require.Equal(t, []string{"2 tea: look+3"}, s.orders)
	})
	t.Run("one event outside of a dialogue", func(t *testing.T) {
		talk, s := open(t)
		talk.ShowsAlbum(10, "look")
		talk.Hears("Tell the boss: look")
		require.Len(t, s.seen, 1)
		require.Len(t, s.seen[0].Files, 10)
	})
	t.Run("followed by words at once", func(t *testing.T) {
		talk, s := noting(t)
		a, b, c := talk.Event("one"), talk.Event("two"), talk.Event("three")
		a.Album, b.Album = "x", "x"
		a.Files, b.Files = []chat.File{{Kind: chat.Photo, ID: "1"}}, []chat.File{{Kind: chat.Photo, ID: "2"}}
		talk.Send(a, b, c)
		talk.Hears("Got it, 2 messages")
		talk.Hears("Got it, 3 messages")
		talk.Presses("Done")
		talk.Hears("2 tea: one\ntwo\nthree?")
		talk.Presses("Yes")
		talk.Hears("Whose name?")
		require.Equal(t, []string{"2 tea: one\ntwo\nthree+2"}, s.orders)
	})
}

func TestEditedMessages(t *testing.T) {
	t.Run("an answer", func(t *testing.T) {
		talk, _ := ordering(t)
		cups := talk.Says("2")
		talk.Hears("Anything to tell?")
		hot := talk.Says("hot")
		talk.Hears("Got it")
		talk.Presses("Done")
		confirm := talk.Hears("2 tea: hot?")
		talk.Edits(cups, "5")
		talk.Hears("Changed.\n\n5 tea: hot?")
		confirm.Offers()
		talk.Edits(hot, "cold")
		talk.Hears("Changed.\n\n5 tea: cold?").Offers("Yes", "No", "Back", "Cancel")
		talk.Presses("Yes")
		talk.Hears("Whose name?")
		talk.Edits(cups, "9") // by now it is used: the modules' business
		talk.Hears("An edit")
		talk.At("shop.order", "name")
	})
	t.Run("the command that began it", func(t *testing.T) {
		talk, _ := open(t)
		begun := talk.Says("/tell a joke")
		talk.Hears("Tell the boss: a joke")
		talk.Edits(begun, "a story")
		talk.Hears("Changed.\n\nTell the boss: a story")
		talk.Presses("Yes")
		talk.Hears("Told")
	})
	t.Run("an answer that others hang on", func(t *testing.T) {
		talk, _ := open(t)
		talk.Says("/table")
		talk.Hears("How many people?")
		people := talk.Says("2")
		talk.Hears("Where?").Offers("Hall", "Window", "Back", "Cancel")
		talk.Presses("Window")
		talk.Hears("Sure about the window?")
		talk.Edits(people, "1")
		talk.Hears("Changed.\n\nSure about the window?")
		talk.Edits(people, "7")
		talk.Hears("Changed.\n\nWhere?").Offers("Hall", "Back", "Cancel") // there is no window for seven
		talk.Presses("Hall")
		talk.Hears("Sure about the hall?")
	})
	t.Run("an answer that no longer parses", func(t *testing.T) {
		talk, _ := ordering(t)
		cups := talk.Says("2")
		talk.Hears("Anything to tell?")
		talk.Edits(cups, "many")
		talk.Hears("I do not know this person.\nSo I keep what you wrote before.")
		talk.Says("hot")
		talk.Hears("Got it")
		talk.Presses("Done")
		talk.Hears("2 tea: hot?")
	})
	t.Run("what began the dialogue", func(t *testing.T) {
		talk, _ := open(t)
		id := talk.Says("the rof leaks")
		talk.Hears("Tell the boss: the rof leaks")
		talk.Edits(id, "the roof leaks")
		talk.Hears("Tell the boss: the roof leaks")
	})
	t.Run("outside of a dialogue", func(t *testing.T) {
		talk, _ := open(t)
		talk.Edits(3, "never mind")
		talk.Hears("An edit")
	})
}

func TestReminderAndExpiry(t *testing.T) {
	talk, _ := ordering(t)
	talk.After(29 * time.Minute)
	talk.Says("many")
	talk.Hears("I do not know this person.")
	talk.After(29 * time.Minute) // counts from the last sign of life
	talk.After(2 * time.Minute)
	prompt := talk.Hears("Still there? We can go on whenever you like.\n\nHow many cups?").Offers("Back", "Cancel")
	talk.After(20 * time.Hour)
	talk.After(4 * time.Hour)
	talk.Hears("kept what you told me as a draft")
	prompt.Offers()
	talk.At("", "")
	require.Equal(t, []string{"shop.order"}, talk.Drafts())

	t.Run("an answer after the reminder counts", func(t *testing.T) {
		talk, _ := ordering(t)
		talk.After(31 * time.Minute)
		talk.Hears("Still there?")
		talk.Says("2")
		talk.Hears("Anything to tell?")
		talk.After(31 * time.Minute)
		talk.Hears("Still there?")
	})
	t.Run("nothing answered, nothing kept", func(t *testing.T) {
		talk, _ := open(t)
		talk.Says("/language")
		talk.Hears("Which language")
		talk.After(31 * time.Minute)
		talk.Hears("Still there?")
		talk.After(24 * time.Hour)
		talk.Hears("I have stopped waiting")
		require.Empty(t, talk.Drafts())
	})
}

func TestDrafts(t *testing.T) {
	expired := func(t *testing.T, again ...string) *dialogtest.Talk {
		talk, _ := noting(t)
		talk.Says("hot")
		talk.Hears("Got it")
		talk.After(31 * time.Minute)
		talk.Hears("Still there?")
		talk.After(24 * time.Hour)
		talk.Hears("draft")
		talk.Says(append(again, "/order")[0])
		talk.Hears("You have begun this before").Offers("Go on", "Begin anew", "Cancel")
		return talk
	}
	t.Run("go on", func(t *testing.T) {
		talk := expired(t)
		talk.Presses("Go on")
		talk.Hears("Got it").Offers("Done", "Back", "Cancel")
		require.Empty(t, talk.Drafts())
		talk.Presses("Done")
		talk.Hears("2 tea: hot?")
	})
	t.Run("go on, with more words", func(t *testing.T) {
		talk := expired(t, "/order and sweet")
		talk.Presses("Go on")
		talk.Hears("Got it, 2 messages").Offers("Done", "Back", "Cancel")
		talk.Presses("Done")
		talk.Hears("2 tea: hot\nand sweet?")
	})
	t.Run("go on where no more words are asked for", func(t *testing.T) {
		talk, _ := confirming(t)
		talk.After(31 * time.Minute)
		talk.Hears("Still there?")
		talk.After(24 * time.Hour)
		talk.Hears("draft")
		talk.Says("/order and sweet")
		talk.Hears("You have begun this before")
		talk.Presses("Go on")
		talk.Hears("I have left out what you wrote behind the command").Offers("Yes", "No", "Back", "Cancel")
	})
	t.Run("anew", func(t *testing.T) {
		talk := expired(t)
		talk.Presses("Begin anew")
		talk.Hears("Welcome")
		talk.Hears("Tea or coffee?")
		require.Empty(t, talk.Drafts())
	})
	t.Run("neither", func(t *testing.T) {
		talk := expired(t)
		talk.Presses("Cancel")
		talk.Hears("Cancelled")
		require.Equal(t, []string{"shop.order"}, talk.Drafts())
	})
}

func TestDraftsOfButtonsAreTheButtons(t *testing.T) {
	talk, _ := open(t)
	talk.Says("/offer")
	offer := talk.Hears("An offer")
	talk.Presses("Haggle")
	talk.Hears("Your price?")
	talk.Says("7")
	talk.Hears("How soon?")
	talk.After(31 * time.Minute)
	talk.Hears("Still there?")
	talk.After(24 * time.Hour)
	talk.Hears("draft")
	require.Equal(t, []string{"shop.haggle:42"}, talk.Drafts())

	other := talk.Event("")
	other.Kind, other.Action, other.Arg = chat.Pressed, "shop.haggle", "43"
	talk.Sends(other)
	talk.Hears("Your price?")
	talk.Says("/cancel")
	talk.Hears("Cancelled")
	talk.PressesOld(offer, "Haggle")
	talk.Hears("You have begun this before")
	talk.Presses("Go on")
	talk.Hears("How soon?")
	talk.Says("now")
	talk.Hears("Deal")
}

func TestAPlainMessageIsNeverPutAsideForADraft(t *testing.T) {
	talk, _ := open(t)
	talk.Says("the roof leaks")
	talk.Hears("Tell the boss: the roof leaks")
	talk.After(31 * time.Minute)
	talk.Hears("Still there?")
	talk.After(24 * time.Hour)
	talk.Hears("I have stopped waiting")
	require.Empty(t, talk.Drafts())
}

func TestGroups(t *testing.T) {
	talk, _ := open(t, func(s *dialogtest.Setup) { s.Group = true })
	talk.Says("lunch, anyone?")
	talk.Says("/lunch")
	talk.Silence()
	require.Equal(t, "not for the bot", talk.Outcome())
	talk.Says("/order")
	talk.Hears("Welcome")
	talk.Hears("Tea or coffee?")
	foreign := talk.Event("")
	foreign.Kind, foreign.Action, foreign.Arg = chat.Pressed, "dialog.answer", "u:1:77:1|tea"
	talk.Sends(foreign)
	talk.Hears("no longer in use")
	require.NotContains(t, talk.Keys(), "u:1:77:1:x", "the prompt of somebody else stays")
	talk.Presses("Tea")
	talk.Hears("How many cups?")
}

func TestThePersonBlocksTheBot(t *testing.T) {
	talk, _ := ordering(t)
	talk.Does(chat.Blocked)
	talk.After(time.Hour)
	talk.Silence()
	talk.Does(chat.Unblocked)
	talk.After(24 * time.Hour)
	talk.Hears("draft")

	talk, _ = ordering(t)
	talk.Does(chat.Blocked)
	talk.Does(chat.Unblocked)
	talk.After(31 * time.Minute)
	talk.Hears("Still there?")
	talk.Says("2")
	talk.Hears("Anything to tell?")
	talk.Does(chat.Blocked)
	talk.After(25 * time.Hour)
	talk.Silence()
	require.Equal(t, []string{"shop.order"}, talk.Drafts())
}

func TestContinueAsNew(t *testing.T) {
	talk, _ := ordering(t)
	talk.ContinuesAsNew()
	cups := talk.Says("2")
	talk.Hears("Anything to tell?")
	require.Equal(t, 2, talk.Runs())
	talk.At("shop.order", "notes")
	talk.Says("/language")
	talk.Hears("Shall I drop it?")
	talk.ContinuesAsNew()
	e := talk.Event("hot")
	talk.Sends(e)
	talk.Hears("Got it")
	require.Equal(t, 3, talk.Runs())
	talk.Sends(e) // a repeat over the seam
	talk.Edits(cups, "3")
	talk.Hears("Changed.\n\nGot it")
	talk.ContinuesAsNew()
	talk.Presses("Done")
	talk.Hears("3 tea: hot?")
	talk.After(31 * time.Minute)
	talk.Hears("Still there?")
	talk.Presses("Yes")
	talk.Hears("Whose name?")
}

func TestTextsPassThroughWhole(t *testing.T) {
	for name, text := range map[string]string{
		"long":          strings.Repeat("я", 4096),
		"emoji":         "👩‍👩‍👧‍👦 🇺🇦 e\u0301",
		"right to left": "שלום עולם \u202eabc\u202c مرحبا",
		"markup":        "<b>not bold</b> &amp; {{.Count}}",
	} {
		t.Run(name, func(t *testing.T) {
			talk, s := noting(t)
			talk.Says(text)
			talk.Hears("Got it")
			talk.Presses("Done")
			talk.Hears("2 tea: " + text + "?")
			talk.Presses("Yes")
			talk.Hears("Whose name?")
			require.Equal(t, []string{"2 tea: " + text + "+0"}, s.orders)
		})
	}
}

func TestAShortDialogueThatAsksFails(t *testing.T) {
	talk, _ := open(t)
	talk.Says("/broken")
	talk.Hears("Something went wrong on our side")
}

func TestLanguage(t *testing.T) {
	talk, _ := open(t, func(s *dialogtest.Setup) { s.Lang = "ru" })
	talk.Says("/order")
	talk.Hears("Welcome")
	talk.Hears("Tea or coffee?").Offers("Tea 🍵", "Coffee", "Готово", "Отмена")
	talk.Says("/language")
	talk.Hears("Мы ещё не закончили. Отбросить то, что вы уже написали?").Offers("Продолжить", "Бросить и начать /language")
	talk.Presses("Бросить и начать /language")
	talk.Hears("На каком языке будем говорить?").Offers("English", "Русский", "Отмена")
	talk.Presses("English")
	talk.Hears("From now on we speak English.")
	talk.Says("/cancel")
	talk.Hears("There is nothing to cancel.")
	talk.Says("/language")
	talk.Hears("Which language")
	talk.Says("русский")
	talk.Hears("Теперь мы говорим по-русски.")

	t.Run("plural forms", func(t *testing.T) {
		talk, _ := open(t, func(s *dialogtest.Setup) { s.Lang = "ru" })
		talk.Send(talk.Event("/order"), talk.Event("tea"), talk.Event("2"))
		talk.Hears("Welcome")
		talk.Hears("Tea or coffee?")
		talk.Hears("How many cups?")
		talk.Hears("Anything to tell?")
		for _, words := range []string{"1 сообщение.", "2 сообщения.", "3 сообщения.", "4 сообщения.", "5 сообщений."} {
			talk.Says("слово")
			talk.Hears(words)
		}
	})
}

func TestALookIsAskedForAgainOnlyWhenItAsksForSomethingElse(t *testing.T) {
	talk, s := open(t)
	talk.Says("/parcel")
	talk.Hears("Which parcel?").Offers("The first", "The second", "The third", "The lost", "Cancel")
	talk.Says("nonsense")
	talk.Hears("")
	talk.At("shop.parcel", "parcel")
	talk.Presses("The lost")
	talk.Hears("I do not know this person.")
	talk.At("shop.parcel", "parcel")
	typed := talk.Says("p-7")
	talk.Hears("Fetch it from shelf 7?").Offers("Yes", "No", "Back", "Cancel")
	require.Equal(t, []string{"P-404", "P-7"}, s.looks)

	talk.Edits(typed, "p-8")
	talk.Hears("Changed.\n\nFetch it from shelf 8?")
	talk.Edits(typed, "p-404")
	talk.Hears("I do not know this person.\nSo I keep")
	talk.Presses("Back") // a look bars no way back
	talk.Hears("Which parcel?")
	talk.Says("the first")
	talk.Hears("Fetch it from shelf 1?")
	talk.ContinuesAsNew()
	talk.Says("yes")
	talk.Hears("Here it is, from shelf 1")
	require.Equal(t, []string{"P-404", "P-7", "P-8", "P-404", "P-1"}, s.looks)
}

func TestBackTypedAtAnOffer(t *testing.T) {
	talk, _ := open(t)
	talk.Says("/parcel")
	talk.Hears("Which parcel?")
	talk.Says("cancel")
	talk.Hears("Cancelled")
	talk.At("", "")
}

func TestSightsComeBeforePlainMessages(t *testing.T) {
	talk, s := open(t)
	talk.Says("p-12")
	talk.Hears("A parcel")
	require.Equal(t, "p-12", s.seen[0].Text)
	talk.Says("q-12")
	talk.Hears("Tell the boss: q-12")

	talk, _ = open(t, func(s *dialogtest.Setup) { s.Role = people.Dispatcher })
	talk.Says("p-12")
	talk.Hears("Tell the boss: p-12")
}

func TestStartForWhomNoModuleHasAMenu(t *testing.T) {
	talk, _ := open(t, func(s *dialogtest.Setup) { s.Role = people.Dispatcher })
	talk.Says("/start")
	talk.Hears("/order")
}
