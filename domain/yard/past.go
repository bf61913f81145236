package yard

import (
	"time"

	"quaydesk/domain/container"
)

// Past is a stay told of afterwards, as far as it has come, or what a recorded one lacks.
type Past struct {
	Stay                   int64            `json:"stay,omitempty"` // that goes on; 0: found by Number and Entered, or new
	Number                 container.Number `json:"number"`
	Terminal, Client, Line Named            // where it came in, and whose it is; those of a recorded stay stand
	Entered                time.Time        `json:"entered"` // UTC
	Arrival                Details          `json:"arrival,omitzero"`
	Cranes                 []time.Time      `json:"cranes,omitempty"` // extra crane operations, UTC
	Left                   time.Time        `json:"left,omitzero"`    // UTC; zero: it is still there
	Departure              Details          `json:"departure,omitzero"`
}

// Named is a terminal or company: by its id, or, if it is to be made, by its name.
type Named struct {
	ID   int64  `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}
