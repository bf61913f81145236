package talk

import "fmt"

// The yard's words that people look for, in English. Labels are fragments, without their pictures.
const (
	GateIn     = "Gate-in"
	Transfer   = "Transfer"
	Arrived    = "Arrived"
	Correct    = "Correct"
	Hold       = "Hold"
	LiftHold   = "Lift hold"
	History    = "History"
	Sheet      = "xlsx"
	Skip       = "Skip"
	Save       = "Save"
	More       = "More"
	Laden      = "laden"
	WhichSize  = "which size and type?"
	WhichLoad  = "Laden or empty?"
	WhichOwner = "Which client?"
	WhatTakes  = "What takes it away?"
)

// Box makes the number of a container, valid by ISO 6346, of an owner's three letters and a serial up to 999999.
func Box(owner string, serial int) string {
	first := fmt.Sprintf("%sU%06d", owner, serial)
	sum := 0
	for i, c := range first {
		v := int(c - '0')
		if c >= 'A' { // A is 10, and 11, 22 and 33 are left out
			v = int(c-'A') + 10
			v += (v - 1) / 10
		}
		sum += v << i
	}
	return fmt.Sprintf("%s%d", first, sum%11%10)
}

// Spaced is a container's number as the bot shows it: "MSKU 601167 2".
func Spaced(number string) string { return number[:4] + " " + number[4:10] + " " + number[10:] }
