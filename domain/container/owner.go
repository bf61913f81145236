package container

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

// Owner is an entry of the register of owner codes.
type Owner struct {
	Code    string `json:"code"` // three letters
	Company string `json:"company"`
	City    string `json:"city"`
	Country string `json:"country"` // a name or a code of two letters, as the register has it
}

//go:embed owners.csv
var register string

var owners = sync.OnceValue(func() map[string]Owner {
	rows, err := csv.NewReader(strings.NewReader(register)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("container: owners.csv: %v", err))
	}
	all := make(map[string]Owner, len(rows))
	for _, row := range rows[1:] {
		all[row[0]] = Owner{Code: row[0], Company: row[1], City: row[2], Country: row[3]}
	}
	return all
})

// Owner finds who registered the number's owner code.
func (n Number) Owner() (Owner, bool) {
	if len(n) < letters-1 {
		return Owner{}, false
	}
	owner, known := owners()[string(n[:letters-1])]
	return owner, known
}
