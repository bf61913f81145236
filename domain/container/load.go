package container

import (
	"strings"

	"quaydesk/domain/fault"
)

// Load tells whether a container is laden or empty; "" when that is not known.
type Load string

// The loads.
const (
	Laden Load = "laden"
	Empty Load = "empty"
)

// loads are beginnings of words, those that contain others first.
var loads = []struct {
	word string
	load Load
}{
	{"БЕЗГРУЗ", Empty}, {"НЕГРУЖ", Empty}, {"ПОРОЖ", Empty}, {"ПУСТ", Empty}, {"EMPTY", Empty}, {"MT", Empty}, {"МТ", Empty},
	{"ГРУЖ", Laden}, {"ГРУЗ", Laden}, {"ПОЛН", Laden}, {"LADEN", Laden}, {"LOADED", Laden}, {"FULL", Laden},
}

// ParseLoad reads the usual words, English and Russian; "laden" and "empty" are among them. The error is a
// fault.Invalid.
func ParseLoad(raw string) (Load, error) {
	typed := strings.ReplaceAll(string(normal(raw)), "Ё", "Е")
	for _, l := range loads {
		if strings.HasPrefix(typed, l.word) {
			return l.load, nil
		}
	}
	return "", fault.New(fault.Invalid, "container.load")
}
