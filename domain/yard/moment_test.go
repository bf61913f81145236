package yard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

func TestParseMoment(t *testing.T) {
	tashkent := zone(t, "Asia/Tashkent")
	now := time.Date(2026, 11, 21, 10, 30, 15, 0, tashkent)
	for typed, want := range map[string]string{
		"now":                 "2026-11-21 10:30:15",
		" Сейчас ":            "2026-11-21 10:30:15",
		"9:05":                "2026-11-21 09:05:00",
		"10:30":               "2026-11-21 10:30:00",
		"в 09:05":             "2026-11-21 09:05:00",
		"09:05:59":            "2026-11-21 09:05:59",
		"вчера 18:40":         "2026-11-20 18:40:00",
		"Вчера в 18:40":       "2026-11-20 18:40:00",
		"18:40 вчера":         "2026-11-20 18:40:00",
		"yesterday at 18:40":  "2026-11-20 18:40:00",
		"позавчера 18:40":     "2026-11-19 18:40:00",
		"сегодня 0:00":        "2026-11-21 00:00:00",
		"5.11 14:00":          "2026-11-05 14:00:00",
		"5/11 14:00":          "2026-11-05 14:00:00",
		"05.11.2026 14:00":    "2026-11-05 14:00:00",
		"05.11.2026, 14:00":   "2026-11-05 14:00:00",
		"05.11.26 14:00":      "2026-11-05 14:00:00",
		"2026-11-05 14:00":    "2026-11-05 14:00:00",
		"29.02.2024 23:59":    "2024-02-29 23:59:00",
		"2026-11-21 10:30:15": "2026-11-21 10:30:15",
	} {
		at, err := yard.ParseMoment(typed, now, tashkent)
		require.NoError(t, err, typed)
		require.Equal(t, want, at.In(tashkent).Format(time.DateTime), typed)
	}
	for typed, key := range map[string]string{
		"":                        "yardrules.moment",
		"soon":                    "yardrules.moment",
		"now 10:00":               "yardrules.moment",
		"25:00":                   "yardrules.moment",
		"10:60":                   "yardrules.moment",
		"10:6":                    "yardrules.moment",
		"-1:00":                   "yardrules.moment",
		"10:00 11:00":             "yardrules.moment",
		"вчера сегодня 10:00":     "yardrules.moment",
		"31.02 10:00":             "yardrules.moment",
		"29.02.2025 10:00":        "yardrules.moment",
		"0.11 10:00":              "yardrules.moment",
		"5.11.0026 10:00":         "yardrules.moment",
		"5.11.126 10:00":          "yardrules.moment",
		"99999999999999.11 10:00": "yardrules.moment",
		"5.11":                    "yardrules.day_only",
		"вчера":                   "yardrules.day_only",
		"10:31":                   "yardrules.future",
		"16:05":                   "yardrules.future",
		"23:50":                   "yardrules.future",
		"сегодня 16:05":           "yardrules.future",
		"22.11 9:00":              "yardrules.future",
		"22.11.2026 09:00":        "yardrules.future",
		"2027-01-01 09:00":        "yardrules.future",
	} {
		_, err := yard.ParseMoment(typed, now, tashkent)
		f := fault.As(err)
		require.NotNil(t, f, "%s: %v", typed, err)
		require.Equal(t, fault.Invalid, f.Kind)
		require.Equal(t, key, f.Text.Key, typed)
	}
}

func TestParseMomentOfTheNightAndTheYearJustPast(t *testing.T) {
	tashkent := zone(t, "Asia/Tashkent")
	night := time.Date(2026, 1, 3, 0, 10, 0, 0, tashkent)
	for typed, want := range map[string]string{
		"23:50":       "2026-01-02 23:50",
		"18:10":       "2026-01-02 18:10",
		"0:10":        "2026-01-03 00:10",
		"28.12 14:00": "2025-12-28 14:00",
		"5.11 14:00":  "2025-11-05 14:00",
	} {
		at, err := yard.ParseMoment(typed, night, tashkent)
		require.NoError(t, err, typed)
		require.Equal(t, want, at.In(tashkent).Format("2006-01-02 15:04"), typed)
	}
	for _, typed := range []string{"18:09", "3.02 14:00"} {
		_, err := yard.ParseMoment(typed, night, tashkent)
		require.Equal(t, "yardrules.future", fault.As(err).Text.Key, typed)
	}
}

func TestParseMomentWhereClocksChange(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, berlin)
	_, err := yard.ParseMoment("29.03.2026 02:30", now, berlin)
	require.Equal(t, "yardrules.skipped", fault.As(err).Text.Key)
	at, err := yard.ParseMoment("25.10.2026 02:30", now, berlin)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), at.UTC(), "the first of the two")
}

func TestParseMomentReadsBackAnyMoment(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 30, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		at := now.Add(-time.Duration(rapid.Int64Range(0, 25*365*24*60).Draw(t, "minutes")) * time.Minute)
		layout := rapid.SampledFrom([]string{"02.01.2006 15:04", "2.1.2006 15:04", "2006-01-02 15:04", "15:04 02.01.2006"}).Draw(t, "layout")
		got, err := yard.ParseMoment(at.Format(layout), now, time.UTC)
		require.NoError(t, err)
		require.True(t, at.Equal(got), "%s became %s", at, got)
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"now", "16:05", "вчера 18:40", "5.11 14:00", "2026-11-05 14:00", "..", "1.1.1.1", ":", "--"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 21, 10, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, typed string) {
		at, err := yard.ParseMoment(typed, now, time.UTC)
		if err != nil {
			require.True(t, fault.Is(err, fault.Invalid))
		} else {
			require.False(t, at.After(now))
		}
	})
}

func zone(t *testing.T, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}
