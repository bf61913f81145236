package yard

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// field is something that can be told of a movement beside what everybody is asked for.
type field string

const (
	fieldLine        field = "line"
	fieldTransport   field = "transport"
	fieldSeals       field = "seals"
	fieldPhotos      field = "photos"
	fieldPlace       field = "place"
	fieldCargo       field = "cargo"
	fieldDestination field = "destination"
	fieldOrder       field = "order"
	fieldRemarks     field = "remarks"
	fieldTime        field = "time"
)

// fieldNames stand on buttons.
var fieldNames = map[field]string{
	fieldLine: "yard.field.line", fieldTransport: "yard.field.transport", fieldSeals: "yard.field.seals", fieldPhotos: "yard.field.photos",
	fieldPlace: "yard.field.place", fieldCargo: "yard.field.cargo", fieldDestination: "yard.field.destination",
	fieldOrder: "yard.field.order", fieldRemarks: "yard.field.remarks", fieldTime: "yard.field.time",
}

// form is a movement that is being told.
type form struct {
	choices records.Choices
	at      time.Time // zero: now
	line    string    // name of the line; a new one's, when Details.Line is 0
	det     yard.Details
}

// begin fills a form with what came along with the first message.
func begin(d *dialog.D, choices records.Choices, g given) (*form, error) {
	f := &form{choices: choices}
	f.det.Photos = g.files
	if g.when == "" {
		return f, nil
	}
	var err error
	f.at, err = moment(d, "when", g.when)
	return f, err
}

// confirm shows the summary until the person saves what is in it; "More" leads to the fields.
func (f *form) confirm(d *dialog.D, summary func() []chat.Text, fields ...field) error {
	save, more := dialog.Option{Value: "save", Label: chat.T("yard.save")}, dialog.Option{Value: "more", Label: chat.T("yard.more")}
	for {
		when := chat.T("yard.now")
		if !f.at.IsZero() {
			when = chat.T("yard.at", "Time", f.at)
		}
		text := chat.Lines(slices.Concat(summary(), details(f.det), []chat.Text{when})...)
		if d.ChooseShort("confirm", text, []dialog.Option{save, more}) == save.Value {
			return nil
		}
		if err := f.fill(d, f.choose(d, chat.T("yard.more.which"), fields...)); err != nil {
			return err
		}
	}
}

// choose asks for one of some fields.
func (f *form) choose(d *dialog.D, prompt chat.Text, fields ...field) field {
	var options []dialog.Option
	for _, name := range fields {
		options = append(options, dialog.Option{Value: string(name), Label: chat.T(fieldNames[name])})
	}
	return field(d.ChooseShort("more", prompt, options))
}

// fill asks for one field.
func (f *form) fill(d *dialog.D, name field) error {
	switch name {
	case fieldLine:
		return f.askLine(d)
	case fieldTransport:
		f.askTransport(d, chat.T("yard.transport.ask"))
	case fieldSeals:
		f.det.Seals = dialog.Ask(d, "seals", chat.T("yard.seals.ask"), parseSeals)
	case fieldPhotos:
		given := d.Collect("photos", chat.T("yard.photos.ask"))
		remarks := strings.TrimSpace(f.det.Remarks + "\n" + given.Text)
		if _, err := long(remarks); err != nil {
			d.Refuse("photos", err)
		}
		f.det.Photos, f.det.Remarks = append(slices.Clone(f.det.Photos), given.Files...), remarks
	case fieldPlace:
		f.det.Place = dialog.Offer(d, "place", chat.T("yard.place.ask"), plainOptions(f.choices.Places), short)
	case fieldCargo:
		told := dialog.Ask(d, "cargo", chat.T("yard.cargo.ask"), parseCargo)
		f.det.Cargo, f.det.Tonnage = told.what, told.tonnage
	case fieldDestination:
		f.det.Destination = dialog.Ask(d, "destination", chat.T("yard.destination.ask"), short)
	case fieldOrder:
		f.det.Order = dialog.Ask(d, "order", chat.T("yard.order.ask_any"), short)
	case fieldRemarks:
		f.det.Remarks = dialog.Ask(d, "remarks", chat.T("yard.remarks.ask"), long)
	case fieldTime:
		var err error
		f.at, err = moment(d, "time", "")
		return err
	}
	return nil
}

// plainOptions are options that are words as they are.
func plainOptions(words []string) []dialog.Option {
	var options []dialog.Option
	for _, w := range words[:min(len(words), 6)] {
		options = append(options, dialog.Option{Value: w, Label: chat.Plain(w)})
	}
	return options
}

// short takes a name, a place, an order; long a remark or a reason: what the records take of them.
var short, long = yard.TidyText, yard.TidyNote

// parseSeals reads the numbers of seals, with commas or spaces between.
func parseSeals(typed string) ([]string, error) {
	seals := strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;\n\t", r) })
	if len(seals) == 0 {
		return nil, fault.New(fault.Invalid, "yard.seals.none")
	}
	return yard.TidySeals(seals)
}

// loadTold is what is in a box, and its weight in tons.
type loadTold struct {
	what    string
	tonnage decimal.Decimal
}

var (
	weight   = regexp.MustCompile(`(?i)^(.*?)[\s,;]*?(\d+(?:[.,]\d{1,3})?)\s*(?:тонн\pL*|тн|т|tons?|tonnes?|t)\.?$`)
	onlyTons = regexp.MustCompile(`^(\d{1,3}(?:[.,]\d{1,3})?)$`)
)

// parseCargo reads "cotton, 24.5 t", only a weight, or only what is in the box.
func parseCargo(typed string) (loadTold, error) {
	typed, err := short(typed)
	if err != nil {
		return loadTold{}, err
	}
	told := loadTold{what: typed}
	number := ""
	if m := onlyTons.FindStringSubmatch(typed); m != nil {
		told.what, number = "", m[1]
	} else if m := weight.FindStringSubmatch(typed); m != nil {
		told.what, number = strings.TrimRight(m[1], " ,;"), m[2]
	}
	if number != "" {
		told.tonnage, err = decimal.NewFromString(strings.ReplaceAll(number, ",", "."))
		if err != nil {
			return loadTold{}, fault.New(fault.Invalid, "yard.cargo.weight")
		}
	}
	return told, yard.CheckTonnage(told.tonnage)
}

// parseTons reads a weight in tons.
func parseTons(typed string) (decimal.Decimal, error) {
	told, err := parseCargo(typed)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if told.what != "" || told.tonnage.IsZero() {
		return decimal.Decimal{}, fault.New(fault.Invalid, "yard.cargo.weight")
	}
	return told.tonnage, nil
}

// modeWords are beginnings of what people call the modes of transport.
var modeWords = []struct {
	mode  yard.Mode
	words []string
}{
	{yard.Truck, []string{"truck", "lorry", "авто", "машин", "фур", "грузовик", "тягач"}},
	{yard.Wagon, []string{"wagon", "railcar", "вагон", "платформ"}},
	{yard.Train, []string{"train", "поезд", "состав"}},
}

var wagonNumber = regexp.MustCompile(`^\d{8}$`)

// parseTransport reads "truck 01A123BC", "вагон 54321098", or only a number: eight digits are a wagon, all else a truck.
func parseTransport(typed string) (yard.Transport, error) {
	typed, err := short(typed)
	if err != nil {
		return yard.Transport{}, err
	}
	first, rest, _ := strings.Cut(typed, " ")
	first = strings.ToLower(strings.Trim(first, ":,.№"))
	for _, m := range modeWords {
		if slices.ContainsFunc(m.words, func(w string) bool { return strings.HasPrefix(first, w) }) {
			return yard.Transport{Mode: m.mode, Number: strings.TrimLeft(rest, " :,№")}, nil
		}
	}
	if wagonNumber.MatchString(strings.ReplaceAll(typed, " ", "")) {
		return yard.Transport{Mode: yard.Wagon, Number: strings.ReplaceAll(typed, " ", "")}, nil
	}
	return yard.Transport{Mode: yard.Truck, Number: typed}, nil
}

// askTransport asks for the sort and number of what brings or takes a box; the options beside the modes are for who has
// something else to answer, and one of those is given back.
func (f *form) askTransport(d *dialog.D, prompt chat.Text, beside ...dialog.Option) string {
	var options []dialog.Option
	for _, m := range yard.Modes {
		options = append(options, dialog.Option{Value: string(m), Label: m.Label()})
	}
	answer := dialog.Offer(d, "transport", prompt, append(options, beside...), short)
	if slices.ContainsFunc(beside, func(o dialog.Option) bool { return o.Value == answer }) {
		return answer
	}
	told, err := parseTransport(answer)
	if err != nil {
		d.Refuse("transport", err)
	}
	if told.Number == "" {
		told.Number = dialog.Ask(d, "vehicle", chat.T("yard.transport.number", "Mode", told.Mode.Label()), short)
	}
	f.det.Transport = told
	return ""
}
