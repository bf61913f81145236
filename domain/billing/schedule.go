package billing

import (
	"slices"
	"sort"
	"time"

	"quaydesk/domain/calendar"
)

// Schedule is what counts of a Book as of a moment. Safe for concurrent use.
type Schedule struct {
	asOf      time.Time
	public    timeline
	clients   map[int64]timeline // of those who have a tariff of their own
	discounts []*Discount        // as listed
}

// AsOf gives what counts of the book as of a moment: of the records for one thing the latest until then, of equally late
// ones the last listed.
func (b Book) AsOf(t time.Time) *Schedule {
	s := &Schedule{asOf: t, clients: map[int64]timeline{}}
	for _, tariff := range b.Tariffs {
		own := tariff.asOf(t)
		if tariff.Client == 0 {
			s.public = own
		} else if len(own) > 0 {
			s.clients[tariff.Client] = own
		}
	}
	for client, own := range s.clients {
		before := sort.Search(len(s.public), func(i int) bool { return s.public[i].ValidFrom >= own[0].ValidFrom })
		s.clients[client] = slices.Concat(s.public[:before], own)
	}
	s.discounts = discountsAsOf(b.Discounts, t)
	return s
}

// version is a Version that counts.
type version struct {
	Source
	Terms
}

// timeline are versions by the day from which each is in force, until the next one's.
type timeline []*version

// asOf gives the versions of one tariff that count as of a moment.
func (t Tariff) asOf(at time.Time) timeline {
	latest := map[calendar.Date]*Version{}
	for i := range t.Versions {
		v := &t.Versions[i]
		if have := latest[v.ValidFrom]; !v.RecordedAt.After(at) && (have == nil || !v.RecordedAt.Before(have.RecordedAt)) {
			latest[v.ValidFrom] = v
		}
	}
	var line timeline
	for _, v := range latest {
		if !v.Withdrawn {
			source := Source{Client: t.Client, ValidFrom: v.ValidFrom, RecordedAt: v.RecordedAt}
			line = append(line, &version{Source: source, Terms: v.Terms})
		}
	}
	slices.SortFunc(line, func(a, b *version) int { return int(a.ValidFrom - b.ValidFrom) })
	return line
}

// on gives the place of the version in force on a day; -1 when there is none yet.
func (l timeline) on(d calendar.Date) int {
	return sort.Search(len(l), func(i int) bool { return l[i].ValidFrom > d }) - 1
}

// until gives the last day of the version in a place, or the given day if that comes first.
func (l timeline) until(i int, last calendar.Date) calendar.Date {
	if i+1 < len(l) {
		return min(last, l[i+1].ValidFrom-1)
	}
	return last
}

// of gives the versions that count for a client.
func (s *Schedule) of(client int64) timeline {
	if own, ok := s.clients[client]; ok {
		return own
	}
	return s.public
}

// AsOf tells as of which moment the schedule counts.
func (s *Schedule) AsOf() time.Time { return s.asOf }
