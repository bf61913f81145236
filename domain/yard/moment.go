package yard

import (
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
)

const (
	// lastNight is how long ago a time of yesterday may be that is typed without its day: "23:50" at ten past midnight.
	lastNight = 6 * time.Hour
	// lastYear is how long ago a day of last year may be that is typed without its year.
	lastYear = 183 * 24 * time.Hour
)

// days are the words for days before today.
var days = map[string]calendar.Date{"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1, "позавчера": 2}

// ParseMoment reads a moment as people type it in a zone: "now", "16:05", "yesterday 18:40", "вчера в 18:40", "5.11
// 14:00", "05.11.2026 14:00", "2026-11-05 14:00", the day and the time in any order. A time without a day is today's, or
// else that of the night just past. A day without a year is the latest such day of the past half year. A day without a
// time is refused, as nobody can tell which end of it is meant, and so are the future and times that clocks skip; of
// those that they show twice, it is the first. Errors are fault.Invalid.
func ParseMoment(typed string, now time.Time, zone *time.Location) (time.Time, error) {
	unclear := fault.New(fault.Invalid, "yardrules.moment")
	var day calendar.Date
	var clock time.Duration
	var hasDay, hasYear, hasClock bool
	today := calendar.In(now, zone)
	for _, word := range strings.Fields(strings.ToLower(strings.ReplaceAll(typed, ",", " "))) {
		back, named := days[word]
		switch {
		case word == "now" || word == "сейчас":
			if hasDay || hasClock || len(strings.Fields(typed)) > 1 {
				return time.Time{}, unclear
			}
			return now.UTC(), nil
		case word == "at" || word == "в":
		case strings.Contains(word, ":"):
			at, ok := clockOf(word)
			if !ok || hasClock {
				return time.Time{}, unclear
			}
			clock, hasClock = at, true
		case hasDay:
			return time.Time{}, unclear
		case named:
			day, hasDay, hasYear = today-back, true, true
		default:
			date, year, ok := dayOf(word, today)
			if !ok {
				return time.Time{}, unclear
			}
			day, hasDay, hasYear = date, true, year
		}
	}
	switch {
	case !hasDay && !hasClock:
		return time.Time{}, unclear
	case !hasClock:
		return time.Time{}, fault.New(fault.Invalid, "yardrules.day_only", "Day", day.Format("02.01"))
	case !hasDay:
		day = today
	}
	at, err := MomentOf(day, clock, zone)
	if err != nil || !at.After(now) {
		return at, err
	}
	var earlier time.Time
	switch {
	case !hasDay:
		if earlier, err = MomentOf(day-1, clock, zone); err == nil && now.Sub(earlier) <= lastNight {
			return earlier, nil
		}
	case !hasYear:
		t := day.Start(time.UTC)
		if before := calendar.Of(t.Year()-1, t.Month(), t.Day()); before.Format("02.01") == day.Format("02.01") {
			if earlier, err = MomentOf(before, clock, zone); err == nil && now.Sub(earlier) <= lastYear {
				return earlier, nil
			}
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "yardrules.future", "At", at)
}

// clockOf reads "16:05" or "16:05:30", as the time since midnight.
func clockOf(word string) (time.Duration, bool) {
	parts := strings.Split(word, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var at time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second}[:len(parts)] {
		n, ok := number(parts[i], 2)
		if !ok || i == 0 && n > 23 || n > 59 || i > 0 && len(parts[i]) != 2 {
			return 0, false
		}
		at += time.Duration(n) * unit
	}
	return at, true
}

// dayOf reads "5.11", "05.11.26", "5/11/2026", "2026-11-05", and tells whether the year is named.
func dayOf(word string, today calendar.Date) (day calendar.Date, hasYear, ok bool) {
	parts := strings.FieldsFunc(word, func(c rune) bool { return strings.ContainsRune("./-", c) })
	if len(parts) == 3 && len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts) != 2 && len(parts) != 3 {
		return 0, false, false
	}
	year := today.Start(time.UTC).Year()
	if len(parts) == 3 {
		n, ok := number(parts[2], 4)
		switch {
		case ok && len(parts[2]) == 4:
			year = n
		case ok && len(parts[2]) == 2:
			year = 2000 + n
		default:
			return 0, false, false
		}
	}
	month, okMonth := number(parts[1], 2)
	dayOfMonth, okDay := number(parts[0], 2)
	if !okMonth || !okDay || year < earliest {
		return 0, false, false
	}
	day = calendar.Of(year, time.Month(month), dayOfMonth)
	back := day.Start(time.UTC) // another day, if there is no such one
	return day, len(parts) == 3, int(back.Month()) == month && back.Day() == dayOfMonth
}

// number reads a few digits.
func number(s string, most int) (int, bool) {
	if len(s) > most || strings.ContainsAny(s, "+-") {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// MomentOf gives the moment at which clocks in a zone show a time of a day, told as the time since midnight, in UTC: the
// first if they do so twice. One that they skip is a fault.Invalid.
func MomentOf(day calendar.Date, clock time.Duration, zone *time.Location) (time.Time, error) {
	wall := day.Start(time.UTC).Add(clock)
	for _, near := range []time.Time{wall.Add(-24 * time.Hour), wall.Add(24 * time.Hour)} { // before and after clocks change
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if calendar.In(at, zone) == day && clockIn(at, zone) == clock {
			return at, nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "yardrules.skipped", "Time", wall.Format("15:04"), "Day", day.Format("02.01"))
}

// clockIn gives what clocks in a zone show at a moment, as the time since midnight.
func clockIn(t time.Time, zone *time.Location) time.Duration {
	hour, minute, second := t.In(zone).Clock()
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
}
