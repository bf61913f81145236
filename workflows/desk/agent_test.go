package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
)

func TestHelpForEachRole(t *testing.T) {
	client := talk(t, &desktop{}, "en")
	client.Says("/help")
	require.NotContains(t, client.Hears("/new – file a ticket").Text(), "/queue")
	agent := talk(t, &desktop{role: people.Agent}, "ru")
	agent.Says("/help")
	agent.Hears("/queue – обращения, которые ждут сотрудника")
}

func TestAgentsWork(t *testing.T) {
	d := (&desktop{role: people.Agent}).has(99, ticket.New, nil, "The gate").has(99, ticket.Taken, agent, "The lamp")
	talk := talk(t, d, "en")
	talk.Says("/start")
	talk.Hears("Hello! Here you take tickets").Offers("Queue", "My work", "Language")
	talk.Presses("Queue")
	talk.Hears("1 ticket waits:\n\n#1 The gate\n🆕 waits for an agent\n» The gate").Offers("#1 The gate")
	talk.Presses("#1 The gate")
	card := talk.Hears("#1 The gate").Offers("Take")
	talk.Presses("Take")
	require.Equal(t, ticket.Taken, d.tickets[0].State, "its card comes from the records")
	require.Equal(t, []string{"Ticket ticket:1 changed"}, talk.Signals())
	talk.PressesOld(card, "Take")
	talk.Hears("Ann has #1.")

	talk.Says("/mine")
	talk.Hears("You are working on 1 ticket:")
	talk.Presses("#1 The gate")
	talk.Hears("#1 The gate\n🔧 in progress, Ann").Offers("Answer", "Release", "Close")
	talk.Presses("Answer")
	talk.Hears("What shall I add to #1, “The gate”?")
	talk.Says("Which one?")
	talk.Hears("Got it.")
	talk.Presses("Done")
	talk.Hears("Your answer to #1 is on its way.")
	require.Equal(t, ticket.Waiting, d.tickets[0].State)

	e := talk.Event("I am on my way")
	e.About = "ticket:1"
	said := talk.Sends(e)
	talk.Hears("Your answer to #1 is on its way.")
	talk.Edits(said, "I am there")
	require.Equal(t, "I am there", d.comments[len(d.comments)-1].Text)

	talk.Presses("Release")
	talk.Hears("#1 is back in the queue.")
	require.Equal(t, ticket.New, d.tickets[0].State)
}

func TestStaffWritingOutOfTheBlue(t *testing.T) {
	d := (&desktop{role: people.Agent}).has(99, ticket.New, nil, "The gate")
	talk := talk(t, d, "ru")
	talk.Says("Кто здесь?")
	talk.Hears("Чтобы ответить по обращению, ответьте на одно из его сообщений.").Offers("Очередь", "Моя работа", "Новое обращение")
	require.Len(t, d.comments, 1)
	talk.Presses("Моя работа")
	talk.Hears("У вас нет обращений в работе.")
}

func TestAnsweringSomebodyWhoBlockedTheBot(t *testing.T) {
	d := (&desktop{role: people.Agent, blocked: true}).has(99, ticket.New, nil, "The gate")
	talk := talk(t, d, "en")
	e := talk.Event("Try the handle")
	e.About = "ticket:1"
	talk.Sends(e)
	talk.Hears("Your answer to #1 is saved, but Ann has blocked the bot and will read it when they let it in again.")
}
