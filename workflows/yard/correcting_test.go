package yard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestCorrectionOfANumberInRussian(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 2)
	talk := talk(t, p, "ru")
	talk.Says("/fix мску 601167 2")
	talk.Hears("что неверно?").Offers("Номер", "Размер, тип", "Груж./порож.", "Клиент", "Линия", "Время", "Другое…", "Этого не было", "Отмена")
	talk.Presses("Номер")
	talk.Hears("Записан MSKU 601167 2. Какой номер верный?")
	talk.Says("MSKU6011673")
	talk.Hears("Контрольная цифра не сходится") // and nothing of the stock is suggested
	talk.Says("толу 473478 7")
	talk.Hears("Почему?")
	talk.Says("опечатка")
	talk.Hears("Исправить MSKU 601167 2, завоз 28.02.2026 09:00?\nMSKU 601167 2 → TOLU 473478 7\nПричина: опечатка")
	talk.Presses("Исправить")
	talk.Hears("TOLU 473478 7 исправлен: MSKU 601167 2 → TOLU 473478 7.").Offers("История")
	c := p.corrections[0]
	require.Equal(t, "опечатка", c.Reason)
	require.Equal(t, yard.Details{Number: "TOLU4734787", Typed: "толу 473478 7", SizeType: "22G1", Load: "laden", Client: 1}, c.Details, "the rest as it was")
	require.True(t, c.At.IsZero())
	require.Equal(t, []string{"Stay stay:1 changed"}, talk.Signals())
}

func TestCorrectionOfOneOfSeveralMovements(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 4).moves(yard.Held, 1, 50*time.Hour, yard.Details{}).moves(yard.Unheld, 1, 49*time.Hour, yard.Details{}).
		moves(yard.GateOut, 1, 48*time.Hour, yard.Details{Destination: "Termez"})
	talk := talk(t, p, "en")
	talk.Says("MSKU6011672")
	talk.Hears("left Sergeli on 28 Feb 2026, 09:00")
	talk.Presses("Correct")
	talk.Hears("MSKU 601167 2: what is to be corrected?\n1. release, 28 Feb 2026, 09:00\n2. hold lifted").
		Offers("1. release", "2. hold lifted", "3. hold", "4. gate-in", "Cancel")
	talk.Presses("1. release")
	talk.Hears("what is wrong?").Offers("Time", "Other…", "It never happened", "Back", "Cancel")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("yesterday 10:00")
	talk.Hears("Why?")
	talk.Says("the driver came a day later")
	talk.Hears("28 Feb 2026, 09:00 → 1 Mar 2026, 05:00")
	talk.Presses("Back")
	talk.Hears("Why?")
	talk.Presses("Back")
	talk.Hears("When was it?")
	talk.Presses("Back")
	talk.Hears("what is wrong?")
	talk.Presses("Other…")
	talk.Hears("What is wrong?").Offers("Transport", "Order", "Destination", "Seals", "Remarks", "Back", "Cancel")
	talk.Presses("Destination")
	talk.Hears("Where does it go?")
	talk.Says("Khairaton")
	talk.Hears("Why?")
	talk.Says("misheard")
	talk.Hears("Destination: Termez → Destination: Khairaton")
	talk.Presses("Correct it")
	talk.Hears("MSKU 601167 2 is corrected")
	require.Equal(t, "Khairaton", p.movements[4].Destination)
	require.Equal(t, int64(4), p.movements[4].Replaces)
}

func TestCorrectionsOfEachSort(t *testing.T) {
	for what, steps := range map[string]struct {
		says  []string
		check func(*testing.T, yard.Correction)
	}{
		"Size, type":   {[]string{"40HC"}, func(t *testing.T, c yard.Correction) { require.Equal(t, "45G1", string(c.SizeType)) }},
		"Laden, empty": {nil, func(t *testing.T, c yard.Correction) { require.Equal(t, "empty", string(c.Load)) }},
		"Client":       {[]string{"Silk Cargo"}, func(t *testing.T, c yard.Correction) { require.Equal(t, int64(2), c.Client) }},
		"Line":         {[]string{"Maersk"}, func(t *testing.T, c yard.Correction) { require.Equal(t, int64(3), c.Line) }},
		"Time": {[]string{"28.02 12:00"}, func(t *testing.T, c yard.Correction) {
			require.Equal(t, time.Date(2026, 2, 28, 7, 0, 0, 0, time.UTC), c.At)
		}},
		"It never happened": {nil, func(t *testing.T, c yard.Correction) { require.True(t, c.Reverse) }},
	} {
		t.Run(what, func(t *testing.T) {
			p := newPort(t).has("MSKU6011672", 1)
			talk := talk(t, p, "en")
			talk.Says("/fix MSKU6011672")
			talk.Hears("what is wrong?")
			talk.Presses(what)
			for _, says := range steps.says {
				talk.Hears("")
				talk.Says(says)
			}
			talk.Hears("Why?")
			talk.Says("a slip")
			talk.Hears("Reason: a slip")
			talk.Presses("Correct it")
			talk.Hears("MSKU 601167 2 is corrected")
			steps.check(t, p.corrections[0])
			require.Equal(t, int64(1), p.corrections[0].Movement)
		})
	}
}

func TestCorrectionInAClosedDayWaits(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 40)
	p.closed = true
	talk := talk(t, p, "en")
	talk.Says("/fix MSKU6011672")
	talk.Hears("what is wrong?")
	talk.Presses("It never happened")
	talk.Hears("Why?")
	talk.Says("another box")
	talk.Hears("it never happened")
	talk.Presses("Correct it")
	talk.Hears("That day is closed for accounting. I have asked a manager")
	require.Len(t, p.movements, 1)
	require.Empty(t, talk.Signals())
}

func TestACorrectionThatDoesNotAddUp(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 2)
	talk := talk(t, p, "en")
	talk.Says("/fix MSKU6011672")
	talk.Hears("what is wrong?")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("tomorrow")
	talk.Hears("I do not understand this time.")
	talk.Says("23:59")
	talk.Hears("is still to come.")
	talk.Presses("Back")
	talk.Hears("what is wrong?")
	talk.Presses("Cancel")
	talk.Hears("Cancelled.")

	p.moves(yard.GateOut, 1, time.Hour, yard.Details{})
	talk.Says("/fix MSKU6011672")
	talk.Hears("what is to be corrected?")
	talk.Presses("2. gate-in")
	talk.Hears("what is wrong?")
	talk.Presses("It never happened")
	talk.Hears("Why?")
	talk.Says("no reason")
	talk.Hears("it never happened\nReason: no reason").Offers("Correct it", "Something else…", "No, drop it", "Back", "Cancel")
	talk.Presses("Correct it")
	talk.Hears("Without its gate-in this does not add up")
	talk.At("yard.correct", "confirm")
	talk.Presses("Something else…")
	talk.Hears("what is wrong?")
	talk.Presses("Size, type")
	talk.Hears("What is right?")
	talk.Says("40HC")
	talk.Hears("40′ HC 45G1\nReason: no reason")
	talk.Presses("Correct it")
	talk.Hears("MSKU 601167 2 is corrected")
	c := p.corrections[len(p.corrections)-1]
	require.False(t, c.Reverse)
	require.Equal(t, "no reason", c.Reason)
}

func TestACorrectionThatGivingSomethingElseHelps(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 2).moves(yard.GateOut, 1, time.Hour, yard.Details{})
	talk := talk(t, p, "en")
	talk.Says("/fix MSKU6011672")
	talk.Hears("what is to be corrected?")
	talk.Presses("1. release")
	talk.Hears("what is wrong?")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("20.02 10:00")
	talk.Hears("Why?")
	talk.Says("a slip")
	talk.Hears("Reason: a slip")
	talk.Presses("Correct it")
	talk.Hears("would be before the entry")
	talk.At("yard.correct", "confirm")
	talk.Presses("Something else…")
	talk.Hears("what is wrong?")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("12:30")
	talk.Hears("2 Mar 2026, 07:30\nReason: a slip")
	talk.Presses("Correct it")
	talk.Hears("MSKU 601167 2 is corrected")
	require.Equal(t, time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC), p.corrections[1].At)
}

func TestACorrectionToANumberThatIsIn(t *testing.T) {
	p := newPort(t).has("TOLU4734787", 5).has("MSKU6011672", 2)
	talk := talk(t, p, "ru")
	talk.Says("/fix MSKU6011672")
	talk.Hears("что неверно?")
	talk.Presses("Номер")
	talk.Hears("Какой номер верный?")
	talk.Says("TOLU4734787")
	talk.Hears("Почему?")
	talk.Says("опечатка")
	talk.Hears("MSKU 601167 2 → TOLU 473478 7").Offers("Исправить", "Другое…", "Нет, не нужно", "Назад", "Отмена")
	talk.Presses("Исправить")
	talk.Hears("внахлёст")
	talk.Presses("Другое…")
	talk.Hears("что неверно?")
	talk.Presses("Номер")
	talk.Hears("Какой номер верный?")
	talk.Says("CSQU3054383")
	talk.Hears("MSKU 601167 2 → CSQU 305438 3\nПричина: опечатка")
	talk.Presses("Исправить")
	talk.Hears("CSQU 305438 3 исправлен")
}

func TestDecisions(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 2)
	p.person.Role = people.Manager
	talk := talk(t, p, "en")
	press := func(arg string) {
		e := talk.Event("")
		e.Kind, e.Action, e.Arg = "pressed", string(yard.ActDecide), arg
		talk.Sends(e)
	}
	press(yard.Decision{Approval: 3, Approve: true}.Arg())
	talk.Hears("Approved and recorded.")
	press(yard.Decision{Approval: 4}.Arg())
	talk.Hears("Refused; nothing is recorded.")
	press("made up")
	talk.Hears("There is no such request.")
	require.Equal(t, []yard.Decision{{Approval: 3, Approve: true}, {Approval: 4}}, p.decided)
	require.Equal(t, []string{"Stay stay:1 changed"}, talk.Signals())
}

func TestCraneAndWeighing(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 2)
	talk := talk(t, p, "ru")
	talk.Says("MSKU6011672")
	talk.Hears("на терминале Sergeli")
	talk.Presses("Кран, вес")
	talk.Hears("какая операция?")
	talk.Presses("взвешивание")
	talk.Hears("Сколько тонн?")
	talk.Says("много")
	talk.Hears("Нужен вес в тоннах")
	talk.Says("24,5 т")
	talk.Hears("Груз: 24.5 т")
	talk.Presses("Записать")
	talk.Hears("Записано: взвешивание, MSKU 601167 2.")
	require.Equal(t, yard.Weighing, p.movements[1].Operation)
}
