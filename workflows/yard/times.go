package yard

import (
	"regexp"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/workflows/dialog"
)

// What may stand behind container numbers: a time of day, with a day before or behind it, or a day's name.
const (
	wordy   = `(?:позавчера|вчера|сегодня|yesterday|today)`
	dated   = `(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?)`
	day     = `(?:` + wordy + `|` + dated + `)`
	hour    = `(?:(?:в|at)\s+)?\d{1,2}:\d{2}(?::\d{2})?`
	instant = `(?:` + day + `\s*,?\s+` + hour + `|` + hour + `(?:\s*,?\s+` + day + `)?|` + wordy + `)`
)

var (
	ending = regexp.MustCompile(`(?is)^(.*?)(?:^|[\s,;]+)(` + instant + `)$`)
)

// splitWhen parts the time that stands behind container numbers: "MSKU6011672 вчера 18:40".
func splitWhen(text string) (rest, when string) {
	text = strings.TrimSpace(text)
	m := ending.FindStringSubmatch(text)
	if m == nil {
		return text, ""
	}
	return strings.TrimSpace(m[1]), m[2]
}

// moment asks for a time at a step until it is one that the records can read; typed is what was given already, or "".
// They read it by their clock: a dialogue may be older than what is typed in it.
func moment(d *dialog.D, step, typed string) (time.Time, error) {
	prompt := chat.T("yard.time.ask")
	if typed != "" {
		at, err := dialog.Look(d, act.ReadMoment, typed)
		f := fault.As(err)
		if f == nil {
			return at, err
		}
		prompt = f.Text
	}
	typed = dialog.Ask(d, step, prompt, short)
	at, err := dialog.Look(d, act.ReadMoment, typed)
	if fault.As(err) != nil {
		d.Refuse(step, err)
	}
	return at, err
}
