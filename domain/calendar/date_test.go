package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/calendar"
)

func TestADayIsAMatterOfTheZone(t *testing.T) {
	tashkent, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	late := time.Date(2026, 2, 28, 19, 30, 0, 0, time.UTC)
	require.Equal(t, calendar.Of(2026, 2, 28), calendar.In(late, time.UTC))
	require.Equal(t, calendar.Of(2026, 3, 1), calendar.In(late, tashkent))
	require.Equal(t, time.Date(2026, 2, 28, 19, 0, 0, 0, time.UTC), calendar.Of(2026, 3, 1).Start(tashkent).UTC())
}

func TestDaysAreNumbers(t *testing.T) {
	require.Equal(t, calendar.Date(1), calendar.Of(1, 1, 1))
	require.Equal(t, calendar.Of(2028, 3, 1), calendar.Of(2028, 2, 28)+2)
	first, last := calendar.Of(2026, 2, 14).Month()
	require.Equal(t, "2026-02-01 2026-02-28", first.String()+" "+last.String())
	require.Empty(t, calendar.Date(0).String())
}

func TestDatesAreWrittenAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(rapid.Int32Range(0, 3_000_000).Draw(t, "date"))
		written, err := json.Marshal(d)
		require.NoError(t, err)
		var read calendar.Date
		require.NoError(t, json.Unmarshal(written, &read))
		require.Equal(t, d, read)
	})
	_, err := calendar.Parse("31.12.2026")
	require.Error(t, err)
	_, err = calendar.Parse("2026-02-30")
	require.Error(t, err)
}
