package yard

// Action is something that a person does with boxes. Its value is the action of the chat's buttons.
type Action string

// The actions.
const (
	ActGateIn   Action = "yard.gate_in"
	ActRelease  Action = "yard.release"
	ActTransfer Action = "yard.transfer"
	ActReceive  Action = "yard.receive"
	ActCorrect  Action = "yard.correct"
	ActHandle   Action = "yard.handle" // crane or weighing
	ActHold     Action = "yard.hold"
	ActUnhold   Action = "yard.unhold"
	ActHistory  Action = "yard.history"
	ActPhotos   Action = "yard.photos"
	ActDecide   Action = "yard.decide" // on a change that waits for approval
	ActReport   Action = "yard.report"
	ActSheet    Action = "yard.sheet" // a report as xlsx
)

// Report is a report on the yard.
type Report string

// The reports.
const (
	StockReport     Report = "stock"
	TodayReport     Report = "today"   // movements since midnight of the terminal's zone
	HistoryReport   Report = "history" // of one box
	LongStayReport  Report = "long"    // boxes that stand longer than the yard's long stay
	InTransitReport Report = "transit"
)
