package records

import (
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// What people do in the yard, from the chat and from the web: each activity is one operation by the person of its turn,
// as on the desk (see desk.go). A turn without a chat is the web's.
//
//	GateIn(turn, yard.Arrival) yard.Recorded        Release(turn, yard.Departure) yard.Recorded
//	Transfer(turn, yard.Transfer) yard.Recorded     Receive(turn, yard.Receipt) yard.Recorded
//	Handle(turn, yard.Handling) yard.Recorded       Correct(turn, yard.Correction) yard.Recorded
//	Decide(turn, yard.Decision) yard.Recorded
//	LookAtBoxes(turn, Looking) Looked               RecentChoices(turn, struct{}) Choices
//	FindCompany(turn, name) Found                   ReportYard(turn, Reporting) Report
//	MovementsOf(turn, stay) []yard.Movement         PhotosOf(turn, stay) []yard.Movement

// Looking is a look at boxes by what was typed.
type Looking struct {
	Typed string      `json:"typed"`           // numbers, as typed; "" for yard.ActReceive: all that is under way to here; or
	Stays []int64     `json:"stays,omitempty"` // stays, as a button names them
	For   yard.Action `json:"for,omitempty"`   // what they are wanted for: the answer refuses what cannot be done
}

// Looked is what is known of boxes.
type Looked struct {
	Boxes []Known `json:"boxes"`
}

// Known is what is known of one box.
type Known struct {
	Typed    string             `json:"typed"`
	Number   container.Number   `json:"number,omitempty"`   // "" when it is none
	Box      *yard.Box          `json:"box,omitempty"`      // its stay that goes on, or else its last one
	Can      []yard.Action      `json:"can,omitempty"`      // what this person can do with it now
	Refused  *chat.Text         `json:"refused,omitempty"`  // why it cannot be used For
	Nearest  []container.Number `json:"nearest,omitempty"`  // of the boxes that can: one slip away
	Strange  bool               `json:"strange,omitempty"`  // no register has its owner code
	Accrued  []money.Amount     `json:"accrued,omitempty"`  // storage and fees so far, for those who may see amounts
	Unpriced *chat.Text         `json:"unpriced,omitempty"` // why there is no amount, for the same
	Photos   int                `json:"photos,omitempty"`   // how many there are, of a box that is looked at alone and for nothing yet
}

// Choices are the answers that a person most likely gives next, the latest first.
type Choices struct {
	Terminal  yard.Terminal   `json:"terminal"`  // the dispatcher's post; ID 0 when they have none
	Terminals []yard.Terminal `json:"terminals"` // all of the workspace's
	Clients   []yard.Company  `json:"clients"`   // up to six
	Lines     []yard.Company  `json:"lines"`     // up to six
	Places    []string        `json:"places,omitempty"`
	Zone      string          `json:"zone"` // of the post, or else the workspace's: what people type is read in it
}

// Found is what a company's name, as typed, may mean.
type Found struct {
	Company *yard.Company  `json:"company,omitempty"` // spelled so, signs and letter case aside
	Similar []yard.Company `json:"similar,omitempty"` // up to three; none is certain
}

// Reporting asks for a report on the yard.
type Reporting struct {
	Report   yard.Report `json:"report"`
	Terminal int64       `json:"terminal,omitempty"` // 0: all that the person may see
	Stay     int64       `json:"stay,omitempty"`     // of yard.HistoryReport
	Sheet    bool        `json:"sheet,omitempty"`    // send it as xlsx to the turn's chat; else as words
}

// Report is a report in words; as a sheet it is empty: the activity itself sends it.
type Report struct {
	Text chat.Text `json:"text"`
	More int       `json:"more,omitempty"` // rows that are in the sheet only
}
