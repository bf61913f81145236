package yard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestRelease(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5)
	p.amounts = true
	talk := talk(t, p, "en")
	talk.Says("/out")
	talk.Hears("Release of which containers?")
	talk.Says("MSKU6011672")
	talk.Hears("What takes it away?").Offers("truck", "wagon", "train", "Skip", "Back", "Cancel")
	talk.Says("01A123BC")
	talk.Hears("").Reads("Release this container?\nMSKU 601167 2 · 20′ DC 22G1 · laden · Asia Trans · 6 days\nSo far: 72.00 USD\n"+
		"Transport: truck 01A123BC\nTime: now").Offers("Save", "More…", "Back", "Cancel")
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is released after 6 days.").Offers("Correct", "History")
	require.Equal(t, []string{"Stay stay:1 changed"}, talk.Signals())
	out := p.movements[1]
	require.Equal(t, yard.GateOut, out.Kind)
	require.Equal(t, yard.Transport{Mode: yard.Truck, Number: "01A123BC"}, out.Transport)
}

func TestReleaseOfAListInRussian(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5).has("TOLU4734787", 4).has("CSQU3054383", 3).has("HLXU2008419", 2)
	p.movements[1].Client = 2 // Silk Cargo: against an order only
	talk := talk(t, p, "ru")
	talk.Says("/out")
	talk.Hears("Какие контейнеры вывозят?")
	talk.Says("1. мску 601167 2\n2. TOLU 473478 7\n3. CSQU3054393\n4. DFSU1704420") // one digit wrong; never been here
	asked := talk.Hears("CSQU 305439 3: Контрольная цифра не сходится")
	require.Contains(t, asked.Text(), "DFSU 170442 0: Этого контейнера здесь не было.")
	asked.Offers("CSQU 305438 3", "Только остальные (2)", "Назад", "Отмена")
	talk.Presses("CSQU 305438 3")
	talk.Hears("DFSU 170442 0: Этого контейнера здесь не было.").Offers("Только остальные (3)", "Назад", "Отмена")
	talk.Presses("Только остальные (3)")
	talk.Hears("Silk Cargo разрешает вывоз TOLU 473478 7 только по распоряжению.")
	talk.Says("РВ-17")
	talk.Hears("На чём вывозят?")
	talk.Presses("вагон")
	talk.Hears("вагон: какой номер?")
	talk.Says("54321098")
	summary := talk.Hears("Выпустить 3 контейнера?\nMSKU 601167 2").Text()
	require.Contains(t, summary, "TOLU 473478 7 · 20′ DC 22G1 · гружёный · Silk Cargo · 5 дней\nРаспоряжение: РВ-17")
	talk.Presses("Записать")
	talk.Hears("Вывезено 3 контейнера:\nMSKU 601167 2\nCSQU 305438 3\nTOLU 473478 7")
	require.Equal(t, []string{"Yard yard:1 hint"}, talk.Signals(), "of many, the yard finds all")
	require.Len(t, p.movements, 7)
	for _, m := range p.movements[4:] {
		require.Equal(t, m.Stay == 2, m.Order == "РВ-17")
	}
}

func TestReleaseOfWhatIsNotThere(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5).moves(yard.GateOut, 1, time.Hour, yard.Details{})
	p.has("TOLU4734787", 2).moves(yard.Held, 1, time.Hour, yard.Details{})
	talk := talk(t, p, "en")
	talk.Says("/out MSKU6011672")
	talk.Hears("MSKU 601167 2 left Sergeli on 2 Mar 2026, 08:00 after 6 days (Timur)\n\nWhich number instead?").Offers("Cancel")
	talk.Says("TOLU4734787")
	talk.Hears("TOLU 473478 7 is on hold.").Offers("Back", "Cancel")
	talk.Says("nothing of the kind")
	talk.Hears("nothing of the kind: A container number has 11 characters, not 16")
	talk.Says("/cancel")
	talk.Hears("Cancelled.")
	require.Len(t, p.movements, 4)
}

func TestOneOfAListIsGoneInTheMeantime(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5).has("TOLU4734787", 5)
	talk := talk(t, p, "en")
	talk.Says("/out MSKU6011672 TOLU4734787")
	talk.Hears("What takes it away?")
	talk.Presses("Skip")
	talk.Hears("Release these 2 containers?")
	p.moves(yard.GateOut, 1, 0, yard.Details{})
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is released after 6 days.\nNot recorded:\nTOLU 473478 7 was released on 2 Mar 2026, 09:00 (Timur).")
}

func TestTheBoxIsGoneInTheMeantime(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5)
	talk := talk(t, p, "en")
	talk.Says("/out MSKU6011672")
	talk.Hears("What takes it away?")
	talk.Presses("Skip")
	talk.Hears("Release this container?")
	p.moves(yard.GateOut, 1, 0, yard.Details{})
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 was released on 2 Mar 2026, 09:00 (Timur).")
	talk.At("", "")
}

func TestATimeBeforeTheEntryIsAskedForAgain(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 0)
	talk := talk(t, p, "en")
	talk.Says("/out MSKU6011672 yesterday 10:00")
	talk.Hears("What takes it away?")
	talk.Presses("Skip")
	talk.Hears("Time: 1 Mar 2026, 05:00")
	talk.Presses("Save")
	talk.Hears("The release on 1 Mar 2026, 05:00 would be before the entry on 2 Mar 2026, 09:00.")
	talk.At("yard.release", "confirm")
	talk.Presses("More…")
	talk.Hears("What shall I add?").Offers("Order", "Time", "Destination", "Seals", "Photos", "Remarks", "Back", "Cancel")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("now")
	talk.Hears("Release this container?")
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is released after 1 day.")
}

func TestAnOrderThatIsDemandedMeanwhile(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 1)
	talk := talk(t, p, "en")
	talk.Says("/out MSKU6011672")
	talk.Hears("What takes it away?")
	talk.Presses("Skip")
	talk.Hears("Release this container?")
	p.movements[0].Client = 2 // Silk Cargo: against an order only
	talk.Presses("Save")
	talk.Hears("Silk Cargo has boxes released against an order only: its number is missing.")
	talk.At("yard.release", "confirm")
	talk.Presses("More…")
	talk.Hears("What shall I add?")
	talk.Presses("Order")
	talk.Hears("Which release order?")
	talk.Says("RO-17")
	talk.Hears("Order: RO-17")
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is released")
	require.Equal(t, "RO-17", p.movements[1].Order)
}

func TestATimeThatDoesNotFitIsAskedForAgain(t *testing.T) {
	for name, list := range map[string]string{"one": "MSKU6011672", "several": "MSKU6011672 TOLU4734787"} {
		t.Run(name, func(t *testing.T) {
			p := newPort(t)
			for _, number := range []string{"MSKU6011672", "TOLU4734787"} {
				p.has(number, 5).moves(yard.TransferOut, 1, 30*time.Hour, yard.Details{To: 2})
				p.moves(yard.TransferIn, 2, 24*time.Hour, yard.Details{})
			}
			p.person.Post = "terminal:2"
			talk := talk(t, p, "en")
			talk.Says("/out " + list + " 28.02 10:00")
			talk.Hears("What takes it away?")
			talk.Says("01A123BC")
			talk.Hears("Time: 28 Feb 2026, 05:00")
			talk.Presses("Save")
			talk.Hears("This does not add up: ")
			talk.At("yard.release", "confirm")
			talk.Presses("More…")
			talk.Hears("What shall I add?")
			talk.Presses("Time")
			talk.Hears("When was it?")
			talk.Says("13:00")
			talk.Hears("Transport: truck 01A123BC\nTime: 2 Mar 2026, 08:00")
			talk.Presses("Save")
			talk.Hears("released")
			talk.At("", "")
		})
	}
}

func TestAReceiptBeforeItLeftIsAskedForAgain(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5)
	p.movements[0].Terminal = 2
	p.moves(yard.TransferOut, 2, 3*time.Hour, yard.Details{To: 1})
	talk := talk(t, p, "en")
	talk.Says("/arrived MSKU6011672 10:00")
	talk.Hears("Has it arrived?")
	talk.Presses("More…")
	talk.Hears("What shall I add?")
	talk.Presses("Place")
	talk.Hears("Where does it stand?")
	talk.Presses("A-01")
	talk.Hears("Place: A-01")
	talk.Presses("Save")
	talk.Hears("This does not add up")
	talk.At("yard.receive", "confirm")
}

func TestTooManyNumbers(t *testing.T) {
	talk := talk(t, newPort(t), "en")
	talk.Says("/out")
	talk.Hears("which containers?")
	talk.Says(strings.Repeat("MSKU6011672 ", 201))
	talk.Hears("Too many numbers at once: at most 200, please.")
	talk.Says("soon")
	talk.Hears("A container number has 11 characters").Offers("Back", "Cancel")
}

func TestTransferAndReceipt(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5).has("TOLU4734787", 4)
	talk := talk(t, p, "en")
	talk.Says("/transfer MSKU6011672, TOLU4734787")
	talk.Hears("To which terminal do all 2 go?").Offers("Chukursay", "Bukhara", "Cancel")
	talk.Presses("Bukhara")
	talk.Hears("What carries it?")
	talk.Says("поезд 2043")
	talk.Hears("Transfer these 2 to Bukhara?\nMSKU 601167 2 · ")
	talk.Presses("Save")
	talk.Hears("2 are on their way to Bukhara; I will tell you if any does not arrive:\nMSKU 601167 2\nTOLU 473478 7")
	require.Equal(t, int64(3), p.movements[2].To)
	require.Equal(t, yard.Transport{Mode: yard.Train, Number: "2043"}, p.movements[3].Transport)
}

func TestReceiptInRussian(t *testing.T) {
	p := newPort(t)
	for _, number := range []string{"MSKU6011672", "TOLU4734787"} {
		p.has(number, 5)
		p.movements[len(p.movements)-1].Terminal = 2
		p.moves(yard.TransferOut, 2, 3*time.Hour, yard.Details{To: 1})
	}
	talk := talk(t, p, "ru")
	talk.Says("/arrived")
	talk.Hears("К вам едут 2:\nMSKU 601167 2").Offers("MSKU 601167 2", "TOLU 473478 7", "Все 2", "Отмена")
	talk.Says("толу 473478 7")
	talk.Hears("Он прибыл?\nTOLU 473478 7").Offers("Записать", "Ещё…", "Назад", "Отмена")
	talk.Presses("Ещё…")
	talk.Hears("Что добавить?").Offers("Место", "Время", "Пломбы", "Фото", "Примечание", "Назад", "Отмена")
	talk.Presses("Место")
	talk.Hears("Где он стоит?")
	talk.Presses("A-01")
	talk.Hears("Место: A-01")
	talk.Presses("Записать")
	talk.Hears("Прибыл на Sergeli:\nTOLU 473478 7")
	require.Equal(t, "A-01", p.movements[4].Place)

	talk.Says("/arrived")
	talk.Hears("К вам едет:").Offers("MSKU 601167 2", "Отмена")
	talk.Presses("MSKU 601167 2")
	talk.Hears("Он прибыл?")
	talk.Presses("Записать")
	talk.Hears("Прибыл на Sergeli")
	talk.Says("/arrived")
	talk.Hears("К вам ничего не едет.")
	require.Equal(t, []string{"Stay stay:2 changed", "Stay stay:1 changed"}, talk.Signals())
}

func TestAllThatIsUnderWay(t *testing.T) {
	p := newPort(t)
	for _, number := range []string{"MSKU6011672", "TOLU4734787"} {
		p.has(number, 5)
		p.movements[len(p.movements)-1].Terminal = 2
		p.moves(yard.TransferOut, 2, 3*time.Hour, yard.Details{To: 1})
	}
	talk := talk(t, p, "en")
	talk.Says("/arrived")
	talk.Hears("Under way to you are 2")
	talk.Presses("All 2")
	talk.Hears("Have these 2 arrived?")
	talk.Presses("Save")
	talk.Hears("2 have arrived at Sergeli:")
}

func TestOnlyWhoMovesBoxesSeesTheCommands(t *testing.T) {
	for role, may := range map[people.Role]bool{people.Dispatcher: true, people.Owner: true, people.Accountant: false, people.Client: false} {
		p := newPort(t)
		p.person.Role = role
		talk := talk(t, p, "en")
		talk.Says("/out")
		if may {
			talk.Hears("Release of which")
		} else {
			talk.Hears("I do not know that command.")
		}
	}
}

func TestWhoHasNoPostIsToldSoAtOnce(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 1)
	p.person.Post = ""
	talk := talk(t, p, "en")
	for _, command := range []string{"/out MSKU6011672", "/in TOLU4734787"} {
		talk.Says(command)
		talk.Hears("You are not posted at any terminal yet.")
		talk.At("", "")
	}
}
