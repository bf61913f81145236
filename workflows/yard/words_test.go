package yard

import (
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

func TestSizesAsPeopleCallThem(t *testing.T) {
	for code, want := range map[container.SizeType]string{"22G1": "20′ DC", "45G1": "40′ HC", "42G1": "40′ DC", "45R1": "40′ RH", "22R1": "20′ RF",
		"L5G1": "45′ HC", "22T0": "22T0", "40": "40′", "": ""} {
		require.Equal(t, want, size(code), code)
	}
}

func TestTransportAsTyped(t *testing.T) {
	for typed, want := range map[string]yard.Transport{
		"truck 01A123BC":   {Mode: yard.Truck, Number: "01A123BC"},
		"Фура 01 A 123 BC": {Mode: yard.Truck, Number: "01 A 123 BC"},
		"01A123BC":         {Mode: yard.Truck, Number: "01A123BC"},
		"вагон № 54321098": {Mode: yard.Wagon, Number: "54321098"},
		"5432 1098":        {Mode: yard.Wagon, Number: "54321098"},
		"поезд: 2043":      {Mode: yard.Train, Number: "2043"},
		"train":            {Mode: yard.Train},
		"автомобиль":       {Mode: yard.Truck},
	} {
		got, err := parseTransport(typed)
		require.NoError(t, err)
		require.Equal(t, want, got, typed)
	}
}

func TestCargoAsTyped(t *testing.T) {
	for typed, want := range map[string][2]string{
		"cotton, 24.5 t":         {"cotton", "24.5"},
		"хлопок 24,5т":           {"хлопок", "24.5"},
		"24,5 тонны":             {"", "24.5"},
		"18":                     {"", "18"},
		"tiles":                  {"tiles", "0"},
		"20 barrels of oil":      {"20 barrels of oil", "0"},
		"20 barrels of oil; 4 t": {"20 barrels of oil", "4"},
	} {
		got, err := parseCargo(typed)
		require.NoError(t, err)
		require.Equal(t, want, [2]string{got.what, got.tonnage.String()}, typed)
	}
	_, err := parseTons("heavy")
	require.Error(t, err)
}

func TestSeals(t *testing.T) {
	seals, err := parseSeals("UZ1, UZ2;UZ3 UZ4")
	require.NoError(t, err)
	require.Equal(t, []string{"UZ1", "UZ2", "UZ3", "UZ4"}, seals)
	_, err = parseSeals(" , ")
	require.Error(t, err)
}
