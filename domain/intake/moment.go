package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/calendar"
)

// Moment is a day as a table tells it, with or without a time of day, in the terminal's zone.
type Moment struct {
	Day   calendar.Date
	Clock time.Duration // since midnight
	Timed bool
}

// In gives the moment in a zone; a day without a time is its beginning.
func (m Moment) In(zone *time.Location) time.Time {
	day := m.Day.Start(time.UTC)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, int(m.Clock/time.Second), 0, zone).UTC()
}

// The years that tables are of: others are slips.
const (
	firstYear = 2000
	lastYear  = 2099
)

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})\s?[.,/-]\s?(\d{1,2})\s?[.,/-]\s?(\d{4}|\d{2})`)
	yearFirst = regexp.MustCompile(`^(\d{4})[.,/-](\d{1,2})[.,/-](\d{1,2})`)
	dayNamed  = regexp.MustCompile(`^(\d{1,2})[\s.-]*(\pL{3,})[\s.,-]*(\d{4}|\d{2})`)
	nameFirst = regexp.MustCompile(`^(\pL{3,})[\s.]*(\d{1,2})[\s,]+(\d{4})`)
	clock     = regexp.MustCompile(`^(?:t|[\s,]*(?:в|at)?\s*)(\d{1,2})[:.-](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*(am|pm)?`)
	yearWord  = regexp.MustCompile(`^\s*(?:года|год|г)\.?`)
	between   = regexp.MustCompile(`^[\s,;+&]+`)
	serial    = regexp.MustCompile(`^\d{5}(?:\.\d+)?$`)
)

// months are how the months' names begin, in Russian, English and Uzbek.
var months = [][]string{
	{"янв", "jan", "yan"}, {"фев", "feb", "fev"}, {"мар", "mar"}, {"апр", "apr"}, {"мая", "май", "may"}, {"июн", "jun", "iyun"},
	{"июл", "jul", "iyul"}, {"авг", "aug", "avg"}, {"сен", "sep", "sen"}, {"окт", "oct", "okt"}, {"ноя", "nov", "noy"}, {"дек", "dec", "dek"},
}

// ParseMoments reads the days of a cell: "05.11.2026", "5.11.26 14:30", "2026-11-05", "5 ноября 2026", days of Excel as
// serials, several with commas or blanks between. The day stands before the month. False when anything in it is not
// understood; a day without its year is not.
func ParseMoments(text string, since1904 bool) ([]Moment, bool) {
	if m, ok := SerialMoment(text, since1904); ok {
		return []Moment{m}, true
	}
	rest := strings.ToLower(strings.TrimSpace(text))
	var all []Moment
	for rest != "" {
		m, after, ok := nextMoment(rest)
		if !ok {
			return nil, false
		}
		all = append(all, m)
		gap := between.FindString(after)
		if gap == "" && after != "" {
			return nil, false
		}
		rest = after[len(gap):]
	}
	return all, true
}

func parseMoment(text string, since1904 bool) (Moment, bool) {
	all, ok := ParseMoments(text, since1904)
	if !ok || len(all) != 1 {
		return Moment{}, false
	}
	return all[0], true
}

// nextMoment reads the moment with which a text begins.
func nextMoment(text string) (m Moment, rest string, ok bool) {
	day, month, year := 0, 0, ""
	if found := dayFirst.FindStringSubmatch(text); found != nil {
		day, month, year, rest = number(found[1]), number(found[2]), found[3], text[len(found[0]):]
	} else if found := yearFirst.FindStringSubmatch(text); found != nil {
		day, month, year, rest = number(found[3]), number(found[2]), found[1], text[len(found[0]):]
	} else if found := dayNamed.FindStringSubmatch(text); found != nil {
		day, month, year, rest = number(found[1]), monthNamed(found[2]), found[3], text[len(found[0]):]
	} else if found := nameFirst.FindStringSubmatch(text); found != nil {
		day, month, year, rest = number(found[2]), monthNamed(found[1]), found[3], text[len(found[0]):]
	}
	inYear := number(year)
	if len(year) == 2 {
		inYear += 2000
	}
	if month < 1 || month > 12 || day < 1 || inYear < firstYear || inYear > lastYear {
		return m, "", false
	}
	m.Day = calendar.Of(inYear, time.Month(month), day)
	if m.Day.Start(time.UTC).Day() != day {
		return m, "", false // no such day in that month
	}
	rest = rest[len(yearWord.FindString(rest)):]
	if found := clock.FindStringSubmatch(rest); found != nil && !dayFirst.MatchString(strings.TrimLeft(rest, " ,;\t\r\n")) {
		hour, minute, second := number(found[1]), number(found[2]), number(found[3])
		if found[4] != "" {
			if hour < 1 || hour > 12 {
				return m, "", false
			}
			hour %= 12
			if found[4] == "pm" {
				hour += 12
			}
		}
		if hour > 23 || minute > 59 || second > 59 {
			return m, "", false
		}
		m.Timed = true
		m.Clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
		rest = rest[len(found[0]):]
	}
	return m, rest, true
}

func monthNamed(name string) int {
	for i, beginnings := range months {
		for _, b := range beginnings {
			if strings.HasPrefix(name, b) {
				return i + 1
			}
		}
	}
	return 0
}

// SerialMoment reads a day as Excel counts them, the time of day as a fraction.
func SerialMoment(text string, since1904 bool) (Moment, bool) {
	text = strings.TrimSpace(text)
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !serial.MatchString(text) {
		return Moment{}, false
	}
	seconds := int64(value*24*60*60 + 0.5)
	first := calendar.Of(1899, time.December, 30) // Excel takes 1900 for a leap year
	if since1904 {
		first = calendar.Of(1904, time.January, 1)
	}
	m := Moment{Day: first + calendar.Date(seconds/(24*60*60)), Clock: time.Duration(seconds%(24*60*60)) * time.Second}
	m.Timed = m.Clock != 0
	year := m.Day.Start(time.UTC).Year()
	return m, year >= firstYear && year <= lastYear
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // of a few digits, or none
	return n
}
