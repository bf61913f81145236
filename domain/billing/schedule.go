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
	s.discounts = slices.DeleteFunc(latestDiscounts(b.Discounts, t), func(d *Discount) bool { return d == nil || d.Withdrawn })
	return s
}

// version is a Version that counts.
type version struct {
	Source
	Terms
}

// timeline are versions by the day from which each is in force, until the next one's.
type timeline []*version

// latest gives the versions that were recorded last until a moment, for each day.
func (t Tariff) latest(at time.Time) map[calendar.Date]*Version {
	latest := map[calendar.Date]*Version{}
	for i := range t.Versions {
		v := &t.Versions[i]
		if have := latest[v.ValidFrom]; !v.RecordedAt.After(at) && (have == nil || !v.RecordedAt.Before(have.RecordedAt)) {
			latest[v.ValidFrom] = v
		}
	}
	return latest
}

// asOf gives the versions of one tariff that count as of a moment.
func (t Tariff) asOf(at time.Time) timeline {
	var line timeline
	for _, v := range t.latest(at) {
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

// InForce gives the version that is in force on a day for a client (0: for whoever has no tariff of their own).
func (s *Schedule) InForce(client int64, day calendar.Date) (Source, bool) {
	versions := s.of(client)
	at := versions.on(day)
	if at < 0 {
		return Source{}, false
	}
	return versions[at].Source, true
}

// Discounts gives the discounts that a client can have (0: those of all clients), as listed.
func (s *Schedule) Discounts(client int64) []Discount {
	var all []Discount
	for _, d := range s.discounts {
		if client == 0 || d.Client == 0 || d.Client == client {
			all = append(all, *d)
		}
	}
	return all
}

// With gives a book that has a version more, of a client's tariff or the public one (0).
func (b Book) With(client int64, v Version) Book {
	b.Tariffs = slices.Clone(b.Tariffs)
	for i, t := range b.Tariffs {
		if t.Client == client {
			b.Tariffs[i].Versions = append(slices.Clone(t.Versions), v)
			return b
		}
	}
	b.Tariffs = append(b.Tariffs, Tariff{Client: client, Versions: []Version{v}})
	return b
}

// Version gives the record of a client's tariff (0: the public one) for a day that counts as of a moment, be it one that
// withdraws.
func (b Book) Version(client int64, validFrom calendar.Date, at time.Time) (Version, bool) {
	for _, t := range b.Tariffs {
		if t.Client == client {
			if v := t.latest(at)[validFrom]; v != nil {
				return *v, true
			}
		}
	}
	return Version{}, false
}

// Discount gives the record of a name that counts as of a moment, be it one that withdraws.
func (b Book) Discount(name string, at time.Time) (Discount, bool) {
	for _, d := range latestDiscounts(b.Discounts, at) {
		if d != nil && d.Name == name {
			return *d, true
		}
	}
	return Discount{}, false
}
