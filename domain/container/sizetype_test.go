package container_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "quaydesk/domain/container"
	"quaydesk/domain/fault"
)

func TestParseSizeType(t *testing.T) {
	for raw, want := range map[string]SizeType{
		"22G1": "22G1", "42g1": "42G1", "45G1": "45G1", "45R1": "45R1", "L5G1": "L5G1", " 22 g 1 ": "22G1", "M5G1": "M5G1",
		"22T6": "22T6", "22U1": "22U1", "22P3": "22P3", "20G0": "20G0", "42GP": "42GP", "22Г1": "22G1", "Л5G1": "L5G1",
		"20": "20", "40": "40", "45": "45", "20'": "20", "40 ft": "40", "20 футов": "20", "20ф": "20", "40-футовый": "40", "20-ти футовый": "20",
		"20DC": "22G1", "20DV": "22G1", "20GP": "22G1", "20'GP": "22G1", "40DC": "42G1", "40GP": "42G1", "DV20": "22G1",
		"40HC": "45G1", "40HQ": "45G1", "40 HC": "45G1", "40' HC": "45G1", "40ft HC": "45G1", "HC 40": "45G1", "40НС": "45G1", "40 нс": "45G1",
		"45HC": "L5G1", "45 HQ": "L5G1", "45DC": "L5G1",
		"20RF": "22R1", "40RF": "42R1", "40RH": "45R1", "40 реф": "42R1", "40РЕФ": "42R1", "40 рефрижераторный": "42R1", "40 футов реф": "42R1", "40 реф HC": "45R1",
		"20OT": "22U1", "40OT": "42U1", "40 ОТ": "42U1", "40FR": "42P1", "20 флет": "22P1", "20TK": "22T0", "20 танк": "22T0", "20ТК": "22T0",
		"20ДВ": "22G1",
	} {
		got, err := ParseSizeType(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, got, raw)
	}
	for raw, key := range map[string]string{
		"": "container.size_type", "HC": "container.size_type", "50": "container.size_type", "21": "container.size_type", "2": "container.size_type",
		"20XX": "container.size_type", "22X1": "container.size_type", "контейнер": "container.size_type", "20/40": "container.size_type", "48": "container.size_type",
		"45GP": "container.size_type_ambiguous", "45RE": "container.size_type_ambiguous",
		"45Р1": "container.size_type_ambiguous", // Cyrillic: looks like P, sounds like R
	} {
		_, err := ParseSizeType(raw)
		require.True(t, fault.Is(err, fault.Invalid), raw)
		require.Equal(t, key, fault.As(err).Text.Key, raw)
	}
}

func TestSizeTypesTellTheirParts(t *testing.T) {
	for s, want := range map[SizeType]struct {
		length int
		group  string
		high   bool
	}{
		"": {}, "20": {20, "", false}, "40": {40, "", false}, "45": {45, "", false},
		"22G1": {20, "dry", false}, "42G1": {40, "dry", false}, "45G1": {40, "dry", true}, "45R1": {40, "reefer", true},
		"L5G1": {45, "dry", true}, "M5G1": {48, "dry", true}, "22U1": {20, "open_top", false}, "22T6": {20, "tank", false},
		"42P1": {40, "flat", false}, "22B0": {20, "bulk", false}, "22V0": {20, "ventilated", false}, "22H0": {20, "insulated", false},
		"22S1": {20, "named_cargo", false}, "45GP": {40, "dry", true},
	} {
		require.Equal(t, want.length, s.Length(), s)
		require.Equal(t, want.group, s.Group(), s)
		require.Equal(t, want.high, s.HighCube(), s)
	}
	for _, s := range UsualSizeTypes {
		parsed, err := ParseSizeType(string(s))
		require.NoError(t, err)
		require.Equal(t, s, parsed)
		require.NotEmpty(t, s.Group())
	}
}

func FuzzParseSizeType(f *testing.F) {
	for _, seed := range []string{"22G1", "40HC", "20 футов", "45Р1", "\xff", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := ParseSizeType(raw)
		if err != nil {
			require.True(t, fault.Is(err, fault.Invalid))
			return
		}
		require.NotZero(t, s.Length())
		require.Equal(t, len(s) == 4, s.Group() != "")
	})
}

func TestParseLoad(t *testing.T) {
	for raw, want := range map[string]Load{
		"laden": Laden, "empty": Empty, "гружёный": Laden, "ГРУЖЕНЫЙ": Laden, "груз": Laden, "полный": Laden, "порожний": Empty, "пустой": Empty,
		"Пуст.": Empty, "MT": Empty, "без груза": Empty, "порожний контейнер": Empty, "порожний после выгрузки": Empty, "порож.": Empty, "пустой (возврат)": Empty, "Empty container": Empty, "с грузом": Laden,
		"не гружёный": Empty, "Full": Laden,
		"F": Laden, "l": Laden, "fcl": Laden, "гр": Laden, "гр.": Laden, "Г": Laden, "E": Empty, "е": Empty, "M": Empty, "м": Empty, "MTY": Empty, "пор": Empty, "пор.": Empty, "П": Empty,
	} {
		got, err := ParseLoad(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, got, raw)
	}
	for _, raw := range []string{"", "мебель", "20", "МТЗ трактор", "грузовые автомобили", "пустые бутылки", "empty bottles", "полиэтилен", "FE", "гр/пор", "графит", "порох", "LCL", "мел"} {
		_, err := ParseLoad(raw)
		require.True(t, fault.Is(err, fault.Invalid), raw)
	}
}
