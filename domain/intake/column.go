package intake

import (
	"regexp"
	"strings"
	"unicode"

	"quaydesk/domain/container"
)

// Column is a column of the tables. Its value names it to machines.
type Column string

// The columns, in the order in which terminals keep them, and those that some have beside them.
const (
	Ordinal      Column = "ordinal"
	Number       Column = "number"
	Type         Column = "type"
	Client       Column = "client"
	Line         Column = "line" // whose container it is
	Cargo        Column = "cargo"
	Entered      Column = "entered"
	TransportIn  Column = "transport_in"
	VehicleIn    Column = "vehicle_in" // number of the train, truck or wagon
	Left         Column = "left"
	TransportOut Column = "transport_out" // with its number
	Destination  Column = "destination"
	Place        Column = "place"
	Cranes       Column = "cranes" // days of extra crane operations
	Remarks      Column = "remarks"
	Days         Column = "days" // counted, never read
	Tonnage      Column = "tonnage"

	Size     Column = "size" // in feet, where the type stands by itself
	Terminal Column = "terminal"
	Load     Column = "load"
	Order    Column = "order"
	Seals    Column = "seals"
)

// Usual are the columns of the sheet as terminals keep it, in order.
var Usual = []Column{
	Ordinal, Number, Type, Client, Line, Cargo, Entered, TransportIn, VehicleIn, Left, TransportOut, Destination, Place,
	Cranes, Remarks, Days, Tonnage,
}

// titles are the columns' titles, and what else they are called, all as titleKey has them.
var titles = map[Column]struct {
	ru, en string
	others []string
}{
	Ordinal: {"№", "No.", []string{"№", "№п/п", "№пп", "п/п", "пп", "n", "no", "#", "номерпп"}},
	Number: {"Номер контейнера", "Container number", []string{"номер", "контейнер", "номерктк", "ктк", "номерконт", "контейнерномер",
		"номерконтейнеров", "номерконтейнеровктк", "containerno", "container", "containers", "cntr", "cntrno", "number", "unit", "unitnumber", "unitno", "box", "boxnumber"}},
	Type: {"Тип", "Type", []string{"типконтейнера", "типктк", "типконт", "типоразмер", "типразмер", "типиразмер", "размертип", "размеритип",
		"containertype", "sizetype", "typesize", "sizeandtype", "iso", "isotype", "isocode", "cntrtype"}},
	Client: {"Клиент", "Client", []string{"заказчик", "плательщик", "контрагент", "наименованиеклиента", "customer", "clientname", "payer"}},
	Line: {"Собственник контейнера", "Container owner", []string{"собственник", "собственникктк", "владелец", "владелецконтейнера", "линия",
		"судоходнаялиния", "line", "owner", "shippingline", "carrier", "lessor"}},
	Cargo: {"Наименование груза", "Cargo", []string{"груз", "наименованиегрузов", "описаниегруза", "cargoname", "commodity", "goods", "cargodescription"}},
	Entered: {"Дата разгрузки на терминале", "Unloaded at the terminal", []string{"дата", "датаразгрузки", "датазавоза", "датаприбытия", "датавъезда",
		"датаприема", "датапоступления", "датавыгрузки", "датазаезда", "разгрузка", "завоз", "прибытие", "датавремязавоза", "датаивремязавоза",
		"gatein", "gateindate", "datein", "entrydate", "arrivaldate", "dateofarrival", "arrived", "arrival", "unloadingdate", "dateofunloading", "entered", "in"}},
	TransportIn: {"Транспорт при завозе", "Transport in", []string{"транспортзавоза", "транспортнаязавоз", "видтранспорта", "видтранспортапризавозе",
		"завезен", "transportoninbound", "inboundtransport", "arrivedby", "modein"}},
	VehicleIn: {"Номер поезда/машины/вагона", "Train, truck or wagon number", []string{"номертранспорта", "номермашины", "номервагона", "номерпоезда",
		"номеравтомашины", "номерпоездавагонамашины", "номервагонамашины", "номермашинывагона", "вагон", "trucknumber", "wagonnumber", "trainnumber",
		"vehiclenumber", "vehicle", "vehiclein", "traintruckwagonnumber"}},
	Left: {"Дата вывоза", "Taken away", []string{"датавыезда", "датаотправки", "датаотгрузки", "датавыдачи", "датаубытия", "вывоз", "датаивремявывоза",
		"gateout", "gateoutdate", "dateout", "exitdate", "departuredate", "dateofdeparture", "departed", "departure", "left", "released", "releasedate", "out"}},
	TransportOut: {"Транспорт при вывозе и номер", "Transport out and number", []string{"транспортпривывозе", "транспортвывоза", "номертранспортапривывозе",
		"вывезен", "transportout", "outboundtransport", "departedby", "vehicleout", "modeout"}},
	Destination: {"Станция назначения", "Destination", []string{"станция", "назначение", "пунктназначения", "куда", "destinationstation", "stationofdestination"}},
	Place: {"Местоположение", "Place", []string{"место", "местонахождение", "расположение", "позиция", "местохранения", "location", "position",
		"yardposition", "yardlocation", "slot"}},
	Cranes: {"Дата доп. крановой операции", "Extra crane operation", []string{"датадополнительнойкрановойоперации", "допкрановаяоперация",
		"допкрановыеоперации", "датакрановойоперации", "крановаяоперация", "дополнительнаякрановаяоперация", "доппкрановаяоперация", "extracraneoperations",
		"craneoperation", "craneoperationdate", "extracranedate", "crane"}},
	Remarks: {"Примечание", "Remarks", []string{"примечания", "комментарий", "комментарии", "заметки", "remark", "note", "notes", "comment", "comments"}},
	Days: {"Количество дней на хранение", "Days in storage", []string{"количестводнейнахранении", "количестводней", "колводнейнахранение", "колводней",
		"колводнейнахранении", "дней", "днейхранения", "суток", "days", "storagedays", "dwell", "dwelldays", "numberofdays"}},
	Tonnage: {"Тоннаж", "Tonnage", []string{"вес", "весгруза", "весбрутто", "масса", "тонн", "тонна", "вестн", "вестонн", "weight", "grossweight", "tons"}},

	Size:     {"Размер", "Size", []string{"футовость", "футы", "фут", "размерконтейнера", "containersize", "feet", "ft", "length"}},
	Terminal: {"Терминал", "Terminal", []string{"площадка", "депо", "yard", "depot"}},
	Load: {"Гружёный/порожний", "Laden or empty", []string{"груженыйпорожний", "гружпорож", "гружпор", "грпор", "груженпорожний", "порожнийгруженый",
		"ladenempty", "fullempty", "emptyfull", "loadedempty", "load", "laden"}},
	Order: {"Релиз", "Release order", []string{"номеррелиза", "релизордер", "order", "ordernumber", "release", "releaseno", "booking", "букинг", "bookingnumber"}},
	Seals: {"Пломбы", "Seals", []string{"пломба", "номерпломбы", "номерапломб", "seal", "sealnumber", "sealnumbers", "sealno"}},
}

// Title gives the column's usual title in a language: "ru", else English.
func (c Column) Title(lang string) string {
	if lang == "ru" {
		return titles[c].ru
	}
	return titles[c].en
}

// LoadWord says in a language, "ru" or else English, whether a container is laden, as the column Load has it.
func LoadWord(l container.Load, lang string) string {
	switch {
	case lang == "ru" && l == container.Laden:
		return "гружёный"
	case lang == "ru" && l == container.Empty:
		return "порожний"
	}
	return string(l)
}

// called finds columns by the key of a title.
var called = func() map[string]Column {
	all := map[string]Column{}
	for column, t := range titles {
		for _, title := range append([]string{t.ru, t.en}, t.others...) {
			all[titleKey(title)] = column
		}
	}
	return all
}()

// vague are keys of titles that give way to any other of the same column.
var vague = map[string]bool{"номер": true, "number": true, "контейнер": true, "container": true, "дата": true, "in": true, "out": true}

var aside = regexp.MustCompile(`\([^)]*\)|\[[^]]*\]`)

// columnOf finds the column that a title means: spelled as one of those known, without what stands in brackets, with
// more behind it, or with one slip of the pen.
func columnOf(title string) (Column, bool) {
	for _, title := range []string{title, aside.ReplaceAllString(title, " ")} {
		if column, known := called[titleKey(title)]; known {
			return column, true
		}
	}
	key := titleKey(aside.ReplaceAllString(title, " "))
	longest, column := 0, Column("")
	for known, c := range called {
		length := len([]rune(known))
		begins := length >= 8 && strings.HasPrefix(key, known)
		if (begins || length >= 8 && oneSlip([]rune(key), []rune(known))) && length > longest {
			longest, column = length, c
		}
	}
	return column, longest > 0
}

var respelled = strings.NewReplacer("ё", "е", "кол-во", "колво")

// titleKey is what two spellings of a title have in common: letters and digits in lower case, ё as е, № spelled out
// except where it stands alone.
func titleKey(title string) string {
	lower := respelled.Replace(strings.ToLower(squeeze(title)))
	switch bare := strings.Trim(strings.ReplaceAll(lower, " ", ""), ".:"); bare {
	case "№", "#", "№п/п", "№пп", "п/п":
		return bare
	}
	lower = strings.ReplaceAll(lower, "№", "номер")
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, lower)
}

// oneSlip tells whether one character put in, left out or changed, or two neighbours swapped, make the one of the other.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch len(b) - len(a) {
	case 0:
		return len(a) == 0 || string(a[1:]) == string(b[1:]) ||
			len(a) > 1 && a[0] == b[1] && a[1] == b[0] && string(a[2:]) == string(b[2:])
	case 1:
		return string(a) == string(b[1:])
	}
	return false
}
