package dialog

// Open is a dialogue in progress.
type Open struct{}
