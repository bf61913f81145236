package records

import (
	"context"

	"quaydesk/domain/chat"
)

// LookAtBoxes tells what is known of boxes and what the turn's person can do with them.
func (r *Records) LookAtBoxes(ctx context.Context, turn chat.Turn, in Looking) (Looked, error) {
	return Looked{}, errSoon
}

// RecentChoices gives the answers that the turn's person most likely gives next.
func (r *Records) RecentChoices(ctx context.Context, turn chat.Turn, _ struct{}) (Choices, error) {
	return Choices{}, errSoon
}

// FindCompany tells what a company's name may mean.
func (r *Records) FindCompany(ctx context.Context, turn chat.Turn, name string) (Found, error) {
	return Found{}, errSoon
}

// ReportYard gives a report in words, or sends it as a sheet.
func (r *Records) ReportYard(ctx context.Context, turn chat.Turn, in Reporting) (Report, error) {
	return Report{}, errSoon
}
