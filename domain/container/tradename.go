package container

import "slices"

// trades are the codes of trade names: for each kind, by length in feet.
var trades = []struct {
	names []string
	codes map[string]SizeType
}{
	{[]string{"DC", "DV", "GP", "SD", "ST", "DRY", "BOX", "СТАНДАРТ", "СТАНДАРТНЫЙ", "СУХОЙ", "СУХОГРУЗНЫЙ", "ДРАЙ", "УНИВЕРСАЛЬНЫЙ"},
		map[string]SizeType{"10": "12G1", "20": "22G1", "30": "32G1", "40": "42G1", "45": "L5G1"}},
	{[]string{"HC", "HQ", "HCDC", "DCHC", "HCDV", "DVHC", "HIGHCUBE", "ХАЙКУБ", "ХАЙКЬЮБ", "ВЫСОКИЙ"},
		map[string]SizeType{"20": "25G1", "40": "45G1", "45": "L5G1", "48": "M5G1", "53": "P5G1"}},
	{[]string{"RF", "RE", "REF", "REEFER", "РЕФ", "РЕФКА", "РЕФРИЖЕРАТОР", "РЕФРИЖЕРАТОРНЫЙ"},
		map[string]SizeType{"20": "22R1", "40": "42R1", "45": "L5R1"}},
	{[]string{"RH", "HR", "RFHC", "HCRF", "RHC", "REHC", "HCRE", "РЕФHC", "РЕФНС", "HCРЕФ", "НСРЕФ"},
		map[string]SizeType{"40": "45R1", "45": "L5R1"}},
	{[]string{"OT", "OPENTOP", "ОПЕНТОП"}, map[string]SizeType{"20": "22U1", "40": "42U1"}},
	{[]string{"HCOT", "OTHC"}, map[string]SizeType{"40": "45U1"}},
	{[]string{"FR", "FLATRACK", "FLAT", "ФЛЕТ", "ФЛЭТ", "ФЛЕТРЕК", "ФЛЭТРЭК"}, map[string]SizeType{"20": "22P1", "40": "42P1"}},
	{[]string{"HCFR", "FRHC"}, map[string]SizeType{"40": "45P1"}},
	{[]string{"PL", "PLATFORM", "ПЛАТФОРМА"}, map[string]SizeType{"20": "29P0", "40": "49P0"}},
	{[]string{"TK", "TN", "TANK", "ТАНК", "ТАНККОНТЕЙНЕР", "ЦИСТЕРНА"}, map[string]SizeType{"20": "22T0", "40": "42T0"}},
	{[]string{"BK", "BULK"}, map[string]SizeType{"20": "22B0"}},
	{[]string{"VH", "VT"}, map[string]SizeType{"20": "22V0"}},
}

// tradeNames are the codes that a length and a trade name can mean.
func tradeNames(length, name string) []SizeType {
	spelled := append(spellings(name), name)
	var found []SizeType
	for _, trade := range trades {
		meant := slices.ContainsFunc(trade.names, func(n string) bool { return slices.Contains(spelled, n) })
		if code := trade.codes[length]; meant && code != "" {
			found = append(found, code)
		}
	}
	return found
}
