package yard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestTypingANumber(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	p.amounts = true
	talk := talk(t, p, "en")
	talk.Says("msku 601167 2")
	talk.Hears("").Reads("MSKU 601167 2 is at Sergeli since 12 Feb 2026, 09:00, 19 days\n20′ DC 22G1 · laden · Asia Trans\nSo far: 228.00 USD").
		Offers("Release", "Transfer", "Crane, weighing", "Correct", "History")
	talk.Presses("Release")
	talk.Hears("What takes it away?")
	talk.Presses("Skip")
	talk.Hears("Release this container?")
	talk.Presses("Save")
	talk.Hears("is released after 19 days")
	talk.Says("MSKU6011672")
	talk.Hears("MSKU 601167 2 left Sergeli on 2 Mar 2026").Offers("Gate-in", "Correct", "History")
	talk.Presses("Gate-in")
	talk.Hears("MSKU 601167 2: which size and type?")
}

func TestTypingANumberInRussian(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18).moves(yard.Held, 1, time.Hour, yard.Details{})
	talk := talk(t, p, "ru")
	talk.Says("мску 601167 2")
	talk.Hears("MSKU 601167 2 на терминале Sergeli с 12.02.2026 09:00, 19 дней\n20′ DC 22G1 · гружёный · Asia Trans\n⛔ Запрет на вывоз")
	talk.Says("толу 473478 7")
	talk.Hears("TOLU 473478 7 здесь ещё не было").Offers("Завоз")
	talk.Says("ЬЫЛГ6011672") // on the wrong keyboard layout
	talk.Hears("MSKU 601167 2 на терминале")
}

func TestTypingAWrongNumber(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	talk := talk(t, p, "en")
	talk.Says("MSKU6011673")
	talk.Hears("The check digit does not fit").Offers("MSKU 601167 2", "Cancel")
	talk.Presses("MSKU 601167 2")
	talk.Hears("MSKU 601167 2 is at Sergeli")
	talk.At("", "")
}

func TestTypingANumberThatCanBeReadInTwoWays(t *testing.T) {
	p := newPort(t).has("MSKU6000050", 18)
	talk := talk(t, p, "ru")
	talk.Says("мску 600005 0")
	talk.Hears("Какой имеется в виду?").Offers("MSKU 600005 0", "MCKU 600005 0", "Отмена")
	talk.Presses("MSKU 600005 0")
	talk.Hears("MSKU 600005 0 на терминале Sergeli")
}

func TestTypingSeveralNumbers(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18).has("TOLU4734787", 1)
	talk := talk(t, p, "en")
	talk.Says("MSKU6011672\nTOLU4734787\nCSQU3054383\nCSQU3054384")
	talk.Hears("4 containers:\nMSKU 601167 2 is at Sergeli").Offers("Release (2)", "Transfer (2)")
	talk.Presses("Transfer (2)")
	talk.Hears("To which terminal do all 2 go?")
}

func TestANumberAmongWords(t *testing.T) {
	talk := talk(t, newPort(t).has("MSKU6011672", 18), "en")
	for _, text := range []string{"MSKU6011672?", "MSKU6011672 is it here", "MSKU6011672, TOLU473478"} {
		talk.Says(text)
		talk.Hears("MSKU 601167 2 is at Sergeli")
	}
}

func TestWordsAreNotTakenForNumbers(t *testing.T) {
	talk := talk(t, newPort(t), "en")
	for _, text := range []string{"hello", "call me at 998901234567", "Order 1234567 please", "A1", "Is MSKU here?"} {
		talk.Says(text)
		talk.Hears("I do not know what to do with that.")
	}
}

func TestOthersTypingNumbersAreNotSeen(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	p.person.Role = people.Client
	talk := talk(t, p, "en")
	talk.Says("MSKU6011672")
	talk.Hears("I do not know what to do with that.")
	talk.Says("/box MSKU6011672")
	talk.Hears("I do not know that command.")
}

func TestBox(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	p.person.Role = people.Accountant
	talk := talk(t, p, "en")
	talk.Says("/box")
	talk.Hears("Which container?")
	talk.Says("MSKU6011672")
	talk.Hears("MSKU 601167 2 is at Sergeli").Offers("Hold", "History")
	talk.Presses("Hold")
	talk.Hears("Why is MSKU 601167 2 not to be released?")
	talk.Says("customs")
	talk.Hears("MSKU 601167 2 is on hold.")
	require.Equal(t, "customs", p.movements[1].Reason)
	talk.Says("/box MSKU6011672")
	talk.Hears("⛔ On hold: customs").Offers("Lift hold", "History")
	talk.Presses("Lift hold")
	talk.Hears("MSKU 601167 2 is on hold: customs\nWhy is that over?").Offers("Skip", "Cancel")
	talk.Presses("Skip")
	talk.Hears("MSKU 601167 2 may be released.")
}

func TestReports(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	talk := talk(t, p, "en")
	for command, report := range map[string]yard.Report{"/stock": yard.StockReport, "/today": yard.TodayReport, "/long": yard.LongStayReport} {
		talk.Says(command)
		talk.Hears("Report " + string(report)).Offers("xlsx")
		talk.Presses("xlsx")
		require.Equal(t, records.Reporting{Report: report, Sheet: true}, p.sheets[len(p.sheets)-1])
	}
	talk.Says("/history")
	talk.Hears("Which container?")
	talk.Says("MSKU6011672")
	talk.Hears("Report history")
	talk.Presses("xlsx")
	require.Equal(t, records.Reporting{Report: yard.HistoryReport, Stay: 1, Sheet: true}, p.sheets[3])
	talk.Says("MSKU6011672")
	talk.Hears("is at Sergeli")
	talk.Presses("History")
	talk.Hears("Report history")
}

func TestMenus(t *testing.T) {
	for role, want := range map[people.Role][]string{
		people.Dispatcher: {"Gate-in", "Release", "Transfer", "Stock", "Language"},
		people.Accountant: {"Stock", "Today", "Language"},
		people.Manager:    {"Stock", "Today", "Language"},
	} {
		p := newPort(t)
		p.person.Role = role
		talk := talk(t, p, "en")
		talk.Says("/start")
		talk.Hears("The yard").Offers(want...)
	}
	p := newPort(t)
	talk := talk(t, p, "ru")
	talk.Says("/start")
	talk.Hears("Терминал").Offers("Завоз", "Вывоз", "Перемещение", "Остаток", "Язык")
	talk.Presses("Остаток")
	talk.Hears("Report stock").Offers("xlsx")
	talk.Presses("Завоз")
	talk.Hears("Какой контейнер принимаем?")
}

func TestAStaleButton(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18)
	talk := talk(t, p, "en")
	talk.Says("MSKU6011672")
	card := talk.Hears("is at Sergeli")
	p.moves(yard.GateOut, 1, time.Minute, yard.Details{})
	talk.PressesOld(card, "Release")
	talk.Hears("MSKU 601167 2 left Sergeli on 2 Mar 2026").Offers("Cancel")
	talk.Presses("Cancel")
	talk.Hears("Cancelled.")
}

func TestPhotosOfABox(t *testing.T) {
	photos := func(ids ...string) (all []chat.File) {
		for _, id := range ids {
			all = append(all, chat.File{Kind: chat.Photo, ID: id})
		}
		return all
	}
	p := newPort(t).has("MSKU6011672", 18)
	p.movements[0].Photos = photos("in1", "in2")
	p.moves(yard.GateOut, 1, time.Hour, yard.Details{Photos: photos("out")})
	talk := talk(t, p, "en")
	talk.Says("MSKU6011672")
	card := talk.Hears("left Sergeli").Offers("Gate-in", "Correct", "History", "Photos (3)")
	talk.Presses("Photos (3)")
	require.Equal(t, photos("out"), talk.Hears("release, 2 Mar 2026, 08:00").Files)
	require.Equal(t, photos("in1", "in2"), talk.Hears("gate-in, 12 Feb 2026, 09:00").Files)
	p.movements[0].Photos, p.movements[1].Photos = nil, nil
	talk.PressesOld(card, "Photos (3)")
	talk.Hears("There are no photos of it.")
}

func TestReplyingToAMessageAboutABox(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 18).has("TOLU4734787", 3)
	talk := talk(t, p, "ru")
	reply := func(text string) {
		e := talk.Event(text)
		e.About = yard.About(1)
		talk.Sends(e)
	}
	reply("где он?")
	require.Equal(t, yard.About(1), talk.Hears("MSKU 601167 2 на терминале Sergeli").Offers("Вывоз", "Перемещение", "Кран, вес", "Исправить", "История").About)
	reply("TOLU4734787?")
	talk.Hears("TOLU 473478 7 на терминале Sergeli")
	talk.At("", "")
}
