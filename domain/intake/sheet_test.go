package intake_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/calendar"
	. "quaydesk/domain/intake"
)

// rows are lines of a sheet, the first at line 1.
func rows(lines ...[]string) []Row {
	var all []Row
	for i, cells := range lines {
		if len(cells) > 0 {
			all = append(all, Row{Line: i + 1, Cells: cells})
		}
	}
	return all
}

func TestTheUsualSheetIsUnderstood(t *testing.T) {
	head := []string{"№", "Номер контейнера", "Тип", "Клиент", "Собственник контейнера", "Наименование груза", "Дата разгрузки на терминале",
		"Транспорт при завозе", "Номер поезда/машины/вагона", "Дата вывоза", "Транспорт при вывозе и номер", "Станция назначения", "Местоположение",
		"Дата доп. крановой операции", "Примечание", "Количество дней на хранение", "Тоннаж"}
	tables, without := Tables([]Sheet{{Name: "Юг", Rows: rows(head)}})
	require.Empty(t, without)
	for i, c := range Usual {
		require.Equal(t, i, tables[0].Columns[c], c)
	}
	require.Empty(t, tables[0].Ignored)
}

func TestTitlesInOtherSpellings(t *testing.T) {
	for column, titles := range map[Column][]string{
		Ordinal: {"№", "№ п/п", "No.", "#", " № "},
		Number: {"НОМЕР\nКОНТЕЙНЕРА", "номер  контейнера:", "№ контейнера", "Контейнер", "контейнер №", "№ КТК", "Номер контейнера (ISO)", "Номер контейнра",
			"Container No", "CNTR", "Container number"},
		Type:         {"Тип", "Тип конт.", "тип контейнера", "Типоразмер", "Size/Type", "Тип (20/40)"},
		Size:         {"Размер", "Футовость", "Size"},
		Client:       {"Клиент", "Заказчик", "CLIENT", "Customer"},
		Line:         {"Собственник\nконтейнера", "Линия", "Owner"},
		Cargo:        {"Наименование\r\nгруза", "Груз", "Cargo"},
		Entered:      {"Дата разгрузки\nна терминале", "Дата разгрузки", "Дата завоза", "Gate-in", "Date in", "Дата приёма", "Дата"},
		TransportIn:  {"Транспорт при завозе", "Транспорт завоза"},
		VehicleIn:    {"Номер поезда / машины / вагона", "№ вагона", "Номер машины"},
		Left:         {"Дата вывоза", "Дата\nвывоза", "Дата вывоза (факт)", "Дата вывоза с терминала", "Gate out", "Date out"},
		TransportOut: {"Транспорт при вывозе и номер", "Транспорт при вывозе"},
		Destination:  {"Станция назначения", "Станция", "Destination"},
		Place:        {"Местоположение", "Место", "Location"},
		Cranes:       {"Дата доп. крановой операции", "Дата доп.крановой операции", "Доп. крановая операция"},
		Remarks:      {"Примечание", "Комментарий", "Remarks"},
		Days:         {"Количество дней на хранение", "Кол-во дней на хранение", "Дней", "Days"},
		Tonnage:      {"Тоннаж", "Вес, тонн", "Вес (тн)", "Weight"},
		Terminal:     {"Терминал"}, Load: {"Гружёный/порожний", "Груж./порож."}, Order: {"Релиз", "№ релиза"}, Seals: {"Пломба", "№ пломбы"},
	} {
		for _, title := range titles {
			head := []string{title, "Номер контейнера", "Клиент", "Тип"}
			if column == Number {
				head = []string{title, "Клиент", "Тип"}
			}
			tables, _ := Tables([]Sheet{{Rows: rows(head)}})
			require.Len(t, tables, 1, title)
			at, there := tables[0].Columns[column]
			require.True(t, there && at == 0, "%s is %v", title, tables[0].Columns)
		}
	}
}

func TestWhereTheTableIs(t *testing.T) {
	tables, without := Tables([]Sheet{
		{Name: "Инструкция", Rows: rows([]string{"Как заполнять: номер контейнера латиницей"})},
		{Name: "Юг", Rows: rows([]string{"ООО «Терминал»"}, nil, []string{"Контейнеры на 05.11.2026"}, []string{"", "Контейнер", "Клиент", "Цвет"}, []string{"", "MSKU6011672"})},
		{Name: "Пусто"},
	})
	require.Equal(t, []string{"Инструкция"}, without)
	require.Len(t, tables, 1)
	require.Equal(t, []Row{{Line: 5, Cells: []string{"", "MSKU6011672"}}}, tables[0].Rows)
	require.Equal(t, []string{"Цвет"}, tables[0].Ignored)
}

func TestVagueTitlesGiveWay(t *testing.T) {
	tables, _ := Tables([]Sheet{{Rows: rows([]string{"Номер", "Дата", "Номер контейнера", "Клиент", "Дата разгрузки", "Дата"})}})
	require.Equal(t, map[Column]int{Number: 2, Client: 3, Entered: 4}, tables[0].Columns)
	require.Equal(t, []string{"Номер", "Дата", "Дата"}, tables[0].Ignored)
}

func TestParseMoments(t *testing.T) {
	day := func(d int) Moment { return Moment{Day: calendar.Of(2026, time.November, d)} }
	at := func(d, hour, minute int) Moment {
		m := day(d)
		m.Clock, m.Timed = time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute, true
		return m
	}
	for text, want := range map[string][]Moment{
		"": nil, "  ": nil,
		"05.11.2026": {day(5)}, "5.11.26": {day(5)}, "5/11/2026": {day(5)}, "05-11-2026": {day(5)}, "05,11,2026": {day(5)}, "05.11.2026 г.": {day(5)},
		"2026-11-05": {day(5)}, "2026.11.05": {day(5)}, "2026/11/5": {day(5)},
		"05.11.2026 14:30": {at(5, 14, 30)}, "5.11.26 14:30": {at(5, 14, 30)}, "05.11.2026, 14:30:00": {at(5, 14, 30)}, "05.11.2026 в 14:30": {at(5, 14, 30)},
		"05.11.2026 14.30": {at(5, 14, 30)}, "05.11.2026 14-30": {at(5, 14, 30)}, "2026-11-05T14:30:00": {at(5, 14, 30)}, "2026-11-05 14:30:00.000": {at(5, 14, 30)},
		"11.05.2026 2:30 PM": {{Day: calendar.Of(2026, time.May, 11), Clock: 14*time.Hour + 30*time.Minute, Timed: true}},
		"5 ноября 2026":      {day(5)}, "5 ноября 2026 г.": {day(5)}, "5 ноября 2026 года, 14:30": {at(5, 14, 30)}, "5 нояб. 2026": {day(5)}, "05-ноя-26": {day(5)},
		"5 November 2026": {day(5)}, "Nov 5, 2026": {day(5)}, "5-Nov-2026 14:30": {at(5, 14, 30)}, "5 noyabr 2026": {day(5)},
		"46331": {day(5)}, "46331.0": {day(5)}, "46331.604166666664": {at(5, 14, 30)}, "46331.6041666667": {at(5, 14, 30)},
		"05.11.2026, 07.11.2026": {day(5), day(7)}, "05.11.2026\n07.11.2026 09:00": {day(5), at(7, 9, 0)}, "5.11.26; 7.11.26": {day(5), day(7)},
		"2026-11-05 2026-11-07": {day(5), day(7)},
	} {
		got, ok := ParseMoments(text, false)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"05.11", "ноябрь", "31.11.2026", "30.02.2026", "00.11.2026", "05.13.2026", "05.11.202", "05.11.20266", "05.11.1998", "05.11.2126", "01.03.0026", "0026-03-01", "01 марта 0026", "Mar 1, 0026", "05.11.1989",
		"05.11.2026 25:00", "05.11.2026 14:60", "12345", "99999", "46331x", "вчера", "05.11.2026 ?", "#ЗНАЧ!", "5 брюмера 2026", "14:30", "05.11.2026 13:00 PM"} {
		_, ok := ParseMoments(text, false)
		require.False(t, ok, text)
	}
	got, ok := ParseMoments("44869", true)
	require.True(t, ok)
	require.Equal(t, []Moment{day(5)}, got)
}

func TestMomentsAreReadAsWritten(t *testing.T) {
	layouts := []string{"02.01.2006 15:04", "2.1.06 15:04", "2006-01-02 15:04:05", "2 January 2006 15:04", "02/01/2006 15:04"}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(946_684_800, 4_102_444_000).Draw(t, "at"), 0).UTC().Truncate(time.Minute)
		got, ok := ParseMoments(at.Format(rapid.SampledFrom(layouts).Draw(t, "layout")), false)
		require.True(t, ok)
		require.Len(t, got, 1)
		require.Equal(t, at, got[0].In(time.UTC))
	})
}

func FuzzParseMoments(f *testing.F) {
	for _, seed := range []string{"05.11.2026 14:30", "5 ноября 2026 г., 07.11.26", "46331.6", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if all, ok := ParseMoments(text, false); ok {
			for _, m := range all {
				year := m.Day.Start(time.UTC).Year()
				require.True(t, year >= 2000 && year < 2100)
				require.True(t, m.Clock >= 0 && m.Clock < 24*time.Hour)
			}
		}
	})
}
