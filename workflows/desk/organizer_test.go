package desk_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
)

var agent = &ticket.Party{ID: 20, Telegram: 20, Name: "Maria"}

func TestStart(t *testing.T) {
	talk := talk(t, &desktop{}, "en")
	talk.Says("/start")
	talk.Hears("Hello! Tell me what happened").Offers("New ticket", "My tickets", "Language")
	talk.Presses("Language")
	talk.Hears("Which language shall we speak?")
	talk.Presses("Русский")
	talk.Hears("Теперь мы говорим по-русски.")
	talk.Says("/start")
	talk.Hears("Здравствуйте! Расскажите, что случилось").Offers("Новое обращение", "Мои обращения", "Язык")
	talk.Presses("Новое обращение")
	talk.Hears("О чём речь?")
}

func TestFilingATicket(t *testing.T) {
	d := &desktop{}
	talk := talk(t, d, "en")
	talk.Says("/new")
	talk.Hears("What is it about?").Offers("Access and badges", "Equipment", "Payment", "Schedule", "Something else", "Cancel")
	talk.At("desk.new", "category")
	talk.Presses("Equipment")
	talk.Hears("What happened?")
	talk.Says("The gate is stuck")
	talk.Hears("Got it.")
	talk.ShowsAlbum(2, "Look")
	talk.Hears("Got it, 3 messages so far.")
	talk.Presses("Done")
	talk.Hears("").Reads("Shall I file this?\nEquipment\n\nThe gate is stuck\nLook\n\n📎 2 files").Offers("File it", "No, drop it", "Back", "Cancel")
	talk.Presses("File it")
	filed := talk.Hears("Ticket #1 is filed.")
	require.Equal(t, "ticket:1", filed.About)
	require.Equal(t, []string{"Ticket ticket:1 changed"}, talk.Signals())
	require.Equal(t, "desk.new: FileTicket", talk.Outcome())
	talk.At("", "")

	require.Equal(t, ticket.Category("equipment"), d.tickets[0].Category)
	require.Equal(t, "The gate is stuck\nLook", d.comments[0].Text)
	require.Len(t, d.comments[0].Files, 2)
	require.Len(t, d.comments[0].Pieces, 3)
}

func TestFilingInRussianWithEverythingAtOnce(t *testing.T) {
	d := &desktop{}
	talk := talk(t, d, "ru")
	talk.Says("/new Не открывается калитка")
	talk.Hears("О чём речь?")
	talk.Says("доступ и пропуска")
	talk.Hears("").Reads("Создать такое обращение?\nДоступ и пропуска\n\nНе открывается калитка").Offers("Создать", "Нет, не нужно", "Назад", "Отмена")
	talk.Presses("Создать")
	talk.Hears("Обращение №1 создано.")
	require.Equal(t, ticket.Category("access"), d.tickets[0].Category)
}

func TestNotFilingAfterAll(t *testing.T) {
	d := &desktop{}
	talk := talk(t, d, "en")
	talk.Says("/new")
	talk.Hears("What is it about?")
	talk.Presses("Payment")
	talk.Hears("What happened?")
	talk.Shows(chat.Voice, "")
	talk.Hears("Got it.")
	talk.Presses("Done")
	talk.Hears("📎 1 file")
	talk.Presses("Back") // the voice message is kept
	talk.Hears("Got it.")
	talk.Says("Invoice is wrong")
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("").Reads("Shall I file this?\nPayment\n\nInvoice is wrong\n\n📎 1 file")
	talk.Presses("No, drop it")
	talk.Hears("Dropped, nothing was filed.")
	require.Empty(t, d.tickets)
	require.Empty(t, talk.Signals())
}

func TestAPlainMessageWithoutATicketIsOfferedForFiling(t *testing.T) {
	d := (&desktop{}).has(me, ticket.Closed, agent, "Old")
	talk := talk(t, d, "en")
	talk.Shows(chat.Photo, "It leaks")
	talk.Hears("I can file this as a ticket. What is it about?")
	talk.Presses("Equipment")
	talk.Hears("").Reads("Shall I file this?\nEquipment\n\nIt leaks\n\n📎 1 file")
	talk.Presses("File it")
	talk.Hears("Ticket #2 is filed.")
	require.Equal(t, "It leaks", d.comments[1].Text)
	require.Len(t, d.comments[1].Files, 1)
}

func TestAPlainMessageGoesToTheOnlyOpenTicket(t *testing.T) {
	d := (&desktop{}).has(me, ticket.Waiting, agent, "The gate")
	talk := talk(t, d, "en")
	said := talk.Says("It is the northern one")
	added := talk.Hears("Added to ticket #1, “The gate”.").Offers("Make it a new ticket instead")
	require.Equal(t, "ticket:1", added.About)
	require.Equal(t, ticket.Taken, d.tickets[0].State)
	require.Equal(t, []string{"Ticket ticket:1 changed"}, talk.Signals())

	talk.Edits(said, "It is the southern one")
	require.Equal(t, "It is the southern one", d.comments[1].Text)
	require.Len(t, talk.Signals(), 2)

	talk.Presses("Make it a new ticket instead")
	talk.Hears("What is it about?")
	talk.Presses("Schedule")
	talk.Hears("It is the southern one")
	talk.Presses("File it")
	talk.Hears("Ticket #2 is filed.")
	require.True(t, d.comments[1].Withdrawn())
	require.Equal(t, []string{"Ticket ticket:2 changed", "Ticket ticket:1 changed"}, talk.Signals()[2:])
}

func TestAPlainMessageAsksWhichOfSeveral(t *testing.T) {
	d := (&desktop{}).has(me, ticket.New, nil, "The gate").has(me, ticket.Taken, agent, "The lamp").has(99, ticket.New, nil, "Not mine")
	talk := talk(t, d, "ru")
	talk.Says("Всё ещё не работает")
	talk.Hears("К какому обращению это относится?").Offers("№1 The gate", "№2 The lamp", "Новое обращение", "Отмена")
	talk.Presses("№2 The lamp")
	talk.Hears("Добавлено к обращению №2, «The lamp».").Offers()
	require.Equal(t, int64(2), d.comments[3].Ticket)

	talk.Says("И ещё одно")
	talk.Hears("К какому обращению это относится?")
	talk.Presses("Новое обращение")
	talk.Hears("О чём речь?")
	talk.Presses("Другое")
	talk.Hears("И ещё одно")
	talk.Presses("Создать")
	talk.Hears("Обращение №4 создано.")
}

func TestAPlainMessageWithTooManyToChooseFrom(t *testing.T) {
	d := &desktop{}
	for i := range 9 {
		d.has(me, ticket.New, nil, "Matter "+strconv.Itoa(i))
	}
	talk := talk(t, d, "en")
	talk.Says("It still does not work")
	which := talk.Hears("Which ticket is this for?\nThese are your newest; for an older one, cancel and find it with /tickets.")
	require.Equal(t, 8+2, which.Had())
}

func TestAStickerIsNoMessage(t *testing.T) {
	talk := talk(t, (&desktop{}).has(me, ticket.New, nil, "The gate"), "en")
	e := talk.Event("")
	e.Other = "sticker"
	talk.Sends(e)
	talk.Hears("I can pass on text, photos, documents, voice and video, but not this.")
	e = talk.Event("")
	e.Other, e.About = "sticker", "ticket:1"
	talk.Sends(e)
	talk.Hears("but not this")
}

func TestReplyingComments(t *testing.T) {
	d := (&desktop{}).has(me, ticket.Closed, agent, "The gate")
	talk := talk(t, d, "en")
	e := talk.Event("It is stuck again")
	e.About = "ticket:1"
	talk.Sends(e)
	talk.Hears("Added to ticket #1, “The gate”, which is open again.").Offers()
	require.Equal(t, ticket.Taken, d.tickets[0].State, "that opens it again")

	e = talk.Event("?")
	e.About = "ticket:77"
	talk.Sends(e)
	talk.Hears("There is no such ticket.")
}

func TestReplyingDoesNotDisturbAnOpenDialogue(t *testing.T) {
	d := (&desktop{}).has(me, ticket.Taken, agent, "The gate")
	talk := talk(t, d, "en")
	talk.Says("/new")
	talk.Hears("What is it about?")
	e := talk.Event("The northern one")
	e.About = "ticket:1"
	talk.Sends(e)
	talk.Hears("Added to ticket #1")
	talk.At("desk.new", "category")
	talk.Presses("Payment")
	talk.Hears("What happened?")
}

func TestOwnTickets(t *testing.T) {
	d := &desktop{}
	talk := talk(t, d, "en")
	talk.Says("/tickets")
	talk.Hears("You have no tickets yet.").Offers("New ticket")

	for _, text := range []string{"One", "Two", "Three", "Four", "Five", "Six"} {
		d.has(me, ticket.Taken, agent, text)
	}
	talk.Says("/tickets")
	list := talk.Hears("You have filed 6 tickets:\n\n#1 One\n🔧 in progress, Maria\n» One\n\n#2 Two").
		Offers("#1 One", "#2 Two", "#3 Three", "#4 Four", "#5 Five", "›")
	talk.Presses("›")
	list.Reads("You have filed 6 tickets:\n\n#6 Six\n🔧 in progress, Maria\n» Six").Offers("#6 Six", "‹")
	talk.Presses("‹")
	list.Offers("#1 One", "#2 Two", "#3 Three", "#4 Four", "#5 Five", "›")

	talk.Presses("#2 Two")
	card := talk.Hears("#2 Two\n🔧 in progress, Maria\nEquipment · Ann\n\n» Two").Offers("Comment", "Close")
	require.Equal(t, "ticket:2", card.About)
	talk.Presses("Comment")
	talk.Hears("What shall I add to #2, “Two”?")
	talk.Says("More of it")
	talk.Hears("Got it.")
	talk.Presses("Done")
	talk.Hears("Added to ticket #2")
	talk.Presses("Close")
	talk.Hears("Ticket #2 is closed.").Offers("Reopen")
	talk.Presses("Close")
	talk.Hears("#2 is closed.")
	talk.Presses("Reopen")
	talk.Hears("Ticket #2 is open again.")
}
