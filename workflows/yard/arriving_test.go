package yard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestGateIn(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	talk.Says("/in")
	talk.Hears("Gate-in of which container?").Offers("Cancel")
	talk.Says("msku 601167-2")
	talk.Hears("MSKU 601167 2: which size and type?").Offers("20′ DC 22G1", "40′ DC 42G1", "40′ HC 45G1", "40′ RH 45R1", "45′ HC L5G1", "20′ RF 22R1", "Back", "Cancel")
	talk.Presses("40′ HC 45G1")
	talk.Hears("Laden or empty?").Offers("laden", "empty", "Back", "Cancel")
	talk.Presses("laden")
	talk.Hears("Which client?").Offers("Asia Trans", "Silk Cargo", "Back", "Cancel")
	talk.Presses("Asia Trans")
	talk.Hears("").Reads("Gate-in of MSKU 601167 2 at Sergeli?\n40′ HC 45G1 · laden · Asia Trans\nTime: now").Offers("Save", "More…", "Back", "Cancel")
	talk.At("yard.gate_in", "confirm")
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is in at Sergeli.").Offers("Next gate-in", "Correct")
	talk.At("", "")
	require.Equal(t, []string{"Stay stay:1 changed"}, talk.Signals())
	in := p.arrivals[0]
	require.Equal(t, int64(1), in.Terminal)
	require.True(t, in.At.IsZero(), "now is for the records to say")
	require.Equal(t, yard.Details{Number: "MSKU6011672", Typed: "msku 601167-2", SizeType: "45G1", Load: container.Laden, Client: 1}, in.Details)

	talk.Presses("Next gate-in")
	talk.Hears("Gate-in of which container?")
	talk.Says("/cancel")
	talk.Hears("Cancelled.")
}

func TestGateInInRussian(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "ru")
	talk.Says("/in мску 601167 2 вчера 18:40")
	talk.Hears("MSKU 601167 2: размер и тип?")
	talk.Says("20 реф")
	talk.Hears("Гружёный или порожний?")
	talk.Says("порожний")
	talk.Hears("Какой клиент?")
	talk.Says("ООО «Новый путь»")
	talk.Hears("«ООО «Новый путь»» я ещё не знаю. Добавить?").Offers("Добавить «ООО «Новый путь»»", "Другое название", "Назад", "Отмена")
	talk.Presses("Добавить «ООО «Новый путь»»")
	talk.Hears("").Reads("Принять MSKU 601167 2 на терминал Sergeli?\n20′ RF 22R1 · порожний · ООО «Новый путь»\nВремя: 01.03.2026 13:40")
	talk.Says("записать")
	talk.Hears("MSKU 601167 2 принят, терминал Sergeli.")
	require.Equal(t, "ООО «Новый путь»", p.arrivals[0].ClientName)
	require.Equal(t, time.Date(2026, 3, 1, 13, 40, 0, 0, time.UTC), p.arrivals[0].At)
	require.Equal(t, "мску 601167 2", p.arrivals[0].Typed)
}

func TestWrongNumbersAtTheGate(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	talk.Says("/in MSKU1234567")
	talk.Hears("The check digit does not fit: the last digit is 7, but the other ten characters give 5.").Offers("Cancel")
	talk.Says("MSKU 12345")
	talk.Hears("A container number has 11 characters, not 9")
	talk.Says("TBJA7176445")
	talk.Hears("The fourth letter must be U, J or Z, not “A”.")
	talk.Says("MSKU6O11672") // the letter O: read as a digit it is right, but nobody says so for sure
	talk.Hears("Character 6 must be a digit, not “O”").Offers("MSKU 601167 2", "Back", "Cancel")
	talk.Presses("MSKU 601167 2")
	talk.Hears("MSKU 601167 2: which size")
	talk.Presses("Back")
	talk.Hears("Character 6 must be a digit")
	talk.Presses("Back")
	talk.Hears("Gate-in of which container?")
	require.Empty(t, p.arrivals)
}

func TestANumberThatCanBeReadInTwoWays(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "ru")
	talk.Says("/in")
	talk.Hears("Какой контейнер принимаем?")
	talk.Says("мску 600005 0") // С is S or C, and the check digit fits both
	talk.Hears("MSKU 600005 0, MCKU 600005 0").Offers("MSKU 600005 0", "MCKU 600005 0", "Назад", "Отмена")
	talk.Presses("MSKU 600005 0")
	talk.Hears("MSKU 600005 0: размер и тип?")
}

func TestUnknownOwner(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "ru")
	talk.Says("/in QQQU0000017")
	talk.Hears("Владельца QQQ нет в реестре. Номер QQQU 000001 7 верный?").Offers("Да, верный", "Нет, введу снова", "Отмена")
	talk.Presses("Нет, введу снова")
	talk.Hears("Какой контейнер принимаем?")
	talk.Says("QQQU0000017")
	talk.Hears("Владельца QQQ нет в реестре.")
	talk.Presses("Да, верный")
	talk.Hears("QQQU 000001 7: размер и тип?")
}

func TestAlreadyIn(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 3)
	talk := talk(t, p, "en")
	talk.Says("/in MSKU6011672")
	talk.Hears("MSKU 601167 2 is at Sergeli since 27 Feb 2026, 09:00, 4 days (Timur)").Offers("Cancel")
	talk.Says("TOLU4734787")
	talk.Hears("TOLU 473478 7: which size")
}

func TestMoreOfAGateIn(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	talk.Says("/in")
	talk.Hears("which container?")
	talk.Says("CSQU3054383 16:05") // 14:00 in Tashkent now
	talk.Hears("11:05 is still to come.").Offers("Back", "Cancel")
	talk.Says("yesterday 18:40")
	talk.Hears("CSQU 305438 3: which size")
	talk.Says("22g1")
	talk.Hears("Laden")
	talk.Says("full")
	talk.Hears("client")
	talk.Says("asia trans")
	talk.Hears("Time: 1 Mar 2026, 13:40")

	more := func(field string) {
		talk.Presses("More…")
		talk.Hears("What shall I add?").Offers("Line", "Transport", "Seals", "Photos", "Place", "Cargo", "Remarks", "Time", "Back", "Cancel")
		talk.Presses(field)
	}
	more("Line")
	talk.Hears("Whose container is it?").Offers("Maersk", "No line", "Back", "Cancel")
	talk.Presses("Maersk")
	talk.Hears("laden · Asia Trans · line Maersk")
	more("Transport")
	talk.Hears("What brought it?").Offers("truck", "wagon", "train", "Back", "Cancel")
	talk.Presses("wagon")
	talk.Hears("wagon: which number?")
	talk.Says("54321098")
	talk.Hears("Transport: wagon 54321098")
	more("Seals")
	talk.Hears("Which seals?")
	talk.Says("UZ123, UZ124")
	talk.Hears("Seals: UZ123, UZ124")
	more("Photos")
	talk.Hears("Send the photos")
	talk.ShowsAlbum(3, "a dent on the left")
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("Remarks: a dent on the left\n📎 3 photos")
	more("Place")
	talk.Hears("Where does it stand?").Offers("A-01", "A-02", "Back", "Cancel")
	talk.Presses("A-02")
	talk.Hears("Place: A-02")
	more("Cargo")
	talk.Hears("Which cargo")
	talk.Says("cotton, 24,5 t")
	talk.Hears("Cargo: cotton · 24.5 t")
	more("Time")
	talk.Hears("When was it?")
	talk.Says("half past nine")
	talk.Hears("I do not understand this time.")
	talk.Says("13:30")
	talk.Hears("Time: 2 Mar 2026, 08:30")
	more("Remarks")
	talk.Hears("Which remarks?")
	talk.Presses("Back")
	talk.Hears("What shall I add?")
	talk.Presses("Back")
	talk.Hears("Time: 2 Mar 2026, 08:30")
	talk.ContinuesAsNew()
	talk.Presses("Save")
	talk.Hears("CSQU 305438 3 is in")
	in := p.arrivals[0]
	require.Equal(t, time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC), in.At)
	require.Equal(t, int64(3), in.Line)
	require.Equal(t, yard.Transport{Mode: yard.Wagon, Number: "54321098"}, in.Transport)
	require.Equal(t, []string{"UZ123", "UZ124"}, in.Seals)
	require.Len(t, in.Photos, 3)
	require.Equal(t, "24.5", in.Tonnage.String())
	require.Equal(t, "A-02", in.Place)
}

func TestAnEarlierAnswerIsEdited(t *testing.T) {
	p := newPort(t).has("TOLU4734787", 1)
	talk := talk(t, p, "en")
	talk.Says("/in")
	talk.Hears("which container?")
	typed := talk.Says("MSKU6011672")
	talk.Hears("which size")
	talk.Presses("20′ DC 22G1")
	talk.Hears("Laden")
	talk.Presses("empty")
	talk.Hears("client")
	talk.Presses("Asia Trans")
	talk.Hears("Gate-in of MSKU 601167 2")
	talk.Edits(typed, "CSQU3054383")
	talk.Hears("Changed.\n\nGate-in of CSQU 305438 3")
	talk.Edits(typed, "CSQU3054384")
	talk.Hears("The check digit does not fit")
	talk.Presses("Save")
	talk.Hears("CSQU 305438 3 is in")
}

func TestSomebodyIsFasterAtTheGate(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "ru")
	talk.Says("/in MSKU6011672")
	talk.Hears("размер")
	talk.Presses("20′ DC 22G1")
	talk.Hears("Гружёный")
	talk.Presses("порожний")
	talk.Hears("клиент")
	talk.Presses("Silk Cargo")
	talk.Hears("Принять MSKU 601167 2")
	p.has("MSKU6011672", 0)
	talk.Presses("Записать")
	talk.Hears("MSKU 601167 2 на терминале с")
	talk.At("", "")
	require.Len(t, p.movements, 1)
	require.Empty(t, talk.Signals())
}

func TestSimilarClients(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	talk.Says("/in MSKU6011672")
	talk.Hears("size")
	talk.Presses("20′ DC 22G1")
	talk.Hears("Laden")
	talk.Presses("empty")
	talk.Hears("client")
	talk.Says("Asia Tranz")
	talk.Hears("“Asia Tranz” is new to me. Is one of these meant?").Offers("Asia Trans", "Add “Asia Tranz”", "Another name", "Back", "Cancel")
	talk.Presses("Another name")
	talk.Hears("Which client?")
	talk.Says("Asia Tran")
	talk.Hears("Is one of these meant?")
	talk.Presses("Asia Trans")
	talk.Hears("20′ DC 22G1 · empty · Asia Trans\n")
}

func TestAPhotoWithTheCommand(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	e := talk.Event("/in MSKU6011672")
	e.Files = []chat.File{{Kind: chat.Photo, ID: "f1"}}
	talk.Sends(e)
	talk.Hears("size")
	talk.Presses("20′ DC 22G1")
	talk.Hears("Laden")
	talk.Presses("empty")
	talk.Hears("client")
	talk.Presses("Asia Trans")
	talk.Hears("1 photo\nTime: now")
}

func TestManagersAreAskedForTheTerminal(t *testing.T) {
	p := newPort(t)
	p.person.Role, p.person.Post = people.Manager, ""
	talk := talk(t, p, "en")
	talk.Says("/in MSKU6011672")
	talk.Hears("MSKU 601167 2: at which terminal?").Offers("Sergeli", "Chukursay", "Bukhara", "Cancel")
	talk.Says("nowhere")
	talk.Hears("There is no such terminal.")
	talk.Says("chukursay")
	talk.Hears("which size")
}

func TestATimeWithinAnEarlierStayIsAskedForAgain(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 5).moves(yard.GateOut, 1, 24*time.Hour, yard.Details{})
	talk := talk(t, p, "en")
	talk.Says("/in MSKU6011672 28.02 10:00")
	talk.Hears("which size")
	talk.Presses("40′ HC 45G1")
	talk.Hears("Laden")
	talk.Presses("laden")
	talk.Hears("client")
	talk.Presses("Asia Trans")
	talk.Hears("Time: 28 Feb 2026, 05:00")
	talk.Presses("Save")
	talk.Hears("these would overlap")
	talk.At("yard.gate_in", "confirm")
	talk.Presses("More…")
	talk.Hears("What shall I add?")
	talk.Presses("Time")
	talk.Hears("When was it?")
	talk.Says("13:00")
	talk.Hears("40′ HC 45G1 · laden · Asia Trans\nTime: 2 Mar 2026, 08:00")
	talk.Presses("Save")
	talk.Hears("MSKU 601167 2 is in at Sergeli.")
}

func TestACompanysNameThatCannotBe(t *testing.T) {
	p := newPort(t)
	talk := talk(t, p, "en")
	talk.Says("/in MSKU6011672")
	talk.Hears("which size")
	talk.Presses("40′ HC 45G1")
	talk.Hears("Laden")
	talk.Presses("laden")
	talk.Hears("client")
	for _, name := range []string{"???", strings.Repeat("x", 101), strings.Repeat("x", 201)} {
		talk.Says(name)
		talk.Hears("at most")
		talk.At("yard.gate_in", "client")
	}
	talk.Says("Asia Trans")
	talk.Hears("40′ HC 45G1 · laden · Asia Trans")
}

func TestWhatIsTooMuchIsSaidAtOnce(t *testing.T) {
	p := newPort(t).has("MSKU6011672", 1)
	talk := talk(t, p, "en")
	talk.Says("/in TOLU4734787")
	talk.Hears("which size")
	talk.Presses("40′ HC 45G1")
	talk.Hears("Laden")
	talk.Presses("laden")
	talk.Hears("client")
	talk.Presses("Asia Trans")
	for field, typed := range map[string][2]string{
		"Remarks": {strings.Repeat("x", 1001), "at most 1000 characters"},
		"Place":   {strings.Repeat("x", 201), "at most 200 characters"},
		"Seals":   {"1 2 3 4 5 6 7 8 9 10 11", "At most 10 seals"},
		"Cargo":   {"cotton, 1000 t", "No container weighs that much"},
	} {
		talk.Hears("Time: now")
		talk.Presses("More…")
		talk.Hears("What shall I add?")
		talk.Presses(field)
		talk.Hears("")
		talk.Says(typed[0])
		talk.Hears(typed[1])
		talk.Says("1")
	}
	talk.Hears("Time: now")
	talk.Presses("More…")
	talk.Hears("What shall I add?")
	talk.Presses("Photos")
	talk.Hears("Send the photos")
	typed := talk.Says(strings.Repeat("x", 1000)) // with the remark there is, more than 1000
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("at most 1000 characters")
	talk.Edits(typed, "a dent")
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("Remarks: 1\na dent")
	talk.Presses("Save")
	talk.Hears("TOLU 473478 7 is in at Sergeli.")
}
