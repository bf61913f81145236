package yard

import (
	"slices"
	"strconv"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

const (
	noLine     = "-"
	newCompany = "new"
	byID       = "#" // of an option's value that names a company by its id
)

// company asks for a company, those used last first: one that is there, or a new one's name. What is typed is compared
// with what there is, so that a slip makes no second company.
func company(d *dialog.D, step string, prompt chat.Text, recent []yard.Company, beside ...dialog.Option) (c yard.Company, name string, err error) {
	recent = recent[:min(len(recent), 6-len(beside))]
	options := append(companyOptions(recent), beside...)
	for {
		answer := dialog.Offer(d, step, prompt, options, short)
		if slices.ContainsFunc(beside, func(o dialog.Option) bool { return o.Value == answer }) {
			return yard.Company{}, answer, nil
		}
		if c, ok := chosen(answer, recent); ok {
			return c, "", nil
		}
		found, err := dialog.Look(d, act.FindCompany, answer)
		if fault.Is(err, fault.Invalid) {
			d.Refuse(step, err)
		}
		if err != nil {
			return c, "", err
		}
		if found.Company != nil {
			return *found.Company, "", nil
		}
		fresh := dialog.Option{Value: newCompany, Label: chat.T("yard.company.add", "Name", answer)}
		question, offered := chat.T("yard.company.unknown", "Name", answer), companyOptions(found.Similar)
		if len(offered) > 0 {
			question = chat.T("yard.company.similar", "Name", answer)
		}
		other := dialog.Option{Value: "other", Label: chat.T("yard.company.other")}
		picked := d.ChooseShort(step+"_new", question, append(offered, fresh, other))
		if picked == newCompany {
			return yard.Company{}, answer, nil
		}
		if c, ok := chosen(picked, found.Similar); ok {
			return c, "", nil
		}
	}
}

// companyOptions offer companies by name.
func companyOptions(companies []yard.Company) []dialog.Option {
	var options []dialog.Option
	for _, c := range companies {
		options = append(options, dialog.Option{Value: byID + strconv.FormatInt(c.ID, 10), Label: chat.Plain(c.Name)})
	}
	return options
}

// chosen finds the company that an option stands for.
func chosen(value string, offered []yard.Company) (yard.Company, bool) {
	for _, c := range offered {
		if value == byID+strconv.FormatInt(c.ID, 10) {
			return c, true
		}
	}
	return yard.Company{}, false
}

// askLine asks whose container it is.
func (f *form) askLine(d *dialog.D) error {
	none := dialog.Option{Value: noLine, Label: chat.T("yard.line.none")}
	c, name, err := company(d, "line", chat.T("yard.line.ask"), f.choices.Lines, none)
	if err != nil {
		return err
	}
	if name == noLine {
		name = ""
	}
	f.det.Line, f.line = c.ID, c.Name+name
	return nil
}

// terminal asks for a terminal unless there is one only.
func terminal(d *dialog.D, step string, prompt chat.Text, all []yard.Terminal) (yard.Terminal, error) {
	switch len(all) {
	case 0:
		return yard.Terminal{}, fault.New(fault.NotFound, "yard.terminal.none")
	case 1:
		return all[0], nil
	}
	var options []dialog.Option
	for _, t := range all[:min(len(all), 8)] {
		options = append(options, dialog.Option{Value: byID + strconv.FormatInt(t.ID, 10), Label: chat.Plain(t.Name)})
	}
	return dialog.Offer(d, step, prompt, options, func(typed string) (yard.Terminal, error) { return namedTerminal(typed, all) }), nil
}

// namedTerminal finds a terminal by an option's value or by its name.
func namedTerminal(typed string, all []yard.Terminal) (yard.Terminal, error) {
	for _, t := range all {
		if typed == byID+strconv.FormatInt(t.ID, 10) || strings.EqualFold(strings.TrimSpace(typed), t.Name) {
			return t, nil
		}
	}
	return yard.Terminal{}, fault.New(fault.Invalid, "yard.terminal.unknown")
}

// otherTerminals are all but some.
func otherTerminals(all []yard.Terminal, but ...int64) []yard.Terminal {
	return slices.DeleteFunc(slices.Clone(all), func(t yard.Terminal) bool { return slices.Contains(but, t.ID) })
}
